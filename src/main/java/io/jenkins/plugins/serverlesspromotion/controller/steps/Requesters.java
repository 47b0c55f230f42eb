package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;

/**
 * Determines the people behind a build: those of its causes, of the builds that caused it, and of the builds that it
 * replays or restarts. A timer, a change in source control, a service user and the account that a build runs as are no
 * person. A list of exact classes names the causes that mean that. Behind any other cause may be an unknown person,
 * because plugins put ids into causes that come from a request. Missing causes prove nothing either: scripts start
 * builds without a cause, and causes are lost with the plugin of their class.
 */
final class Requesters {
    /** An entry among the publishers of a release when a person behind it could not be established. */
    static final String UNKNOWN = Provenance.UNKNOWN;

    private static final String USER = "user:";

    private static final Set<String> SYSTEM_NAMES = Set.of("anonymous", "system", "unknown");

    /** The causes that mean that a build started this one and nothing else; the second is of the step {@code build}. */
    private static final Set<String> UPSTREAM = Set.of(
            Cause.UpstreamCause.class.getName(),
            "org.jenkinsci.plugins.workflow.support.steps.build.BuildUpstreamCause");

    private final Set<String> people = new TreeSet<>();
    private final Set<String> visited = new HashSet<>();
    private boolean unknown;

    private Requesters() {}

    /** Builds that another one repeats, as far as plugins know that Pipeline itself does not. */
    abstract static class Repeats implements ExtensionPoint {
        /** Whether {@code cause} means that the build repeats another. */
        abstract boolean knows(Cause cause);

        /** The build that {@code cause} repeats, null when it is deleted. */
        abstract Run<?, ?> original(Cause cause);
    }

    static Requesters of(Run<?, ?> run) {
        var requesters = new Requesters();
        requesters.build(run);
        return requesters;
    }

    /** Whether a person behind the build could not be established. */
    boolean isAnyoneUnknown() {
        return unknown;
    }

    /** Ids of everyone who is known, in the form in which equal ids are equal people. */
    Set<String> people() {
        return Set.copyOf(people);
    }

    /** The known people behind this build and behind the publication of the requested release. */
    Set<String> with(Collection<String> publishers) {
        var all = new TreeSet<>(people);
        publishers.stream()
                .filter(p -> p.startsWith(USER))
                .map(p -> p.substring(USER.length()))
                .forEach(all::add);
        return all;
    }

    /** Whether an unknown person is behind this build or behind the publication of the requested release. */
    boolean isAnyoneUnknown(Collection<String> publishers) {
        return unknown || publishers.contains(UNKNOWN);
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

    /** For the audit log: the ids, and a mark when there are others. */
    List<String> named() {
        var all = new TreeSet<>(people);
        if (unknown) {
            all.add(UNKNOWN);
        }
        return List.copyOf(all);
    }

    private void build(Run<?, ?> run) {
        if (visited.add(run.getExternalizableId())) {
            unknown |= CausesAtStart.areMissing(run);
            causes(BuildCauses.of(run), run.getTimeInMillis());
        }
    }

    private void causes(List<Cause> causes, long notAfter) {
        unknown |= causes.isEmpty();
        causes.forEach(c -> cause(c, notAfter));
    }

    /** @param notAfter when the build that the cause belongs to was scheduled, in milliseconds, or one after it */
    private void cause(Cause cause, long notAfter) {
        if (cause.getClass() == Cause.UserIdCause.class) {
            person(((Cause.UserIdCause) cause).getUserId());
        } else if (cause instanceof Cause.UpstreamCause.DeeplyNestedUpstreamCause) {
            // Jenkins stores causes only to some depth: the people beyond that are not known.
            unknown = true;
        } else if (cause instanceof Cause.UpstreamCause upstream) {
            upstream(upstream, notAfter);
            if (!UPSTREAM.contains(cause.getClass().getName())) {
                repeated(cause); // of another plugin, where it may mean that a person repeated the build
            }
        } else if (cause instanceof ReplayCause replay) {
            original(replay::getOriginal);
        } else {
            repeated(cause);
        }
    }

    /** The upstream build itself where it is stored, else what was recorded when it triggered this one. */
    private void upstream(Cause.UpstreamCause upstream, long notAfter) {
        Run<?, ?> found = upstream.getUpstreamRun();
        // A job that was deleted and created again has other, later builds with the same numbers.
        Run<?, ?> stored = found == null || found.getTimeInMillis() > notAfter ? null : found;
        if (stored == null) {
            causes(upstream.getUpstreamCauses(), notAfter);
            return;
        }
        build(stored);
        upstream.getUpstreamCauses().stream()
                // The stored build has the causes that Jenkins has left out here.
                .filter(c -> !(c instanceof Cause.UpstreamCause.DeeplyNestedUpstreamCause))
                .forEach(c -> cause(c, notAfter));
    }

    private void repeated(Cause cause) {
        boolean known = UnlistedCauses.isNoPerson(cause);
        for (Repeats plugin : ExtensionList.lookup(Repeats.class)) {
            if (plugin.knows(cause)) {
                known = true;
                original(() -> plugin.original(cause));
            }
        }
        if (!known) {
            unknown = true;
            UnlistedCauses.get().saw(cause);
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
        if (id == null || id.isBlank() || SYSTEM_NAMES.contains(id.toLowerCase(Locale.ROOT))) {
            unknown = true;
        } else if (!isService(id)) {
            people.add(Identity.canonicalUser(id));
        }
    }

    /** A program's account does not show which person used it. */
    private static boolean isService(String id) {
        String canonical = Identity.canonicalUser(id);
        return ServerlessPromotionConfiguration.get().settingsInEffect().identityRules().serviceUsers().stream()
                .anyMatch(service -> Identity.canonicalUser(service).equals(canonical));
    }
}
