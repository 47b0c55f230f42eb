package io.jenkins.plugins.serverlesspromotion.engine.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Environment;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A person changed the rules of an environment: its gates, the roles that they name, its freezes, or the paths into it.
 * For some time that person's decisions do not count there, so that no one can write a rule and then satisfy it.
 *
 * @param service null: for every service
 * @param by a user's id, with or without {@code user:} before it, or a job
 */
public record RulesChange(String environment, String service, String by, Instant at) {
    /** How long the decisions of a person who changed the rules do not count. */
    public static final Duration EXCLUDES = Duration.ofHours(24);

    /**
     * Whether that change keeps a person from deciding at {@code now}. A clock that was set back does not end this.
     *
     * @param person whether an id is one of theirs
     */
    public boolean excludes(Predicate<String> person, Instant now) {
        return person.test(by.replaceFirst("^user:", "")) && now.isBefore(at.plus(EXCLUDES));
    }

    public boolean concerns(String service, String environment) {
        return this.environment.equals(environment) && (this.service == null || this.service.equals(service));
    }

    /** The rule changes of {@code by}, who replaces {@code before} with {@code after}. */
    public static List<RulesChange> between(Policy before, Policy after, String by, Instant at) {
        var changes = new ArrayList<RulesChange>();
        for (Environment rules : after.environments().values()) {
            String name = rules.name();
            if (!same(before, after, rules)) {
                changes.add(new RulesChange(name, null, by, at));
                continue;
            }
            boolean owners = rules.roles().contains(Role.SERVICE_OWNER);
            for (Service service : after.services().values()) {
                Service old = before.services().get(service.name());
                boolean here = service.placements().containsKey(name);
                boolean sameOwners = !owners || old != null && old.owners().equals(service.owners());
                boolean samePaths = old == null
                        ? service.paths().isEmpty()
                        : LaneRules.routes(old, name).equals(LaneRules.routes(service, name));
                boolean sameOwns = owns(old, name).equals(owns(service, name));
                if (here && !(sameOwners && samePaths && sameOwns)) {
                    changes.add(new RulesChange(name, service.name(), by, at));
                }
            }
        }
        return changes;
    }

    /**
     * The resources that policy gives to {@code service} in an environment. A person who gives it more must not approve
     * using them.
     */
    private static List<OwnedResources> owns(Service service, String environment) {
        return service == null
                ? List.of()
                : service.owns().stream()
                        .filter(o -> o.environment() == null || o.environment().equals(environment))
                        .toList();
    }

    private static boolean same(Policy before, Policy after, Environment rules) {
        String name = rules.name();
        Set<String> roles = rules.roles();
        return rules.equals(before.environments().get(name))
                && roles.stream()
                        .filter(r -> !r.equals(Role.SERVICE_OWNER))
                        .allMatch(
                                r -> after.roles().get(r).equals(before.roles().get(r)))
                && frozen(before, name).equals(frozen(after, name))
                && before.keysOf(rules).equals(after.keysOf(rules))
                && (roles.isEmpty() || Objects.equals(before.people(), after.people()));
    }

    private static List<Freeze> frozen(Policy policy, String environment) {
        return policy.freezes().values().stream()
                .filter(f -> f.covers(environment))
                .toList();
    }
}
