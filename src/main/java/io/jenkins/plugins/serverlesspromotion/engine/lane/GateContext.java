package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a lane must know of the world outside it, at one moment.
 *
 * @param rules null when no valid policy places the service in this environment
 * @param policyDigest of {@code rules}; null with them
 * @param pause null when nothing is paused here
 * @param stays where releases of this service succeeded, by environment and by digest
 * @param releases what is known of the releases that are asked for here and of the live one, by digest; nothing is let through by a gate
 *     that would have to know more
 * @param others what is live in this environment of the services that those releases require, by service
 * @param changes who changed the rules of this lane lately
 * @param alarms what the alarms said when they were read last; null: they were not
 * @param directory whether there is one to ask which groups people are in, before what they decided is carried out
 * @param taken why what is planned or recorded here may not be written to any more, by resource: it is another lane's
 * @param answered what is recorded here as the lane's although policy or a person says by now whose it is, so that it
 *     needs no record; read only where {@link LaneLimits#OWNED} are recorded
 * @param patterns compares texts with patterns of the rules; null: nothing matches
 */
public record GateContext(
        LaneRules rules,
        String policyDigest,
        Pause pause,
        Map<String, Map<String, LiveInterval>> stays,
        Map<String, ReleaseFacts> releases,
        Map<String, Other> others,
        List<RulesChange> changes,
        AlarmReading alarms,
        boolean directory,
        Map<ResourceId, String> taken,
        Set<ResourceId> answered,
        Patterns patterns) {
    private static final int SHORTEST_COMMIT = 7;

    public GateContext {
        stays = stays.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> Map.copyOf(e.getValue())));
        releases = Map.copyOf(releases);
        others = Map.copyOf(others);
        changes = List.copyOf(changes);
        taken = Map.copyOf(taken);
        answered = Set.copyOf(answered);
    }

    /** Where everything planned may be written to. */
    public GateContext(
            LaneRules rules,
            String policyDigest,
            Pause pause,
            Map<String, Map<String, LiveInterval>> stays,
            Map<String, ReleaseFacts> releases,
            Map<String, Other> others,
            List<RulesChange> changes,
            AlarmReading alarms,
            boolean directory) {
        this(rules, policyDigest, pause, stays, releases, others, changes, alarms, directory, Map.of(), Set.of(), null);
    }

    /** Where nobody asks about alarms, and people's groups are what they were when they decided. */
    public GateContext(
            LaneRules rules,
            String policyDigest,
            Pause pause,
            Map<String, Map<String, LiveInterval>> stays,
            Map<String, ReleaseFacts> releases,
            Map<String, Other> others,
            List<RulesChange> changes) {
        this(rules, policyDigest, pause, stays, releases, others, changes, null, false);
    }

    Optional<ReleaseFacts> known(Promotion promotion) {
        return Optional.ofNullable(releases.get(promotion.release().digest()));
    }

    Optional<LiveInterval> stay(String environment, String digest) {
        return Optional.ofNullable(stays.getOrDefault(environment, Map.of()).get(digest));
    }

    /**
     * How long a release was live somewhere.
     *
     * @param until when another release took its place, null while it is live
     */
    public record LiveInterval(Instant since, Instant until) {}

    /**
     * What was handed over with a release and about it.
     *
     * @param branch it was built from, may be null
     * @param revision it was built from, may be null
     * @param commits that are known to be in it besides {@code revision}, where it matters here
     * @param evidence the newest of each kind by each producer
     * @param publishers who and what handed it over: {@code user:bob}, {@code job:team-orders/orders/main}
     * @param authors of all that comes in with it, where it matters here
     * @param incomplete ids of the releases that come in with it, itself included, whose authors may not all be recorded;
     *     where it matters here
     */
    public record ReleaseFacts(
            String branch,
            String revision,
            Set<String> commits,
            List<Manifest.Requires> requires,
            List<Evidence> evidence,
            List<String> publishers,
            List<Provenance.Author> authors,
            List<String> incomplete) {
        public ReleaseFacts {
            commits = Set.copyOf(commits);
            requires = List.copyOf(requires);
            evidence = List.copyOf(evidence);
            publishers = List.copyOf(publishers);
            authors = List.copyOf(authors);
            incomplete = List.copyOf(incomplete);
        }

        /** Of which all authors are recorded. */
        public ReleaseFacts(
                String branch,
                String revision,
                Set<String> commits,
                List<Manifest.Requires> requires,
                List<Evidence> evidence,
                List<String> publishers,
                List<Provenance.Author> authors) {
            this(branch, revision, commits, requires, evidence, publishers, authors, List.of());
        }

        /** Of which it does not matter who published and who wrote it. */
        public ReleaseFacts(String branch, List<Manifest.Requires> requires, List<Evidence> evidence) {
            this(branch, null, Set.of(), requires, evidence, List.of(), List.of(), List.of());
        }

        /** Whether the commit is known to be in it; ids may be given short, with 7 digits or more. */
        boolean contains(String commit) {
            return same(commit, revision) || commits.stream().anyMatch(c -> same(commit, c));
        }

        private static boolean same(String a, String b) {
            return b != null
                    && (a.equals(b)
                            || Math.min(a.length(), b.length()) >= SHORTEST_COMMIT
                                    && (a.startsWith(b) || b.startsWith(a)));
        }
    }

    /**
     * Another service in this environment.
     *
     * @param version that is live, null: none, or it was left half way
     * @param changing whether something is being deployed there now
     */
    public record Other(String version, boolean changing) {}

    /**
     * @param at when the answers had come
     * @param alarms one for each name in each place
     */
    public record AlarmReading(Instant at, List<Alarm> alarms) {
        public AlarmReading {
            alarms = List.copyOf(alarms);
        }
    }

    /**
     * @param place {@code orders-prod/eu-west-1}
     * @param detail why it is so, may be null; why it is not known, where it is {@code UNREADABLE}
     */
    public record Alarm(String place, String name, State state, String detail) {
        public enum State {
            OK,
            ALARM,
            INSUFFICIENT_DATA,
            /** There is none of that name. */
            MISSING,
            /** AWS did not say. */
            UNREADABLE
        }
    }

    /**
     * @param scope {@code everything}, {@code environment prod} or {@code service orders}; {@code configuration} while
     *     the configured policy is not valid, which no one but a person who may configure can lift
     */
    public record Pause(String scope, String by, Instant since, String reason) {
        public static final String EVERYTHING = new PauseScope(PauseScope.Kind.EVERYTHING).toString();
        public static final String CONFIGURATION = new PauseScope(PauseScope.Kind.CONFIGURATION).toString();

        public static String environment(String name) {
            return new PauseScope(PauseScope.Kind.ENVIRONMENT, name).toString();
        }

        public static String service(String name) {
            return new PauseScope(PauseScope.Kind.SERVICE, name).toString();
        }

        /** What it covers; empty for a recovery of one lane, and for a scope that this version does not know. */
        public Optional<PauseScope> covered() {
            return PauseScope.of(scope);
        }

        public boolean covers(LaneId lane) {
            return covered().filter(s -> s.covers(lane)).isPresent();
        }

        public boolean is(PauseScope.Kind kind) {
            return covered().filter(s -> s.kind() == kind).isPresent();
        }
    }
}
