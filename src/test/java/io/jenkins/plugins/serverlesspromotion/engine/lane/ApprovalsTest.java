package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ERIN;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.ReleaseFacts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Authors;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Comment;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** Whose word counts, whose does not, and until when it can be taken back. */
public class ApprovalsTest {
    private final Lanes lanes = new Lanes();

    private void rule(Authors authors, Comment comment) {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                List.of(new Gate.Approval(
                        List.of(new Gate.Requirement("release-managers", 1), new Gate.Requirement("serviceOwner", 1)),
                        true,
                        Duration.ofHours(24),
                        authors,
                        comment)),
                new Gate.Requirement("on-call", 1));
    }

    private void authors(Author... authors) {
        incomplete(authors.length == 0 ? List.of("orders@1.1.0", "orders@1.2.0") : List.of(), authors);
    }

    /** @param releases whose authors may not all be recorded */
    private void incomplete(List<String> releases, Author... authors) {
        lanes.releaseFacts = new ReleaseFacts(
                "main", null, Set.of(), List.of(), List.of(), List.of("job:orders/main#7"), List.of(authors), releases);
    }

    private String waiting() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        return id;
    }

    private static Author author(String name, String mail) {
        return new Author(name, mail);
    }

    // --- authors ---

    @Test
    public void whoeverWroteItIsRecognisedByIdAddressDomainAndAlias() {
        rule(Authors.IGNORE_UNMAPPED, null);
        lanes.people = new Policy.People(Map.of("alice", Set.of("Ali L", "ali@home.net")), Set.of("acme.net"));
        String id = waiting();
        for (Author author : List.of(
                author("alice", "x@y.net"),
                author("ALICE ", "x@y.net"),
                author("x", "alice"),
                author("x", "alice@acme.net"),
                author("x", "Alice@ACME.net"),
                author("x", "ali@home.net"),
                author("ali l", "x@y.net"))) {
            authors(author, author("Somebody else", "else@y.net"));
            assertEquals(
                    author.toString(), "you wrote part of this, so you cannot approve it", lanes.approve(id, ALICE));
            assertTrue(Gates.excludedAsAuthor(ALICE, lanes.get(id), lanes.around(), lanes.now));
            assertFalse(Gates.excludedAsAuthor(CAROL, lanes.get(id), lanes.around(), lanes.now));
        }
        for (Author author : List.of(
                author("Alice L", "x@y.net"),
                author("x", "alice@acme.net.evil.org"),
                author("x", "alice@sub.acme.net"),
                author(null, null))) {
            authors(author);
            assertEquals(
                    author.toString(),
                    GateResult.PENDING,
                    lanes.gate(id, "approval").result());
            assertTrue(
                    author.toString(),
                    Gates.whyNot(ALICE, lanes.get(id), lanes.around(), lanes.now)
                            .isEmpty());
        }
    }

    @Test
    public void theApprovalOfSomebodyWhoTurnsOutToBeAnAuthorCountsNoMore() {
        rule(Authors.BLOCK_UNMAPPED, null);
        authors(author("bob", "bob@acme.net"));
        String id = waiting();
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, CAROL));
        assertEquals(State.QUEUED, lanes.state(id));
        authors(author("bob", "bob@acme.net"), author("alice", "a@b.net"));
        lanes.pass(Duration.ofMinutes(1));
        assertEquals(State.WAITING, lanes.state(id));
        assertTrue(
                lanes.gate(id, "approval").sentence(),
                lanes.gate(id, "approval").sentence().endsWith("no one else can give it"));
    }

    @Test
    public void anAuthorWhomNobodyKnowsKeepsTheGateClosedWhereThePolicySaysSo() {
        rule(Authors.BLOCK_UNMAPPED, null);
        authors(author("bob", "x"), author("Mallory", "m@evil.org"));
        String id = waiting();
        String why = "cannot establish who Mallory <m@evil.org> is, who wrote part of it; name them under 'aliases' of"
                + " the policy";
        assertEquals("no approval is recorded meanwhile", why, lanes.approve(id, ALICE));
        assertEquals(List.of(), lanes.get(id).approvals());
        assertEquals(why, lanes.gate(id, "approval").sentence());
        lanes.people = new Policy.People(Map.of("mallory", Set.of("m@evil.org")), Set.of());
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void somebodyOfARoleIsKnownByNameOrAddressAndAnAddressWithoutANameIsNobodys() {
        rule(Authors.BLOCK_UNMAPPED, null);
        lanes.people = new Policy.People(Map.of(), Set.of("acme.net"));
        String id = waiting();
        for (Author known : List.of(author("Bob", "x@y.net"), author("x", "BOB"), author("x", "yan@acme.net"))) {
            authors(known);
            assertTrue(known.toString(), lanes.gate(id, "approval").sentence().startsWith("waiting for"));
        }
        for (Author stranger : List.of(author("x", "@acme.net"), author("x", "acme.net"), author("x", "y@x.net"))) {
            authors(stranger);
            assertTrue(
                    stranger.toString(),
                    lanes.gate(id, "approval").sentence().startsWith("cannot establish who x <" + stranger.email()));
        }
    }

    @Test
    public void manyStrangersAreCountedNotListed() {
        rule(Authors.BLOCK_UNMAPPED, null);
        authors(author("a", "a"), author("b", "b"), author("c", "c"), author("d", "d"), author("e", "e"));
        assertTrue(lanes.gate(waiting(), "approval")
                .sentence()
                .startsWith("cannot establish who a <a>, b <b>, c <c> and 2 more are, who wrote"));
    }

    @Test
    public void upToThreeStrangersAreNamed() {
        rule(Authors.BLOCK_UNMAPPED, null);
        String rest = ", who wrote part of it; name them under 'aliases' of the policy";
        Author a = author("a", "a");
        Author b = author("b", "b");
        Author c = author("c", "c");
        String id = waiting();
        authors(a);
        assertEquals(
                "cannot establish who a <a> is" + rest,
                lanes.gate(id, "approval").sentence());
        authors(a, b, c);
        assertEquals(
                "cannot establish who a <a>, b <b>, c <c> are" + rest,
                lanes.gate(id, "approval").sentence());
        authors(a, b, c, author("d", "d"));
        assertEquals(
                "cannot establish who a <a>, b <b>, c <c> and 1 more are" + rest,
                lanes.gate(id, "approval").sentence());
    }

    @Test
    public void withoutAnyAuthorOnRecordNobodyIsKnownNotToBeOne() {
        rule(Authors.BLOCK_UNMAPPED, null);
        authors();
        String id = waiting();
        assertTrue(lanes.approve(id, ALICE).contains("not all authors were recorded"));
        assertEquals(State.WAITING, lanes.state(id));
        rule(Authors.IGNORE_UNMAPPED, null);
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void authorsMayApproveWhereThePolicySaysNothingAboutThem() {
        rule(null, null);
        authors(author("alice", "alice"));
        assertNull(lanes.approve(waiting(), ALICE));
    }

    // --- publishers ---

    @Test
    public void whoeverPublishedItAskedForIt() {
        lanes.releaseFacts = new ReleaseFacts(
                "main", null, Set.of(), List.of(), List.of(), List.of("job:orders/main#7", "user:alice"), List.of());
        String id = waiting();
        assertEquals("you asked for this, so you cannot approve it", lanes.approve(id, ALICE));
        assertNull("a job of that name is nobody", lanes.approve(id, BOB));
        assertFalse(lanes.gate(id, "approval").sentence().contains("alice"));
    }

    @Test
    public void aJobIsNobodyWhateverItsNameEndsIn() {
        lanes.releaseFacts = new ReleaseFacts(
                "main", null, Set.of(), List.of(), List.of(), List.of("job:abob", "key:abob"), List.of());
        assertNull(lanes.approve(waiting(), BOB));
    }

    // --- what the gate says, and who can still help ---

    private List<RoleProgress> roles(String id) {
        return Gates.roles(lanes.get(id), lanes.around(), lanes.now);
    }

    private List<PromotionDecisions.Approval> given(String id, String... users) {
        return lanes.get(id).standing().stream()
                .filter(a -> List.of(users).contains(a.person().id()))
                .toList();
    }

    @Test
    public void theGateSaysWhoIsMissingAndWhoCanGiveIt() {
        rule(null, null);
        String id = waiting();
        assertEquals(
                "waiting for 1 of 1 release-managers and 1 of 1 serviceOwner — alice, bob, members of team-orders can"
                        + " give it",
                lanes.gate(id, "approval").sentence());
        assertEquals(
                List.of("release-managers", "serviceOwner"),
                lanes.gate(id, "approval").helpers());
        assertEquals(
                List.of(
                        new RoleProgress("release-managers", 1, List.of(), List.of("alice", "bob"), List.of()),
                        new RoleProgress("serviceOwner", 1, List.of(), List.of(), List.of("team-orders"))),
                roles(id));
        lanes.approve(id, BOB);
        assertEquals(
                "waiting for 1 of 1 serviceOwner; approved by bob — members of team-orders can give it",
                lanes.gate(id, "approval").sentence());
        assertEquals(List.of("serviceOwner"), lanes.gate(id, "approval").helpers());
        assertEquals(
                List.of(
                        new RoleProgress("release-managers", 1, given(id, "bob"), List.of(), List.of()),
                        new RoleProgress("serviceOwner", 1, List.of(), List.of(), List.of("team-orders"))),
                roles(id));
    }

    @Test
    public void whoeverAskedOrHasSaidSoIsNotAmongThoseWhoCanStillHelp() {
        lanes.roles = Map.of(
                "release-managers",
                new Policy.Role("release-managers", Set.of("alice", "bob", "zoe", "yan"), Set.of()),
                "serviceOwner",
                new Policy.Role("serviceOwner", Set.of(), Set.of("team-orders", "a-team")));
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                List.of(new Gate.Approval(
                        List.of(new Gate.Requirement("release-managers", 3), new Gate.Requirement("serviceOwner", 1)),
                        true,
                        Duration.ofHours(24))),
                null);
        changed(null, "user:yan");
        String id = waiting();
        lanes.approve(id, ALICE);
        assertEquals(
                List.of(
                        new RoleProgress("release-managers", 3, given(id, "alice"), List.of("bob"), List.of()),
                        new RoleProgress("serviceOwner", 1, List.of(), List.of(), List.of("a-team", "team-orders"))),
                roles(id));
        assertEquals(
                "waiting for 2 of 3 release-managers and 1 of 1 serviceOwner; approved by alice — bob, members of"
                        + " a-team, members of team-orders can give it",
                lanes.gate(id, "approval").sentence());
    }

    @Test
    public void whoeverApprovedFirstIsCountedWhenMoreThanEnoughDid() {
        String id = waiting();
        lanes.approve(id, ALICE);
        lanes.pass(Duration.ofMinutes(1));
        lanes.approve(id, BOB);
        assertEquals(given(id, "alice"), roles(id).get(0).given());
        assertTrue(roles(id).get(0).complete());
        assertFalse(roles(id).get(1).complete());
    }

    @Test
    public void aRoleThatPolicyHasLostIsMissedAndNobodyIsNamed() {
        lanes.roles = Map.of("release-managers", lanes.roles.get("release-managers"));
        String id = waiting();
        lanes.approve(id, ALICE);
        assertEquals(
                "waiting for 1 of 1 serviceOwner; approved by alice — no one else can give it",
                lanes.gate(id, "approval").sentence());
        assertEquals(
                new RoleProgress("serviceOwner", 1, List.of(), List.of(), List.of()),
                roles(id).get(1));
    }

    @Test
    public void whileNobodyCanBeToldApartNobodyIsCalled() {
        rule(Authors.BLOCK_UNMAPPED, null);
        authors();
        String id = waiting();
        assertEquals(List.of(), roles(id));
        lanes.take(new Fact.Requested(
                Lanes.release(2),
                new PromotionDecisions.Request("job:orders/main#1", Set.of(), lanes.now, null, null, null)));
        lanes.work();
        assertEquals(
                "cannot establish who asked, so nobody can be told apart from them",
                lanes.gate(lanes.last().id(), "approval").sentence());
        assertEquals(List.of(), roles(lanes.last().id()));
    }

    @Test
    public void whereNothingNeedsApprovalNobodyIsCalledAndAClickIsRefused() {
        lanes.gates(false, new Gate.Ticket("CHG[0-9]+"));
        String id = waiting();
        assertEquals(List.of(), roles(id));
        assertEquals("no approval is needed here", lanes.approve(id, ALICE));
    }

    @Test
    public void aRollbackByHandWithoutARuleOfItsOwnAsksTheApproversAndMayBeDecidedByWhoeverAsked() {
        lanes.gates(false);
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.environment = new Policy.Environment("prod", null, lanes.environment.gates(), null);
        lanes.gates(true);
        lanes.take(new Fact.RollbackRequested(null, lanes.by("alice")));
        String back = lanes.last().id();
        lanes.work();
        assertEquals(
                List.of("release-managers", "serviceOwner"),
                lanes.gate(back, "approval").helpers());
        assertNull("who asked may decide", lanes.approve(back, ALICE));
        assertNull(lanes.approve(back, CAROL));
        assertEquals(State.DEPLOYING, lanes.state(back));
    }

    // --- whoever changed the rules ---

    private void changed(String service, String by) {
        lanes.changes = List.of(new RulesChange("prod", service, by, lanes.now));
    }

    @Test
    public void whoeverChangedTheRulesDoesNotCountForADay() {
        for (String by : List.of("alice", "user:alice")) {
            changed(null, by);
            String id = waiting();
            String why = lanes.approve(id, ALICE);
            assertTrue(
                    why, why.startsWith("you changed the rules of prod, so you do not count here before Sun 2026-11-"));
            assertNull(lanes.approve(id, BOB));
            lanes.take(new Fact.AbortRequested(id, "user:bob", null));
        }
        Instant changedAt = lanes.now;
        lanes.now = changedAt.plus(Duration.ofHours(23));
        String id = waiting();
        lanes.now = changedAt.plus(RulesChange.EXCLUDES).minusNanos(1);
        assertNotNull(lanes.approve(id, ALICE));
        lanes.now = changedAt.minus(Duration.ofDays(3));
        assertNotNull("a clock that went back changes nothing", lanes.approve(id, ALICE));
        lanes.now = changedAt.plus(RulesChange.EXCLUDES);
        assertNull(lanes.approve(id, ALICE));
    }

    @Test
    public void itHoldsForRollbacksTooAndForNobodyElse() {
        lanes.gates(false);
        lanes.deploy(1);
        lanes.deploy(2);
        changed(null, "user:erin");
        lanes.take(new Fact.RollbackRequested(null, lanes.by("erin")));
        String back = lanes.last().id();
        lanes.work();
        assertNotNull(lanes.approve(back, ERIN));
        changed(null, "user:erina");
        assertNull(lanes.approve(back, ERIN));
    }

    // --- comment ---

    @Test
    public void whereACommentIsAskedForASilentApprovalIsRefused() {
        rule(null, Comment.REQUIRED);
        String id = waiting();
        String digest = lanes.get(id).plan().digest();
        for (String silent : new String[] {null, "", "  "}) {
            assertTrue(lanes.take(new Fact.Approved(id, ALICE, digest, silent)).contains("needs a comment"));
        }
        assertNull(lanes.take(new Fact.Approved(id, ALICE, digest, "tested")));
        rule(null, Comment.OPTIONAL);
        assertNull(lanes.take(new Fact.Approved(id, CAROL, digest, null)));
    }

    // --- withdrawal ---

    private String withdraw(String id, io.jenkins.plugins.serverlesspromotion.engine.policy.Person person) {
        return lanes.take(new Fact.ApprovalWithdrawn(id, person, "load test is red"));
    }

    @Test
    public void anApprovalCanBeTakenBackUntilTheDeploymentBegins() {
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        String id = waiting();
        assertEquals("you have given no approval that stands", withdraw(id, ALICE));
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(State.QUEUED, lanes.state(id));
        assertNull(withdraw(id, ALICE));
        assertEquals(State.WAITING, lanes.state(id));
        assertEquals(1, lanes.get(id).standing().size());
        assertEquals(
                "withdrawn: load test is red", lanes.get(id).approvals().get(0).voided());
        assertEquals("once", "you have given no approval that stands", withdraw(id, ALICE));
        lanes.pause = null;
        assertNull("and given again", lanes.approve(id, ALICE));
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals("it is DEPLOYING already; abort it instead", withdraw(id, CAROL));
        lanes.take(new Fact.AbortRequested(id, "user:bob", null));
        lanes.work();
        assertTrue(withdraw(id, CAROL).startsWith("it is over"));
    }

    @Test
    public void aWithdrawalIsSaidInTheNameOfWhoeverWithdraws() {
        String id = waiting();
        lanes.approve(id, ALICE);
        withdraw(id, ALICE);
        Event last = lanes.events.get(lanes.events.size() - 1);
        assertEquals(
                new Event(Event.Type.APPROVAL_WITHDRAWN, id, "user:alice", "approval withdrawn: load test is red"),
                last);
    }
}
