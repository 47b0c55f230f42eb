package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.ReleaseFacts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Request;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance.Author;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;

/** A user whose id policy gives to another user is that user, whatever they do: one person has one word. */
public class SamePersonTest {
    private static final Person ALICE = Lanes.person("alice", "managers");
    private static final Person ADMIN = Lanes.person("alice-admin", "managers");
    private static final Person MAIL = Lanes.person("alice@acme.net", "managers");

    private final Lanes lanes = new Lanes();

    @Before
    public void policy() {
        lanes.people = new Policy.People(Map.of("alice", Set.of("Alice-Admin")), Set.of("acme.net"));
        lanes.roles = Map.of(
                "managers", new Policy.Role("managers", Set.of("bob"), Set.of("managers")),
                "on-call", new Policy.Role("on-call", Set.of("erin"), Set.of("managers")));
        environment(2, null);
    }

    private void environment(int count, Gate.Authors authors) {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                List.of(new Gate.Approval(
                        List.of(new Gate.Requirement("managers", count)), true, Duration.ofHours(24), authors, null)),
                null,
                false,
                null,
                new Policy.BreakGlass(
                        List.of(new Gate.Requirement("managers", count)), Duration.ofHours(1), null, "on-call"));
    }

    private String asked(Request request) {
        assertNull(lanes.take(new Fact.Requested(release(1), request)));
        lanes.work();
        return lanes.only().id();
    }

    @Test
    public void aRequesterDoesNotApproveAsAnotherUser() {
        String id = asked(lanes.by("alice"));
        for (Person same : List.of(ALICE, ADMIN, MAIL)) {
            assertEquals(same.id(), "you asked for this, so you cannot approve it", lanes.approve(id, same));
        }
        assertNull(lanes.approve(id, BOB));
    }

    @Test
    public void anAuthorDoesNotApproveAsAnotherUser() {
        environment(1, Gate.Authors.IGNORE_UNMAPPED);
        lanes.releaseFacts = new ReleaseFacts(
                "main",
                null,
                Set.of(),
                List.of(),
                List.of(),
                List.of("user:zoe"),
                List.of(new Author("alice", "a@home.net")),
                List.of());
        String id = asked(lanes.by("zoe"));
        for (Person same : List.of(ALICE, ADMIN, MAIL)) {
            assertEquals(same.id(), GateStatus.WROTE + ", so you cannot approve it", lanes.approve(id, same));
        }
    }

    @Test
    public void twoUsersWhoAreOnePersonApproveOnce() {
        String id = asked(lanes.by("zoe"));
        assertNull(lanes.approve(id, ALICE));
        for (Person same : List.of(ADMIN, MAIL)) {
            assertEquals("you approved this as alice already, and one person counts once", lanes.approve(id, same));
        }
        assertNull("the same user may approve again", lanes.approve(id, ALICE));
        assertEquals(State.WAITING, lanes.state(id));
        assertNull(lanes.approve(id, BOB));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void twoUsersWhoAreOnePersonOverrideOnce() {
        String id = asked(lanes.by("zoe"));
        assertNull(override(id, ALICE));
        for (Person person : List.of(ADMIN, MAIL)) {
            assertEquals("you overrode the gates as alice already, and one person counts once", override(id, person));
            assertEquals(State.WAITING, lanes.state(id));
        }
        assertNull("the same user may override again", override(id, ALICE));
        assertNull(override(id, BOB));
        assertEquals(State.DEPLOYING, lanes.state(id));
        var postReview = lanes.lane.reviews().get(0);
        for (Person person : List.of(ALICE, ADMIN)) {
            assertEquals(
                    person.id(),
                    Optional.of("you overrode the gates yourself; another person must review it"),
                    Gates.whyNotReview(person, postReview, lanes.around().rules()));
        }
    }

    private String override(String id, Person person) {
        return lanes.take(new Fact.Overridden(id, person, lanes.get(id).plan().digest(), "down", "INC1"));
    }

    @Test
    public void whoStatesDoesNotApproveAsAnotherUserAndIsNotTheOneWhoIsStated() {
        String id = asked(new Request("job:a#1", Set.of(), lanes.now, null, null, "k", true, null, null, null));
        assertEquals("you requested this yourself, so another person must state it", state(id, ADMIN, "alice"));
        assertEquals(
                "you requested this yourself, so another person must state it", state(id, ADMIN, "alice@acme.net"));
        assertNull(state(id, ADMIN, "zoe"));
        for (Person same : List.of(ALICE, ADMIN, MAIL)) {
            assertEquals(same.id(), "you stated who asked for this, so you cannot approve it", lanes.approve(id, same));
        }
    }

    private String state(String id, Person person, String... people) {
        return lanes.take(new Fact.RequestersStated(id, person, Set.of(people), "in the chat"));
    }

    @Test
    public void whoChangedTheRulesDoesNotApproveAsAnotherUser() {
        lanes.changes = List.of(new RulesChange("prod", null, "user:alice-admin", lanes.now));
        String id = asked(lanes.by("zoe"));
        for (Person same : List.of(ALICE, ADMIN, MAIL)) {
            String why = lanes.approve(id, same);
            assertTrue(why, why != null && why.startsWith("you changed the rules of prod"));
        }
        lanes.pass(RulesChange.EXCLUDES);
        assertNull(Gates.whyNot(ALICE, lanes.get(id), lanes.around(), lanes.now).orElse(null));
    }
}
