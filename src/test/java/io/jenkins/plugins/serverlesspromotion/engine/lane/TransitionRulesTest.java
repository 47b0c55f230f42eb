package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ERIN;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.EU;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.US;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

/** What a deployment leaves behind, and what is said of it: what is where, what can be returned to, why it ended. */
public class TransitionRulesTest {
    private final Lanes lanes = new Lanes();

    private String deploying(int number) {
        String id = lanes.request(number, "zoe");
        lanes.planned(id, 1);
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.DEPLOYING, lanes.state(id));
        return id;
    }

    private void said(String id, Event.Type type, String text) {
        assertTrue(
                type + " " + text + " is not among " + lanes.events,
                lanes.events.stream()
                        .anyMatch(e -> e.type() == type
                                && id.equals(e.promotion())
                                && e.text().equals(text)));
    }

    private List<ReleaseRef> good() {
        return lanes.lane.good().stream().map(Lane.Live::release).toList();
    }

    private String back(String version) {
        lanes.take(new Fact.RollbackRequested(version, lanes.by("erin")));
        String id = lanes.last().id();
        lanes.work();
        lanes.approve(id, ERIN);
        lanes.work();
        if (!lanes.state(id).isOver()) {
            lanes.pass(lanes.placement.pause());
            lanes.work();
        }
        return id;
    }

    @Test
    public void everythingThatIsDoneIsSaid() {
        String first = lanes.deploy(1);
        said(first, Event.Type.STEP, "orders-prod/eu-west-1/edge started");
        said(first, Event.Type.STEP, "orders-prod/us-west-2/api DONE: because of the test");
        said(first, Event.Type.STATE, "DEPLOYING: wave 1 has succeeded");
        said(first, Event.Type.LIVE, "orders@1.1.0 is live in prod");
        String second = deploying(2);
        lanes.step(second, lanes.key(EU, "edge"), Status.FAILED);
        said(second, Event.Type.STEP, "orders-prod/eu-west-1/edge goes back to orders@1.1.0");
        lanes.work();
        lanes.deploy(3);
        String third = back(null);
        said(third, Event.Type.HOLD, lanes.lane.id() + " is on hold after the rollback");
        assertEquals("user:erin", lanes.lane.hold().by());
        assertEquals("rolled back", lanes.lane.hold().reason());
    }

    @Test
    public void whereItSucceededItIsInEveryPlace() {
        lanes.deploy(1);
        assertEquals(
                Map.of(EU.toString(), release(1), US.toString(), release(1)),
                lanes.lane.live().places());
    }

    @Test
    public void planningThatGivesNoPlanEndsAsItWasSaid() {
        for (Fact.FailureKind failureKind : Fact.FailureKind.values()) {
            String id = lanes.request(1, "zoe");
            lanes.take(new Fact.PlanningEnded(id, 1, new Fact.Failure(failureKind, "why")));
            assertEquals(failureKind.name(), lanes.state(id).name());
            assertEquals("why", lanes.get(id).why());
        }
    }

    @Test
    public void aPlaceLeftHalfWayReturnsToWhatTheLaneHadAsAWhole() {
        lanes.deploy(1);
        String second = deploying(2);
        lanes.step(second, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(second, lanes.key(EU, "api"), Status.DONE);
        lanes.verified(second, null);
        lanes.pass(lanes.placement.pause());
        lanes.step(second, lanes.key(US, "edge"), Status.ERRORED);
        assertEquals(State.ERRORED, lanes.state(second));
        assertEquals(release(1), lanes.lane.live().release());
        assertEquals("whole, and new", release(2), lanes.lane.live().places().get(EU.toString()));
        assertNull("half way", lanes.lane.live().places().get(US.toString()));
        String third = deploying(3);
        Map<String, ReleaseRef> to = lanes.get(third).deployment().steps().stream()
                .collect(java.util.stream.Collectors.toMap(Deployment.Step::key, Deployment.Step::returnTo));
        assertEquals(release(2), to.get(lanes.key(EU, "api")));
        assertEquals(release(1), to.get(lanes.key(US, "api")));
    }

    @Test
    public void whatWasOnlyLookedAtIsNotLeftBehind() {
        lanes.deploy(1);
        String second = deploying(2);
        lanes.step(second, lanes.key(EU, "edge"), Status.UNCHANGED);
        lanes.step(second, lanes.key(EU, "api"), Status.ERRORED);
        assertNull(lanes.lane.live().places().get(EU.toString()));
        assertEquals(release(1), lanes.lane.live().places().get(US.toString()));
    }

    @Test
    public void twentyCanBeReturnedToAndNoMore() {
        lanes.gates(false);
        for (int i = 1; i <= Lane.GOOD_KEPT + 1; i++) {
            lanes.deploy(i);
        }
        assertEquals(Lane.GOOD_KEPT, lanes.lane.good().size());
        assertEquals(release(1), good().get(0));
        lanes.deploy(Lane.GOOD_KEPT + 2);
        assertEquals(Lane.GOOD_KEPT, lanes.lane.good().size());
        assertEquals(release(2), good().get(0));
    }

    @Test
    public void whatWasGoneBackOverIsNotReturnedToAgain() {
        for (int i = 1; i <= 4; i++) {
            lanes.deploy(i);
        }
        assertEquals(State.SUCCEEDED, lanes.state(back("1.2.0")));
        assertEquals(release(2), lanes.lane.live().release());
        assertEquals(List.of(release(1)), good());
        back(null);
        assertEquals(release(1), lanes.lane.live().release());
        assertEquals(List.of(), good());
        assertTrue(
                lanes.take(new Fact.RollbackRequested(null, lanes.by("erin"))).contains("no earlier good release"));
    }

    @Test
    public void theSameReleaseAgainIsNothingToReturnTo() {
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.deploy(2);
        assertEquals(release(2), lanes.lane.live().release());
        assertEquals(List.of(release(1)), good());
    }

    @Test
    public void aRollbackByHandThatFailsIsNotUndone() {
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.take(new Fact.RollbackRequested(null, lanes.by("erin")));
        String id = lanes.last().id();
        lanes.planned(id, 1);
        lanes.approve(id, ERIN);
        lanes.step(id, lanes.key(EU, "edge"), Status.FAILED);
        assertEquals(State.FAILED, lanes.state(id));
        assertEquals(
                "orders-prod/eu-west-1/edge: because of the test; a rollback that fails is not undone",
                lanes.get(id).why());
    }

    @Test
    public void anAbortThatFindsNothingWrittenLeavesNothing() {
        lanes.deploy(1);
        String id = deploying(2);
        lanes.take(new Fact.AbortRequested(id, "user:bob", "wrong one"));
        assertEquals("what runs is waited for", State.DEPLOYING, lanes.state(id));
        lanes.step(id, lanes.key(EU, "edge"), Status.UNCHANGED);
        assertEquals(State.ABORTED, lanes.state(id));
        assertEquals("aborted by user:bob: wrong one", lanes.get(id).why());
        assertEquals(release(1), lanes.lane.live().release());
    }

    @Test
    public void aCheckThatFailsInTheWordsOfAnAbortIsNoAbort() {
        lanes.deploy(1);
        String id = deploying(2);
        lanes.step(id, lanes.key(EU, "edge"), Status.UNCHANGED);
        lanes.step(id, lanes.key(EU, "api"), Status.UNCHANGED);
        lanes.take(new Fact.AbortRequested(id, "user:bob", "wrong one"));
        assertEquals(State.VERIFYING, lanes.state(id));
        lanes.verified(id, "aborted by user:bob: wrong one");
        assertEquals(State.FAILED, lanes.state(id));
    }

    @Test
    public void anAbortWhileAWaveIsVerifiedGoesBack() {
        lanes.deploy(1);
        String id = deploying(2);
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.DONE);
        lanes.take(new Fact.AbortRequested(id, "user:bob", null));
        assertEquals("the answer is waited for", State.VERIFYING, lanes.state(id));
        lanes.verified(id, null);
        assertEquals(State.ROLLING_BACK, lanes.state(id));
    }

    @Test
    public void aPlanThatIsVoidHalfWayIsAFailureAndBeforeThatANewPlan() {
        lanes.deploy(1);
        String id = deploying(2);
        int planned = lanes.get(id).planning().number();
        lanes.step(id, lanes.key(EU, "edge"), Status.STALE);
        assertEquals(State.PLANNING, lanes.state(id));
        assertEquals("the plan is void: because of the test", lanes.get(id).why());
        assertEquals(planned + 1, lanes.get(id).planning().number());
        lanes.planned(id, 1);
        assertEquals("nobody needs to approve the same again", State.DEPLOYING, lanes.state(id));
        assertEquals(2, lanes.get(id).deployment().attempt());
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.STALE);
        assertEquals(State.ROLLING_BACK, lanes.state(id));
        assertEquals(
                "the plan changed while it was deployed: because of the test",
                lanes.get(id).why());
    }

    @Test
    public void nothingStartsWhileSomethingIsPlannedAgainstWhatIsThere() {
        String first = lanes.request(1, "zoe");
        lanes.planned(first, 1);
        String second = lanes.request(2, "zoe");
        assertEquals(State.PLANNING, lanes.state(second));
        lanes.approve(first, ALICE);
        lanes.approve(first, CAROL);
        assertEquals(State.QUEUED, lanes.state(first));
        lanes.planned(second, 1);
        assertEquals(State.DEPLOYING, lanes.state(first));
    }

    @Test
    public void aWaveThatHasBegunIsBroughtToItsEndAlsoInAPause() {
        lanes.gates(false);
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1);
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.DONE);
        lanes.verified(id, null);
        lanes.pass(lanes.placement.pause());
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        lanes.step(id, lanes.key(US, "edge"), Status.DONE);
        assertEquals(List.of(new Command.DeployStep(id, 1, lanes.key(US, "api"))), LaneMachine.outstanding(lanes.lane));
    }

    @Test
    public void oneReviewIsEnoughForAPromotionThatStartsTwice() {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                List.of(new Gate.Ticket("CHG[0-9]+")),
                null,
                false,
                null,
                new Policy.BreakGlass(
                        List.of(new Gate.Requirement("release-managers", 2)), Duration.ofHours(1), null, "on-call"));
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1);
        String digest = lanes.get(id).plan().digest();
        lanes.take(new Fact.Overridden(id, ALICE, digest, "down", "INC1"));
        lanes.take(new Fact.Overridden(id, BOB, digest, "down", "INC1"));
        assertEquals(State.DEPLOYING, lanes.state(id));
        lanes.step(id, lanes.key(EU, "edge"), Status.STALE);
        lanes.planned(id, 1);
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals(1, lanes.lane.reviews().size());
        assertEquals(
                1,
                lanes.events.stream()
                        .filter(e -> e.type() == Event.Type.OVERRIDE_CONFIRMED)
                        .count());
    }

    @Test
    public void aRejectionSaysWhy() {
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1);
        for (String silent : new String[] {null, "", " "}) {
            assertTrue(lanes.take(new Fact.Rejected(id, ALICE, silent)).startsWith("state the reason"));
        }
        assertEquals(State.WAITING, lanes.state(id));
        assertNull(lanes.take(new Fact.Rejected(id, ALICE, "the load test is red")));
        assertEquals("rejected by alice: the load test is red", lanes.get(id).why());
    }

    @Test
    public void anAbortWhileTheLastWaveIsVerifiedIsNoSuccess() {
        lanes.deploy(1);
        String id = deploying(2);
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.DONE);
        lanes.verified(id, null);
        lanes.pass(lanes.placement.pause());
        lanes.step(id, lanes.key(US, "edge"), Status.DONE);
        lanes.step(id, lanes.key(US, "api"), Status.DONE);
        lanes.take(new Fact.AbortRequested(id, "user:bob", null));
        lanes.verified(id, null);
        assertEquals(State.ROLLING_BACK, lanes.state(id));
        lanes.work();
        assertEquals(State.ROLLED_BACK, lanes.state(id));
        assertEquals(release(1), lanes.lane.live().release());
    }

    @Test
    public void aRollbackOfWhichNothingCameBackSaysSo() {
        lanes.deploy(1);
        String id = deploying(2);
        lanes.step(id, lanes.key(EU, "edge"), Status.FAILED);
        lanes.undone(id, lanes.key(EU, "edge"), "the stack is stuck");
        assertEquals(State.ROLLBACK_FAILED, lanes.state(id));
        assertEquals(
                "orders-prod/eu-west-1/edge: because of the test; not undone: orders-prod/eu-west-1/edge (not back at"
                        + " orders@1.1.0: the stack is stuck)",
                lanes.get(id).why());
    }

    private void glass(Gate... gates) {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                List.of(gates),
                null,
                false,
                null,
                new Policy.BreakGlass(
                        List.of(new Gate.Requirement("release-managers", 2)), Duration.ofHours(1), null, "on-call"));
    }

    private void override(String id) {
        String digest = lanes.get(id).plan().digest();
        lanes.take(new Fact.Overridden(id, ALICE, digest, "down", "INC1"));
        lanes.take(new Fact.Overridden(id, BOB, digest, "down", "INC1"));
    }

    @Test
    public void eachPromotionThatBreaksTheGlassHasAReviewOfItsOwn() {
        glass(new Gate.Ticket("CHG[0-9]+"));
        for (int i = 1; i <= 2; i++) {
            String id = lanes.request(i, "zoe");
            lanes.planned(id, 1);
            override(id);
            lanes.work();
            lanes.pass(lanes.placement.pause());
            lanes.work();
            assertEquals(State.SUCCEEDED, lanes.state(id));
        }
        assertEquals(
                List.of("orders.prod.1", "orders.prod.2"),
                lanes.lane.reviews().stream().map(Lane.PostReview::promotion).toList());
        lanes.take(new Fact.Reviewed("orders.prod.2", ERIN, "right"));
        assertEquals(
                "one review closes one",
                List.of("orders.prod.1"),
                lanes.lane.reviews().stream().map(Lane.PostReview::promotion).toList());
    }

    @Test
    public void whatOneBrokeOpensNoWindowForTheNext() {
        Gate ticket = new Gate.Ticket("CHG[0-9]+");
        glass(ticket);
        String broken = lanes.request(1, "zoe");
        lanes.planned(broken, 1);
        override(broken);
        lanes.work();
        lanes.pass(lanes.placement.pause());
        lanes.work();
        assertEquals(1, lanes.lane.reviews().size());
        lanes.now = Instant.parse("2026-11-23T14:50:00Z"); // Monday
        glass(new Gate.Window(
                List.of(DayOfWeek.MONDAY),
                LocalTime.of(9, 0),
                LocalTime.of(15, 0),
                ZoneId.of("UTC"),
                Gate.Overrun.WAIT));
        String next = lanes.request(2, "zoe");
        lanes.planned(next, 1);
        lanes.step(next, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(next, lanes.key(EU, "api"), Status.DONE);
        lanes.verified(next, null);
        lanes.pass(lanes.placement.pause());
        assertEquals("closed since", List.of(), LaneMachine.outstanding(lanes.lane));
        assertEquals(
                Instant.parse("2026-11-30T09:00:00Z"),
                LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now).orElseThrow());
    }

    @Test
    public void whatBrokeTheGlassPassesByTheWindowAndWaitsForNone() {
        glass(new Gate.Window(
                List.of(DayOfWeek.MONDAY),
                LocalTime.of(9, 0),
                LocalTime.of(15, 0),
                ZoneId.of("UTC"),
                Gate.Overrun.WAIT)); // closed: it is Saturday
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1);
        override(id);
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.DONE);
        lanes.verified(id, null);
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        lanes.pass(lanes.placement.pause());
        assertEquals(Optional.empty(), LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now));
        lanes.pause = null;
        lanes.take(new Fact.Reconsidered("resumed"));
        assertEquals(
                List.of(new Command.DeployStep(id, 1, lanes.key(US, "edge"))), LaneMachine.outstanding(lanes.lane));
    }
}
