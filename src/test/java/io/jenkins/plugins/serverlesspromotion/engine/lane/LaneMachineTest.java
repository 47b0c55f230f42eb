package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ERIN;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.EU;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.US;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.digest;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public class LaneMachineTest {
    private final Lanes lanes = new Lanes();

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    public void aRequestIsPlannedAndThenWaitsForPeople() {
        String id = lanes.request(1, "bob");
        assertEquals("orders.prod.1", id);
        assertEquals(State.PLANNING, lanes.state(id));
        assertEquals(List.of(new Command.MakePlan(id, 1)), LaneMachine.outstanding(lanes.lane));
        lanes.planned(id, 1);
        assertEquals(State.WAITING, lanes.state(id));
        assertTrue("people cost no work", LaneMachine.outstanding(lanes.lane).isEmpty());
    }

    @Test
    public void twoApprovalsStartTheFirstWaveOnly() {
        String id = lanes.request(1, "bob");
        lanes.work();
        assertNull(lanes.approve(id, ALICE));
        assertEquals(State.WAITING, lanes.state(id));
        assertNull(lanes.approve(id, CAROL));
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals(
                "edge before api, wave 1 before wave 2",
                List.of(new Command.DeployStep(id, 1, lanes.key(EU, "edge"))),
                LaneMachine.outstanding(lanes.lane));
    }

    @Test
    public void theSecondWaveStartsAfterThePauseAndTheRestFollows() {
        String id = lanes.request(1, "bob");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        lanes.work();
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals(Status.PENDING, lanes.get(id).deployment().steps().get(2).status());
        assertEquals(
                lanes.now.plus(Duration.ofMinutes(30)),
                LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now).orElseThrow());
        lanes.pass(Duration.ofMinutes(30).minus(SECOND));
        assertTrue(LaneMachine.outstanding(lanes.lane).isEmpty());
        lanes.pass(SECOND);
        lanes.work();
        assertEquals(State.SUCCEEDED, lanes.state(id));
        assertEquals(release(1), lanes.lane.live().release());
    }

    @Test
    public void aPauseStopsTheNextWaveAndTheQueueButNotWhatRuns() {
        String id = lanes.request(1, "bob");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        lanes.approve(id, CAROL);
        assertEquals(State.QUEUED, lanes.state(id));
        lanes.pause = null;
        lanes.pass(SECOND);
        assertEquals(State.DEPLOYING, lanes.state(id));
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        lanes.work();
        lanes.pass(Duration.ofHours(1));
        assertTrue("wave 2 does not start", LaneMachine.outstanding(lanes.lane).isEmpty());
        assertEquals(State.DEPLOYING, lanes.state(id));
        lanes.pause = null;
        lanes.pass(SECOND);
        lanes.work();
        assertEquals(State.SUCCEEDED, lanes.state(id));
    }

    @Test
    public void whoeverAskedCannotApprove() {
        String id = lanes.request(1, "alice");
        lanes.work();
        assertEquals("you asked for this, so you cannot approve it", lanes.approve(id, ALICE));
        assertEquals(
                Event.Type.REFUSED, lanes.events.get(lanes.events.size() - 1).type());
    }

    @Test
    public void whoeverAsksLaterForTheSameCountsAsARequesterToo() {
        String id = lanes.request(1, "carol");
        lanes.work();
        assertNull(lanes.approve(id, ALICE));
        lanes.take(new Fact.Requested(release(1), lanes.by("alice")));
        assertEquals("one promotion", 1, lanes.lane.promotions().size());
        lanes.approve(id, Lanes.person("dora", "team-orders"));
        assertEquals("alice's approval no longer counts", State.WAITING, lanes.state(id));
        assertNull(lanes.approve(id, BOB));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void nobodyKnownToHaveAskedMeansNobodyCanBeToldApart() {
        lanes.take(new Fact.Requested(
                release(1), new PromotionDecisions.Request("job:timer", Set.of(), lanes.now, null, null, null)));
        String id = lanes.last().id();
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.WAITING, lanes.state(id));
        assertTrue(Gates.of(lanes.lane, lanes.get(id), lanes.around(), lanes.now).stream()
                .anyMatch(g -> g.sentence().startsWith("cannot establish who asked")));
    }

    @Test
    public void onePersonInTwoRolesFillsOneSeatOnly() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        lanes.approve(id, Lanes.person("alice", "team-orders"));
        assertEquals(State.WAITING, lanes.state(id));
        lanes.approve(id, BOB);
        assertEquals("alice moves to the owner's seat", State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void aGroupNamedLikeAUserIsNotThatUser() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertNotNull(lanes.approve(id, Lanes.person("mallory", "alice")));
    }

    @Test
    public void aSecondClickOfTheSamePersonChangesNothing() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        lanes.approve(id, ALICE);
        int said = lanes.events.size();
        assertNull(lanes.approve(id, ALICE));
        assertEquals(said, lanes.events.size());
        assertEquals(1, lanes.get(id).standing().size());
    }

    @Test
    public void aPolicyChangeVoidsApprovalsAndPlansAgain() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.policyDigest = digest(901);
        lanes.pass(SECOND);
        assertEquals(State.PLANNING, lanes.state(id));
        assertEquals("the policy changed", lanes.get(id).approvals().get(0).voided());
        lanes.work();
        assertNull("alice may approve anew", lanes.approve(id, ALICE));
    }

    @Test
    public void aNewPlanOfEqualContentKeepsApprovalsAndAnotherVoidsThem() {
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1);
        lanes.approve(id, ALICE);
        lanes.take(new Fact.ReplanRequested(id, ALICE));
        lanes.planned(id, 1);
        assertEquals(1, lanes.get(id).standing().size());
        lanes.take(new Fact.ReplanRequested(id, ALICE));
        lanes.planned(id, 2);
        assertEquals(0, lanes.get(id).standing().size());
        assertEquals("the plan changed", lanes.get(id).approvals().get(0).voided());
    }

    @Test
    public void approvingAnotherPlanThanTheOneShownIsRefused() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertTrue(lanes.take(new Fact.Approved(id, ALICE, digest(77), null)).contains("the plan changed since"));
        assertEquals(0, lanes.get(id).standing().size());
    }

    @Test
    public void anIncompletePlanCannotBeApprovedAndIsTriedAgain() {
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1, new Plan.Problem("orders-prod/us-west-2/api", "access denied assuming promotion-plan"));
        assertTrue(lanes.approve(id, ALICE).contains("access denied assuming promotion-plan"));
        assertEquals(
                lanes.now.plus(Duration.ofMinutes(1)),
                LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now).orElseThrow());
        lanes.pass(Duration.ofMinutes(1));
        assertEquals(State.PLANNING, lanes.state(id));
        assertEquals(2, lanes.get(id).planning().number());
    }

    @Test
    public void waitingExpiresAtTheInstantAndAClickThenComesTooLate() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.now = lanes.now.plus(Duration.ofHours(24));
        assertTrue(lanes.approve(id, CAROL).startsWith("it is over: EXPIRED"));
        assertEquals(State.EXPIRED, lanes.state(id));
    }

    @Test
    public void aClickJustBeforeExpiryCounts() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.now = lanes.now.plus(Duration.ofHours(24)).minusNanos(1);
        assertNull(lanes.approve(id, CAROL));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void rejectingNeedsARoleAndEndsIt() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertNotNull(lanes.take(new Fact.Rejected(id, ERIN, "no")));
        assertNull(lanes.take(new Fact.Rejected(id, CAROL, "not on a Friday")));
        assertEquals(State.REJECTED, lanes.state(id));
        assertTrue(lanes.get(id).why().contains("not on a Friday"));
    }

    @Test
    public void theQueueIsFirstInFirstOutAndOneDeploysAtATime() {
        String first = lanes.request(1, "zoe");
        String second = lanes.request(2, "zoe");
        lanes.work();
        for (String id : List.of(first, second)) {
            lanes.approve(id, ALICE);
            lanes.approve(id, CAROL);
        }
        assertEquals(State.DEPLOYING, lanes.state(first));
        assertEquals(State.QUEUED, lanes.state(second));
        assertEquals(1, LaneMachine.outstanding(lanes.lane).size());
    }

    @Test
    public void afterADeploymentThoseWhoWaitArePlannedAgainAgainstWhatIsThereNow() {
        String first = lanes.request(1, "zoe");
        String second = lanes.request(2, "zoe");
        lanes.work();
        lanes.approve(first, ALICE);
        lanes.approve(first, CAROL);
        lanes.approve(second, ALICE);
        lanes.work();
        lanes.pass(Duration.ofMinutes(30));
        lanes.work();
        assertEquals(release(1), lanes.lane.live().release());
        assertEquals(2, lanes.get(second).planning().number());
        assertEquals(
                "an equal plan keeps what was approved",
                1,
                lanes.get(second).standing().size());
    }

    @Test
    public void anOlderReleaseNeverOvertakesANewerOne() {
        String older = lanes.request(1, "zoe");
        lanes.work();
        lanes.deploy(2);
        lanes.approve(older, ALICE);
        lanes.approve(older, CAROL);
        assertEquals("its approvals stay, it just cannot go", State.WAITING, lanes.state(older));
        assertTrue(Gates.of(lanes.lane, lanes.get(older), lanes.around(), lanes.now).stream()
                .anyMatch(g -> g.gate().equals("order") && g.result() == GateStatus.GateResult.BLOCKED));
    }

    @Test
    public void newerReleasesSupersedeOnlyWherePolicySaysSoAndNeverAnApprovedOne() {
        String first = lanes.request(1, "zoe");
        lanes.work();
        lanes.environment =
                new Policy.Environment("prod", null, lanes.environment.gates(), lanes.environment.rollback(), true);
        lanes.approve(first, ALICE);
        String second = lanes.request(2, "zoe");
        assertEquals(State.WAITING, lanes.state(first));
        lanes.request(3, "zoe");
        assertEquals(State.SUPERSEDED, lanes.state(second));
    }

    @Test
    public void aReleaseWaitsUntilItSucceededInTheEnvironmentBefore() {
        lanes.environment = new Policy.Environment("prod", "staging", List.of(), null);
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertEquals(State.WAITING, lanes.state(id));
        lanes.succeededBefore = Map.of(release(2).digest(), Instant.EPOCH);
        lanes.pass(SECOND);
        assertEquals("another release's success does not count", State.WAITING, lanes.state(id));
        lanes.succeededBefore = Map.of(release(1).digest(), lanes.now);
        lanes.pass(SECOND);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void aFailedCheckRollsBackInReverseOrder() {
        lanes.deploy(1);
        String id = lanes.request(2, "bob");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.DONE);
        lanes.verified(id, "smoke test answered 500");
        assertEquals(State.ROLLING_BACK, lanes.state(id));
        assertEquals(List.of(new Command.UndoStep(id, 1, lanes.key(EU, "api"))), LaneMachine.outstanding(lanes.lane));
        lanes.undone(id, lanes.key(EU, "api"), null);
        assertEquals(List.of(new Command.UndoStep(id, 1, lanes.key(EU, "edge"))), LaneMachine.outstanding(lanes.lane));
        lanes.undone(id, lanes.key(EU, "edge"), null);
        assertEquals(State.ROLLED_BACK, lanes.state(id));
        assertEquals(release(1), lanes.lane.live().release());
        assertEquals("smoke test answered 500", lanes.get(id).why());
        assertNull("an automatic rollback leaves no hold", lanes.lane.hold());
    }

    @Test
    public void aFailureWaitsForWhatStillRunsAndStartsNothingMore() {
        lanes.deploy(1);
        lanes.placement = new Policy.Placement(List.of(List.of(EU, US)), Duration.ZERO);
        String id = lanes.request(2, "bob");
        var nothing = lanes.plan(1).targets().get(0).content();
        var both = List.of(
                new Plan.TargetPlan(EU, "api", "cloudformation", 0, List.of(), nothing, Map.of()),
                new Plan.TargetPlan(US, "api", "cloudformation", 0, List.of(), nothing, Map.of()));
        lanes.take(new Fact.Planned(id, 1, new Plan(digest(5), both, List.of())));
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(2, LaneMachine.outstanding(lanes.lane).size());
        lanes.step(id, lanes.key(EU, "api"), Status.FAILED);
        assertEquals(State.DEPLOYING, lanes.state(id));
        lanes.step(id, lanes.key(US, "api"), Status.UNCHANGED);
        assertEquals(State.ROLLING_BACK, lanes.state(id));
        assertEquals(
                "what was not touched is not undone",
                List.of(new Command.UndoStep(id, 1, lanes.key(EU, "api"))),
                LaneMachine.outstanding(lanes.lane));
    }

    @Test
    public void aRollbackThatFailsSaysWhatIsWhere() {
        lanes.deploy(1);
        String id = lanes.request(2, "bob");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.FAILED);
        lanes.undone(id, lanes.key(EU, "api"), "stack is in UPDATE_ROLLBACK_FAILED");
        lanes.undone(id, lanes.key(EU, "edge"), null);
        assertEquals(State.ROLLBACK_FAILED, lanes.state(id));
        assertEquals(
                "orders-prod/eu-west-1/api: because of the test; not undone: orders-prod/eu-west-1/api (not back at"
                        + " orders@1.1.0: stack is in UPDATE_ROLLBACK_FAILED); undone: orders-prod/eu-west-1/edge"
                        + " (orders@1.1.0)",
                lanes.get(id).why());
        assertNull("neither release as a whole", lanes.lane.live().places().get(EU.toString()));
    }

    @Test
    public void theFirstDeploymentThatFailsDeletesNothing() {
        String id = lanes.request(1, "bob");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        lanes.step(id, lanes.key(EU, "edge"), Status.FAILED);
        assertEquals(State.FAILED, lanes.state(id));
        assertTrue(lanes.get(id).why().contains("nothing was undone"));
    }

    @Test
    public void notBeingAbleToFindOutIsNotAFailure() {
        lanes.deploy(1);
        String id = lanes.request(2, "bob");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        lanes.step(id, lanes.key(EU, "edge"), Status.ERRORED);
        assertEquals(State.ERRORED, lanes.state(id));
        assertTrue("the lane is free again", lanes.lane.running().isEmpty());
    }

    @Test
    public void aPlanThatIsVoidBeforeAnythingWasWrittenIsMadeAgain() {
        String id = lanes.request(1, "bob");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        lanes.step(id, lanes.key(EU, "edge"), Status.STALE);
        assertEquals(State.PLANNING, lanes.state(id));
        lanes.planned(id, 1);
        assertEquals("the same content is still approved", State.DEPLOYING, lanes.state(id));
        assertEquals(2, lanes.get(id).deployment().attempt());
        lanes.step(id, lanes.key(EU, "edge"), Status.STALE);
        lanes.planned(id, 1);
        lanes.step(id, lanes.key(EU, "edge"), Status.STALE);
        assertEquals("it does not go round for ever", State.ERRORED, lanes.state(id));
    }

    @Test
    public void abortBeforeDeployingEndsItAndLaterRollsBack() {
        lanes.deploy(1);
        String waiting = lanes.request(2, "bob");
        lanes.work();
        assertNull(lanes.take(new Fact.AbortRequested(waiting, "user:bob", "wrong version")));
        assertEquals(State.ABORTED, lanes.state(waiting));

        String deploying = lanes.request(3, "bob");
        lanes.work();
        lanes.approve(deploying, ALICE);
        lanes.approve(deploying, CAROL);
        lanes.step(deploying, lanes.key(EU, "edge"), Status.DONE);
        lanes.take(new Fact.AbortRequested(deploying, "user:bob", "wrong version"));
        assertEquals("what runs is waited for", State.DEPLOYING, lanes.state(deploying));
        lanes.step(deploying, lanes.key(EU, "api"), Status.DONE);
        assertEquals(State.ROLLING_BACK, lanes.state(deploying));
        lanes.work();
        assertEquals(State.ROLLED_BACK, lanes.state(deploying));
        assertTrue(lanes.get(deploying).why().contains("aborted by user:bob: wrong version"));
    }

    /** A canary that gave its traffic back because of the abort ends as failed. */
    @Test
    public void aStepThatFailsAfterAnAbortDoesNotHideWhoAborted() {
        lanes.deploy(1);
        String deploying = lanes.request(2, "bob");
        lanes.work();
        lanes.approve(deploying, ALICE);
        lanes.approve(deploying, CAROL);
        lanes.take(new Fact.AbortRequested(deploying, "user:bob", "wrong version"));
        lanes.step(deploying, lanes.key(EU, "edge"), Status.FAILED);
        lanes.step(deploying, lanes.key(EU, "api"), Status.FAILED);
        assertEquals(State.ROLLING_BACK, lanes.state(deploying));
        assertTrue(lanes.get(deploying).why(), lanes.get(deploying).why().startsWith("aborted by user:bob"));
    }

    @Test
    public void aBuildTakesBackOnlyWhatItAloneAskedForAndNothingThatHasBegun() {
        assertNull(lanes.take(new Fact.Requested(Lanes.release(1), lanes.by("bob", "build-1"))));
        String alone = lanes.only().id();
        lanes.work();
        assertNotNull("another build's", lanes.take(new Fact.Withdrawn(alone, "build-2", "user:bob", null)));
        assertEquals(State.WAITING, lanes.state(alone));
        assertNull(lanes.take(new Fact.Withdrawn(alone, "build-1", "user:bob", null)));
        assertEquals(State.ABORTED, lanes.state(alone));

        assertNull(lanes.take(new Fact.Requested(Lanes.release(2), lanes.by("bob", "build-3"))));
        String shared = lanes.only().id();
        assertNull(lanes.take(new Fact.Requested(Lanes.release(2), lanes.by("dave"))));
        lanes.work();
        int said = lanes.events.size();
        assertEquals("others also requested it", lanes.take(new Fact.Withdrawn(shared, "build-3", "user:bob", null)));
        assertEquals("it is recorded", said + 1, lanes.events.size());
        assertEquals(State.WAITING, lanes.state(shared));
        lanes.take(new Fact.AbortRequested(shared, "user:dave", null));

        assertNull(lanes.take(new Fact.Requested(Lanes.release(3), lanes.by("bob", "build-4"))));
        String running = lanes.only().id();
        lanes.work();
        lanes.approve(running, ALICE);
        lanes.approve(running, CAROL);
        assertEquals(State.DEPLOYING, lanes.state(running));
        assertNotNull(lanes.take(new Fact.Withdrawn(running, "build-4", "user:bob", null)));
        assertEquals("it goes on", State.DEPLOYING, lanes.state(running));
        assertNull(lanes.get(running).deployment().abort());
    }

    @Test
    public void aRollbackByHandReturnsToTheLastGoodOneAndHoldsTheLane() {
        lanes.deploy(1);
        lanes.deploy(2);
        assertNull(lanes.take(new Fact.RollbackRequested(null, lanes.by("erin"))));
        String back = lanes.last().id();
        assertEquals(release(1), lanes.get(back).release());
        lanes.work();
        assertNull("on call may decide what she asked for", lanes.approve(back, ERIN));
        lanes.work();
        lanes.pass(Duration.ofMinutes(30));
        lanes.work();
        assertEquals(State.SUCCEEDED, lanes.state(back));
        assertEquals(release(1), lanes.lane.live().release());
        assertNotNull(lanes.lane.hold());
        assertTrue(
                "what was rolled back is not good to return to",
                lanes.lane.good().isEmpty());

        String next = lanes.request(3, "bob");
        lanes.work();
        lanes.approve(next, ALICE);
        lanes.approve(next, CAROL);
        assertEquals("held", State.WAITING, lanes.state(next));
        lanes.take(new Fact.HoldReleased(ALICE, "fixed"));
        assertEquals(State.DEPLOYING, lanes.state(next));
    }

    @Test
    public void withoutAnEarlierReleaseARollbackIsRefused() {
        lanes.deploy(1);
        assertTrue(
                lanes.take(new Fact.RollbackRequested(null, lanes.by("erin"))).contains("no earlier good release"));
    }

    @Test
    public void aRollbackGoesBeforeTheQueue() {
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        String forward = lanes.request(3, "bob");
        lanes.work();
        lanes.approve(forward, ALICE);
        lanes.approve(forward, CAROL);
        lanes.take(new Fact.RollbackRequested(null, lanes.by("erin")));
        String back = lanes.last().id();
        lanes.work();
        lanes.approve(back, ERIN);
        lanes.pause = null;
        lanes.pass(SECOND);
        assertEquals(State.DEPLOYING, lanes.state(back));
        assertEquals(State.QUEUED, lanes.state(forward));
    }

    @Test
    public void withoutAPolicyNothingStartsAndNothingIsLost() {
        String id = lanes.request(1, "bob");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.placed = false;
        assertNotNull(lanes.approve(id, CAROL));
        assertEquals(State.WAITING, lanes.state(id));
        lanes.placed = true;
        lanes.approve(id, CAROL);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void aResultOfAnAttemptThatIsOverChangesNothing() {
        String id = lanes.request(1, "bob");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        Lane before = lanes.lane;
        lanes.take(new Fact.StepEnded(
                id, 7, lanes.key(EU, "edge"), new Fact.StepResult(Status.DONE, Map.of(), "late", List.of())));
        assertEquals(before, lanes.lane);
        lanes.take(new Fact.Planned(id, 1, Lanes.plan(3)));
        assertEquals(before, lanes.lane);
    }

    @Test
    public void idsAreNeverUsedTwice() {
        String first = lanes.request(1, "bob");
        lanes.take(new Fact.AbortRequested(first, "user:bob", null));
        String second = lanes.request(1, "bob");
        assertNotEquals(first, second);
        assertFalse(lanes.lane.promotion(first).isPresent());
    }

    // --- expiry, by state ---

    private static final Duration DAY = Duration.ofHours(24);

    private Optional<Instant> wake() {
        return LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now);
    }

    private void pause(boolean paused) {
        lanes.pause = paused ? new GateContext.Pause("everything", "user:dave", lanes.now, "incident") : null;
    }

    private String approved(int number) {
        String id = lanes.request(number, "zoe");
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        return id;
    }

    @Test
    public void whatIsQueuedExpiresTooAndTheLaneWakesForIt() {
        pause(true);
        String id = approved(1);
        assertEquals(State.QUEUED, lanes.state(id));
        assertEquals(lanes.now.plus(DAY), wake().orElseThrow());
        lanes.pass(DAY);
        assertEquals(State.EXPIRED, lanes.state(id));
    }

    @Test
    public void whatIsBeingDeployedOrPlannedDoesNotExpire() {
        String id = approved(1);
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals("the answer wakes it, no clock", Optional.empty(), wake());
        lanes.pass(DAY.plus(DAY));
        assertEquals(State.DEPLOYING, lanes.state(id));
        lanes.work();
        lanes.pass(Duration.ofMinutes(30));
        lanes.work();
        assertEquals(State.SUCCEEDED, lanes.state(id));
        String next = lanes.request(2, "zoe");
        lanes.planned(next, 1);
        lanes.take(new Fact.ReplanRequested(next, ALICE));
        assertEquals(Optional.empty(), wake());
        lanes.pass(DAY);
        assertEquals(State.PLANNING, lanes.state(next));
        lanes.planned(next, 1);
        lanes.pass(SECOND);
        assertEquals("but once it waits again", State.EXPIRED, lanes.state(next));
    }

    // --- without a policy ---

    @Test
    public void withoutAPolicyNothingIsPlannedAndNothingInTheQueueStarts() {
        pause(true);
        String queued = approved(1);
        assertEquals(State.QUEUED, lanes.state(queued));
        lanes.placed = false;
        pause(false);
        String asked = lanes.request(2, "zoe");
        assertEquals(State.QUEUED, lanes.state(queued));
        assertEquals(State.REQUESTED, lanes.state(asked));
        assertEquals(List.of(), LaneMachine.outstanding(lanes.lane));
        lanes.placed = true;
        lanes.pass(SECOND);
        assertEquals(State.DEPLOYING, lanes.state(queued));
        assertEquals("after that", State.REQUESTED, lanes.state(asked));
    }

    @Test
    public void whatHasBegunIsBroughtToItsEndWithoutAPolicyAndWithoutAPauseThatNobodyKnows() {
        String id = approved(1);
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.DONE);
        lanes.placed = false;
        lanes.verified(id, null);
        lanes.work();
        assertEquals(State.SUCCEEDED, lanes.state(id));
    }

    // --- the queue ---

    @Test
    public void firstInIsWhoeverCameIntoTheQueueFirstNotWhoeverAskedFirst() {
        pause(true);
        String first = lanes.request(1, "zoe");
        lanes.work();
        String second = approved(2);
        lanes.now = lanes.now.plus(SECOND);
        lanes.approve(first, ALICE);
        lanes.approve(first, CAROL);
        assertEquals(State.QUEUED, lanes.state(first));
        assertEquals(State.QUEUED, lanes.state(second));
        pause(false);
        lanes.pass(SECOND);
        assertEquals(State.DEPLOYING, lanes.state(second));
    }

    /** Another lane that requires this service waits while this is so. */
    @Test
    public void aLaneTellsWhatIsChangingItsEnvironment() {
        lanes.deploy(1);
        assertEquals(Optional.empty(), lanes.lane.running());
        String id = approved(2);
        assertEquals(State.REQUESTED, lanes.state(lanes.request(3, "zoe")));
        assertEquals(Optional.of(lanes.get(id)), lanes.lane.running());
        lanes.step(id, lanes.key(EU, "edge"), Status.FAILED);
        assertEquals("while it goes back too", Optional.of(lanes.get(id)), lanes.lane.running());
        lanes.undone(id, lanes.key(EU, "edge"), null);
        assertEquals(Optional.empty(), lanes.lane.running());
    }

    @Test
    public void everyDeploymentThatEndsIsCountedHoweverItEnds() {
        lanes.deploy(1);
        String failed = approved(2);
        lanes.step(failed, lanes.key(EU, "edge"), Status.FAILED);
        assertEquals("going back is part of it", 1, lanes.lane.changes());
        lanes.work();
        assertEquals(2, lanes.lane.changes());
        String aborted = lanes.request(3, "zoe");
        lanes.take(new Fact.AbortRequested(aborted, "user:zoe", null));
        assertEquals("nothing was deployed", 2, lanes.lane.changes());
    }

    // --- waking ---

    @Test
    public void anIncompletePlanIsTriedAgainEverMoreSeldomAndWakesNobodyWhileItCannotBe() {
        String id = lanes.request(1, "zoe");
        for (int minutes : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            lanes.planned(id, 1, new Plan.Problem("orders-prod/eu-west-1/api", "access denied"));
            assertEquals(lanes.now.plus(Duration.ofMinutes(minutes)), wake().orElseThrow());
            lanes.pass(Duration.ofMinutes(minutes).minus(SECOND));
            assertEquals(State.WAITING, lanes.state(id));
            lanes.pass(SECOND);
            assertEquals(State.PLANNING, lanes.state(id));
        }
        lanes.planned(id, 1, new Plan.Problem("orders-prod/eu-west-1/api", "access denied"));
        lanes.placed = false;
        lanes.pass(Duration.ofHours(1));
        assertTrue(
                "its time is over, and no policy to plan by",
                wake().map(lanes.now::isBefore).orElse(true));
    }

    @Test
    public void whileAWaveIsPausedOrRunsNoClockRingsOverAndOver() {
        String id = approved(1);
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.DONE);
        lanes.verified(id, null);
        assertEquals(lanes.now.plus(lanes.placement.pause()), wake().orElseThrow());
        pause(true);
        lanes.pass(lanes.placement.pause());
        assertEquals("somebody must resume it", Optional.empty(), wake());
        pause(false);
        lanes.pass(SECOND);
        assertEquals("an answer comes", 1, LaneMachine.outstanding(lanes.lane).size());
        assertEquals(Optional.empty(), wake());
    }

    @Test
    public void whatSaysNothingChangesNothing() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        lanes.approve(id, ALICE);
        for (Fact nothing : List.of(
                new Fact.Reconsidered("time"),
                new Fact.Approved(id, ALICE, digest(1), null),
                new Fact.Requested(release(1), lanes.by("zoe")))) {
            Transition t = LaneMachine.advance(lanes.lane, nothing, lanes.around(), lanes.now);
            assertTrue(nothing.toString(), t.isNothing());
            assertEquals(lanes.lane, t.lane());
        }
        Transition refused = LaneMachine.advance(
                lanes.lane, new Fact.Approved(id, CAROL, digest(9), null), lanes.around(), lanes.now);
        assertFalse("a refusal is recorded", refused.isNothing());
        assertEquals(lanes.lane, refused.lane());
    }
}
