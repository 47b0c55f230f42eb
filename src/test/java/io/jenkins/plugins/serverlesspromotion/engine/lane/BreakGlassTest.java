package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ERIN;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Before;
import org.junit.Test;

/** Two release managers may let a release in although gates are closed, for an hour; on-call looks at it afterwards. */
public class BreakGlassTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TICK = Duration.ofNanos(1);

    private final Lanes lanes = new Lanes(); // Saturday

    @Before
    public void policy() {
        lanes.gates(
                true,
                new Gate.Window(
                        List.of(DayOfWeek.MONDAY),
                        LocalTime.of(9, 0),
                        LocalTime.of(15, 0),
                        ZoneId.of("UTC"),
                        Gate.Overrun.WAIT));
        glass("INC[0-9]+");
    }

    private void glass(String ticket) {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                lanes.environment.gates(),
                lanes.environment.rollback(),
                false,
                null,
                new Policy.BreakGlass(List.of(new Gate.Requirement("release-managers", 2)), HOUR, ticket, "on-call"));
    }

    private String waiting() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        return id;
    }

    private String override(String id, Person person) {
        return override(id, person, "checkout is down", "INC42");
    }

    private String override(String id, Person person, String reason, String ticket) {
        return lanes.take(new Fact.Overridden(id, person, lanes.get(id).plan().digest(), reason, ticket));
    }

    @Test
    public void itTakesItsOwnQuorumAndThenStartsAtOnceAndAloud() {
        String id = waiting();
        assertNull(override(id, ALICE));
        assertEquals("one is not enough", State.WAITING, lanes.state(id));
        assertNull("the same person again is still one", override(id, ALICE));
        assertEquals(State.WAITING, lanes.state(id));
        assertNull(override(id, BOB));
        assertEquals(State.DEPLOYING, lanes.state(id));
        Lane.PostReview postReview = lanes.lane.reviews().get(0);
        assertEquals(List.of("alice", "bob"), postReview.by());
        assertEquals(List.of("window", "approval"), postReview.gates());
        assertEquals("checkout is down (INC42)", postReview.reason());
        assertTrue(lanes.events.stream()
                .anyMatch(e -> e.type() == Event.Type.OVERRIDE_CONFIRMED
                        && e.text().startsWith("BREAK-GLASS: starts although window, approval did not hold")));
        lanes.work();
        lanes.pass(Duration.ofMinutes(30));
        lanes.work();
        assertEquals("its second wave waits for no window", State.SUCCEEDED, lanes.state(id));
        assertEquals("the review outlives it", 1, lanes.lane.reviews().size());
    }

    @Test
    public void eachWordCountsForItsTimeBoxToTheInstant() {
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        String id = waiting();
        override(id, ALICE);
        lanes.pass(HOUR.minus(TICK));
        override(id, BOB);
        assertEquals(State.QUEUED, lanes.state(id));
        assertEquals(
                "the lane wakes when the first word ends",
                lanes.now.plus(TICK),
                LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now).orElseThrow());
        lanes.pause = null;
        lanes.pass(TICK);
        assertEquals("alice's hour is over", State.WAITING, lanes.state(id));
        assertEquals(List.of(), lanes.lane.reviews());
        override(id, ALICE);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void whoAskedWhoHasNoRoleAndWhoChangedTheRulesCannot() {
        String own = lanes.request(1, "alice");
        lanes.work();
        assertEquals("you asked for this, so you cannot override its gates", override(own, ALICE));
        assertTrue(override(own, CAROL).startsWith("you are in none of the roles"));
        lanes.changes = List.of(new RulesChange("prod", null, "user:bob", lanes.now));
        assertTrue(override(own, BOB).startsWith("you changed the rules of prod"));
        assertEquals(List.of(), lanes.get(own).overrides());
    }

    @Test
    public void itNeedsAReasonATicketAndAPolicyThatAllowsIt() {
        String id = waiting();
        assertEquals("state the reason, and name a ticket", override(id, ALICE, " ", "INC42"));
        assertEquals("state the reason, and name a ticket", override(id, ALICE, "down", null));
        assertEquals("CHG1 is no ticket of the form INC[0-9]+", override(id, ALICE, "down", "CHG1"));
        assertTrue(lanes.take(new Fact.Overridden(id, ALICE, Lanes.digest(77), "down", "INC42"))
                .startsWith("the plan changed"));
        lanes.environment = new Policy.Environment("prod", null, lanes.environment.gates(), null);
        assertEquals("the policy allows no one to override a gate in prod", override(id, ALICE));
    }

    @Test
    public void aPlanThatIsNotWholeAnOlderReleaseAndAHoldAreNeverPassed() {
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1, new Plan.Problem("orders-prod/eu-west-1/api", "access denied"));
        assertEquals("its plan is not complete: access denied", override(id, ALICE));
        lanes.take(new Fact.AbortRequested(id, "user:zoe", null));
        lanes.now = lanes.now.plus(Duration.ofDays(2)).minus(Duration.ofHours(2)); // Monday 10:00
        lanes.deploy(3);
        lanes.now = lanes.now.plus(Duration.ofDays(1));
        String older = lanes.request(2, "zoe");
        lanes.work();
        override(older, ALICE);
        override(older, BOB);
        assertEquals(State.WAITING, lanes.state(older));
        assertEquals(GateResult.BLOCKED, lanes.gate(older, "order").result());
        assertTrue(lanes.gate(older, "window").sentence().startsWith("OVERRIDDEN by alice, bob before"));
    }

    @Test
    public void aNewPlanOrOtherRulesMakeItVoid() {
        String id = waiting();
        override(id, ALICE);
        lanes.take(new Fact.ReplanRequested(id, ALICE));
        lanes.planned(id, 2);
        override(id, BOB);
        assertEquals("alice saw another plan", State.WAITING, lanes.state(id));
        override(id, ALICE);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void theReviewIsClosedBySomebodyElseWhoSaysWhatTheyFound() {
        String id = waiting();
        override(id, ALICE);
        override(id, BOB);
        assertTrue(lanes.take(new Fact.Reviewed(id, CAROL, "fine")).startsWith("you are not in the role"));
        assertEquals("state what you found", lanes.take(new Fact.Reviewed(id, ERIN, " ")));
        glass(null);
        assertNull(lanes.take(new Fact.Reviewed(id, ERIN, "right, and fixed in 1.2")));
        assertEquals(List.of(), lanes.lane.reviews());
        assertTrue(lanes.take(new Fact.Reviewed(id, ERIN, "again")).startsWith("there is no open review"));
    }

    @Test
    public void whereEveryGateHoldsNothingIsBroken() {
        lanes.now = lanes.now.plus(Duration.ofDays(2)).minus(Duration.ofHours(2)); // Monday 10:00
        String id = waiting();
        override(id, ALICE);
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals(List.of(), lanes.lane.reviews());
    }

    private OverrideStatus howFar(String id) {
        return Gates.overrideStatus(lanes.lane, lanes.get(id), lanes.around(), lanes.now)
                .orElseThrow();
    }

    @Test
    public void howFarPeopleHaveGotIsToldWordByWord() {
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        String id = waiting();
        Policy.BreakGlass rule = lanes.environment.breakGlass();
        var closed = List.of(GateStatus.Kind.WINDOW, GateStatus.Kind.APPROVAL);
        assertEquals(new OverrideStatus(rule, List.of(), Map.of("release-managers", 2), null, closed), howFar(id));
        assertFalse(howFar(id).open());
        override(id, ALICE);
        var alice = new OverrideStatus.Word(lanes.get(id).overrides().get(0), lanes.now.plus(HOUR));
        assertEquals(
                new OverrideStatus(rule, List.of(alice), Map.of("release-managers", 1), alice.until(), closed),
                howFar(id));
        lanes.pass(Duration.ofMinutes(10));
        override(id, BOB);
        var bob = new OverrideStatus.Word(lanes.get(id).overrides().get(1), lanes.now.plus(HOUR));
        assertEquals(
                "what was closed stays told",
                new OverrideStatus(rule, List.of(alice, bob), Map.of(), alice.until(), closed),
                howFar(id));
        assertTrue(howFar(id).open());
        lanes.environment = new Policy.Environment("prod", null, lanes.environment.gates(), null);
        assertEquals(
                "where nobody may",
                Optional.empty(),
                Gates.overrideStatus(lanes.lane, lanes.get(id), lanes.around(), lanes.now));
        lanes.placed = false;
        assertEquals(Optional.empty(), Gates.overrideStatus(lanes.lane, lanes.get(id), lanes.around(), lanes.now));
    }

    @Test
    public void itIsOpenUntilTooFewAreLeftNotUntilTheFirstWordEnds() {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                lanes.environment.gates(),
                null,
                false,
                null,
                new Policy.BreakGlass(
                        List.of(new Gate.Requirement("release-managers", 1), new Gate.Requirement("on-call", 1)),
                        HOUR,
                        null,
                        "on-call"));
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        String id = waiting();
        for (Person person : List.of(ALICE, BOB, ERIN)) {
            override(id, person);
            lanes.pass(Duration.ofMinutes(10));
        }
        Instant end = lanes.get(id).overrides().get(1).at().plus(HOUR);
        assertEquals("without alice bob and erin are enough", end, howFar(id).until());
        assertEquals(end, lanes.gate(id, "window").until());
    }

    @Test
    public void whoMayReviewIsToldAndWhyNot() {
        var postReview = new Lane.PostReview(
                "orders.prod.1", Lanes.release(1), lanes.now, List.of("erin"), List.of("window"), "down");
        assertEquals(
                Optional.of("you are not in the role that reviews here: on-call"), whyNotReview(CAROL, postReview));
        assertEquals(
                Optional.of("you overrode the gates yourself; another person must review it"),
                whyNotReview(ERIN, postReview));
        var others = new Lane.PostReview(
                "orders.prod.1", Lanes.release(1), lanes.now, List.of("alice"), List.of("window"), "down");
        assertEquals(Optional.empty(), whyNotReview(ERIN, others));
        assertEquals("in a day", lanes.now.plus(Duration.ofHours(24)), others.due());
        lanes.roles = Map.of();
        assertEquals(
                "a role that is nobody's",
                Optional.of("you are not in the role that reviews here: on-call"),
                whyNotReview(ERIN, others));
        lanes.environment = new Policy.Environment("prod", null, lanes.environment.gates(), null);
        assertEquals(Optional.of("you are not in the role that reviews here"), whyNotReview(ERIN, others));
        lanes.placed = false;
        assertEquals(Optional.of("you are not in the role that reviews here"), whyNotReview(ERIN, others));
    }

    private Optional<String> whyNotReview(Person person, Lane.PostReview postReview) {
        return Gates.whyNotReview(person, postReview, lanes.around().rules());
    }

    @Test
    public void whateverIsSaidOfAReviewIsSaidInTheNameOfWhoeverLooked() {
        String id = waiting();
        override(id, ALICE);
        override(id, BOB);
        lanes.refused(
                new Fact.Reviewed("orders.prod.9", ERIN, "fine"),
                null,
                "user:erin",
                "review",
                "there is no open review of orders.prod.9");
        lanes.refused(new Fact.Reviewed(id, ERIN, " "), null, "user:erin", "review", "state what you found");
        assertEquals(
                List.of(new Event(Event.Type.REVIEWED, id, "user:erin", "reviewed the override: right")),
                lanes.said(new Fact.Reviewed(id, ERIN, " right ")));
    }
}
