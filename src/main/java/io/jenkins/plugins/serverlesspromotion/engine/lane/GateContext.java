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
 * The state outside a lane that its gates need, at one moment.
 *
 * @param rules null when no valid policy places the service in this environment
 * @param policyDigest of {@code rules}; null with them
 * @param pause null when nothing is paused here
 * @param stays where releases of this service succeeded, by environment and by digest
 * @param releases the known facts about the releases that are requested here and the live one, by digest; a gate that
 *     needs more facts does not pass
 * @param others the live versions in this environment of the services that those releases require, by service
 * @param changes who changed the rules of this lane lately
 * @param alarms the last reading of the alarms; null: not read
 * @param directory whether a directory can give people's groups before their decisions are carried out
 * @param taken why planned or recorded resources must not be written to any more, by resource: another lane owns them
 * @param answered resources that are recorded for the lane and need no record, because policy or a person now names
 *     their owner; read only where {@link LaneLimits#OWNED} are recorded
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

    /** Context without restrictions on where planned work may write. */
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

    /** Context without alarms, in which people keep the groups that they had when they decided. */
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
     * A period in which a release was live somewhere.
     *
     * @param until when another release replaced it, null while it is live
     */
    public record LiveInterval(Instant since, Instant until) {}

    /**
     * The facts published with a release and about it.
     *
     * @param branch it was built from, may be null
     * @param revision it was built from, may be null
     * @param commits that are known to be in it besides {@code revision}, where a gate needs them
     * @param evidence the newest of each kind by each producer
     * @param publishers who and what published it: {@code user:bob}, {@code job:team-orders/orders/main}
     * @param authors of all changes that come in with it, where a gate needs them
     * @param incomplete ids of the releases that come in with it, itself included, whose authors may not all be
     *     recorded; where a gate needs them
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

        /** A release with all authors recorded. */
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

        /** A release whose publishers and authors no gate needs. */
        public ReleaseFacts(String branch, List<Manifest.Requires> requires, List<Evidence> evidence) {
            this(branch, null, Set.of(), requires, evidence, List.of(), List.of(), List.of());
        }

        /** Whether the commit is known to be in it; short ids with 7 digits or more are accepted. */
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
     * @param version that is live, null: none, or a deployment was left incomplete
     * @param changing whether something is being deployed there now
     */
    public record Other(String version, boolean changing) {}

    /**
     * @param at when the reading ended
     * @param alarms one for each name in each place
     */
    public record AlarmReading(Instant at, List<Alarm> alarms) {
        public AlarmReading {
            alarms = List.copyOf(alarms);
        }
    }

    /**
     * @param place {@code orders-prod/eu-west-1}
     * @param detail the reason, may be null; why it is unknown, where it is {@code UNREADABLE}
     */
    public record Alarm(String place, String name, State state, String detail) {
        public enum State {
            OK,
            ALARM,
            INSUFFICIENT_DATA,
            /** There is no alarm of that name. */
            MISSING,
            /** AWS did not report it. */
            UNREADABLE
        }
    }

    /**
     * @param scope {@code everything}, {@code environment prod} or {@code service orders}; {@code configuration} while
     *     the configured policy is not valid; only a person who may configure can end this pause
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

        /** Its scope; empty for a recovery of one lane, and for a scope that this version does not know. */
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
