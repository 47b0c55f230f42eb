package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Overrun;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

/** How long a promotion waits for people, from when that counts, and that nothing expires by something nobody could help. */
public class ExpiryTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration TICK = Duration.ofNanos(1);
    private static final Instant MONDAY = Instant.parse("2026-11-23T09:00:00Z");

    private final Lanes lanes = new Lanes(); // Saturday 2026-11-21 12:00 UTC

    /** On Mondays from 9 to 15. */
    private void mondays(Duration expiresAfter, int managers) {
        rules(
                new Gate.Window(
                        List.of(DayOfWeek.MONDAY), LocalTime.of(9, 0), LocalTime.of(15, 0), UTC, Overrun.FINISH),
                approval(expiresAfter, managers));
    }

    private static Gate approval(Duration expiresAfter, int managers) {
        return new Gate.Approval(List.of(new Requirement("release-managers", managers)), true, expiresAfter);
    }

    private void rules(Gate... gates) {
        lanes.environment = new Policy.Environment("prod", null, List.of(gates), new Requirement("on-call", 1));
    }

    private String waiting() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        return id;
    }

    private void at(Instant instant) {
        lanes.now = instant;
        lanes.take(new Fact.Reconsidered("time"));
    }

    private Optional<Instant> expiry(String id) {
        return Gates.expiry(lanes.get(id), lanes.around(), lanes.now);
    }

    /** From now on it has the whole day: open until the last tick of it, and then over. */
    private void hasTheWholeDayFrom(String id, Instant from) {
        assertEquals(Optional.of(from.plus(DAY)), expiry(id));
        at(from.plus(DAY).minus(TICK));
        assertEquals(State.WAITING, lanes.state(id));
        at(from.plus(DAY));
        assertEquals(State.EXPIRED, lanes.state(id));
        assertEquals(
                "not decided and deployed by " + from.plus(DAY), lanes.get(id).why());
    }

    @Test
    public void nothingExpiresBeforeAnythingWasAskedOfAnyone() {
        String id = lanes.request(1, "zoe");
        assertEquals(State.PLANNING, lanes.state(id));
        assertEquals(Optional.empty(), expiry(id));
        lanes.pass(Duration.ofDays(9));
        assertEquals(State.PLANNING, lanes.state(id));
        Instant planned = lanes.now;
        lanes.work();
        hasTheWholeDayFrom(id, planned);
    }

    @Test
    public void theRuleSaysHowLongAndWithoutOneItIsADay() {
        rules(approval(Duration.ofHours(3), 1));
        String id = waiting();
        assertEquals(Optional.of(lanes.now.plus(Duration.ofHours(3))), expiry(id));
        rules(new Gate.Ticket("CHG[0-9]+"));
        assertEquals(Optional.of(lanes.now.plus(DAY)), expiry(id));
    }

    @Test
    public void aRollbackByHandHasTheTimeOfTheRuleToo() {
        rules();
        lanes.deploy(1);
        lanes.deploy(2);
        mondays(Duration.ofHours(3), 1);
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        lanes.take(new Fact.RollbackRequested(null, lanes.by("erin")));
        lanes.work();
        var inTime = Optional.of(lanes.now.plus(Duration.ofHours(3)));
        assertEquals(inTime, expiry(lanes.last().id()));
        lanes.approve(lanes.last().id(), Lanes.ERIN);
        assertEquals(
                "it waits for no window, so there is none to count from",
                inTime,
                expiry(lanes.last().id()));
        rules();
        assertEquals(Optional.of(lanes.now.plus(DAY)), expiry(lanes.last().id()));
    }

    @Test
    public void whatIsDecidedInAnOpenWindowCountsFromWhenItWasAsked() {
        lanes.now = MONDAY;
        mondays(Duration.ofHours(4), 1);
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        String id = waiting();
        lanes.pass(Duration.ofHours(1));
        lanes.approve(id, ALICE);
        assertEquals(State.QUEUED, lanes.state(id));
        assertEquals(Optional.of(MONDAY.plus(Duration.ofHours(4))), expiry(id));
    }

    @Test
    public void whatIsDecidedWhileTheWindowIsClosedCountsFromItsOpening() {
        lanes.now = MONDAY;
        mondays(Duration.ofDays(3), 1);
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        String id = waiting();
        at(MONDAY.plus(Duration.ofHours(7)));
        lanes.approve(id, ALICE);
        assertEquals(Optional.of(MONDAY.plus(Duration.ofDays(7 + 3))), expiry(id));
    }

    @Test
    public void soaksFreezesAndWindowsThatFollowEachOtherAreWaitedOutTogether() {
        mondays(DAY, 1);
        String staged = Lanes.release(1).digest();
        rules(
                lanes.environment.gates().get(0),
                lanes.environment.gates().get(1),
                new Gate.Soak("staging", Duration.ofDays(3)));
        lanes.stays.put("staging", Map.of(staged, new GateContext.LiveInterval(lanes.now, null)));
        lanes.freezes = List.of(freeze("2026-11-29T00:00", "2026-11-30T12:00"));
        String id = waiting();
        lanes.approve(id, ALICE);
        assertEquals(Optional.of(Instant.parse("2026-12-01T12:00:00Z")), expiry(id));
        lanes.stays.clear();
        assertEquals("nobody knows when a soak ends that has not begun", Optional.of(MONDAY.plus(DAY)), expiry(id));
    }

    private static Freeze freeze(String from, String until) {
        return new Freeze("f" + from, LocalDateTime.parse(from), LocalDateTime.parse(until), UTC, List.of(), List.of());
    }

    @Test
    public void whereFreezesTakeAwayEveryOpeningItIsTakenToBeNever() {
        mondays(DAY, 1);
        String id = waiting();
        lanes.approve(id, ALICE);
        Instant asked = lanes.now;
        var freezes = new ArrayList<Freeze>();
        for (int week = 0; week < 60; week++) {
            LocalDateTime monday = LocalDateTime.ofInstant(MONDAY, UTC).plusWeeks(week);
            freezes.add(freeze(monday.toString(), monday.plusHours(6).toString()));
            lanes.freezes = freezes;
            Instant open = MONDAY.plus(Duration.ofDays(7L * (week + 1)));
            assertEquals(
                    (week + 1) + " Mondays are frozen", Optional.of((week < 24 ? open : asked).plus(DAY)), expiry(id));
        }
    }

    // --- what was decided and is so no longer ---

    @Test
    public void whoeverMustDecideAgainBecauseTheRulesChangedHasTheWholeTimeAgain() {
        mondays(DAY, 1);
        String id = waiting();
        lanes.approve(id, ALICE);
        at(MONDAY.minus(Duration.ofHours(1))); // 44 hours later
        assertEquals(State.WAITING, lanes.state(id));
        lanes.policyDigest = Lanes.digest(901);
        lanes.take(new Fact.Reconsidered("policy"));
        assertEquals("it is planned anew", State.PLANNING, lanes.state(id));
        assertEquals("the policy changed", lanes.get(id).approvals().get(0).voided());
        Instant voided = lanes.now;
        lanes.work();
        hasTheWholeDayFrom(id, voided);
    }

    @Test
    public void rulesThatAskForMoreThanWasDecidedDoNotEndItEither() {
        mondays(DAY, 1);
        String id = waiting();
        lanes.approve(id, ALICE);
        at(MONDAY.minus(Duration.ofHours(1)));
        mondays(DAY, 2);
        lanes.policyDigest = Lanes.digest(901);
        lanes.take(new Fact.Reconsidered("policy"));
        lanes.work();
        assertEquals(State.WAITING, lanes.state(id));
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, BOB));
        at(MONDAY);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void whoeverMustDecideAgainBecauseThePlanChangedHasTheWholeTimeAgain() {
        mondays(DAY, 1);
        String id = waiting();
        lanes.approve(id, ALICE);
        at(MONDAY.minus(Duration.ofHours(1)));
        lanes.take(new Fact.ReplanRequested(id, ALICE));
        lanes.planned(id, 2);
        assertEquals("the plan changed", lanes.get(id).approvals().get(0).voided());
        hasTheWholeDayFrom(id, lanes.now);
    }

    @Test
    public void aNewPlanThatIsTheSameGivesNobodyMoreTime() {
        rules(approval(DAY, 2));
        String id = waiting();
        Instant asked = lanes.now;
        lanes.approve(id, ALICE);
        lanes.pass(Duration.ofHours(5));
        lanes.take(new Fact.ReplanRequested(id, ALICE));
        lanes.planned(id, 1);
        hasTheWholeDayFrom(id, asked);
    }

    @Test
    public void anApprovalThatIsTakenBackLeavesTheOthersTheWholeTime() {
        mondays(DAY, 1);
        String id = waiting();
        lanes.approve(id, ALICE);
        at(MONDAY.minus(Duration.ofHours(1)));
        assertNull(lanes.take(new Fact.ApprovalWithdrawn(id, ALICE, "load test is red")));
        hasTheWholeDayFrom(id, lanes.now);
    }

    @Test
    public void whatIsStillDecidedWithoutTheApprovalTakenBackStillCountsFromTheOpening() {
        mondays(DAY, 1);
        String id = waiting();
        lanes.approve(id, ALICE);
        lanes.approve(id, BOB);
        lanes.pass(Duration.ofHours(30));
        lanes.take(new Fact.ApprovalWithdrawn(id, BOB, "cannot judge it"));
        assertEquals(Optional.of(MONDAY.plus(DAY)), expiry(id));
    }

    // --- what nobody could help ---

    @Test
    public void whatWasDecidedDoesNotExpireBecauseTheDirectoryDoesNotAnswer() {
        lanes.directory = true;
        mondays(DAY, 1);
        String id = waiting();
        lanes.approve(id, ALICE);
        at(MONDAY);
        assertEquals("asked who alice is now", State.QUEUED, lanes.state(id));
        lanes.take(new Fact.MembershipRead(id, 1, new PromotionDecisions.Answer(Map.of(), Set.of(), "LDAP is down")));
        lanes.pass(TICK);
        assertEquals(State.WAITING, lanes.state(id));
        assertEquals(Optional.of(MONDAY.plus(DAY)), expiry(id));
        lanes.pass(Duration.ofMinutes(1));
        lanes.take(new Fact.MembershipRead(
                id, 2, new PromotionDecisions.Answer(Map.of("alice", Set.of()), Set.of(), null)));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void nothingExpiresWhileNoPolicySaysHowLongItMayWait() {
        rules(approval(Duration.ofDays(7), 2));
        String id = waiting();
        Instant asked = lanes.now;
        lanes.approve(id, ALICE);
        lanes.pass(Duration.ofDays(3));
        lanes.placed = false;
        lanes.pass(TICK);
        assertEquals(State.WAITING, lanes.state(id));
        assertEquals(Optional.empty(), expiry(id));
        lanes.placed = true;
        assertEquals(Optional.of(asked.plus(Duration.ofDays(7))), expiry(id));
        assertNull(lanes.approve(id, BOB));
        assertFalse(lanes.state(id).isOver());
    }
}
