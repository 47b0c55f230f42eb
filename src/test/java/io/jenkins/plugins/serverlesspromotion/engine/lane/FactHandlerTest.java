package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ERIN;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.EU;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.PROD;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.digest;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event.Type;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Request;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Test;

/** What comes into a lane from requests and from the accounts: what is said of each, what joins, what comes too late. */
public class FactHandlerTest {
    private static final String FIRST = "orders.prod.1";

    private final Lanes lanes = new Lanes();

    private static Event state(String id, String text) {
        return new Event(Type.STATE, id, null, text);
    }

    private String waiting(int number) {
        String id = lanes.request(number, "zoe");
        lanes.work();
        assertEquals(State.WAITING, lanes.state(id));
        return id;
    }

    private String deploying(int number) {
        String id = waiting(number);
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.DEPLOYING, lanes.state(id));
        return id;
    }

    private Fact.RollbackRequested rollback(String version) {
        return new Fact.RollbackRequested(version, lanes.by("erin"));
    }

    // --- requests ---

    @Test
    public void aRequestIsSaidInTheNameOfWhoeverAsks() {
        assertEquals(
                List.of(
                        new Event(Type.REQUESTED, FIRST, "user:zoe", "requested orders@1.1.0 in prod"),
                        state(FIRST, "PLANNING")),
                lanes.said(new Fact.Requested(release(1), lanes.by("zoe"))));
        assertEquals(
                "whoever asks for the same asks for no second one",
                List.of(new Event(Type.JOINED, FIRST, "user:bob", "requested the same promotion")),
                lanes.said(new Fact.Requested(release(1), lanes.by("bob"))));
    }

    @Test
    public void aReleaseOfAnotherServiceDoesNotComeIn() {
        lanes.refused(
                new Fact.Requested(new ReleaseRef("payments", "2.0", digest(1), 1), lanes.by("zoe")),
                null,
                "user:zoe",
                "promotion",
                "payments@2.0 is not a release of orders");
    }

    /** Whoever asked is told apart by all of this: one who is missing could approve what they asked for themselves. */
    @Test
    public void askingAgainJoinsWhereAnythingAboutItIsNewAndReplacesTheBuildsOwnRequest() {
        var first = new Request("job:a#1", Set.of("zoe"), lanes.now, null, "CHG1", "k1");
        lanes.take(new Fact.Requested(release(1), first));
        for (Request same : List.of(
                first,
                new Request("job:a#1", Set.of("zoe"), lanes.now.plusSeconds(9), "again", "CHG1", "k1"),
                new Request("job:a#1", Set.of("zoe"), lanes.now, null, null, "k1"))) {
            assertEquals(same.toString(), List.of(), lanes.said(new Fact.Requested(release(1), same)));
        }
        assertEquals(List.of(first), lanes.only().requests());
        for (Request other : List.of(
                new Request("job:b#1", Set.of("zoe"), lanes.now, null, "CHG1", "k1"),
                new Request("job:a#1", Set.of("zoe", "yan"), lanes.now, null, "CHG1", "k1"),
                new Request("job:a#1", Set.of("zoe"), lanes.now, null, "CHG1", "k2"),
                new Request("job:a#1", Set.of("zoe", "yan"), lanes.now, null, "CHG2", "k1"))) {
            assertEquals(
                    List.of(new Event(Type.JOINED, FIRST, other.by(), "requested the same promotion")),
                    lanes.said(new Fact.Requested(release(1), other)));
            assertEquals(
                    other, lanes.only().requests().get(lanes.only().requests().size() - 1));
        }
        assertEquals(3, lanes.only().requests().size());
        lanes.take(new Fact.Requested(release(1), first));
        assertEquals("no person is dropped", Set.of("zoe", "yan"), lanes.only().requesters());
    }

    @Test
    public void whoeverAsksAsItExpiresAsksAnew() {
        waiting(1);
        lanes.now = lanes.now.plus(Duration.ofHours(24));
        lanes.take(new Fact.Requested(release(1), lanes.by("zoe")));
        assertEquals(State.EXPIRED, lanes.state(FIRST));
        assertEquals("orders.prod.2", lanes.only().id());
    }

    @Test
    public void anApprovalThatIsVoidKeepsNobodyFromBeingSuperseded() {
        lanes.environment = new Policy.Environment("prod", null, lanes.environment.gates(), null, true);
        String older = waiting(1);
        lanes.approve(older, ALICE);
        lanes.take(new Fact.ApprovalWithdrawn(older, ALICE, null));
        lanes.request(2, "zoe");
        assertEquals(State.SUPERSEDED, lanes.state(older));
        assertEquals("1.2.0 was requested", lanes.get(older).why());
    }

    // --- rollbacks ---

    @Test
    public void aRollbackIsSaidAndAskedForOnceForEachRelease() {
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.deploy(3);
        String back = "orders.prod.4";
        assertEquals(
                List.of(
                        new Event(Type.REQUESTED, back, "user:erin", "requested the return to orders@1.1.0 in prod"),
                        state(back, "PLANNING")),
                lanes.said(rollback("1.1.0")));
        assertNull(lanes.take(new Fact.RollbackRequested("1.1.0", lanes.by("bob"))));
        assertEquals(Set.of("bob", "erin"), lanes.get(back).requesters());
        assertEquals(Kind.ROLLBACK, lanes.only().kind());
        assertNull("the last good one is another", lanes.take(rollback(null)));
        assertEquals(release(2), lanes.last().release());
        lanes.request(2, "zoe");
        assertEquals(
                "to go forward to it is another thing",
                Kind.FORWARD,
                lanes.last().kind());
        assertEquals(3, lanes.lane.promotions().size());
    }

    @Test
    public void aRollbackDoesNotJoinOneThatGoesForwardToTheSameReleaseOrExpiresJustNow() {
        lanes.deploy(1);
        lanes.deploy(2);
        String forward = waiting(1);
        lanes.take(rollback(null));
        String back = lanes.last().id();
        assertEquals("refused, since it is older", State.WAITING, lanes.state(forward));
        assertEquals(Kind.ROLLBACK, lanes.get(back).kind());
        lanes.planned(back, 1);
        lanes.now = lanes.now.plus(Duration.ofHours(24));
        lanes.take(rollback(null));
        assertEquals(State.EXPIRED, lanes.state(back));
        assertEquals("orders.prod.5", lanes.only().id());
    }

    @Test
    public void whereARollbackCannotReturnToItSaysWhereItCan() {
        lanes.refused(
                rollback(null),
                null,
                "user:erin",
                "rollback",
                "there is no earlier good release of orders in prod to return to");
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.deploy(3);
        lanes.refused(
                rollback("1.3.0"),
                null,
                "user:erin",
                "rollback",
                "1.3.0 is none of the releases that can be returned to: 1.1.0, 1.2.0");
    }

    // --- plans ---

    private static Plan.TargetPlan target(String name, List<Plan.Change> changes, List<Plan.Finding> findings) {
        return new Plan.TargetPlan(
                EU,
                name,
                "cloudformation",
                0,
                List.of(),
                new Plan.Content(Plan.Exactness.EXACT, name, null, null, Map.of(), Map.of(), changes, findings),
                Map.of());
    }

    @Test
    public void aPlanIsSaidInNumbersAndAnIncompleteOneByWhatIsMissing() {
        var change = new Plan.Change("Api", "AWS::Lambda::Function", Plan.Action.ADD, Plan.Replacement.NO, List.of());
        var finding = new Plan.Finding("iamBroadening", "Role", "may now do anything");
        var targets = List.of(
                target("edge", List.of(change), List.of(finding, finding)),
                target("api", List.of(change, change), List.of()));
        String id = lanes.request(1, "zoe");
        assertEquals(
                List.of(
                        new Event(Type.PLANNED, id, null, "2 targets, 3 changes, 2 findings, plan " + digest(5)),
                        state(id, "WAITING")),
                lanes.said(new Fact.Planned(id, 1, new Plan(digest(5), targets, List.of()))));
        assertEquals(
                List.of(state(id, "PLANNING: a new plan was requested by alice")),
                lanes.said(new Fact.ReplanRequested(id, ALICE)));
        var missing = List.of(new Plan.Problem("orders-prod/eu-west-1/api", "access denied"));
        assertEquals(
                List.of(new Event(Type.PLANNED, id, null, "incomplete plan: access denied"), state(id, "WAITING")),
                lanes.said(new Fact.Planned(id, 2, new Plan(digest(6), targets, missing))));
    }

    @Test
    public void onlyOneOfAKindIsSaidInTheSingular() {
        var change = new Plan.Change("Api", "AWS::Lambda::Function", Plan.Action.ADD, Plan.Replacement.NO, List.of());
        var targets = List.of(target("api", List.of(change), List.of()));
        String id = lanes.request(1, "zoe");
        assertEquals(
                List.of(
                        new Event(Type.PLANNED, id, null, "1 target, 1 change, 0 findings, plan " + digest(5)),
                        state(id, "WAITING")),
                lanes.said(new Fact.Planned(id, 1, new Plan(digest(5), targets, List.of()))));
    }

    @Test
    public void aPlanThatComesTooLateIsPassedOver() {
        String id = lanes.request(1, "zoe");
        var failure = new Fact.Failure(Fact.FailureKind.FAILED, "no such account");
        assertEquals(List.of(), lanes.said(new Fact.PlanningEnded(id, 7, failure)));
        assertEquals(List.of(), lanes.said(new Fact.Planned(id, 7, Lanes.plan(1))));
        lanes.planned(id, 1);
        assertEquals(List.of(), lanes.said(new Fact.PlanningEnded(id, 1, failure)));
        assertEquals(List.of(), lanes.said(new Fact.Planned(id, 1, Lanes.plan(2))));
        assertEquals(digest(1), lanes.get(id).plan().digest());
    }

    @Test
    public void onlyWhatWaitsIsPlannedAgainAndNotWhileSomethingIsDeployed() {
        String why = "only a promotion that waits can be planned again";
        lanes.refused(new Fact.ReplanRequested("orders.prod.9", ALICE), null, "user:alice", "new plan", why);
        String first = lanes.request(1, "zoe");
        lanes.refused(new Fact.ReplanRequested(first, ALICE), first, "user:alice", "new plan", why);
        lanes.planned(first, 1);
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        lanes.approve(first, ALICE);
        lanes.approve(first, CAROL);
        assertEquals(State.QUEUED, lanes.state(first));
        assertNull("what is queued waits too", lanes.take(new Fact.ReplanRequested(first, ALICE)));
        assertEquals(2, lanes.get(first).planning().number());
        lanes.planned(first, 1);
        String second = waiting(2);
        lanes.pause = null;
        lanes.pass(Duration.ofSeconds(1));
        assertEquals(State.DEPLOYING, lanes.state(first));
        lanes.refused(new Fact.ReplanRequested(first, ALICE), first, "user:alice", "new plan", why);
        lanes.refused(
                new Fact.ReplanRequested(second, ALICE),
                second,
                "user:alice",
                "new plan",
                "something is being deployed here; it is planned again after that");
    }

    // --- abort and taking back ---

    @Test
    public void anAbortIsSaidAndEndsOnlyWhatIsNotDeployed() {
        String id = waiting(1);
        assertEquals(
                List.of(
                        new Event(Type.ABORT_REQUESTED, id, "user:bob", "aborted by user:bob: wrong version"),
                        state(id, "ABORTED: aborted by user:bob: wrong version")),
                lanes.said(new Fact.AbortRequested(id, "user:bob", "wrong version")));
        String next = deploying(2);
        assertEquals(
                List.of(new Event(Type.ABORT_REQUESTED, next, "user:bob", "aborted by user:bob")),
                lanes.said(new Fact.AbortRequested(next, "user:bob", null)));
        assertEquals("aborted by user:bob", lanes.get(next).deployment().abort());
    }

    @Test
    public void whatIsOverOrGoesBackAlreadyIsNotAborted() {
        lanes.refused(
                new Fact.AbortRequested("orders.prod.9", "user:bob", null), null, "user:bob", "abort", "it is over");
        lanes.deploy(1);
        String id = deploying(2);
        lanes.step(id, lanes.key(EU, "edge"), Status.FAILED);
        assertEquals(State.ROLLING_BACK, lanes.state(id));
        lanes.refused(
                new Fact.AbortRequested(id, "user:bob", null),
                id,
                "user:bob",
                "abort",
                "it is being rolled back already");
    }

    @Test
    public void aBuildThatTakesItsRequestBackIsSaid() {
        for (String reason : new String[] {null, "stopped"}) {
            lanes.take(new Fact.Requested(release(1), lanes.by("bob", "build-1")));
            String id = lanes.only().id();
            String why = "withdrawn by user:bob" + (reason == null ? "" : ": stopped");
            assertEquals(
                    List.of(new Event(Type.ABORT_REQUESTED, id, "user:bob", why), state(id, "ABORTED: " + why)),
                    lanes.said(new Fact.Withdrawn(id, "build-1", "user:bob", reason)));
            assertEquals("it is over", lanes.take(new Fact.Withdrawn(id, "build-1", "user:bob", reason)));
        }
        lanes.take(new Fact.Requested(release(1), lanes.by("bob", "build-1")));
        String id = lanes.only().id();
        lanes.work();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals("it is DEPLOYING already", lanes.take(new Fact.Withdrawn(id, "build-1", "user:bob", "stopped")));
    }

    // --- results ---

    private static CheckResult check(String what) {
        return new CheckResult(what, EU.toString(), true, 1, 84, "200", null);
    }

    /** The evidence of an approval's outcome: a check that is not kept cannot be shown to anybody afterwards. */
    @Test
    public void everyCheckIsKeptWithTheMomentAtWhichItWasKnown() {
        String id = deploying(1);
        lanes.take(new Fact.StepEnded(
                id,
                1,
                lanes.key(EU, "edge"),
                new Fact.StepResult(Status.DONE, Map.of(), "shifted", List.of(), List.of(check("alarm")))));
        var stepped = new Deployment.Checked(lanes.now, check("alarm"));
        assertEquals(List.of(stepped), lanes.get(id).deployment().checks());
        lanes.step(id, lanes.key(EU, "api"), Status.DONE);
        lanes.now = lanes.now.plusSeconds(9);
        List<Event> said = lanes.said(
                new Fact.Verified(id, 1, 0, List.of("smoke: 200", "home: 200"), null, List.of(check("smoke"))));
        assertEquals(
                List.of(
                        new Event(Type.VERIFIED, id, null, "wave 1 of 2: smoke: 200; home: 200"),
                        state(id, "DEPLOYING: wave 1 has succeeded")),
                said);
        assertEquals(
                List.of(stepped, new Deployment.Checked(lanes.now, check("smoke"))),
                lanes.get(id).deployment().checks());
    }

    @Test
    public void anAnswerAboutAnotherWaveIsPassedOver() {
        String id = deploying(1);
        lanes.step(id, lanes.key(EU, "edge"), Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.DONE);
        var failure = new Fact.Failure(Fact.FailureKind.FAILED, "smoke: 500");
        assertEquals(List.of(), lanes.said(new Fact.Verified(id, 1, 1, List.of(), failure)));
        assertEquals(List.of(), lanes.said(new Fact.Verified(id, 2, 0, List.of(), failure)));
        assertEquals(State.VERIFYING, lanes.state(id));
        assertEquals(
                new Event(Type.VERIFIED, id, null, "wave 1 of 2: smoke: 500"),
                lanes.said(new Fact.Verified(id, 1, 0, List.of(), failure)).get(0));
    }

    @Test
    public void eachStepBackIsSaidAsItEnds() {
        lanes.deploy(1);
        String id = deploying(2);
        String edge = lanes.key(EU, "edge");
        lanes.step(id, edge, Status.DONE);
        lanes.step(id, lanes.key(EU, "api"), Status.FAILED);
        String api = lanes.key(EU, "api");
        var back = new Fact.Undone(id, 1, api, "is back", List.of("request-1"), null);
        assertEquals(
                new Event(Type.STEP, id, null, api + " UNDONE: is back"),
                lanes.said(back).get(0));
        assertEquals(
                List.of("request-1"), lanes.get(id).deployment().steps().get(1).requests());
        assertEquals("once", List.of(), lanes.said(back));
        var stuck = new Fact.Undone(
                id, 1, edge, null, List.of(), new Fact.Failure(Fact.FailureKind.FAILED, "the stack is stuck"));
        assertEquals(
                new Event(Type.STEP, id, null, edge + " UNDO_FAILED: the stack is stuck"),
                lanes.said(stuck).get(0));
    }

    // --- hold ---

    @Test
    public void aHoldIsReleasedOnceAndInTheNameOfWhoeverDoesIt() {
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.take(rollback(null));
        lanes.work();
        lanes.approve(lanes.last().id(), ERIN);
        lanes.work();
        lanes.pass(lanes.placement.pause());
        lanes.work();
        assertEquals(
                List.of(new Event(Type.HOLD_RELEASED, null, "user:alice", "fixed in 1.3")),
                lanes.said(new Fact.HoldReleased(ALICE, "fixed in 1.3")));
        assertNull(lanes.lane.hold());
        lanes.refused(
                new Fact.HoldReleased(ALICE, "again"),
                null,
                "user:alice",
                "release of the hold",
                "there is no hold on " + PROD);
    }

    /** Kinds that this version does not set, as a later version may have recorded them. */
    @Test
    public void aHoldOfAnotherKindKeepsPromotionsWaitingUntilItEnds() {
        lanes.deploy(1);
        Lane l = lanes.lane;
        Instant until = lanes.now.plus(Duration.ofHours(1));
        var reserved = new LaneHold(LaneHold.Kind.RESERVED, "user:olga", lanes.now, until, "load test");
        lanes.lane = new Lane(
                l.id(),
                l.live(),
                l.good(),
                List.of(reserved),
                l.promotions(),
                l.counted(),
                l.changes(),
                l.reviews(),
                l.owns());
        lanes.request(2, "bob");
        lanes.work();
        String id = lanes.last().id();
        GateStatus gate = Gates.of(lanes.lane, lanes.get(id), lanes.around(), lanes.now).stream()
                .filter(g -> g.kind() == GateStatus.Kind.HOLD)
                .findFirst()
                .orElseThrow();
        assertEquals("on hold by user:olga (load test)", gate.sentence());
        assertEquals(until, gate.until());
        lanes.refused(
                new Fact.HoldReleased(ALICE, "not mine"),
                null,
                "user:alice",
                "release of the hold",
                "the hold on " + PROD + " is not that of a rollback; a newer version of this program set it and can"
                        + " release it");
        assertEquals(List.of(reserved), lanes.lane.holds());
        lanes.pass(Duration.ofHours(1));
        assertEquals(
                List.of(),
                Gates.of(lanes.lane, lanes.get(id), lanes.around(), lanes.now).stream()
                        .filter(g -> g.kind() == GateStatus.Kind.HOLD)
                        .toList());
    }

    @Test
    public void theGateOpensWhenTheLastOfSeveralHoldsEnds() {
        lanes.deploy(1);
        lanes.request(2, "bob");
        lanes.work();
        Instant soon = lanes.now.plus(Duration.ofHours(1));
        Instant later = soon.plus(Duration.ofHours(1));
        assertEquals(later, holdUntil(soon, later));
        assertEquals(later, holdUntil(later, soon));
        assertNull("one of them has no end", holdUntil(soon, null));
        assertNull("one of them has no end", holdUntil(null, soon));
    }

    private Instant holdUntil(Instant... ends) {
        Lane l = lanes.lane;
        List<LaneHold> holds = Stream.of(ends)
                .map(end -> new LaneHold(LaneHold.Kind.SET, "set:7", lanes.now, end, "together"))
                .toList();
        lanes.lane = new Lane(
                l.id(), l.live(), l.good(), holds, l.promotions(), l.counted(), l.changes(), l.reviews(), l.owns());
        return Gates.of(lanes.lane, lanes.last(), lanes.around(), lanes.now).stream()
                .filter(g -> g.kind() == GateStatus.Kind.HOLD)
                .findFirst()
                .orElseThrow()
                .until();
    }

    @Test
    public void aBuildThatStopsAsItsPromotionExpiresChangesNothingMore() {
        lanes.take(new Fact.Requested(release(1), lanes.by("bob", "build-1")));
        lanes.work();
        lanes.now = lanes.now.plus(Duration.ofHours(24));
        String why = "not decided and deployed by 2026-11-22T12:00:00Z";
        assertEquals(
                "it is over: EXPIRED (" + why + ")",
                lanes.take(new Fact.Withdrawn(FIRST, "build-1", "user:bob", "stopped")));
        assertEquals(State.EXPIRED, lanes.state(FIRST));
        assertEquals(state(FIRST, "EXPIRED: " + why), lanes.events.get(lanes.events.size() - 1));
    }

    @Test
    public void anAnswerOfTheAccountsIsNeverRefused() {
        String id = lanes.request(1, "zoe");
        var failure = new Fact.Failure(Fact.FailureKind.FAILED, "no such account");
        for (Fact answer : List.of(
                new Fact.Planned(id, 7, Lanes.plan(1)),
                new Fact.Planned(id, 1, Lanes.plan(1)),
                new Fact.PlanningEnded(id, 1, failure),
                new Fact.StepEnded(
                        id, 1, lanes.key(EU, "api"), new Fact.StepResult(Status.DONE, Map.of(), "late", List.of())),
                new Fact.Verified(id, 1, 0, List.of(), failure),
                new Fact.Undone(id, 1, lanes.key(EU, "api"), "late", List.of(), null),
                new Fact.MembershipRead(id, 1, new PromotionDecisions.Answer(Map.of(), Set.of(), null)),
                new Fact.Reconsidered("time"))) {
            assertNull(answer.toString(), lanes.take(answer));
        }
    }

    @Test
    public void whatIsTakenIsNotRefused() {
        lanes.deploy(1);
        lanes.deploy(2);
        assertNull(lanes.take(rollback(null)));
        lanes.planned(lanes.last().id(), 1);
        assertNull(lanes.take(new Fact.ReplanRequested(lanes.last().id(), ALICE)));
        lanes.planned(lanes.last().id(), 1);
        assertNull(lanes.approve(lanes.last().id(), ERIN));
        lanes.work();
        lanes.pass(lanes.placement.pause());
        lanes.work();
        assertNull(lanes.take(new Fact.HoldReleased(ALICE, "fixed")));
    }
}
