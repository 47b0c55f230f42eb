package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PauseScope;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Hours;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResource;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The live releases of services by environment, with the promotions that need a person first.
 *
 * @param person who looks; null: a system account
 * @param needs the urgent first
 * @param overrides requested and open overrides of gates
 * @param pauses of everything, of an environment, and of the services that are shown
 * @param freezes that keep promotions waiting now
 * @param environments in the order of policy
 * @param cells by service and environment; a service has no cell where policy does not place it
 */
public record ReleaseBoard(
        Person person,
        List<BoardNeed> needs,
        List<OverrideNotice> overrides,
        List<Pause> pauses,
        List<ActiveFreeze> freezes,
        List<String> environments,
        Map<String, Map<String, Cell>> cells) {

    /** @param end when it ends */
    public record ActiveFreeze(Freeze freeze, Instant end) {
        /** {@code prod is frozen until 2 Jan, 00:00 Europe/Berlin (year-end).} */
        public String sentence(Instant now) {
            String where = freeze.environments().isEmpty() ? "everything" : String.join(", ", freeze.environments());
            String sentence =
                    where + " is frozen until " + Wording.moment(end, freeze.zone()) + " (" + freeze.name() + ").";
            return freeze.exempt().isEmpty()
                    ? sentence
                    : sentence + " Releases on the path " + String.join(", ", freeze.exempt()) + " may pass.";
        }
    }

    /** @param next the environment that waits until {@code end}, when the release has been live here long enough */
    public record Soak(String next, Instant end) {}

    /**
     * One lane.
     *
     * @param placed whether policy still places the service there
     * @param ended the newest promotion when it ended without success, otherwise null
     * @param drift result of the last drift check; null: none since the last deployment
     * @param soaks that are not over
     * @param leftBehind what the lane owns and the live release does not name
     */
    public record Cell(
            Lane lane,
            boolean placed,
            Promotion ended,
            DriftReading drift,
            List<Soak> soaks,
            List<LeftResource> leftBehind) {
        public Cell {
            soaks = List.copyOf(soaks);
            leftBehind = List.copyOf(leftBehind);
        }

        /** A lane that owns nothing else than its live release names. */
        public Cell(Lane lane, boolean placed, Promotion ended, DriftReading drift, List<Soak> soaks) {
            this(lane, placed, ended, drift, soaks, List.of());
        }

        public List<Promotion> open() {
            return lane.promotions().stream().filter(p -> !p.state().isOver()).toList();
        }

        /** Whether some place has another release than the live one. */
        public boolean mixed() {
            ReleaseRef live = lane.live() == null ? null : lane.live().release();
            return live != null && lane.live().places().values().stream().anyMatch(r -> !live.equals(r));
        }

        /**
         * {@code 1/4 targets} while it is deployed, {@code 2 of 3 in the queue} while others are before it; otherwise
         * null.
         */
        public String progress(Promotion promotion, Instant now) {
            if (promotion.state().isRunning() && promotion.deployment() != null) {
                return PromotionProgress.of(promotion, now).text();
            }
            List<Promotion> queue = open().stream()
                    .filter(q -> q.state() == Promotion.State.QUEUED)
                    .sorted(Comparator.comparing(Promotion::queuedAt))
                    .toList();
            return queue.size() > 1 && queue.contains(promotion)
                    ? queue.indexOf(promotion) + 1 + " of " + queue.size() + " in the queue"
                    : null;
        }

        /** {@code soak 12 min before prod}; null: nothing waits for it. */
        public String soak(Instant now) {
            return soaks.isEmpty()
                    ? null
                    : soaks.stream()
                            .map(s -> "soak " + Wording.length(Duration.between(now, s.end())) + " before " + s.next())
                            .collect(Collectors.joining(", "));
        }
    }

    /** An empty board, where nothing has happened or nothing can be read. */
    public static ReleaseBoard empty(Person person) {
        return new ReleaseBoard(person, List.of(), List.of(), List.of(), List.of(), List.of(), Map.of());
    }

    /** Every service that policy or the journal knows, in order. */
    public static SortedSet<String> services(ViewReader reader) {
        var services = new TreeSet<>(reader.services());
        reader.policy().ifPresent(policy -> services.addAll(policy.services().keySet()));
        reader.lanes().forEach(lane -> services.add(lane.service()));
        return services;
    }

    /**
     * Whether a release is requested in {@code environment} automatically after its success in the environment before.
     */
    public static boolean arrivesByItself(Policy policy, String environment) {
        return policy != null
                && policy.environments().containsKey(environment)
                && policy.environments().get(environment).arrival() == Policy.Arrival.AUTOMATIC;
    }

    /**
     * @param promotions null while the engine does not run: then the board needs no one
     * @param wanted the services to show, of those that {@code viewer} may see
     */
    public static ReleaseBoard of(
            ViewReader reader, Promotions promotions, Viewer viewer, Predicate<String> wanted, Instant now) {
        Policy policy = reader.policy().orElse(null);
        Predicate<String> shown = wanted.and(viewer.sees());
        Set<String> services = services(reader);
        services.removeIf(shown.negate());
        Set<String> environments = new LinkedHashSet<>();
        if (policy != null) {
            environments.addAll(policy.environments().keySet());
        }
        Set<LaneId> lanes = new LinkedHashSet<>(reader.lanes());
        lanes.forEach(lane -> environments.add(lane.environment()));
        var cells = new LinkedHashMap<String, Map<String, Cell>>();
        var needs = new ArrayList<BoardNeed>();
        var overrides = new ArrayList<OverrideNotice>();
        for (String service : services) {
            var row = new LinkedHashMap<String, Cell>();
            for (String environment : environments) {
                var id = new LaneId(service, environment);
                boolean placed = policy != null
                        && LaneRules.of(policy, service, environment).isPresent();
                if (placed || lanes.contains(id)) {
                    Cell cell = cell(reader, policy, id, placed, now);
                    row.put(environment, cell);
                    overrides.addAll(OverrideNotice.of(reader, promotions, cell.lane()));
                    if (promotions != null && viewer.person() != null) {
                        needs.addAll(BoardNeed.of(reader, promotions, viewer, cell.lane(), now));
                    }
                }
            }
            cells.put(service, row);
        }
        environments.removeIf(e -> cells.values().stream().noneMatch(row -> row.containsKey(e)));
        needs.sort(Comparator.comparing(BoardNeed::kind));
        List<Pause> pauses =
                reader.pauses().stream().filter(p -> concerns(p, shown)).toList();
        return new ReleaseBoard(
                viewer.person(), needs, overrides, pauses, freezes(policy, now), List.copyOf(environments), cells);
    }

    private static Cell cell(ViewReader reader, Policy policy, LaneId id, boolean placed, Instant now) {
        Lane lane = reader.lane(id);
        // A successful promotion is the live release, which the cell shows already.
        Promotion ended = reader.newest(id)
                .filter(p -> p.state().isOver() && p.state() != Promotion.State.SUCCEEDED)
                .orElse(null);
        DriftReading drift = reader.drift(id).filter(r -> r.isAbout(lane)).orElse(null);
        return new Cell(lane, placed, ended, drift, soaks(policy, lane, now), leftBehind(reader, id, drift));
    }

    /**
     * What the last reading found, or what the journal knows where nothing was read since the last deployment.
     *
     * @param drift about what is live now; null: there is none
     */
    public static List<LeftResource> leftBehind(ViewReader reader, LaneId lane, DriftReading drift) {
        return drift == null || drift.leftBehind() == null ? reader.leftBehind(lane) : drift.leftBehind();
    }

    private static List<Soak> soaks(Policy policy, Lane lane, Instant now) {
        if (policy == null || lane.live() == null) {
            return List.of();
        }
        String here = lane.id().environment();
        return policy.environments().keySet().stream()
                .flatMap(next -> LaneRules.of(policy, lane.id().service(), next).stream())
                .flatMap(rules -> rules.gates(Gate.Soak.class)
                        .filter(s -> s.environment().equals(here))
                        .map(s -> new Soak(
                                rules.environment().name(), lane.live().since().plus(s.duration()))))
                .filter(s -> now.isBefore(s.end()))
                .toList();
    }

    private static List<ActiveFreeze> freezes(Policy policy, Instant now) {
        return policy == null
                ? List.of()
                : policy.freezes().values().stream()
                        .filter(f -> Hours.of(f).contains(now))
                        .map(f -> new ActiveFreeze(f, Hours.of(f).end()))
                        .toList();
    }

    /** Only people who may see a service may see its pause and the reason. */
    private static boolean concerns(Pause pause, Predicate<String> shown) {
        return pause.covered()
                .filter(scope -> scope.kind() == PauseScope.Kind.SERVICE)
                .map(PauseScope::name)
                .filter(shown.negate())
                .isEmpty();
    }
}
