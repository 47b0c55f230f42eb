package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.Test;

/**
 * Whatever happens in whatever order: never two deployments in a lane; nothing deployed without a valid quorum for exactly
 * that plan under exactly these rules, or enough words to break the glass and a review of it; nothing approved lost;
 * nothing that happens without a word in the log; never stuck while everything holds; the same after any restart; expired
 * exactly when its time is over. Quorums and expiry are recounted here by brute force from what the test itself saw
 * accepted, not by the code under test.
 *
 * <p>A failure names its seed and the fact at which it came; {@code -Dpromotion.seed=N} plays that one alone.
 */
public class LaneInterleavingsTest {
    private static final int RUNS = Integer.getInteger("promotion.interleavings", 250);
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

    private static final Gate.Evidence TESTS = new Gate.Evidence("tests", List.of("job:unit"), Duration.ofDays(9));
    private static final Gate.Alarm ALARM = new Gate.Alarm(List.of("errors"));
    private static final Duration TIME_BOX = Duration.ofHours(2);

    @Test
    public void theTwoSentencesOfTheDesignHold() {
        Long only = Long.getLong("promotion.seed");
        if (only != null) {
            play(only);
            return;
        }
        var sum = new TreeMap<String, Integer>();
        var moves = new HashSet<List<State>>();
        for (long seed = 0; seed < RUNS; seed++) {
            Run run = play(seed);
            run.counts.forEach((what, n) -> sum.merge(what, n, Integer::sum));
            moves.addAll(run.moves);
        }
        if (RUNS >= 250) {
            everyTransitionOfTheTable(moves);
        }
        // A generator that never gets anywhere would prove nothing; a few runs need not get everywhere.
        Set.of(
                        "deployed",
                        "succeeded",
                        "rolled back",
                        "glass broken",
                        "withdrawn",
                        "voided",
                        "expired",
                        "reviewed",
                        "rejected",
                        "restarted")
                .forEach(what -> assertTrue(what + " too seldom: " + sum, sum.getOrDefault(what, 0) >= RUNS / 40));
    }

    /** That no other happens, {@link StateTransition} sees to. */
    private static void everyTransitionOfTheTable(Set<List<State>> moves) {
        Set<List<State>> never = StateTransition.ALL.stream()
                .map(t -> List.of(t.from(), t.to()))
                .collect(Collectors.toCollection(HashSet::new));
        never.removeAll(moves);
        never.removeAll(StateTransitionTest.SHOWN_HERE);
        assertEquals("transitions that never happened", Set.of(), never);
    }

    private static Run play(long seed) {
        var run = new Run(seed);
        try {
            run.play();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", fact " + run.played + ": " + e, e);
        }
        return run;
    }

    private static final class Run {
        private final Random random;
        private final Lanes lanes = new Lanes() {
            @Override
            String take(Fact fact) {
                return counted(fact, () -> super.take(fact));
            }
        };

        private final CanonicalDigests digests = new CanonicalDigests();
        private final List<Word> approvals = new ArrayList<>();
        private final List<Word> overrides = new ArrayList<>();
        private final Map<String, State> last = new HashMap<>();
        private final Map<String, State> said = new HashMap<>();
        final Set<List<State>> moves = new HashSet<>();

        /** Since when people have been asked, as this test saw it. */
        private final Map<String, Instant> asked = new HashMap<>();

        private final Map<List<Object>, Instant> opening = new HashMap<>();
        private Duration expiresAfter = Duration.ofHours(24);
        final Map<String, Integer> counts = new TreeMap<>();
        private int releases = 1;
        int played;

        Run(long seed) {
            random = new Random(seed);
            // Not from the random numbers: the first one hardly differs between seeds that are close to each other.
            rules(seed % 4 == 0);
            publish();
        }

        private void count(String what) {
            counts.merge(what, 1, Integer::sum);
        }

        void play() {
            for (played = 0; played < FACTS; played++) {
                Lane before = lanes.lane;
                int said = lanes.events.size();
                long wasLive =
                        before.live() == null ? 0 : before.live().release().number();
                fact();
                check(before, wasLive, lanes.events.subList(said, lanes.events.size()));
                if (random.nextInt(20) == 0) {
                    restart();
                }
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

        // --- what happens ---

        private void fact() {
            lanes.now = lanes.now.plus(Duration.ofMinutes(random.nextInt(random.nextInt(30) == 0 ? 2000 : 20)));
            if (random.nextInt(60) == 0 && lanes.placed) {
                toTheEdgeOfAnExpiry();
            }
            if (random.nextInt(3) > 0) {
                alarms(random.nextInt(8) > 0);
            }
            List<Promotion> open = open();
            int what = random.nextInt(100);
            if (what < 5 || open.isEmpty() && what < 90) {
                if (random.nextBoolean()) {
                    releases++;
                    publish();
                }
                lanes.take(new Fact.Requested(
                        Lanes.release(random.nextInt(4) == 0 ? 1 + random.nextInt(releases) : releases),
                        lanes.by(any(PEOPLE).id())));
            } else if (what < 8 || open.isEmpty()) {
                lanes.take(new Fact.RollbackRequested(null, lanes.by(any(PEOPLE).id())));
            } else if (what < 34) {
                approve(any(open), any(PEOPLE));
            } else if (what < 35) {
                Promotion one = any(open);
                List<Word> given = approvals.stream()
                        .filter(w -> w.promotion.equals(one.id()))
                        .toList();
                withdraw(one, given.isEmpty() ? any(PEOPLE) : any(given).person);
            } else if (what < 36) {
                lanes.take(new Fact.Rejected(any(open).id(), any(PEOPLE), random.nextBoolean() ? "no" : " "));
            } else if (what < 37) {
                Promotion one = any(open);
                lanes.take(
                        random.nextBoolean()
                                ? new Fact.AbortRequested(one.id(), "user:bob", "stop")
                                : new Fact.Withdrawn(one.id(), "a build", "user:bob", "stop"));
            } else if (what < 38) {
                changeRules();
            } else if (what < 39) {
                changeRoles();
            } else if (what < 41) {
                lanes.pause = lanes.pause == null && random.nextBoolean()
                        ? new GateContext.Pause("everything", "user:dave", lanes.now, "incident")
                        : null;
                lanes.take(new Fact.Reconsidered("pause"));
            } else if (what < 42) {
                lanes.take(new Fact.ReplanRequested(any(open).id(), any(PEOPLE)));
            } else if (what < 43) {
                world();
            } else if (what < 44) {
                lanes.placed = !lanes.placed || random.nextInt(3) > 0;
                lanes.take(new Fact.Reconsidered("policy"));
            } else if (what < 46) {
                lanes.take(new Fact.HoldReleased(any(PEOPLE), "on"));
            } else if (what < 49) {
                lanes.pass(Duration.ofMinutes(40));
            } else if (what < 53) {
                override(any(open), any(List.of(Lanes.ALICE, Lanes.ERIN, any(PEOPLE))));
            } else if (what < 55) {
                review();
            } else {
                List<Command> work = LaneMachine.outstanding(lanes.lane);
                if (work.isEmpty()) {
                    lanes.take(new Fact.Reconsidered("time"));
                } else {
                    carryOut(any(work));
                }
            }
        }

        /** To the very moment at which one expires, or to the last minute before. */
        private void toTheEdgeOfAnExpiry() {
            List<Promotion> asking = open().stream().filter(Run::asks).toList();
            if (!asking.isEmpty()) {
                Instant edge = expiry(any(asking)).minus(Duration.ofMinutes(random.nextInt(2)));
                lanes.now = edge.isAfter(lanes.now) ? edge : lanes.now;
            }
        }

        /** A new release, or the same bytes published again by somebody else. */
        private void publish() {
            String digest = Lanes.release(releases).digest();
            var before = lanes.knownOf.get(digest);
            var publishers = new ArrayList<>(before == null ? List.of("job:unit#1") : before.publishers());
            publishers.add("user:" + any(PEOPLE).id());
            var authors = new ArrayList<>(before == null ? List.<Author>of() : before.authors());
            authors.add(new Author(any(PEOPLE).id(), "somebody@acme.net"));
            lanes.knownOf.put(
                    digest,
                    new GateContext.ReleaseFacts(
                            "main",
                            null,
                            Set.of(),
                            lanes.releaseFacts.requires(),
                            lanes.releaseFacts.evidence(),
                            publishers,
                            authors));
        }

        /** Every release, with what is so of all of them. */
        private void known(List<Manifest.Requires> requires, List<Evidence> evidence) {
            lanes.releaseFacts = new GateContext.ReleaseFacts("main", requires, evidence);
            lanes.knownOf.replaceAll((digest, k) -> new GateContext.ReleaseFacts(
                    k.branch(), null, Set.of(), requires, evidence, k.publishers(), k.authors()));
        }

        private void alarms(boolean ok) {
            var state = ok ? GateContext.Alarm.State.OK : GateContext.Alarm.State.ALARM;
            lanes.alarms = new GateContext.AlarmReading(
                    lanes.now,
                    List.of(
                            new GateContext.Alarm(Lanes.EU.toString(), "errors", GateContext.Alarm.State.OK, null),
                            new GateContext.Alarm(Lanes.US.toString(), "errors", state, null)));
        }

        private void changeRules() {
            rules(lanes.environment.supersede());
            if (random.nextInt(3) == 0) {
                lanes.changes = List.of(
                        new RulesChange("prod", null, "user:" + any(PEOPLE).id(), lanes.now));
            }
            lanes.take(new Fact.Reconsidered("policy"));
        }

        private void rules(boolean supersede) {
            var gates = new ArrayList<Gate>();
            if (random.nextInt(4) == 0) {
                gates.addAll(List.of(WINDOW, TESTS));
            }
            if (random.nextInt(4) == 0) {
                gates.add(ALARM);
            }
            expiresAfter = Duration.ofHours(random.nextInt(3) == 0 ? 6 : 24);
            gates.add(new Gate.Approval(
                    random.nextInt(3) == 0
                            ? List.of(new Requirement("release-managers", 2))
                            : List.of(new Requirement("release-managers", 1), new Requirement("serviceOwner", 1)),
                    random.nextInt(4) > 0,
                    expiresAfter,
                    random.nextInt(4) == 0 ? Gate.Authors.IGNORE_UNMAPPED : null,
                    null));
            lanes.environment = new Policy.Environment(
                    "prod",
                    null,
                    gates,
                    lanes.environment.rollback(),
                    supersede,
                    null,
                    new Policy.BreakGlass(
                            List.of(new Requirement("release-managers", 1), new Requirement("on-call", 1)),
                            TIME_BOX,
                            null,
                            "serviceOwner"));
            digest();
        }

        private void changeRoles() {
            var managers = new TreeSet<String>();
            PEOPLE.stream().filter(p -> random.nextInt(3) > 0).forEach(p -> managers.add(p.id()));
            managers.add("alice");
            var roles = new HashMap<>(lanes.roles);
            roles.put("release-managers", new Policy.Role("release-managers", managers, Set.of()));
            roles.put(
                    "serviceOwner",
                    new Policy.Role(
                            "serviceOwner",
                            random.nextBoolean() ? Set.of() : Set.of("bob"),
                            Set.of("team-orders", "alice")));
            lanes.roles = roles;
            digest();
            lanes.take(new Fact.Reconsidered("roles"));
        }

        private void digest() {
            lanes.policyDigest = digests.rules(rulesNow());
        }

        private LaneRules rulesNow() {
            boolean placed = lanes.placed;
            lanes.placed = true;
            LaneRules rules = lanes.around().rules();
            lanes.placed = placed;
            return rules;
        }

        /** What other services, freezes and tests come to. */
        private void world() {
            lanes.others.put(
                    "payments", new GateContext.Other(random.nextInt(3) == 0 ? "1.9" : "2.1", random.nextInt(4) == 0));
            known(
                    random.nextBoolean() ? List.of(new Manifest.Requires("payments", ">=2")) : List.of(),
                    List.of(new Evidence(
                            "orders@1",
                            "tests",
                            Evidence.Result.values()[random.nextInt(4) / 3],
                            "job:unit",
                            null,
                            null,
                            lanes.now)));
            if (random.nextInt(3) == 0) {
                publish();
            }
            var begin = LocalDateTime.ofInstant(lanes.now, ZoneId.of("UTC")).plusHours(random.nextInt(20) - 10);
            lanes.freezes = random.nextInt(3) > 0
                    ? List.of()
                    : List.of(new Freeze("sale", begin, begin.plusHours(12), ZoneId.of("UTC"), List.of(), List.of()));
            digest();
            lanes.take(new Fact.Reconsidered("the world"));
        }

        private String digestSeen(Promotion p) {
            return p.plan() == null || random.nextInt(20) == 0
                    ? Lanes.digest(77)
                    : p.plan().digest();
        }

        private void approve(Promotion p, Person person) {
            String digest = digestSeen(p);
            lanes.take(new Fact.Approved(p.id(), person, digest, null));
            if (lanes.lane.promotion(p.id()).stream()
                    .flatMap(now -> now.approvals().stream())
                    .anyMatch(a -> a.person().equals(person)
                            && a.at().equals(lanes.now)
                            && !p.approvals().contains(a))) {
                approvals.add(new Word(p.id(), person, digest, lanes.policyDigest, lanes.now));
            }
        }

        private void withdraw(Promotion p, Person person) {
            if (lanes.take(new Fact.ApprovalWithdrawn(p.id(), person, "on reflection")) == null) {
                assertTrue(
                        "only what was given can be taken back",
                        approvals.removeIf(w -> w.promotion.equals(p.id()) && w.person.equals(person)));
                count("withdrawn");
            }
        }

        private void override(Promotion p, Person person) {
            String digest = digestSeen(p);
            if (lanes.take(new Fact.Overridden(p.id(), person, digest, "down", "INC1")) == null) {
                overrides.add(new Word(p.id(), person, digest, lanes.policyDigest, lanes.now));
            }
        }

        private void review() {
            if (lanes.lane.reviews().isEmpty()) {
                lanes.take(new Fact.Reconsidered("time"));
            } else {
                Lane.PostReview one = lanes.lane.reviews().get(0);
                Person person = any(PEOPLE);
                if (lanes.take(new Fact.Reviewed(one.promotion(), person, "right")) == null) {
                    assertFalse("nobody looks at their own", one.by().contains(person.id()));
                    count("reviewed");
                }
            }
        }

        /** What is left of a lane after a restart is what the journal has of it. */
        private void restart() {
            var codec = new JournalCodec();
            var entry = new Entry.LaneAdvanced(new Fact.Reconsidered("x"), List.of(), lanes.lane);
            var read = codec.decode(codec.encode(new JournalRecord(1, lanes.now, entry)));
            Lane again = ((Entry.LaneAdvanced) read.entry()).lane();
            assertEquals("the same after a restart", lanes.lane, again);
            assertEquals(LaneMachine.outstanding(lanes.lane), LaneMachine.outstanding(again));
            lanes.lane = again;
            count("restarted");
        }

        private void carryOut(Command c) {
            int luck = random.nextInt(40);
            if (c instanceof Command.MakePlan plan) {
                if (luck == 0) {
                    lanes.take(new Fact.PlanningEnded(
                            c.promotion(), plan.planning(), new Fact.Failure(Fact.FailureKind.ERRORED, "throttled")));
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

        // --- what must be so ---

        /** Every fact goes through here: before it comes what has expired, afterwards is seen who was asked since when. */
        private String counted(Fact fact, Supplier<String> taking) {
            lapse();
            var due = new TreeMap<String, Boolean>();
            for (Promotion p : open()) {
                due.put(p.id(), asks(p) && mustExpire(p));
            }
            int said = lanes.events.size();
            String refusal = taking.get();
            lapse();
            due.forEach((id, must) -> {
                State state = lanes.get(id).state();
                assertEquals(
                        id + " is " + state + "; people were asked at " + asked.get(id) + ", it is " + lanes.now,
                        must,
                        state == State.EXPIRED);
            });
            if (refusal == null && fact instanceof Fact.ApprovalWithdrawn withdrawn) {
                asked.put(withdrawn.promotion(), lanes.now);
            }
            for (Promotion p : open()) {
                if (p.plan() != null) {
                    asked.putIfAbsent(p.id(), lanes.now);
                }
            }
            return refusal;
        }

        private void wakesBeforeAnythingExpires() {
            for (Promotion p : open()) {
                if (asks(p) && lanes.placed) {
                    Optional<Instant> wake = LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now);
                    assertTrue(
                            p.id() + " expires at " + expiry(p) + ", and the lane wakes at " + wake,
                            wake.isPresent() && !wake.get().isAfter(expiry(p)));
                }
            }
        }

        private static boolean asks(Promotion p) {
            return p.state() == State.WAITING || p.state() == State.QUEUED;
        }

        /** Approvals of another plan or of other rules count no more, and whoever gave them is asked again from now on. */
        private void lapse() {
            for (Promotion p : open()) {
                if (p.state().isRunning()) {
                    continue;
                }
                for (Word word : approvals) {
                    boolean holds = !lanes.placed || word.policy.equals(lanes.policyDigest);
                    if (word.promotion.equals(p.id())
                            && !word.lapsed()
                            && !(holds && word.plan.equals(p.plan().digest()))) {
                        word.lapse();
                        asked.put(p.id(), lanes.now);
                    }
                }
            }
        }

        private boolean mustExpire(Promotion p) {
            return lanes.placed && !lanes.now.isBefore(expiry(p));
        }

        /**
         * The rule of docs/reference/policy-keys.md, counted out: from when people were asked; where they have decided and only a
         * freeze or a window keeps it, from when that opens.
         */
        private Instant expiry(Promotion p) {
            Instant from = asked.get(p.id());
            if (p.kind() == Kind.ROLLBACK || !quorum(p)) {
                return from.plus(expiresAfter);
            }
            Instant decided = from;
            for (Word word : approvals) {
                if (word.promotion.equals(p.id()) && !word.lapsed() && word.at.isAfter(decided)) {
                    decided = word.at;
                }
            }
            Instant opens = opening.computeIfAbsent(
                    List.of(decided, lanes.freezes, gated(WINDOW)), x -> firstOpen((Instant) x.get(0)));
            return (opens.isAfter(decided) ? opens : from).plus(expiresAfter);
        }

        /** All times here are whole minutes, so none is missed. */
        private Instant firstOpen(Instant at) {
            Instant opens = at;
            while (lanes.freezes.stream().anyMatch(frozenAt(opens)) || gated(WINDOW) && !windowOpen(opens)) {
                opens = opens.plus(Duration.ofMinutes(1));
            }
            return opens;
        }

        /** Every move, also those that one fact makes at once. */
        private void collect(List<Event> events) {
            for (Event event : events) {
                if (event.type() == Event.Type.STATE) {
                    State to = State.valueOf(event.text().replaceFirst(":.*", ""));
                    State from = said.put(event.promotion(), to);
                    moves.add(List.of(from == null ? State.REQUESTED : from, to));
                }
            }
        }

        private void check(Lane before, long wasLive, List<Event> said) {
            collect(said);
            List<Promotion> running = lanes.lane.promotions().stream()
                    .filter(p -> p.state().isRunning())
                    .toList();
            assertTrue("two deployments at a time: " + running, running.size() <= 1);
            for (Promotion p : lanes.lane.promotions()) {
                State was = last.put(p.id(), p.state());
                if (p.state() == State.DEPLOYING && was != State.DEPLOYING && was != State.VERIFYING) {
                    count("deployed");
                    started(p, wasLive);
                }
                if (was != p.state()) {
                    moved(p, said);
                }
                remembered(p, said);
            }
            for (Promotion p : before.promotions()) {
                assertTrue(
                        "nothing is forgotten before it is over: " + p.id(),
                        p.state().isOver() || lanes.lane.promotion(p.id()).isPresent());
                if (p.state().isOver()) {
                    lanes.lane.promotion(p.id()).ifPresent(now -> assertEquals("over is over", p, now));
                }
            }
            for (Lane.PostReview postReview : before.reviews()) {
                assertTrue(
                        "a review stays until somebody has done it",
                        lanes.lane.reviews().contains(postReview)
                                || said.stream().anyMatch(e -> e.type() == Event.Type.REVIEWED));
            }
            assertTrue("ids only grow", lanes.lane.counted() >= before.counted());
            notStuck();
            wakesForSomething();
            wakesBeforeAnythingExpires();
        }

        /** A clock that has rung already and changes nothing would ring again at once, for ever. */
        private void wakesForSomething() {
            GateContext around = lanes.around();
            LaneMachine.nextWake(lanes.lane, around, lanes.now)
                    .filter(at -> !at.isAfter(lanes.now))
                    .ifPresent(at -> assertFalse(
                            "nothing comes of waking at " + at,
                            LaneMachine.advance(lanes.lane, new Fact.Reconsidered("time"), around, lanes.now)
                                    .isNothing()));
        }

        private void moved(Promotion p, List<Event> said) {
            assertTrue(
                    p.id() + " came to " + p.state() + " without a word: " + said,
                    said.stream()
                                    .anyMatch(e -> p.id().equals(e.promotion())
                                            && e.type() == Event.Type.STATE
                                            && e.text().startsWith(p.state().name()))
                            || p.state() == State.REQUESTED);
            switch (p.state()) {
                case SUCCEEDED -> count(p.kind() == Kind.ROLLBACK ? "rolled back" : "succeeded");
                case EXPIRED -> count("expired");
                case REJECTED -> {
                    count("rejected");
                    assertTrue("with a reason: " + p.why(), p.why().endsWith(": no"));
                }
                default -> {}
            }
        }

        /** No approval is lost: it stands, or it is said aloud why it does not. */
        private void remembered(Promotion p, List<Event> said) {
            List<Word> given =
                    approvals.stream().filter(w -> w.promotion.equals(p.id())).toList();
            for (Word word : given) {
                List<PromotionDecisions.Approval> kept = p.approvals().stream()
                        .filter(a -> a.person().equals(word.person) && a.at().equals(word.at))
                        .toList();
                boolean replaced = !word.told.isEmpty()
                        && p.approvals().stream()
                                .anyMatch(a -> a.person().id().equals(word.person.id()) && !a.at().isBefore(word.at));
                if (kept.isEmpty() && replaced) {
                    continue;
                }
                assertFalse("an approval was forgotten: " + word, kept.isEmpty());
                String voided = kept.get(kept.size() - 1).voided();
                assertEquals("void exactly when plan or rules are others: " + word, word.lapsed(), voided != null);
                if (voided != null && word.told.isEmpty()) {
                    assertTrue(
                            "an approval became void without a word: " + word + " " + voided,
                            said.stream()
                                    .anyMatch(e -> e.type() == Event.Type.APPROVAL_VOIDED
                                            && p.id().equals(e.promotion())
                                            && e.text().contains(word.person.id())
                                            && e.text().endsWith(voided)));
                    word.told.add(voided);
                    count("voided");
                }
            }
        }

        private void started(Promotion p, long wasLive) {
            assertEquals("nothing starts while paused", null, lanes.pause);
            assertTrue("nothing starts without a policy", lanes.placed);
            assertTrue("the plan is complete", p.plan().problems().isEmpty());
            if (p.kind() == Kind.FORWARD) {
                assertTrue("an older release overtook", p.release().number() >= wasLive);
                assertEquals("nothing goes forward on hold", null, lanes.lane.hold());
            }
            if (lanes.lane.reviews().stream().anyMatch(r -> r.promotion().equals(p.id()))) {
                count("glass broken");
                assertTrue(p.id() + " breaks the glass without a quorum", glass(p));
                return;
            }
            assertTrue(p.id() + " needs what is not there", requirementsMet());
            if (p.kind() == Kind.FORWARD) {
                assertTrue(
                        p.id() + " starts in a freeze", lanes.freezes.stream().noneMatch(frozenAt(lanes.now)));
                assertTrue(p.id() + " starts outside its window", !gated(WINDOW) || windowOpen(lanes.now));
                assertTrue(p.id() + " starts without its tests", !gated(TESTS) || tested());
                assertTrue(p.id() + " starts in an alarm", !gated(ALARM) || quiet());
            }
            assertTrue(p.id() + " deploys without a quorum", quorum(p));
        }

        private boolean gated(Gate gate) {
            return lanes.environment.gates().contains(gate);
        }

        private boolean requirementsMet() {
            GateContext.Other payments = lanes.others.get("payments");
            return lanes.releaseFacts.requires().isEmpty()
                    || payments != null
                            && !payments.changing()
                            && payments.version().equals("2.1");
        }

        private static Predicate<Freeze> frozenAt(Instant at) {
            return freeze -> {
                var wall = LocalDateTime.ofInstant(at, freeze.zone());
                return !wall.isBefore(freeze.from()) && wall.isBefore(freeze.until());
            };
        }

        private static boolean windowOpen(Instant at) {
            var wall = LocalDateTime.ofInstant(at, WINDOW.zone());
            boolean evening = WINDOW.days().contains(wall.getDayOfWeek()) && wall.getHour() >= 6;
            boolean night = WINDOW.days().contains(wall.minusDays(1).getDayOfWeek()) && wall.getHour() < 2;
            return evening || night;
        }

        private boolean tested() {
            List<Evidence> all = lanes.releaseFacts.evidence();
            return !all.isEmpty()
                    && all.stream()
                            .allMatch(e -> e.result() == Evidence.Result.PASSED
                                    && lanes.now.isBefore(e.at().plus(Duration.ofDays(9))));
        }

        private boolean quiet() {
            return lanes.alarms != null
                    && lanes.now.isBefore(lanes.alarms.at().plusSeconds(60))
                    && lanes.alarms.alarms().stream().allMatch(a -> a.state() == GateContext.Alarm.State.OK);
        }

        /** Whose word does not count for it, whatever they have said. */
        private boolean excluded(Promotion p, Person person, boolean requesters, boolean authors) {
            GateContext.ReleaseFacts releaseFacts =
                    lanes.knownOf.get(p.release().digest());
            return requesters
                            && (p.requesters().contains(person.id())
                                    || releaseFacts.publishers().contains("user:" + person.id()))
                    || authors
                            && releaseFacts.authors().stream()
                                    .anyMatch(a -> a.name().equals(person.id()))
                    || lanes.changes.stream()
                            .anyMatch(c -> c.by().equals("user:" + person.id())
                                    && lanes.now.isBefore(c.at().plus(Duration.ofHours(24))));
        }

        private boolean quorum(Promotion p) {
            var rule = (Gate.Approval)
                    lanes.environment.gates().get(lanes.environment.gates().size() - 1);
            boolean back = p.kind() == Kind.ROLLBACK;
            Set<Person> counted = people(approvals, p, w -> !w.lapsed());
            counted.removeIf(x -> excluded(p, x, !back && rule.excludeRequesters(), !back && rule.authors() != null));
            return seated(back ? List.of(new Requirement("on-call", 1)) : rule.require(), counted);
        }

        private boolean glass(Promotion p) {
            Set<Person> counted = people(overrides, p, w -> lanes.now.isBefore(w.at.plus(TIME_BOX)));
            counted.removeIf(x -> excluded(p, x, true, false));
            return seated(lanes.environment.breakGlass().require(), counted);
        }

        private Set<Person> people(List<Word> words, Promotion p, Predicate<Word> which) {
            return words.stream()
                    .filter(w -> w.promotion.equals(p.id())
                            && w.plan.equals(p.plan().digest())
                            && w.policy.equals(lanes.policyDigest))
                    .filter(which)
                    .map(Word::person)
                    .collect(Collectors.toCollection(java.util.HashSet::new));
        }

        /** Every way of seating distinct people. */
        private boolean seated(List<Requirement> require, Set<Person> people) {
            var seats = new ArrayList<String>();
            require.forEach(r -> {
                for (int i = 0; i < r.count(); i++) {
                    seats.add(r.role());
                }
            });
            return seated(seats, 0, people);
        }

        private boolean seated(List<String> seats, int next, Set<Person> people) {
            if (next == seats.size()) {
                return true;
            }
            Policy.Role role = lanes.roles.get(seats.get(next));
            return people.stream()
                    .filter(x ->
                            role.users().contains(x.id()) || x.groups().stream().anyMatch(role.groups()::contains))
                    .anyMatch(x -> {
                        var others = new java.util.HashSet<>(people);
                        others.remove(x);
                        return seated(seats, next + 1, others);
                    });
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
                                                .isPresent());
                    case WAITING -> {
                        assertTrue(
                                p.id() + " waits although every gate holds",
                                Gates.of(lanes.lane, p, lanes.around(), lanes.now).stream()
                                        .anyMatch(g -> g.result() != GateStatus.GateResult.PASSED));
                    }
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
            known(List.of(), List.of());
            lanes.take(new Fact.Reconsidered("end"));
            for (int i = 0; i < 200 && !open().isEmpty(); i++) {
                lanes.work();
                lanes.pass(Duration.ofHours(1));
            }
            assertTrue("still open: " + open(), open().isEmpty());
            assertFalse(lanes.lane.running().isPresent());
            assertEquals(
                    "a lane at rest has no clock running",
                    true,
                    LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now).isEmpty());
        }

        /**
         * What somebody said and the lane took.
         *
         * @param told why it became void, once that was said
         * @param over holds one element once it no longer counts
         */
        private record Word(
                String promotion,
                Person person,
                String plan,
                String policy,
                Instant at,
                List<String> told,
                List<String> over) {
            Word(String promotion, Person person, String plan, String policy, Instant at) {
                this(promotion, person, plan, policy, at, new ArrayList<>(), new ArrayList<>());
            }

            void lapse() {
                over.add("lapsed");
            }

            boolean lapsed() {
                return !over.isEmpty();
            }
        }
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
