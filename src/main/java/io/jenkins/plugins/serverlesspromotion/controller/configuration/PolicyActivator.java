package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.User;
import hudson.security.ACL;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PauseScope;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.TicketPattern;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyCompiler;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Puts the configured policy in force when all of it is valid. Otherwise the last valid policy from the journal stays
 * in force, and all deployments are paused: nothing new is deployed under a policy that a person intended to change.
 */
@Extension
@Restricted(NoExternalUse.class)
public class PolicyActivator {
    private static final Logger LOGGER = Logger.getLogger(PolicyActivator.class.getName());

    /** The author of a pause that no person made. */
    static final String PAUSED_BY = "the configuration";

    private static final String NOTHING = "nothing is configured, and a policy is in force: restore the configuration";

    /** Services that a message names; more help no one. */
    private static final int NAMED = 10;

    private volatile List<String> problems = List.of();

    public static PolicyActivator get() {
        return ExtensionList.lookupSingleton(PolicyActivator.class);
    }

    /**
     * Path and reason of every error that keeps the configured policy from being in force; empty when it is in force.
     */
    public List<String> problems() {
        return problems;
    }

    /** Path and reason of every error in a configured or proposed policy. */
    static List<String> problems(Configured configured) {
        var found = new ArrayList<String>();
        configured.settings().problems().forEach(p -> found.add(p.toString()));
        try {
            compiled(configured);
        } catch (InputException e) {
            e.problems().forEach(p -> found.add(p.toString()));
        }
        return found;
    }

    /** Why {@code configured} would pause all deployments when it were saved; empty: it would be in force. */
    static List<String> wouldPause(Configured configured) {
        List<String> found = problems(configured);
        Policy inForce = inForce();
        return configured.policy().isEmpty() && found.isEmpty() && inForce != null ? List.of(NOTHING) : found;
    }

    /** What a pause by an invalid configuration stops now, in words. */
    static String stoppedBy() {
        Policy inForce = inForce();
        List<String> services = inForce == null
                ? List.of()
                : inForce.services().keySet().stream().sorted().toList();
        return services.isEmpty()
                ? Messages.PolicyActivator_everything()
                : Messages.PolicyActivator_services(
                        services.stream().limit(NAMED).collect(Collectors.joining(", "))
                                + (services.size() > NAMED ? ", …" : ""),
                        services.size());
    }

    private static Policy compiled(Configured configured) {
        return PolicyCompiler.compile(configured.policy(), "", inForce());
    }

    /** Null: none. */
    private static Policy inForce() {
        return EngineLifecycle.get()
                .store()
                .flatMap(Store::policy)
                .map(Entry.PolicyApplied::policy)
                .orElse(null);
    }

    /**
     * Path and reason of every pattern in force that cannot be used: an older version accepted more kinds of patterns.
     * Each closes only its own gate.
     */
    public List<String> unusablePatterns() {
        Policy policy = inForce();
        var patterns = new Re2Patterns();
        return policy == null
                ? List.of()
                : policy.environments().values().stream()
                        .flatMap(environment -> TicketPattern.of(environment).stream())
                        .flatMap(ticket -> patterns
                                .problem(ticket.pattern())
                                .map(why -> ticket.path() + ": '" + ticket.pattern() + "' " + why)
                                .stream())
                        .toList();
    }

    /** Who changes the configuration now, for the audit log. */
    static String whoChanges() {
        if (ACL.SYSTEM2.equals(Jenkins.getAuthentication2())) {
            return "configuration as code or a script";
        }
        User user = User.current();
        return user == null ? ACL.ANONYMOUS_USERNAME : Identity.canonicalUser(user.getId());
    }

    /**
     * @param configured what is configured now
     * @param by everyone who changed it
     * @return whether that is in force
     */
    synchronized boolean reconsider(Configured configured, Collection<String> by) {
        boolean settingsRight = configured.settings().problems().isEmpty();
        List<String> found = problems(configured);
        EngineLifecycle engine = EngineLifecycle.get();
        Optional<Promotions> promotions = engine.promotions();
        Optional<Store> store = engine.store();
        boolean policyInForce = store.flatMap(Store::policy).isPresent();
        if (configured.policy().isEmpty() && policyInForce && found.isEmpty()) {
            found = List.of(NOTHING);
        }
        if (configured.policy().isEmpty() && settingsRight && !policyInForce) {
            problems = List.of(); // nothing was ever configured: that is no error
            return true;
        }
        problems = List.copyOf(found);
        if (promotions.isEmpty() || store.isEmpty()) {
            return false;
        }
        try {
            if (found.isEmpty()) {
                promotions.get().apply(compiled(configured), by);
                resume(promotions.get(), store.get(), String.join(" and ", by));
                return true;
            } else {
                pause(promotions.get(), store.get());
            }
        } catch (IOException e) {
            LOGGER.log(Level.SEVERE, "the policy could not be put in force", e);
            problems = List.of("the policy could not be written to the journal: " + e.getMessage());
        } catch (RefusedException e) {
            LOGGER.log(Level.WARNING, "the configured policy is not in force", e);
        }
        return false;
    }

    private void pause(Promotions promotions, Store store) throws IOException, RefusedException {
        if (store.pauses().stream().noneMatch(p -> p.is(PauseScope.Kind.CONFIGURATION))) {
            promotions.pause(
                    Pause.CONFIGURATION,
                    PAUSED_BY,
                    "the configured policy is not valid (" + problems.get(0) + "); the last valid one stays in force");
        }
    }

    private static void resume(Promotions promotions, Store store, String by) throws IOException, RefusedException {
        for (Pause pause : store.pauses()) {
            // Versions before this scope existed paused everything.
            boolean ours = pause.is(PauseScope.Kind.CONFIGURATION)
                    || pause.is(PauseScope.Kind.EVERYTHING) && pause.by().equals(PAUSED_BY);
            if (ours) {
                promotions.resume(pause.scope(), PAUSED_BY, "the policy is valid again, changed by " + by);
            }
        }
    }
}
