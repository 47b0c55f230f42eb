package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;

/**
 * The people behind a build: everyone among its causes, those of the builds that caused it, and those of the builds that
 * it replays or restarts. A timer, a change in source control, a service user and the account that a build runs as are
 * nobody.
 */
final class Requesters {
    /** Stands among the publishers of a release when somebody is behind it who could not be established. */
    static final String UNKNOWN = "unknown";

    private static final String USER = "user:";

    private static final Set<String> NOBODY_IN_PARTICULAR = Set.of("anonymous", "system", "unknown");

    private final Set<String> people = new TreeSet<>();
    private final Set<String> visited = new HashSet<>();
    private boolean unknown;

    private Requesters() {}

    /** Builds that another one repeats, as far as plugins know that Pipeline itself does not. */
    abstract static class Repeats implements ExtensionPoint {
        /** Whether {@code cause} says that the build repeats another. */
        abstract boolean knows(Cause cause);

        /** The build that {@code cause} says is repeated, null when it is gone. */
        abstract Run<?, ?> original(Cause cause);
    }

    static Requesters of(Run<?, ?> run) {
        var requesters = new Requesters();
        requesters.build(run);
        return requesters;
    }

    /** Whether somebody is behind the build of whom we cannot say who it is. */
    boolean isAnyoneUnknown() {
        return unknown;
    }

    /** Ids of everyone, in the form in which equal ids are equal people; empty when that cannot be established. */
    Set<String> people() {
        return unknown ? Set.of() : Set.copyOf(people);
    }

    /** The people behind this build and behind the publication of what it asks for; empty as {@link #people}. */
    Set<String> with(Collection<String> publishers) {
        if (unknown || publishers.contains(UNKNOWN)) {
            return Set.of();
        }
        var all = new TreeSet<>(people);
        publishers.stream()
                .filter(p -> p.startsWith(USER))
                .map(p -> p.substring(USER.length()))
                .forEach(all::add);
        return all;
    }

    /** What {@link #with} reads: the people, and a mark when there are others. */
    List<String> asPublishers() {
        var all = new TreeSet<String>();
        people.forEach(id -> all.add(USER + id));
        if (unknown) {
            all.add(UNKNOWN);
        }
        return List.copyOf(all);
    }

    private void build(Run<?, ?> run) {
        if (visited.add(run.getExternalizableId())) {
            BuildCauses.of(run).forEach(this::cause);
        }
    }

    private void cause(Cause cause) {
        if (cause instanceof Cause.UserIdCause user) {
            person(user.getUserId());
        } else if (cause instanceof Cause.UpstreamCause.DeeplyNestedUpstreamCause) {
            // Jenkins stops writing causes down at some depth: whoever stands behind is not known.
            unknown = true;
        } else if (cause instanceof Cause.UpstreamCause upstream) {
            // What was written down when it was triggered: the upstream build may be gone.
            upstream.getUpstreamCauses().forEach(this::cause);
        } else if (cause instanceof ReplayCause replay) {
            original(replay::getOriginal);
        } else {
            repeated(cause);
        }
    }

    private void repeated(Cause cause) {
        for (Repeats plugin : ExtensionList.lookup(Repeats.class)) {
            if (plugin.knows(cause)) {
                original(() -> plugin.original(cause));
            }
        }
    }

    private void original(Supplier<Run<?, ?>> find) {
        Run<?, ?> original;
        try {
            original = find.get();
        } catch (RuntimeException e) {
            original = null; // a cause that was read from disk inside of another one does not know its own build
        }
        if (original == null) {
            unknown = true;
        } else {
            build(original);
        }
    }

    private void person(String id) {
        if (id == null || id.isBlank() || NOBODY_IN_PARTICULAR.contains(id.toLowerCase(Locale.ROOT))) {
            unknown = true;
        } else if (!isService(id)) {
            people.add(Identity.canonicalUser(id));
        }
    }

    /** A program's account says nothing about who had it do something. */
    private static boolean isService(String id) {
        String canonical = Identity.canonicalUser(id);
        return ServerlessPromotionConfiguration.get().settingsInEffect().identityRules().serviceUsers().stream()
                .anyMatch(service -> Identity.canonicalUser(service).equals(canonical));
    }
}
