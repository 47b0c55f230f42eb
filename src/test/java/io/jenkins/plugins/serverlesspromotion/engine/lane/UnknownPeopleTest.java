package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ERIN;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.ReleaseFacts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Request;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** A person behind a promotion who could not be established keeps it closed until another person states who it is. */
public class UnknownPeopleTest {
    private static final String UNKNOWN = "cannot establish who asked";
    private final Lanes lanes = new Lanes();

    private Request build(int number, Boolean unknown, String... people) {
        return new Request(
                "job:orders/main#" + number,
                Set.of(people),
                lanes.now,
                null,
                null,
                "key-" + number,
                unknown,
                null,
                null,
                null);
    }

    private String waiting(Request... requests) {
        for (Request request : requests) {
            assertNull(lanes.take(new Fact.Requested(release(1), request)));
        }
        lanes.work();
        return lanes.only().id();
    }

    private String state(String id, Person person, String... people) {
        return lanes.take(new Fact.RequestersStated(id, person, Set.of(people), "asked in the chat"));
    }

    private void closed(String id) {
        assertTrue(lanes.approve(id, ALICE), lanes.approve(id, ALICE).startsWith(UNKNOWN));
        assertTrue(lanes.gate(id, "approval").sentence().startsWith(UNKNOWN));
        assertEquals("no approval is recorded", List.of(), lanes.get(id).approvals());
        assertTrue(
                "the surfaces ask the same",
                Gates.whyNot(ALICE, lanes.get(id), lanes.around(), lanes.now)
                        .orElseThrow()
                        .startsWith(UNKNOWN));
    }

    @Test
    public void anotherRequesterDoesNotHideAnUnknownOne() {
        String id = waiting(build(1, true), lanes.by("zoe"));
        closed(id);
    }

    @Test
    public void anUnknownRequesterBesideKnownOnesOfTheSameBuildIsNotHidden() {
        String id = waiting(build(1, true, "zoe"));
        closed(id);
        assertEquals(
                "the known one counts as a requester",
                Set.of("zoe"),
                lanes.get(id).requesters());
    }

    @Test
    public void aRequestOfAnOlderRecordWithoutPeopleIsUnknown() {
        closed(waiting(new Request("job:a#1", Set.of(), lanes.now, null, null, "k"), lanes.by("zoe")));
    }

    @Test
    public void anUnknownPublisherIsNotHiddenByARequester() {
        lanes.releaseFacts = new ReleaseFacts(
                "main", null, Set.of(), List.of(), List.of(), List.of("job:orders/main#7", "unknown"), List.of());
        closed(waiting(lanes.by("zoe")));
    }

    @Test
    public void aBuildOfATimerBesideAPersonIsNoUnknownRequester() {
        String id = waiting(build(1, false), lanes.by("zoe"));
        assertNull(lanes.approve(id, ALICE));
    }

    @Test
    public void withoutAnyPersonAtAllAPersonMustStateIt() {
        String id = waiting(build(1, false));
        closed(id);
        assertNull(state(id, BOB));
        assertNull(lanes.approve(id, ALICE));
    }

    @Test
    public void anUnknownRequesterWhoJoinsClosesTheGateAgain() {
        String id = waiting(lanes.by("zoe"));
        assertNull(lanes.approve(id, BOB));
        lanes.take(new Fact.Requested(release(1), build(1, true)));
        assertTrue(lanes.approve(id, CAROL).startsWith(UNKNOWN));
        assertEquals(State.WAITING, lanes.state(id));
    }

    @Test
    public void whoStatesItDoesNotCountAndWhoWasNamedIsARequester() {
        String id = waiting(build(1, true));
        assertNull(state(id, BOB, "carol"));
        assertEquals("you stated who asked for this, so you cannot approve it", lanes.approve(id, BOB));
        assertEquals("you asked for this, so you cannot approve it", lanes.approve(id, CAROL));
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, Lanes.person("dora", "team-orders")));
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertTrue(lanes.events.stream()
                .anyMatch(e -> e.type() == Event.Type.REQUESTERS_STATED
                        && e.actor().equals("user:bob")
                        && e.text().equals("stated that carol requested it: asked in the chat")));
    }

    @Test
    public void anApprovalGivenBeforeTheStatementOfTheSamePersonCountsNoMore() {
        String id = waiting(lanes.by("zoe"));
        assertNull(lanes.approve(id, BOB));
        lanes.take(new Fact.Requested(release(1), build(1, true)));
        assertNull(state(id, BOB));
        assertNull(lanes.approve(id, CAROL));
        assertEquals("bob's does not count", State.WAITING, lanes.state(id));
        assertNull(lanes.approve(id, ALICE));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void onlyAPersonOfTheGatesRoleWhoDidNotAskStatesItAndOnlyWhereItIsUnknown() {
        String id = waiting(build(1, true, "bob"));
        assertEquals("you asked for this, so you cannot state who requested it", state(id, BOB));
        assertTrue(state(id, ERIN).startsWith("you are in none of the roles"));
        assertEquals(
                "give a reason: how do you know", lanes.take(new Fact.RequestersStated(id, ALICE, Set.of("zoe"), " ")));
        assertEquals(List.of(), lanes.get(id).requestersStated());
        assertNull(state(id, ALICE, "zoe"));
        assertEquals("the requesters of this are known", state(id, CAROL, "zoe"));
    }

    @Test
    public void aStatementDoesNotCoverALaterUnknownRequestOrPublisher() {
        String id = waiting(build(1, true));
        assertNull(state(id, BOB));
        assertFalse(Gates.needsRequesters(lanes.get(id), lanes.around(), lanes.now));
        lanes.now = lanes.now.plusSeconds(1);
        lanes.take(new Fact.Requested(release(1), build(2, true)));
        closed(id);
        assertNull(state(id, BOB.id().equals("bob") ? CAROL : BOB));
        lanes.releaseFacts = new ReleaseFacts(
                "main", null, Set.of(), List.of(), List.of(), List.of("job:orders/main#9", "unknown"), List.of());
        closed(id);
    }

    /** A request is made at one moment and taken at another: the order in which they are taken decides. */
    @Test
    public void aRequestThatWasOnItsWayDuringAStatementIsNotCovered() {
        String id = waiting(build(1, true));
        Request late = build(2, true);
        lanes.now = lanes.now.plusSeconds(1);
        assertNull(state(id, BOB));
        lanes.take(new Fact.Requested(release(1), late));
        closed(id);
    }

    /** A build that resumes after a restart of Jenkins asks again with the key of its step. */
    @Test
    public void theSameStepOfTheSameBuildStaysCovered() {
        String id = waiting(build(1, true, "zoe"));
        assertNull(state(id, BOB));
        lanes.take(new Fact.Requested(release(1), build(1, true, "zoe")));
        assertFalse(Gates.needsRequesters(lanes.get(id), lanes.around(), lanes.now));
        lanes.take(new Fact.Requested(release(1), build(1, true, "zoe", "erin")));
        closed(id);
    }

    @Test
    public void anotherPromotionIsNotCovered() {
        String first = waiting(build(1, true));
        assertNull(state(first, BOB));
        lanes.take(new Fact.Requested(release(2), build(1, true)));
        lanes.work();
        assertTrue(lanes.approve(lanes.last().id(), ALICE).startsWith(UNKNOWN));
    }

    @Test
    public void noOneOverridesWhileItIsUnknown() {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                lanes.environment.gates(),
                null,
                false,
                Policy.Arrival.ON_REQUEST,
                new Policy.BreakGlass(
                        List.of(new Gate.Requirement("on-call", 1)), Duration.ofHours(1), null, "on-call"),
                List.of());
        String id = waiting(build(1, true), lanes.by("zoe"));
        String digest = lanes.get(id).plan().digest();
        assertTrue(lanes.take(new Fact.Overridden(id, ERIN, digest, "outage", "INC1"))
                .startsWith(UNKNOWN));
        assertEquals(List.of(), lanes.get(id).overrides());
        assertNull("a person who may override may state it", state(id, ERIN));
        assertEquals(
                "you stated who asked for this, so you cannot override its gates",
                lanes.take(new Fact.Overridden(id, ERIN, digest, "outage", "INC1")));
    }

    private void breakGlass() {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                lanes.environment.gates(),
                null,
                false,
                Policy.Arrival.ON_REQUEST,
                new Policy.BreakGlass(
                        List.of(new Gate.Requirement("on-call", 1)), Duration.ofHours(1), null, "on-call"),
                List.of());
        roles("on-call", "erin", "emil");
    }

    private void roles(String role, String... users) {
        var roles = new HashMap<>(lanes.roles);
        roles.put(role, new Policy.Role(role, Set.of(users), Set.of()));
        lanes.roles = roles;
    }

    private boolean unknown(String id) {
        return Gates.needsRequesters(lanes.get(id), lanes.around(), lanes.now);
    }

    @Test
    public void aStatementOfAPersonWhoMayOnlyOverrideCountsForOverridesOnly() {
        breakGlass();
        String id = waiting(build(1, true), lanes.by("zoe"));
        String digest = lanes.get(id).plan().digest();
        assertNull(state(id, ERIN));
        closed(id);
        assertTrue(
                lanes.gate(id, "approval").sentence(),
                lanes.gate(id, "approval")
                        .sentence()
                        .endsWith("; what erin stated does not count: erin is in none of the roles that decide here"));
        assertEquals("you are in none of the roles that decide here: release-managers, serviceOwner", state(id, EMIL));
        assertNull("for the override it is known", lanes.take(new Fact.Overridden(id, EMIL, digest, "outage", "INC1")));
        assertEquals(List.of("emil"), people(id));
    }

    @Test
    public void aStatementOfAPersonWhoMayApproveCountsForOverridesToo() {
        breakGlass();
        String id = waiting(build(1, true), lanes.by("zoe"));
        assertNull(state(id, ERIN));
        assertNull(state(id, BOB));
        assertFalse(unknown(id));
        assertNull(lanes.approve(id, ALICE));
        String digest = lanes.get(id).plan().digest();
        assertNull(lanes.take(new Fact.Overridden(id, EMIL, digest, "outage", "INC1")));
    }

    private List<String> people(String id) {
        return lanes.get(id).overrides().stream().map(o -> o.person().id()).toList();
    }

    // --- statements are judged whenever a gate is evaluated ---

    private static final Person EMIL = Lanes.person("emil");
    private static final Person DORA = Lanes.person("dora", "team-orders");

    @Test
    public void aStatementOfAPersonWhoAsksAfterwardsDoesNotCount() {
        String id = waiting(build(1, true));
        assertNull(state(id, BOB));
        assertNull(lanes.take(new Fact.Requested(release(1), lanes.by("bob"))));
        assertTrue(unknown(id));
        closed(id);
        assertTrue(
                lanes.gate(id, "approval").sentence(),
                lanes.gate(id, "approval").sentence().endsWith("; what bob stated does not count: bob is a requester"));
        assertNull("another person states it instead", state(id, DORA));
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, CAROL));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void aStatementOfAPersonWhomALaterOneNamesDoesNotCount() {
        String id = waiting(build(1, true));
        assertNull(state(id, BOB));
        assertNull(lanes.take(new Fact.Requested(release(1), build(2, true))));
        assertNull(state(id, CAROL, "bob"));
        assertTrue("no statement that counts is about build 1", unknown(id));
        assertNull(state(id, DORA));
        assertFalse("those of build 2 are known by carol's", unknown(id));
    }

    @Test
    public void aStatementOfAPersonWhoLeftTheRoleDoesNotCount() {
        String id = waiting(build(1, true));
        assertNull(state(id, BOB));
        roles("release-managers", "alice");
        lanes.policyDigest = Lanes.digest(901);
        lanes.take(new Fact.Reconsidered("policy applied"));
        lanes.work();
        closed(id);
        roles("release-managers", "alice", "bob");
        lanes.policyDigest = Lanes.digest(902);
        lanes.take(new Fact.Reconsidered("policy applied"));
        lanes.work();
        assertNull("it counts again with its person", lanes.approve(id, ALICE));
    }

    @Test
    public void aStatementOfAPersonWhoChangedTheRulesDoesNotCount() {
        String id = waiting(build(1, true));
        assertNull(state(id, BOB));
        lanes.changes = List.of(new RulesChange("prod", null, "user:bob", lanes.now));
        closed(id);
        assertTrue(lanes.gate(id, "approval").sentence().endsWith("does not count: bob changed the rules"));
    }

    /** Of a promotion for which no person is known to have asked, a statement that does not count says nothing. */
    @Test
    public void whomAStatementNamesThatDoesNotCountIsExcludedAndMakesNothingKnown() {
        String id = waiting(build(1, false));
        assertNull(state(id, BOB, "carol"));
        assertFalse(unknown(id));
        roles("release-managers", "alice");
        assertTrue(unknown(id));
        assertNull(state(id, DORA));
        assertEquals("you asked for this, so you cannot approve it", lanes.approve(id, CAROL));
    }

    @Test
    public void aStatementAboutABuildDoesNotStandInForOneAboutAPublisher() {
        lanes.releaseFacts = new ReleaseFacts(
                "main", null, Set.of(), List.of(), List.of(), List.of("job:orders/main#7", "unknown"), List.of());
        String id = waiting(lanes.by("zoe"));
        assertNull(state(id, BOB));
        lanes.take(new Fact.Requested(release(1), build(2, true)));
        assertNull(state(id, CAROL));
        assertFalse(unknown(id));
        lanes.take(new Fact.Requested(release(1), lanes.by("bob")));
        assertTrue(unknown(id));
    }

    @Test
    public void nobodyStatesOrAttestsWhatTheyDidThemselves() {
        blockUnmapped();
        lanes.people = new Policy.People(Map.of("alice", Set.of("alice@acme.net")), Set.of());
        incomplete("orders@1.0.0");
        String id = waiting(build(1, true));
        assertEquals("you requested this yourself, so another person must state it", state(id, ALICE, "Alice"));
        assertEquals(
                "you wrote part of this yourself, so another person must attest it",
                attest(id, ALICE, "orders@1.0.0", "alice@acme.net"));
        assertEquals(List.of(), lanes.get(id).requestersStated());
        assertEquals(List.of(), lanes.get(id).authorsAttested());
    }

    // --- names in statements ---

    /** A later policy without the alias does not make the address another person's. */
    @Test
    public void aRequesterWhoIsStatedByAnAddressIsTheUserWhomThePolicyGivesForIt() {
        lanes.people = new Policy.People(Map.of("alice", Set.of("alice@acme.net")), Set.of());
        String id = waiting(build(1, true));
        assertNull(state(id, BOB, "Alice@acme.net"));
        assertEquals("you asked for this, so you cannot approve it", lanes.approve(id, ALICE));
        assertEquals(Set.of("Alice@acme.net", "alice"), lanes.get(id).requesters());
        lanes.people = null;
        assertEquals("you asked for this, so you cannot approve it", lanes.approve(id, ALICE));
    }

    @Test
    public void anAliasThatIsAddedAfterTheStatementCounts() {
        String id = waiting(build(1, true));
        assertNull(state(id, BOB, "alice@acme.net"));
        lanes.people = new Policy.People(Map.of(), Set.of("acme.net"));
        assertEquals("you asked for this, so you cannot approve it", lanes.approve(id, ALICE));
    }

    // --- authors ---

    private void blockUnmapped() {
        var rule = (Gate.Approval) lanes.environment.gates().get(0);
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                List.of(new Gate.Approval(
                        rule.require(), true, Duration.ofHours(24), Gate.Authors.BLOCK_UNMAPPED, null)),
                null);
    }

    private void incomplete(String... releases) {
        lanes.releaseFacts = new ReleaseFacts(
                "main",
                null,
                Set.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author("bob", "b@x")),
                List.of(releases));
    }

    private String attest(String id, Person person, String release, String... people) {
        return lanes.take(new Fact.AuthorsAttested(id, person, release, Set.of(people), "read the commits"));
    }

    @Test
    public void oneReleaseWithoutAllItsAuthorsClosesTheGateWhateverTheOthersHave() {
        blockUnmapped();
        incomplete("orders@1.0.0");
        String id = waiting(lanes.by("zoe"));
        String why = lanes.approve(id, ALICE);
        assertTrue(why, why.startsWith("cannot establish who wrote orders@1.0.0: "));
        assertEquals(List.of(), lanes.get(id).approvals());
    }

    @Test
    public void whoAttestsDoesNotCountAndWhoWasNamedIsAnAuthor() {
        blockUnmapped();
        incomplete("orders@1.0.0", "orders@1.1.0");
        lanes.people = new Policy.People(Map.of("carol", Set.of(), "zoe", Set.of()), Set.of());
        String id = waiting(lanes.by("zoe"));
        Person dora = Lanes.person("dora", "team-orders");
        assertNull(attest(id, dora, "orders@1.0.0", "Carol"));
        assertEquals(List.of("orders@1.1.0"), Gates.needsAuthors(lanes.get(id), lanes.around(), lanes.now));
        assertNull(attest(id, Lanes.person("emil", "team-orders"), "orders@1.1.0", "zoe"));
        assertEquals(GateStatus.WROTE + ", so you cannot approve it", lanes.approve(id, CAROL));
        assertEquals("you attested who wrote part of this, so you cannot approve it", lanes.approve(id, dora));
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, Lanes.person("finn", "team-orders")));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void onlyForAReleaseThatNeedsItAndWithNames() {
        blockUnmapped();
        incomplete("orders@1.0.0");
        String id = waiting(lanes.by("zoe"));
        assertTrue(attest(id, ALICE, "orders@0.9.0", "zoe").startsWith("it is known who wrote orders@0.9.0"));
        assertEquals("name the people who wrote orders@1.0.0", attest(id, ALICE, "orders@1.0.0"));
        assertEquals(GateStatus.WROTE + ", so you cannot attest who wrote it", attest(id, BOB, "orders@1.0.0", "zoe"));
        assertEquals(List.of(), lanes.get(id).authorsAttested());
    }

    @Test
    public void anAttestationOfAPersonWhoLeftTheRoleDoesNotCount() {
        blockUnmapped();
        incomplete("orders@1.1.0");
        String id = waiting(lanes.by("zoe"));
        assertNull(attest(id, DORA, "orders@1.1.0", "erin"));
        assertNull(lanes.approve(id, ALICE));
        roles("serviceOwner", "carol");
        assertEquals(List.of("orders@1.1.0"), Gates.needsAuthors(lanes.get(id), lanes.around(), lanes.now));
        assertTrue(
                lanes.gate(id, "approval").sentence(),
                lanes.gate(id, "approval")
                        .sentence()
                        .endsWith("; what dora attested does not count: dora is in none of the roles that decide"
                                + " here"));
    }

    @Test
    public void anAttestationOfAPersonWhomALaterOneNamesDoesNotCount() {
        blockUnmapped();
        lanes.people = new Policy.People(Map.of("dora", Set.of("dora@acme.net")), Set.of());
        incomplete("orders@1.0.0", "orders@1.1.0");
        String id = waiting(lanes.by("zoe"));
        assertNull(attest(id, DORA, "orders@1.0.0", "erin"));
        assertNull(attest(id, CAROL, "orders@1.1.0", "dora@acme.net"));
        assertEquals(List.of("orders@1.0.0"), Gates.needsAuthors(lanes.get(id), lanes.around(), lanes.now));
        assertTrue(lanes.gate(id, "approval").sentence().endsWith("does not count: dora wrote part of it"));
        assertNull(attest(id, ALICE, "orders@1.0.0", "erin"));
        assertEquals(List.of(), Gates.needsAuthors(lanes.get(id), lanes.around(), lanes.now));
    }

    @Test
    public void anAttestationOfAPersonWhoAsksAfterwardsDoesNotCount() {
        blockUnmapped();
        incomplete("orders@1.1.0");
        String id = waiting(lanes.by("zoe"));
        assertNull(attest(id, DORA, "orders@1.1.0", "erin"));
        lanes.take(new Fact.Requested(release(1), lanes.by("dora")));
        assertEquals(List.of("orders@1.1.0"), Gates.needsAuthors(lanes.get(id), lanes.around(), lanes.now));
    }

    /** Those who read commits see mail addresses. */
    @Test
    public void anAuthorWhoIsAttestedByAMailAddressIsAnAuthor() {
        blockUnmapped();
        lanes.people = new Policy.People(Map.of("alice", Set.of("alice@acme.net")), Set.of("acme.org"));
        incomplete("orders@1.1.0");
        String id = waiting(lanes.by("zoe"));
        assertNull(attest(id, DORA, "orders@1.1.0", "alice@acme.net", "Carol@acme.org"));
        assertEquals(GateStatus.WROTE + ", so you cannot approve it", lanes.approve(id, ALICE));
        assertEquals(GateStatus.WROTE + ", so you cannot approve it", lanes.approve(id, CAROL));
        assertNull("it is known who they are", lanes.approve(id, Lanes.person("finn", "team-orders")));
    }

    /** As an author of a change log who is not mapped keeps the gate closed. */
    @Test
    public void anAuthorOfWhomPolicyDoesNotSayWhoTheyAreCannotBeAttested() {
        blockUnmapped();
        incomplete("orders@1.1.0");
        String id = waiting(lanes.by("zoe"));
        String why = attest(id, DORA, "orders@1.1.0", "alice", "alcie");
        assertTrue(why, why.startsWith("cannot establish who alcie is: name users of roles or of 'aliases'"));
        assertEquals(List.of(), lanes.get(id).authorsAttested());
        assertEquals(List.of("orders@1.1.0"), Gates.needsAuthors(lanes.get(id), lanes.around(), lanes.now));
    }

    @Test
    public void anAttestedAuthorOfWhomTheNextPolicyDoesNotSayWhoTheyAreKeepsTheGateClosed() {
        blockUnmapped();
        lanes.people = new Policy.People(Map.of("yan", Set.of()), Set.of());
        incomplete("orders@1.1.0");
        String id = waiting(lanes.by("zoe"));
        assertNull(attest(id, DORA, "orders@1.1.0", "yan"));
        assertTrue(lanes.gate(id, "approval").sentence().startsWith("waiting for"));
        lanes.people = null;
        assertEquals(
                "cannot establish who yan is, who wrote part of it; name them under 'aliases' of the policy",
                lanes.gate(id, "approval").sentence());
    }

    // --- requests that are taken back ---

    /** A step of a build is repeated, as by {@code retry}; then a person aborts the build. */
    @Test
    public void aBuildThatIsAbortedTakesBackAllThatItsStepsAskedFor() {
        for (String aborted : List.of("first try", "second try")) {
            String id = waiting(step("first try", "bob"), step("second try", "bob"));
            assertNull(lanes.take(new Fact.Withdrawn(id, aborted, "user:bob", "job:orders/main#1 was aborted")));
            assertEquals(State.ABORTED, lanes.state(id));
        }
    }

    @Test
    public void aBuildThatIsAbortedTakesBackNothingOfAnotherBuildOfTheSameJob() {
        String id = waiting(step("first try", "bob"), step("second try", "bob"), build(2, null, "bob"));
        assertEquals("others also requested it", lanes.take(new Fact.Withdrawn(id, "second try", "user:bob", null)));
        assertEquals(
                List.of("job:orders/main#2"),
                lanes.get(id).requests().stream()
                        .filter(r -> r.withdrawn() == null)
                        .map(Request::by)
                        .toList());
    }

    private Request step(String key, String person) {
        return new Request("job:orders/main#1", Set.of(person), lanes.now, null, null, key);
    }

    @Test
    public void whenEveryBuildThatAskedIsAbortedThePromotionEnds() {
        String id = waiting(build(1, null, "bob"), build(2, null, "zoe"));
        assertEquals("others also requested it", lanes.take(new Fact.Withdrawn(id, "key-1", "user:bob", null)));
        assertEquals(State.WAITING, lanes.state(id));
        assertEquals(
                "its people remain requesters",
                Set.of("bob", "zoe"),
                lanes.get(id).requesters());
        assertEquals("once", "others also requested it", lanes.take(new Fact.Withdrawn(id, "key-1", "user:bob", null)));
        assertNull(lanes.take(new Fact.Withdrawn(id, "key-2", "user:zoe", null)));
        assertEquals(State.ABORTED, lanes.state(id));
    }

    @Test
    public void aBuildThatAsksAgainAfterItTookItsRequestBackCountsAgain() {
        String id = waiting(build(1, null, "bob"), build(2, null, "zoe"));
        lanes.take(new Fact.Withdrawn(id, "key-1", "user:bob", null));
        assertNull(lanes.take(new Fact.Requested(release(1), build(1, null, "bob"))));
        assertEquals("others also requested it", lanes.take(new Fact.Withdrawn(id, "key-2", "user:zoe", null)));
        assertEquals(State.WAITING, lanes.state(id));
    }
}
