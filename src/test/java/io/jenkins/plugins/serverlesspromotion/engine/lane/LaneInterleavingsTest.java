package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Test;

/**
 * Whatever happens in whatever order: never two deployments in a lane, never deployed without a valid quorum for exactly
 * that plan, never stuck while everything holds. The quorum is recounted here by brute force from what the test itself
 * saw accepted, not by the code under test.
 */
public class LaneInterleavingsTest {
    private static final int RUNS = 400;
    private static final int FACTS = 300;

    private static final List<Person> PEOPLE = List.of(
            Lanes.ALICE,
            Lanes.BOB,
            Lanes.CAROL,
            Lanes.ERIN,
            Lanes.person("dora", "team-orders"),
            Lanes.person("alice2", "alice"));

    private static final Gate.Window WINDOW = new Gate.Window(
            List.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.FRIDAY, DayOfWeek.SATURDAY),
            LocalTime.of(6, 0),
            LocalTime.of(2, 0),
            ZoneId.of("Europe/Berlin"),
            Gate.Overrun.WAIT);

    @Test
    public void theTwoSentencesOfTheDesignHold() {
        int deployed = 0;
        int succeeded = 0;
        int returned = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            var run = new Run(seed);
            try {
                run.play();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
            deployed += run.deployments;
            succeeded += run.successes;
            returned += run.rollbacks;
        }
        // A generator that never gets anywhere would prove nothing.
        assertTrue(deployed + " deployments", deployed > RUNS);
        assertTrue(succeeded + " successes", succeeded > RUNS / 4);
        assertTrue(returned + " rollbacks", returned > RUNS / 20);
    }

    private static final class Run {
        private final Random random;
        private final Lanes lanes = new Lanes();
        private final Map<String, List<Seen>> approvals = new HashMap<>();
        private final Map<String, State> last = new HashMap<>();
        private final Map<String, Long> newestDeployed = new HashMap<>();
        private int releases = 1;
        int deployments;
        int successes;
        int rollbacks;

        Run(long seed) {
            random = new Random(seed);
            lanes.environment = new Policy.Environment(
                    "prod", null, lanes.environment.gates(), lanes.environment.rollback(), random.nextInt(4) == 0);
            if (seed % 2 == 1) {
                lanes.gates(true, WINDOW, new Gate.Evidence("tests", List.of("job:unit"), Duration.ofDays(9)));
            }
        }

        void play() {
            for (int i = 0; i < FACTS; i++) {
                Lane before = lanes.lane;
                long wasLive =
                        before.live() == null ? 0 : before.live().release().number();
                fact();
                check(before, wasLive);
            }
            finish();
        }

        private <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private List<Promotion> open() {
            return lanes.lane.promotions().stream()
                    .filter(p -> !p.state().isOver())
                    .toList();
        }

        private void fact() {
            lanes.now = lanes.now.plus(Duration.ofMinutes(random.nextInt(random.nextInt(30) == 0 ? 2000 : 20)));
            List<Promotion> open = open();
            int what = random.nextInt(100);
            if (what < 5 || open.isEmpty() && what < 90) {
                releases += random.nextInt(2);
                lanes.take(new Fact.Requested(
                        Lanes.release(random.nextInt(4) == 0 ? 1 + random.nextInt(releases) : releases),
                        lanes.by(any(PEOPLE).id())));
            } else if (what < 8 || open.isEmpty()) {
                lanes.take(new Fact.RollbackRequested(null, lanes.by(any(PEOPLE).id())));
            } else if (what < 36) {
                approve(any(open), any(PEOPLE));
            } else if (what < 37) {
                lanes.take(new Fact.Rejected(any(open).id(), any(PEOPLE), "no"));
            } else if (what < 38) {
                Promotion one = any(open);
                lanes.take(
                        random.nextBoolean()
                                ? new Fact.AbortRequested(one.id(), "user:bob", "stop")
                                : new Fact.Withdrawn(one.id(), "a build", "user:bob", "stop"));
            } else if (what < 39) {
                lanes.policyDigest = Lanes.digest(900 + random.nextInt(2));
                lanes.take(new Fact.Reconsidered("policy"));
            } else if (what < 41) {
                lanes.pause = lanes.pause == null && random.nextBoolean()
                        ? new Surroundings.Pause("everything", "user:dave", lanes.now, "incident")
                        : null;
                lanes.take(new Fact.Reconsidered("pause"));
            } else if (what < 42) {
                lanes.take(new Fact.ReplanRequested(any(open).id(), any(PEOPLE)));
            } else if (what < 43 && random.nextInt(3) > 0) {
                world();
            } else if (what < 43) {
                lanes.placed = !lanes.placed || random.nextInt(3) > 0;
                lanes.take(new Fact.Reconsidered("policy"));
            } else if (what < 46) {
                lanes.take(new Fact.HoldReleased(any(PEOPLE), "on"));
            } else if (what < 52) {
                lanes.pass(Duration.ofMinutes(40));
            } else {
                List<Command> work = LaneMachine.outstanding(lanes.lane);
                if (work.isEmpty()) {
                    lanes.take(new Fact.Reconsidered("time"));
                } else {
                    carryOut(any(work));
                }
            }
        }

        /** What other services, freezes and tests come to. */
        private void world() {
            lanes.others.put(
                    "payments", new Surroundings.Other(random.nextInt(3) == 0 ? "1.9" : "2.1", random.nextInt(4) == 0));
            boolean needs = random.nextBoolean();
            lanes.known = new Surroundings.Known(
                    "main",
                    needs ? List.of(new Manifest.Requires("payments", ">=2")) : List.of(),
                    List.of(new Evidence(
                            "orders@1",
                            "tests",
                            Evidence.Result.values()[random.nextInt(4) / 3],
                            "job:unit",
                            null,
                            null,
                            lanes.now)));
            var begin = LocalDateTime.ofInstant(lanes.now, ZoneId.of("UTC")).plusHours(random.nextInt(20) - 10);
            lanes.freezes = random.nextInt(3) > 0
                    ? List.of()
                    : List.of(new Policy.Freeze(
                            "sale", begin, begin.plusHours(12), ZoneId.of("UTC"), List.of(), List.of()));
            lanes.take(new Fact.Reconsidered("the world"));
        }

        private void approve(Promotion p, Person person) {
            String digest = p.plan() == null || random.nextInt(20) == 0
                    ? Lanes.digest(77)
                    : p.plan().digest();
            int before = p.approvals().size();
            lanes.take(new Fact.Approved(p.id(), person, digest, null));
            lanes.lane
                    .promotion(p.id())
                    .filter(now -> now.approvals().size() > before)
                    .ifPresent(now -> approvals
                            .computeIfAbsent(p.id(), id -> new ArrayList<>())
                            .add(new Seen(person, digest, lanes.policyDigest)));
        }

        private void carryOut(Command c) {
            int luck = random.nextInt(40);
            if (c instanceof Command.MakePlan plan) {
                if (luck == 0) {
                    lanes.take(new Fact.PlanningEnded(
                            c.promotion(), plan.planning(), new Fact.Failure(Fact.Verdict.ERRORED, "throttled")));
                } else if (luck == 1) {
                    lanes.planned(c.promotion(), 1, new Plan.Problem("orders-prod/eu-west-1/api", "access denied"));
                } else {
                    lanes.planned(c.promotion(), 1 + random.nextInt(20) / 19);
                }
            } else if (c instanceof Command.DeployStep deploy) {
                Status status =
                        luck == 0 ? Status.FAILED : luck == 1 ? Status.ERRORED : luck == 2 ? Status.STALE : Status.DONE;
                lanes.step(c.promotion(), deploy.step(), luck == 3 ? Status.UNCHANGED : status);
            } else if (c instanceof Command.VerifyWave) {
                lanes.verified(c.promotion(), luck == 0 ? "500" : null);
            } else if (c instanceof Command.UndoStep undo) {
                lanes.undone(c.promotion(), undo.step(), luck == 0 ? "stuck" : null);
            }
        }

        private void check(Lane before, long wasLive) {
            List<Promotion> running = lanes.lane.promotions().stream()
                    .filter(p -> p.state().isRunning())
                    .toList();
            assertTrue("two deployments at a time: " + running, running.size() <= 1);
            for (Promotion p : lanes.lane.promotions()) {
                State was = last.put(p.id(), p.state());
                if (p.state() == State.DEPLOYING && was != State.DEPLOYING && was != State.VERIFYING) {
                    deployments++;
                    started(p, wasLive);
                }
                if (p.state() == State.SUCCEEDED && was != State.SUCCEEDED) {
                    successes++;
                    rollbacks += p.kind() == Kind.ROLLBACK ? 1 : 0;
                }
            }
            for (Promotion p : before.promotions()) {
                assertTrue(
                        "nothing is forgotten before it is over: " + p.id(),
                        p.state().isOver() || lanes.lane.promotion(p.id()).isPresent());
                if (p.state().isOver()) {
                    lanes.lane.promotion(p.id()).ifPresent(now -> assertEquals("over is over", p, now));
                }
            }
            assertTrue("ids only grow", lanes.lane.counted() >= before.counted());
            notStuck();
        }

        private void started(Promotion p, long wasLive) {
            assertEquals("nothing starts while paused", null, lanes.pause);
            assertTrue("nothing starts without a policy", lanes.placed);
            assertTrue("the plan is complete", p.plan().problems().isEmpty());
            Surroundings.Other payments = lanes.others.get("payments");
            assertTrue(
                    p.id() + " needs what is not there",
                    lanes.known.requires().isEmpty()
                            || payments != null
                                    && !payments.changing()
                                    && payments.version().equals("2.1"));
            if (p.kind() == Kind.FORWARD) {
                for (Policy.Freeze freeze : lanes.freezes) {
                    var wall = LocalDateTime.ofInstant(lanes.now, freeze.zone());
                    assertTrue(
                            p.id() + " starts in a freeze",
                            wall.isBefore(freeze.from()) || !wall.isBefore(freeze.until()));
                }
                if (lanes.environment.gates().contains(WINDOW)) {
                    var wall = LocalDateTime.ofInstant(lanes.now, WINDOW.zone());
                    boolean evening = WINDOW.days().contains(wall.getDayOfWeek()) && wall.getHour() >= 6;
                    boolean night = WINDOW.days().contains(wall.minusDays(1).getDayOfWeek()) && wall.getHour() < 2;
                    assertTrue(p.id() + " starts outside its window, at " + wall, evening || night);
                    assertTrue(
                            p.id() + " starts without its tests",
                            lanes.known.evidence().stream().allMatch(e -> e.result() == Evidence.Result.PASSED)
                                    && !lanes.known.evidence().isEmpty());
                }
                assertTrue("an older release overtook", p.release().number() >= wasLive);
            }
            assertTrue(p.id() + " deploys without a quorum", quorum(p));
            newestDeployed.merge(p.id(), p.release().number(), Math::max);
        }

        /** Every way of seating the distinct people who approved exactly this plan under this policy. */
        private boolean quorum(Promotion p) {
            Set<Person> counted = approvals.getOrDefault(p.id(), List.of()).stream()
                    .filter(s -> s.plan.equals(p.plan().digest()) && s.policy.equals(lanes.policyDigest))
                    .map(Seen::person)
                    .filter(x -> p.kind() == Kind.ROLLBACK || !p.requesters().contains(x.id()))
                    .collect(Collectors.toSet());
            if (p.kind() == Kind.ROLLBACK) {
                return counted.contains(Lanes.ERIN);
            }
            Set<String> managers = Set.of("alice", "bob");
            return counted.stream()
                    .filter(x -> managers.contains(x.id()))
                    .anyMatch(manager -> counted.stream()
                            .anyMatch(
                                    owner -> owner != manager && owner.groups().contains("team-orders")));
        }

        /** Whoever may go on must be going on: work is wanted, or a clock will ring, or a gate says what is missing. */
        private void notStuck() {
            if (!lanes.placed) {
                return;
            }
            for (Promotion p : open()) {
                boolean works = LaneMachine.outstanding(lanes.lane).stream()
                        .anyMatch(c -> c.promotion().equals(p.id()));
                switch (p.state()) {
                    case REQUESTED ->
                        assertTrue(
                                p.id() + " is not planned", lanes.lane.running().isPresent());
                    case PLANNING, VERIFYING, ROLLING_BACK ->
                        assertTrue(p.id() + " " + p.state() + " without work", works);
                    case DEPLOYING ->
                        assertTrue(
                                p.id() + " deploys nothing",
                                works
                                        || lanes.pause != null
                                        || !lanes.now.isAfter(p.deployment().openAt())
                                        || LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now)
                                                .filter(lanes.now::isBefore)
                                                .isPresent());
                    case WAITING ->
                        assertTrue(
                                p.id() + " waits although every gate holds",
                                !Gates.allHold(lanes.lane, p, lanes.around(), lanes.now));
                    case QUEUED ->
                        assertTrue(
                                p.id() + " is queued behind nothing",
                                lanes.pause != null
                                        || lanes.lane.promotions().stream()
                                                .anyMatch(o -> o.state().isRunning() || o.state() == State.PLANNING));
                    default -> {}
                }
            }
        }

        /** Everything good from here on: every promotion comes to an end. */
        private void finish() {
            lanes.pause = null;
            lanes.placed = true;
            lanes.freezes = List.of();
            lanes.known = new Surroundings.Known("main", List.of(), List.of());
            lanes.take(new Fact.Reconsidered("end"));
            for (int i = 0; i < 200 && !open().isEmpty(); i++) {
                lanes.work();
                lanes.pass(Duration.ofHours(1));
            }
            assertTrue("still open: " + open(), open().isEmpty());
            assertFalse(lanes.lane.running().isPresent());
            assertNotNull(LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now));
            assertEquals(
                    "a lane at rest has no clock running",
                    true,
                    LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now).isEmpty());
        }

        private record Seen(Person person, String plan, String policy) {}
    }

    /** Sorting by id is by request, since ids only grow. */
    @Test
    public void promotionsStandInTheOrderOfTheirRequests() {
        var lanes = new Lanes();
        lanes.request(1, "bob");
        lanes.request(2, "bob");
        lanes.request(3, "bob");
        assertEquals(
                lanes.lane.promotions().stream()
                        .sorted(Comparator.comparing(Promotion::id))
                        .toList(),
                lanes.lane.promotions());
    }
}
