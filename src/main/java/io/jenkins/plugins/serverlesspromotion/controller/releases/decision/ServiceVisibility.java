package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import hudson.model.Item;
import hudson.model.Job;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Glob;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * Determines who may see a service: users with View, and users who may read a job that the policy allows to publish it.
 * No other class has this rule.
 */
public final class ServiceVisibility {
    private final Policy policy;
    private final Authentication who;

    /** Every job, loaded when the first pattern needs them; a page checks all services. */
    private List<Job> all;

    /** @param policy null: there is none, and only users with View see anything */
    ServiceVisibility(Policy policy) {
        this.policy = policy;
        this.who = Jenkins.getAuthentication2();
    }

    public boolean sees(String service) {
        return seesEverything() || holds(service, Item.READ) || holds(service, PromotionPermissions.VIEW);
    }

    boolean seesEverything() {
        return Jenkins.get().getACL().hasPermission2(who, PromotionPermissions.VIEW);
    }

    /** Whether there is anything at all to see for them. */
    public boolean seesAnything() {
        return seesEverything()
                || policy != null && policy.services().keySet().stream().anyMatch(this::sees);
    }

    /** Whether {@code permission} is held everywhere, or on a job that may publish {@code service}. */
    boolean may(String service, Permission permission) {
        return Jenkins.get().getACL().hasPermission2(who, permission) || holds(service, permission);
    }

    private boolean holds(String service, Permission permission) {
        Policy.Service known = policy == null ? null : policy.services().get(service);
        return known != null
                && known.jobs().stream()
                        .filter(grant -> grant.may().contains("publish"))
                        .flatMap(grant -> jobs(grant.job()).stream())
                        .anyMatch(job -> job.getACL().hasPermission2(who, permission));
    }

    /** The jobs of this name or pattern. Looked up as SYSTEM: only a permission is derived from them. */
    private List<Job<?, ?>> jobs(String pattern) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            if (!pattern.contains("*")) {
                // Jenkins finds names in any case of letters; a grant is for a job of exactly that name, as for steps.
                return Optional.ofNullable((Job<?, ?>) Jenkins.get().getItemByFullName(pattern, Job.class))
                        .filter(job -> job.getFullName().equals(pattern))
                        .<List<Job<?, ?>>>map(List::of)
                        .orElse(List.of());
            }
            Predicate<String> granted = Glob.matching(pattern);
            if (all == null) {
                all = Jenkins.get().getAllItems(Job.class);
            }
            return all.stream()
                    .filter(job -> granted.test(job.getFullName()))
                    .<Job<?, ?>>map(job -> job)
                    .toList();
        }
    }
}
