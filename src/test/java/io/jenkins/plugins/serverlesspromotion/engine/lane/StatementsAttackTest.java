package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Request;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Known;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** A statement about people is worth what its person is: no requester, no author, and in the gate's role. */
public class StatementsAttackTest {
    private final Lanes lanes = new Lanes();

    private Request build(int number, Boolean unknown, String key, String... people) {
        return new Request(
                "job:orders/main#" + number, Set.of(people), lanes.now, null, null, key, unknown, null, null, null);
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

    private String attest(String id, Person person, String release, String... people) {
        return lanes.take(new Fact.AuthorsAttested(id, person, release, Set.of(people), "read the commits"));
    }

    private void authorsMatter(Known known) {
        var rule = (Gate.Approval) lanes.environment.gates().get(0);
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                List.of(new Gate.Approval(
                        rule.require(), true, Duration.ofHours(24), Gate.Authors.BLOCK_UNMAPPED, null)),
                null);
        lanes.known = known;
    }

    private static Known incomplete(String... releases) {
        return new Known("main", null, Set.of(), List.of(), List.of(), List.of(), List.of(), List.of(releases));
    }

    /** Bob says that no person asked, and then turns out to be one who asks. */
    @Test
    public void aStatementOfAPersonWhoAsksAfterwardsDoesNotHold() {
        String id = waiting(build(1, true, "key-1"));
        assertNull(state(id, BOB));
        assertNull(lanes.take(new Fact.Requested(release(1), lanes.by("bob"))));
        assertTrue(
                "a requester's word about who asked", Gates.needsRequesters(lanes.get(id), lanes.around(), lanes.now));
    }

    /** A second statement names the person who made the first one. */
    @Test
    public void aStatementOfAPersonWhoIsNamedAsRequesterDoesNotHold() {
        String id = waiting(build(1, true, "key-1"));
        assertNull(state(id, BOB));
        assertNull(lanes.take(new Fact.Requested(release(1), build(2, true, "key-2"))));
        assertNull(state(id, CAROL, "bob"));
        assertTrue(
                "nobody who counts has said who is behind build 1",
                Gates.needsRequesters(lanes.get(id), lanes.around(), lanes.now));
    }

    /** The policy takes bob out of the role: his approval would be void, and so must be his statement. */
    @Test
    public void aStatementOfAPersonWhoLeftTheRoleDoesNotHold() {
        String id = waiting(build(1, true, "key-1"));
        assertNull(state(id, BOB));
        var roles = new HashMap<>(lanes.roles);
        roles.put("release-managers", new Policy.Role("release-managers", Set.of("alice"), Set.of()));
        lanes.roles = roles;
        lanes.policyDigest = Lanes.digest(901);
        lanes.take(new Fact.Reconsidered("policy applied"));
        lanes.work();
        String alice = lanes.approve(id, ALICE);
        String carol = lanes.approve(id, CAROL);
        assertNotNull("approved by " + alice + carol + ", it is " + lanes.state(id), alice);
    }

    /** The same for authors. */
    @Test
    public void anAttestationOfAPersonWhoLeftTheRoleDoesNotHold() {
        authorsMatter(incomplete("orders@1.1.0"));
        String id = waiting(lanes.by("zoe"));
        assertNull(attest(id, BOB, "orders@1.1.0", "zoe"));
        var roles = new HashMap<>(lanes.roles);
        roles.put("release-managers", new Policy.Role("release-managers", Set.of("alice"), Set.of()));
        lanes.roles = roles;
        lanes.policyDigest = Lanes.digest(901);
        lanes.take(new Fact.Reconsidered("policy applied"));
        assertEquals(List.of("orders@1.1.0"), Gates.needsAuthors(lanes.get(id), lanes.around(), lanes.now));
    }

    /** Whoever reads commits sees mail addresses: the policy says that this one is alice's. */
    @Test
    public void anAuthorWhoIsAttestedByTheirMailAddressIsAnAuthor() {
        lanes.people = new Policy.People(Map.of("alice", Set.of("alice@acme.net")), Set.of());
        authorsMatter(incomplete("orders@1.1.0"));
        String id = waiting(lanes.by("zoe"));
        assertNull(attest(id, BOB, "orders@1.1.0", "alice@acme.net"));
        assertEquals("alice wrote all of it", GateStatus.WROTE, lanes.approve(id, ALICE));
    }

    /** An id that is nobody's hides whoever wrote it, as an author of a change log who is not mapped would not. */
    @Test
    public void anAttestedAuthorWhoIsNobodyKnownKeepsTheGateClosed() {
        authorsMatter(incomplete("orders@1.1.0"));
        String id = waiting(lanes.by("zoe"));
        attest(id, BOB, "orders@1.1.0", "alcie");
        lanes.approve(id, ALICE);
        lanes.approve(id, CAROL);
        assertEquals(
                "a change log that names alcie closes it",
                State.WAITING,
                sameWith(new Author("alcie", "alcie@acme.net")));
        assertEquals(State.WAITING, lanes.state(id));
    }

    /** What becomes of it where the change log has that author instead of an attestation. */
    private static State sameWith(Author author) {
        var other = new StatementsAttackTest();
        other.authorsMatter(
                new Known("main", null, Set.of(), List.of(), List.of(), List.of(), List.of(author), List.of()));
        String id = other.waiting(other.lanes.by("zoe"));
        other.lanes.approve(id, ALICE);
        other.lanes.approve(id, CAROL);
        return other.lanes.state(id);
    }

    /** The step of a build was repeated after a timeout; then a person aborts the build, the only one that asked. */
    @Test
    public void aBuildThatIsAbortedTakesBackAllThatItsStepsAskedFor() {
        String id = waiting(build(1, false, "first try", "bob"), build(1, false, "second try", "bob"));
        String why = lanes.take(new Fact.Withdrawn(id, "second try", "user:bob", "job:orders/main#1 was aborted"));
        assertEquals("the only build that asked was aborted: " + why, State.ABORTED, lanes.state(id));
    }

    /** Somebody in the groups of a large directory: none of them but one means anything to the policy. */
    @Test
    public void aPersonInManyGroupsCanApprove() {
        var groups = new HashSet<String>(Set.of("team-orders"));
        for (int i = 0; i < 900; i++) {
            groups.add("cn=application-access-group-number-" + String.format("%05d", i) + ",ou=groups,dc=acme");
        }
        String id = waiting(lanes.by("zoe"));
        assertNull(lanes.take(new Fact.Approved(
                id,
                new Person("alice", groups, Person.SELF_DECLARED),
                lanes.get(id).plan().digest(),
                null)));
        assertNull(lanes.take(new Fact.Approved(
                id,
                new Person("dora", groups, Person.SELF_DECLARED),
                lanes.get(id).plan().digest(),
                null)));
    }

    /** What the directory answers is part of every later record of the lane. */
    @Test
    public void whatTheDirectoryAnswersHasALimit() {
        lanes.directory = true;
        String id = waiting(lanes.by("zoe"));
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, CAROL));
        var groups = new HashSet<String>(Set.of("team-orders"));
        for (int i = 0; i < 20_000; i++) {
            groups.add("cn=application-access-group-number-" + String.format("%05d", i) + ",ou=groups,dc=acme");
        }
        lanes.take(new Fact.MembershipRead(
                id,
                lanes.get(id).membership().number(),
                new Promotion.Answer(Map.of("alice", groups, "carol", groups), Set.of(), null)));
        int bytes = LaneLimits.bytes(lanes.lane);
        assertTrue("the lane has " + bytes / 1024 + " KB", bytes < 4 * LaneLimits.BYTES);
    }

    /** One person who may ask and roll back has asked for all there is room for. */
    @Test
    public void aLaneThatOnePersonFilledDoesNotPreventARollbackOfAnother() {
        lanes.deploy(1);
        lanes.deploy(2);
        lanes.deploy(3);
        for (int number = 4; number < 4 + LaneLimits.OPEN; number++) {
            assertNull(lanes.take(new Fact.Requested(release(number), lanes.by("zoe"))));
        }
        assertNull(lanes.take(new Fact.RollbackRequested("1.1.0", lanes.by("zoe"))));
        assertNull(lanes.take(new Fact.RollbackRequested("1.2.0", lanes.by("erin"))));
    }
}
