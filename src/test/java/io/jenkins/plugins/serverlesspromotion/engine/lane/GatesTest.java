package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ERIN;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.LiveInterval;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Other;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.ReleaseFacts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Overrun;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules.Route;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence.Result;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** Each gate at each boundary: what it says, who can help, when it changes, and that the lane acts on it at that moment. */
public class GatesTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Duration TICK = Duration.ofNanos(1);

    private final Lanes lanes = new Lanes(); // Saturday 2026-11-21 12:00 UTC

    private static Gate.Window weekdays(Overrun overrun) {
        var days =
                List.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY, DayOfWeek.FRIDAY);
        return new Gate.Window(days, LocalTime.of(9, 0), LocalTime.of(15, 0), UTC, overrun);
    }

    private String waiting(int number) {
        String id = lanes.request(number, "bob");
        lanes.work();
        return id;
    }

    private void at(String instant) {
        lanes.now = Instant.parse(instant);
        lanes.take(new Fact.Reconsidered("time"));
    }

    private void paused(boolean paused) {
        lanes.pause = paused ? new GateContext.Pause("everything", "user:dave", lanes.now, "incident") : null;
    }

    private Instant wake() {
        return LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now).orElseThrow();
    }

    // --- dependency ---

    private void requires(String version) {
        lanes.releaseFacts = new ReleaseFacts("main", List.of(new Manifest.Requires("payments", version)), List.of());
        lanes.gates(false);
    }

    @Test
    public void whatIsRequiredMustBeLiveAndNoPolicyNeedsToSaySo() {
        requires(">=2.3 <3");
        String id = waiting(1);
        assertEquals(State.WAITING, lanes.state(id));
        GateStatus none = lanes.gate(id, "dependency");
        assertEquals("needs payments >=2.3 <3; no release of payments is live here as a whole yet", none.sentence());
        assertEquals(List.of("payments"), none.helpers());
        for (String wrong : List.of("2.2.9", "3.0.0", "nightly")) {
            lanes.others.put("payments", new Other(wrong, false));
            lanes.pass(TICK);
            assertEquals(wrong, State.WAITING, lanes.state(id));
        }
        lanes.others.put("payments", new Other("2.3", true));
        lanes.pass(TICK);
        assertEquals("what is being changed is not yet there", State.WAITING, lanes.state(id));
        lanes.others.put("payments", new Other("2.3", false));
        lanes.pass(TICK);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void whatIsQueuedGoesBackWhenWhatItRequiresIsGone() {
        requires(">=2");
        lanes.others.put("payments", new Other("2.0", false));
        paused(true);
        String id = waiting(1);
        assertEquals(State.QUEUED, lanes.state(id));
        lanes.others.put("payments", new Other("1.9", false));
        paused(false);
        lanes.pass(TICK);
        assertEquals(State.WAITING, lanes.state(id));
        // The reason is in the journal and in logs, which more people read than may see the other service.
        assertEquals(
                "needs payments >=2; what is live of payments is shown to those who may see that service",
                lanes.get(id).why());
        GateStatus gate = lanes.gate(id, "dependency");
        assertEquals(
                "needs payments >=2; 1.9 is live here",
                gate.seenBy("payments"::equals).sentence());
        assertEquals(lanes.get(id).why(), gate.seenBy("orders"::equals).sentence());
        assertEquals(GateStatus.GateResult.PENDING, gate.seenByAnyone().result());
    }

    @Test
    public void whatIsLiveOfAnotherServiceIsNotSaidWhereAnOverrideNamesTheClosedGate() {
        requires(">=2");
        lanes.others.put("payments", new Other("1.9", false));
        String id = waiting(1);
        GateStatus passed = lanes.gate(id, "dependency").overridden(List.of("erin"), lanes.now);
        assertTrue(passed.sentence(), passed.sentence().contains("1.9"));
        assertTrue(passed.seenByAnyone().isOverridden());
        assertFalse(passed.seenByAnyone().sentence().contains("1.9"));
    }

    @Test
    public void aRollbackNeedsWhatItsReleaseRequiresToo() {
        lanes.gates(false);
        lanes.deploy(1);
        lanes.deploy(2);
        requires("<2");
        lanes.others.put("payments", new Other("2.0", false));
        lanes.take(new Fact.RollbackRequested(null, lanes.by("erin")));
        String back = lanes.last().id();
        lanes.work();
        lanes.approve(back, ERIN);
        assertEquals(State.WAITING, lanes.state(back));
        assertEquals(GateResult.PENDING, lanes.gate(back, "dependency").result());
    }

    @Test
    public void ofAReleaseThatNothingIsKnownOfNothingIsLetThrough() {
        lanes.gates(false);
        lanes.releaseFacts = null;
        String id = waiting(1);
        assertEquals(State.WAITING, lanes.state(id));
        assertTrue(lanes.gate(id, "dependency").sentence().startsWith("cannot establish"));
    }

    @Test
    public void aRequirementOfAnOlderProgramThatSaysNothingIsRefusedNotPassed() {
        requires(">=abc");
        lanes.others.put("payments", new Other("2.0", false));
        assertEquals(GateResult.BLOCKED, lanes.gate(waiting(1), "dependency").result());
    }

    // --- window ---

    @Test
    public void aWindowOpensAndClosesAtTheInstant() {
        lanes.gates(false, weekdays(Overrun.FINISH));
        String id = waiting(1);
        GateStatus closed = lanes.gate(id, "window");
        assertEquals("closed until Mon 2026-11-23 09:00 UTC", closed.sentence());
        assertEquals(Instant.parse("2026-11-23T09:00:00Z"), closed.until());
        assertTrue(closed.opensByItself());
        assertEquals("the lane wakes for it", closed.until(), wake());
        lanes.now = closed.until().minus(TICK);
        lanes.take(new Fact.Reconsidered("time"));
        assertEquals(State.WAITING, lanes.state(id));
        paused(true);
        at("2026-11-23T09:00:00Z");
        assertEquals(State.QUEUED, lanes.state(id));
        assertEquals("it closes again", Instant.parse("2026-11-23T15:00:00Z"), wake());
        at("2026-11-23T14:59:59.999Z");
        assertEquals(State.QUEUED, lanes.state(id));
        paused(false);
        at("2026-11-23T15:00:00Z");
        assertEquals("what did not start in it waits for the next", State.WAITING, lanes.state(id));
        at("2026-11-24T08:59:59Z");
        assertEquals(State.WAITING, lanes.state(id));
    }

    @Test
    public void ofAWindowThatNeverOpensNobodyIsToldWhen() {
        lanes.gates(false, new Gate.Window(List.of(), LocalTime.of(9, 0), LocalTime.of(15, 0), UTC, Overrun.FINISH));
        GateStatus gate = lanes.gate(waiting(1), "window");
        assertEquals("closed, and does not open in the next two weeks", gate.sentence());
        assertFalse(gate.opensByItself());
    }

    @Test
    public void whenTheClockGoesBackAWindowIsClosedAgain() {
        lanes.gates(false, weekdays(Overrun.FINISH));
        paused(true);
        String id = waiting(1);
        at("2026-11-23T09:00:00Z");
        assertEquals(State.QUEUED, lanes.state(id));
        paused(false);
        at("2026-11-23T08:59:00Z");
        assertEquals(State.WAITING, lanes.state(id));
        assertEquals(Instant.parse("2026-11-23T09:00:00Z"), wake());
    }

    @Test
    public void byDefaultWhatHasBegunInAWindowIsBroughtToItsEnd() {
        at("2026-11-23T14:50:00Z");
        lanes.gates(false, weekdays(Overrun.FINISH));
        String id = waiting(1);
        assertEquals(State.DEPLOYING, lanes.state(id));
        at("2026-11-23T15:20:00Z");
        lanes.work();
        assertEquals(State.SUCCEEDED, lanes.state(id));
    }

    @Test
    public void whereTheRuleIsToWaitTheNextWaveDoes() {
        at("2026-11-23T14:50:00Z");
        lanes.gates(false, weekdays(Overrun.WAIT));
        String id = waiting(1);
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals("first the pause between waves", Instant.parse("2026-11-23T15:20:00Z"), wake());
        at("2026-11-23T15:20:00Z");
        assertTrue(LaneMachine.outstanding(lanes.lane).isEmpty());
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals("then the next window", Instant.parse("2026-11-24T09:00:00Z"), wake());
        at("2026-11-24T09:00:00Z");
        lanes.work();
        assertEquals(State.SUCCEEDED, lanes.state(id));
    }

    // --- expiry and time ---

    @Test
    public void whatPeopleDecidedBeforeAWindowOpensIsNotLost() {
        lanes.gates(true, weekdays(Overrun.FINISH));
        String id = waiting(1);
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(GateResult.PASSED, lanes.gate(id, "approval").result());
        at("2026-11-22T12:00:00Z"); // the 24 hours of the decision have passed
        assertEquals(State.WAITING, lanes.state(id));
        at("2026-11-23T09:00:00Z");
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void whatIsNotDecidedExpiresAlsoWhileAWindowIsClosed() {
        lanes.gates(true, weekdays(Overrun.FINISH));
        String id = waiting(1);
        lanes.approve(id, ALICE);
        lanes.pass(Duration.ofHours(24).minus(TICK));
        assertEquals(State.WAITING, lanes.state(id));
        lanes.pass(TICK);
        assertEquals(State.EXPIRED, lanes.state(id));
    }

    @Test
    public void whatWasDecidedStillExpiresADayAfterItCouldHaveGone() {
        lanes.gates(true, weekdays(Overrun.FINISH));
        String id = waiting(1);
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        paused(true);
        at("2026-11-24T08:59:59.999Z");
        assertFalse(lanes.state(id).isOver());
        at("2026-11-24T09:00:00Z");
        assertEquals(State.EXPIRED, lanes.state(id));
    }

    @Test
    public void anExpiredPromotionStaysSoWhenTheClockGoesBack() {
        String id = waiting(1);
        lanes.pass(Duration.ofHours(24));
        assertEquals(State.EXPIRED, lanes.state(id));
        String digest = lanes.get(id).plan().digest();
        lanes.pass(Duration.ofHours(-12));
        assertEquals("it is over", lanes.take(new Fact.Approved(id, ALICE, digest, null)));
    }

    // --- freeze ---

    private static Freeze freeze(String name, String from, String until, String... exempt) {
        return new Freeze(name, LocalDateTime.parse(from), LocalDateTime.parse(until), UTC, List.of(), List.of(exempt));
    }

    @Test
    public void aFreezeHoldsFromItsBeginningUntilItsEnd() {
        lanes.gates(false);
        lanes.freezes = List.of(freeze("year-end", "2026-12-20T00:00", "2027-01-02T00:00"));
        paused(true);
        lanes.now = Instant.parse("2026-12-19T12:00:00Z");
        String before = waiting(1);
        assertEquals(State.QUEUED, lanes.state(before));
        assertEquals(
                "no freeze before year-end, Sun 2026-12-20 00:00 UTC",
                lanes.gate(before, "freeze").sentence());
        assertEquals(Instant.parse("2026-12-20T00:00:00Z"), wake());
        at("2026-12-19T23:59:59.999Z");
        assertEquals(State.QUEUED, lanes.state(before));
        paused(false);
        at("2026-12-20T00:00:00Z");
        assertEquals(State.WAITING, lanes.state(before));
        String during = waiting(2);
        assertEquals(
                "frozen by year-end until Sat 2027-01-02 00:00 UTC",
                lanes.gate(during, "freeze").sentence());
        at("2027-01-01T23:59:59.999Z");
        assertEquals("there is nothing to be decided", State.WAITING, lanes.state(during));
        at("2027-01-02T00:00:00Z");
        assertEquals(State.DEPLOYING, lanes.state(during));
    }

    @Test
    public void ofTwoFreezesThatOverlapTheLaterEndCounts() {
        lanes.gates(false);
        lanes.freezes = List.of(
                freeze("one", "2026-11-21T00:00", "2026-11-22T00:00"),
                freeze("two", "2026-11-21T06:00", "2026-11-21T18:00"));
        String id = waiting(1);
        assertEquals(
                Instant.parse("2026-11-22T00:00:00Z"), lanes.gate(id, "freeze").until());
    }

    @Test
    public void aPathThatIsExemptPassesAndEveryOtherWaits() {
        lanes.gates(false);
        lanes.freezes = List.of(freeze("sale", "2026-11-21T00:00", "2026-11-28T00:00", "hotfix"));
        lanes.routes = List.of(
                new Route("default", List.of(), true, null), new Route("hotfix", List.of("hotfix/*"), true, null));
        for (String branch : new String[] {"main", "hotfix/a/b", "xhotfix/a", null}) {
            lanes.releaseFacts = new ReleaseFacts(branch, List.of(), List.of());
            String held = waiting(1);
            assertEquals(branch, State.WAITING, lanes.state(held));
            lanes.take(new Fact.AbortRequested(held, "user:bob", null));
        }
        lanes.releaseFacts = new ReleaseFacts("hotfix/checkout", List.of(), List.of());
        String id = waiting(1);
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals(
                "the path hotfix is exempt from sale", lanes.gate(id, "freeze").sentence());
    }

    @Test
    public void whereAServiceHasNoPathsNoneIsExemptNotEvenOneCalledDefault() {
        lanes.gates(false);
        lanes.freezes = List.of(freeze("sale", "2026-11-21T00:00", "2026-11-28T00:00", "default"));
        assertEquals(
                "frozen by sale until Sat 2026-11-28 00:00 UTC",
                lanes.gate(waiting(1), "freeze").sentence());
    }

    @Test
    public void ofTheFreezesToComeTheNextIsToldAndPastOnesAreNot() {
        lanes.gates(false);
        paused(true);
        lanes.freezes = List.of(
                freeze("year-end", "2026-12-20T00:00", "2027-01-02T00:00"),
                freeze("past", "2026-11-01T00:00", "2026-11-02T00:00"),
                freeze("sale", "2026-11-27T00:00", "2026-11-28T00:00"));
        String id = waiting(1);
        assertEquals(
                "no freeze before sale, Fri 2026-11-27 00:00 UTC",
                lanes.gate(id, "freeze").sentence());
        lanes.freezes = List.of(freeze("past", "2026-11-01T00:00", "2026-11-21T12:00"));
        assertEquals(
                "one that is over is no gate any more",
                List.of("plan"),
                Gates.of(lanes.lane, lanes.get(id), lanes.around(), lanes.now).stream()
                        .map(GateStatus::gate)
                        .toList());
    }

    @Test
    public void anExemptPathIsStillToldWhenAFreezeBeginsThatHoldsItUp() {
        lanes.gates(false);
        paused(true);
        lanes.freezes = List.of(
                freeze("sale", "2026-11-21T00:00", "2026-11-28T00:00", "hotfix"),
                freeze("audit", "2026-11-25T00:00", "2026-11-26T00:00"));
        lanes.routes = List.of(new Route("hotfix", List.of(), true, null));
        GateStatus gate = lanes.gate(waiting(1), "freeze");
        assertEquals("the path hotfix is exempt from sale", gate.sentence());
        assertEquals(Instant.parse("2026-11-25T00:00:00Z"), gate.until());
    }

    @Test
    public void aRollbackByHandPassesByWhatAsksAboutTimeAndFindings() {
        lanes.gates(false);
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.gates(
                true,
                weekdays(Overrun.WAIT),
                new Gate.Soak("staging", Duration.ofHours(2)),
                new Gate.Ticket("CHG[0-9]+"),
                new Gate.Evidence("tests", List.of("job:a"), null));
        lanes.freezes = List.of(freeze("sale", "2026-11-21T00:00", "2026-11-28T00:00"));
        lanes.take(new Fact.RollbackRequested(null, lanes.by("erin")));
        String back = lanes.last().id();
        lanes.work();
        assertEquals(
                List.of("plan", "approval"),
                Gates.of(lanes.lane, lanes.get(back), lanes.around(), lanes.now).stream()
                        .map(GateStatus::gate)
                        .toList());
        lanes.approve(back, ERIN);
        lanes.work();
        lanes.pass(Duration.ofMinutes(30));
        lanes.work();
        assertEquals("its second wave waits for no window either", State.SUCCEEDED, lanes.state(back));
    }

    // --- soak ---

    private void lived(int number, Instant since, Instant until) {
        lanes.stays.put("staging", Map.of(release(number).digest(), new LiveInterval(since, until)));
    }

    @Test
    public void aReleaseMustHaveBeenLiveForTheWholeTime() {
        lanes.gates(false, new Gate.Soak("staging", Duration.ofHours(2)));
        String id = waiting(1);
        assertFalse(lanes.gate(id, "soak").opensByItself());
        assertTrue(lanes.gate(id, "soak").sentence().contains("it has not succeeded there yet"));
        Instant since = lanes.now.minus(Duration.ofHours(1));
        lived(1, since, null);
        assertEquals(since.plus(Duration.ofHours(2)), lanes.gate(id, "soak").until());
        lanes.pass(Duration.ofHours(1).minus(TICK));
        assertEquals(State.WAITING, lanes.state(id));
        lanes.pass(TICK);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void oneThatWasReplacedTooSoonMustBeLiveThereAgain() {
        lanes.gates(false, new Gate.Soak("staging", Duration.ofHours(2)));
        String id = waiting(1);
        Instant since = lanes.now.minus(Duration.ofHours(10));
        lived(1, since, since.plus(Duration.ofMinutes(119)));
        lanes.pass(TICK);
        assertEquals(State.WAITING, lanes.state(id));
        GateStatus soak = lanes.gate(id, "soak");
        assertFalse("waiting does not help", soak.opensByItself());
        assertTrue(soak.sentence(), soak.sentence().contains("was for 1 h 59 min"));
        lived(1, since, since.plus(Duration.ofHours(2)));
        lanes.pass(TICK);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void anotherReleasesTimeDoesNotCountAndAClockGoneBackGivesNone() {
        lanes.gates(false, new Gate.Soak("staging", Duration.ofHours(2)));
        String id = waiting(1);
        lived(2, Instant.EPOCH, null);
        lanes.pass(TICK);
        assertEquals(State.WAITING, lanes.state(id));
        lived(1, lanes.now.plus(Duration.ofDays(1)), null);
        lanes.pass(TICK);
        assertEquals(State.WAITING, lanes.state(id));
    }

    // --- evidence ---

    private static Evidence evidence(String kind, Result result, String producer, Instant at) {
        return new Evidence("orders@1.1.0", kind, result, producer, "218", null, at);
    }

    private void found(Evidence... all) {
        lanes.releaseFacts = new ReleaseFacts("main", List.of(), List.of(all));
        lanes.take(new Fact.Reconsidered("evidence"));
    }

    @Test
    public void onlyWhatANamedProducerSaysCountsAndOnlyOfThatType() {
        lanes.gates(false, new Gate.Evidence("tests", List.of("job:team/orders/*"), null));
        String id = waiting(1);
        assertEquals(List.of("job:team/orders/*"), lanes.gate(id, "evidence").helpers());
        for (String producer : List.of("job:team/other/main", "job:team/orders/a/b", "user:bob", "job:team/orders")) {
            found(evidence("tests", Result.PASSED, producer, lanes.now));
            assertEquals(producer, State.WAITING, lanes.state(id));
        }
        found(evidence("scan", Result.PASSED, "job:team/orders/main", lanes.now));
        assertEquals(State.WAITING, lanes.state(id));
        found(evidence("tests", Result.PASSED, "job:team/orders/main", lanes.now));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void aFailureIsMadeUpForByTheSameProducerOnly() {
        lanes.gates(false, new Gate.Evidence("tests", List.of("job:unit", "job:load"), null));
        String id = waiting(1);
        Instant before = lanes.now.minusSeconds(60);
        found(
                evidence("tests", Result.PASSED, "job:unit", lanes.now),
                evidence("tests", Result.FAILED, "job:load", before));
        GateStatus gate = lanes.gate(id, "evidence");
        assertEquals(GateResult.BLOCKED, gate.result());
        assertTrue(gate.sentence(), gate.sentence().contains("job:load #218"));
        assertEquals(State.WAITING, lanes.state(id));
        found(
                evidence("tests", Result.FAILED, "job:load", before),
                evidence("tests", Result.PASSED, "job:load", lanes.now));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void evidenceIsTooOldAtTheInstant() {
        lanes.gates(true, new Gate.Evidence("tests", List.of("job:unit"), Duration.ofHours(3)));
        String id = waiting(1);
        found(evidence("tests", Result.PASSED, "job:unit", lanes.now));
        Instant end = lanes.now.plus(Duration.ofHours(3));
        assertEquals(end, lanes.gate(id, "evidence").until());
        assertFalse("it closes, it does not open", lanes.gate(id, "evidence").opensByItself());
        assertEquals("the lane wakes when it does", end, wake());
        lanes.pass(Duration.ofHours(3).minus(TICK));
        assertEquals(GateResult.PASSED, lanes.gate(id, "evidence").result());
        lanes.pass(TICK);
        assertEquals(GateResult.PENDING, lanes.gate(id, "evidence").result());
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.WAITING, lanes.state(id));
    }

    @Test
    public void theWordOfAKeyCountsWhileExactlyThatKeyIsTrusted() {
        lanes.gates(false, new Gate.Evidence("tests", List.of("key:*"), null));
        String id = waiting(1);
        var trusted = new EvidenceKey("ci", "AAAA");
        var signed = new Evidence.Signed(Lanes.digest(5), trusted.fingerprint(), "user:bob");
        var said = new Evidence("orders@1.1.0", "tests", Result.PASSED, "key:ci", null, null, lanes.now, signed);
        found(said);
        assertEquals("nobody is trusted", State.WAITING, lanes.state(id));
        lanes.evidenceKeys = Map.of("ci", new EvidenceKey("ci", "BBBB"));
        found(said);
        assertEquals("another key of that name", State.WAITING, lanes.state(id));
        lanes.evidenceKeys = Map.of("ci", trusted);
        found(evidence("tests", Result.PASSED, "key:ci", lanes.now));
        assertEquals("anybody could have said so", State.WAITING, lanes.state(id));
        found(said);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    // --- ticket ---

    private void ask(String user, String ticket) {
        lanes.take(new Fact.Requested(
                release(1),
                new PromotionDecisions.Request("user:" + user, Set.of(user), lanes.now, null, ticket, ticket)));
    }

    @Test
    public void aTicketMustHaveTheWholeForm() {
        lanes.gates(false, new Gate.Ticket("CHG[0-9]{7}"));
        String id = waiting(1);
        assertTrue(lanes.gate(id, "ticket").sentence().startsWith("no ticket was named"));
        for (String wrong : List.of("CHG003133", "CHG00313370", "see CHG0031337", "chg0031337", "CHG0031337\n")) {
            ask("bob", wrong);
            assertEquals(wrong, State.WAITING, lanes.state(id));
        }
        ask("zoe", "CHG0031337");
        assertEquals("whoever asks again may bring it", State.DEPLOYING, lanes.state(id));
    }

    // --- paths ---

    @Test
    public void aReleaseTakesThePathOfItsBranch() {
        lanes.gates(false);
        lanes.routes = List.of(
                new Route("default", List.of(), true, "staging"),
                new Route("hotfix", List.of("hotfix/*"), true, "dev"),
                new Route("trial", List.of("trial/*"), false, null));
        String id = waiting(1);
        assertEquals(
                "waiting for orders@1.1.0 to succeed in staging first",
                lanes.gate(id, "path").sentence());
        lanes.stays.put("dev", Map.of(release(1).digest(), new LiveInterval(lanes.now, null)));
        lanes.pass(TICK);
        assertEquals("dev is the other path's", State.WAITING, lanes.state(id));
        lanes.releaseFacts = new ReleaseFacts("trial/x", List.of(), List.of());
        assertEquals(GateResult.BLOCKED, lanes.gate(id, "path").result());
        lanes.releaseFacts = new ReleaseFacts("hotfix/x", List.of(), List.of());
        lanes.pass(TICK);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void withoutAPathForItABranchGoesNowhere() {
        lanes.gates(false);
        lanes.routes = List.of(new Route("hotfix", List.of("hotfix/*"), true, null));
        String id = waiting(1);
        assertEquals(
                "no path of orders takes releases of branch main",
                lanes.gate(id, "path").sentence());
        lanes.releaseFacts = new ReleaseFacts(null, List.of(), List.of());
        assertEquals(
                "no path of orders takes releases without a branch",
                lanes.gate(id, "path").sentence());
        assertEquals(State.WAITING, lanes.state(id));
        lanes.releaseFacts = new ReleaseFacts("hotfix/x", List.of(), List.of());
        lanes.pass(TICK);
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertNull(lanes.get(id).why());
    }

    // --- containsLive ---

    /** The live release and the one that comes in, with commits of their own. */
    private GateResult containsLive(String live, String revision, String... commits) {
        var test = new Lanes();
        test.gates(false);
        test.deploy(1);
        test.gates(false, new Gate.ContainsLive());
        String id = test.request(2, "bob");
        var there = new ReleaseFacts("hotfix/x", live, Set.of(), List.of(), List.of(), List.of(), List.of());
        var coming = new ReleaseFacts("main", revision, Set.of(commits), List.of(), List.of(), List.of(), List.of());
        GateContext around = test.around();
        around = new GateContext(
                around.rules(),
                around.policyDigest(),
                null,
                Map.of(),
                Map.of(release(1).digest(), there, release(2).digest(), coming),
                Map.of(),
                List.of());
        return Gates.of(test.lane, test.get(id), around, test.now).stream()
                .filter(g -> g.gate().equals("containsLive"))
                .findFirst()
                .orElseThrow()
                .result();
    }

    @Test
    public void theCommitIsLookedForAmongThoseThatAreKnownToBeInIt() {
        assertEquals(GateResult.PASSED, containsLive("a1b2c3d4", "a1b2c3d4"));
        assertEquals(GateResult.PASSED, containsLive("a1b2c3d4", "ffff", "eeee", "a1b2c3d4"));
        assertEquals("short ids", GateResult.PASSED, containsLive("a1b2c3d4e5f6", "ffff", "a1b2c3d"));
        assertEquals("short ids", GateResult.PASSED, containsLive("a1b2c3d", "a1b2c3d4e5f6"));
        assertEquals("too short to tell", GateResult.BLOCKED, containsLive("a1b2c3d4", "ffff", "a1b2c3"));
        assertEquals("of Subversion", GateResult.PASSED, containsLive("4711", "4711"));
        assertEquals("of Subversion", GateResult.PASSED, containsLive("4711", "4799", "4711"));
        assertEquals("of Subversion", GateResult.BLOCKED, containsLive("471", "4711"));
        assertEquals(GateResult.BLOCKED, containsLive("a1b2c3d4", "ffff", "eeee"));
        assertEquals(GateResult.BLOCKED, containsLive("a1b2c3d4", null));
        assertEquals("it is not known what is live", GateResult.PENDING, containsLive(null, "ffff"));
    }
}
