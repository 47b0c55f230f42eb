package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.EU;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Event.Type;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.Test;

/** What people decide about a promotion: when it is too early or too late for it, and what is said of what is taken. */
public class DecisionHandlerTest {
    private final Lanes lanes = new Lanes();

    private String waiting() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        return id;
    }

    private void pause(boolean paused) {
        lanes.pause = paused ? new GateContext.Pause("everything", "user:dave", lanes.now, "incident") : null;
    }

    private Fact.Approved approval(String id, String comment) {
        return new Fact.Approved(id, BOB, lanes.get(id).plan().digest(), comment);
    }

    private void glass() {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                lanes.environment.gates(),
                null,
                false,
                null,
                new Policy.BreakGlass(
                        List.of(new Gate.Requirement("release-managers", 2)), Duration.ofHours(1), null, "on-call"));
    }

    /** Each with the word that stands in the audit log for it. */
    private static LinkedHashMap<String, Function<String, Fact>> decisions() {
        var decisions = new LinkedHashMap<String, Function<String, Fact>>();
        decisions.put("approval", id -> new Fact.Approved(id, BOB, Lanes.digest(1), null));
        decisions.put("withdrawal", id -> new Fact.ApprovalWithdrawn(id, BOB, null));
        decisions.put("override", id -> new Fact.Overridden(id, BOB, Lanes.digest(1), "down", "INC1"));
        decisions.put("rejection", id -> new Fact.Rejected(id, BOB, "no"));
        decisions.put("abort", id -> new Fact.AbortRequested(id, "user:bob", null));
        return decisions;
    }

    @Test
    public void whoeverComesAsItExpiresOrLaterIsToldThatItIsOver() {
        decisions().forEach((what, fact) -> {
            var fresh = new Lanes();
            String id = fresh.request(1, "zoe");
            fresh.planned(id, 1);
            fresh.now = fresh.now.plus(Duration.ofHours(24));
            String why = "not decided and deployed by 2026-11-22T12:00:00Z";
            String over = "it is over: EXPIRED (" + why + ")";
            assertEquals(
                    List.of(
                            new Event(Type.STATE, id, null, "EXPIRED: " + why),
                            new Event(Type.REFUSED, id, "user:bob", what + " refused: " + over)),
                    fresh.said(fact.apply(id)));
            assertEquals(State.EXPIRED, fresh.state(id));
            fresh.refused(fact.apply(id), null, "user:bob", what, "it is over");
        });
    }

    @Test
    public void whatIsBeingDeployedIsAbortedNotDecided() {
        glass();
        String id = waiting();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.DEPLOYING, lanes.state(id));
        var why = List.of(
                "nothing more is needed: it is DEPLOYING",
                "it is DEPLOYING already; abort it instead",
                "only the gates of a waiting promotion can be overridden; it is DEPLOYING",
                "it is DEPLOYING already; abort it instead");
        var decisions = decisions();
        decisions.remove("abort");
        var each = why.iterator();
        decisions.forEach((what, fact) -> lanes.refused(fact.apply(id), id, "user:bob", what, each.next()));
    }

    @Test
    public void outsideAnyPolicyNobodyLetsAnythingIn() {
        String id = waiting();
        lanes.placed = false;
        String why = "no valid policy places this service in this environment";
        lanes.refused(approval(id, null), id, "user:bob", "approval", why);
        lanes.refused(
                new Fact.Overridden(id, BOB, lanes.get(id).plan().digest(), "down", "INC1"),
                id,
                "user:bob",
                "override",
                why);
    }

    @Test
    public void anApprovalIsTakenOnlyWhileOneIsWanted() {
        String id = lanes.request(1, "zoe");
        lanes.refused(
                new Fact.Approved(id, BOB, Lanes.digest(1), null),
                id,
                "user:bob",
                "approval",
                "there is no plan to approve yet: it is PLANNING");
        lanes.planned(id, 1);
        pause(true);
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.QUEUED, lanes.state(id));
        lanes.refused(approval(id, null), id, "user:bob", "approval", "nothing more is needed: it is QUEUED");
    }

    @Test
    public void anApprovalIsSaidWithItsAssuranceAndItsComment() {
        String id = waiting();
        assertEquals(
                List.of(new Event(Type.APPROVED, id, "user:bob", "approved (self-declared): tested on staging")),
                lanes.said(approval(id, "tested on staging")));
        assertEquals("a second click says nothing new", List.of(), lanes.said(approval(id, "again")));
        lanes.take(new Fact.ApprovalWithdrawn(id, BOB, null));
        assertEquals(
                List.of(new Event(Type.APPROVED, id, "user:bob", "approved (self-declared)")),
                lanes.said(approval(id, null)));
        PromotionDecisions.Approval given = lanes.get(id).standing().get(0);
        assertEquals(
                "bound to all that was looked at",
                new PromotionDecisions.Approval(
                        BOB, lanes.now, null, Lanes.digest(1), Lanes.digest(1), lanes.policyDigest, null),
                given);
    }

    @Test
    public void aWithdrawalNeedsNoReason() {
        String id = waiting();
        lanes.take(approval(id, null));
        assertEquals(
                List.of(new Event(Type.APPROVAL_WITHDRAWN, id, "user:bob", "approval withdrawn")),
                lanes.said(new Fact.ApprovalWithdrawn(id, BOB, null)));
        assertEquals("withdrawn", lanes.get(id).approvals().get(0).voided());
    }

    @Test
    public void aRejectionIsSaidInTheNameOfWhoeverRejectsAndOnlyByThoseWhoDecide() {
        String id = waiting();
        String why = "you are in none of the roles that decide here";
        lanes.refused(new Fact.Rejected(id, Lanes.ERIN, "no"), id, "user:erin", "rejection", why);
        lanes.placed = false;
        lanes.refused(new Fact.Rejected(id, BOB, "no"), id, "user:bob", "rejection", why);
        lanes.placed = true;
        assertEquals(
                List.of(
                        new Event(Type.REJECTED, id, "user:bob", "rejected: the load test is red"),
                        new Event(Type.STATE, id, null, "REJECTED: rejected by bob: the load test is red")),
                lanes.said(new Fact.Rejected(id, BOB, "the load test is red")));
    }

    @Test
    public void whatIsOverriddenIsSaidAloudWithWhatIsStillMissing() {
        glass();
        pause(true);
        String id = waiting();
        String digest = lanes.get(id).plan().digest();
        assertEquals(
                List.of(new Event(
                        Type.OVERRIDDEN,
                        id,
                        "user:alice",
                        "BREAK-GLASS (self-declared): checkout is down (INC42); more people must confirm it before"
                                + " Sat 2026-11-21 13:00 UTC")),
                lanes.said(new Fact.Overridden(id, ALICE, digest, " checkout is down ", " INC42 ")));
        assertEquals(
                new PromotionDecisions.Override(
                        ALICE, lanes.now, "checkout is down", "INC42", digest, lanes.policyDigest),
                lanes.get(id).overrides().get(0));
        assertEquals(
                List.of(
                        new Event(Type.OVERRIDDEN, id, "user:bob", "BREAK-GLASS (self-declared): same here (INC42)"),
                        new Event(Type.STATE, id, null, "QUEUED")),
                lanes.said(new Fact.Overridden(id, BOB, digest, "same here", "INC42")));
    }

    // --- membership ---

    private String queuedWithoutAnswer() {
        lanes.directory = true;
        String id = waiting();
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.QUEUED, lanes.state(id));
        assertEquals(1, lanes.get(id).membership().number());
        return id;
    }

    private static PromotionDecisions.Answer answer(String failure) {
        return new PromotionDecisions.Answer(Map.of(), Set.of(), failure);
    }

    @Test
    public void thatTheDirectoryIsAskedAndWhatItSaidIsSaid() {
        lanes.directory = true;
        String id = waiting();
        lanes.approve(id, ALICE);
        assertEquals(
                List.of(
                        new Event(Type.APPROVED, id, "user:carol", "approved (self-declared)"),
                        new Event(Type.STATE, id, null, "QUEUED"),
                        new Event(Type.MEMBERSHIP, id, null, "reads the groups of the people who decided again")),
                lanes.said(new Fact.Approved(id, CAROL, lanes.get(id).plan().digest(), null)));
        assertEquals("and asked once", List.of(), lanes.said(new Fact.Reconsidered("time")));
        assertEquals(
                new Event(
                        Type.MEMBERSHIP, id, null, "could not read the groups of the people who decided: LDAP is down"),
                lanes.said(new Fact.MembershipRead(id, 1, answer("LDAP is down")))
                        .get(0));
        assertEquals(
                "a second answer to the same question is none",
                List.of(),
                lanes.said(new Fact.MembershipRead(id, 1, answer(null))));
        lanes.pass(Duration.ofMinutes(1));
        assertEquals(
                new Event(Type.MEMBERSHIP, id, null, "read the groups of the people who decided"),
                lanes.said(new Fact.MembershipRead(id, 2, answer(null))).get(0));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void anAnswerOutsideAnyPolicyVoidsNothingAndIsAskedForAgain() {
        String id = queuedWithoutAnswer();
        lanes.placed = false;
        assertEquals(
                List.of(new Event(
                        Type.MEMBERSHIP,
                        id,
                        null,
                        "could not read the groups of the people who decided: there is no valid policy that names"
                                + " the groups")),
                lanes.said(new Fact.MembershipRead(
                        id, 1, new PromotionDecisions.Answer(Map.of(), Set.of("alice"), null))));
        assertEquals(2, lanes.get(id).standing().size());
        assertEquals(State.QUEUED, lanes.state(id));
    }

    @Test
    public void whatIsVoidAlreadyIsNothingToAskTheDirectoryAbout() {
        lanes.directory = true;
        pause(true);
        String id = waiting();
        lanes.approve(id, ALICE);
        lanes.take(new Fact.ApprovalWithdrawn(id, ALICE, null));
        pause(false);
        lanes.gates(false);
        lanes.take(new Fact.Reconsidered("nobody decides here any more"));
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertNull(lanes.get(id).membership());
        assertEquals(
                List.of(new Command.DeployStep(id, 1, lanes.key(EU, "edge"))), LaneMachine.outstanding(lanes.lane));
    }
}
