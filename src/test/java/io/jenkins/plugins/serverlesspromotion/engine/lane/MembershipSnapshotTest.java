package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.CAROL;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Answer;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Before;
import org.junit.Test;

/** What people decided is carried out only when, read again, they are still who they were. */
public class MembershipSnapshotTest {
    private static final Map<String, Set<String>> AS_BEFORE = Map.of("alice", Set.of(), "carol", Set.of("team-orders"));

    private final Lanes lanes = new Lanes();

    @Before
    public void directory() {
        lanes.directory = true;
    }

    private String approved() {
        String id = lanes.request(1, "zoe");
        lanes.work();
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, CAROL));
        return id;
    }

    private void answer(String id, Answer answer) {
        lanes.take(new Fact.MembershipRead(id, lanes.get(id).membership().number(), answer));
    }

    private List<Command> wanted() {
        return LaneMachine.outstanding(lanes.lane);
    }

    @Test
    public void nothingStartsBeforeTheDirectoryHasAnswered() {
        String id = approved();
        assertEquals(State.QUEUED, lanes.state(id));
        assertEquals(List.of(new Command.ReadMembership(id, 1)), wanted());
        answer(id, new Answer(AS_BEFORE, Set.of(), null));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void whoeverIsOutOfTheGroupDoesNotCountAndEverybodyIsTold() {
        String id = approved();
        answer(id, new Answer(Map.of("alice", Set.of(), "carol", Set.of()), Set.of(), null));
        assertEquals(State.WAITING, lanes.state(id));
        assertEquals(
                List.of("alice"),
                lanes.get(id).standing().stream().map(a -> a.person().id()).toList());
        assertTrue(
                lanes.events.toString(),
                lanes.events.stream()
                        .anyMatch(e -> e.type() == Event.Type.APPROVAL_VOIDED
                                && e.text()
                                        .equals("approval of carol is void because they are in none of the roles that"
                                                + " decide here any more")));
        lanes.pass(Duration.ofSeconds(1));
        assertNull(lanes.approve(id, Lanes.person("dora", "team-orders")));
        assertEquals(
                "asked again, because somebody decided since",
                2,
                lanes.get(id).membership().number());
        answer(id, new Answer(Map.of("alice", Set.of(), "dora", Set.of("team-orders")), Set.of(), null));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    /** With a statement of dora, who is in the role through a group. */
    private String stated() {
        lanes.take(new Fact.Requested(
                Lanes.release(1),
                new PromotionDecisions.Request("job:orders/main#1", Set.of("zoe"), lanes.now, null, null, "k")
                        .withUnknown(true)));
        lanes.work();
        String id = lanes.only().id();
        assertNull(lanes.take(
                new Fact.RequestersStated(id, Lanes.person("dora", "team-orders"), Set.of(), "asked in the chat")));
        assertNull(lanes.approve(id, ALICE));
        assertNull(lanes.approve(id, CAROL));
        return id;
    }

    @Test
    public void aStatementOfAPersonWhoIsOutOfTheGroupDoesNotCount() {
        String id = stated();
        lanes.now = lanes.now.plusSeconds(1);
        answer(
                id,
                new Answer(
                        Map.of("alice", Set.of(), "carol", Set.of("team-orders"), "dora", Set.of()), Set.of(), null));
        assertEquals(State.WAITING, lanes.state(id));
        String why = "cannot establish who asked, so nobody can be told apart from them; what dora stated does not"
                + " count: dora is in none of the roles that decide here";
        assertEquals(why, lanes.gate(id, "approval").sentence());
        assertEquals(
                "another person has the whole time for it",
                lanes.now,
                lanes.get(id).decisions().waitingSince());
        lanes.now = lanes.now.plusSeconds(1);
        assertNull(lanes.take(new Fact.RequestersStated(id, BOB, Set.of(), "asked in the chat")));
        assertEquals("read again because of bob", 2, lanes.get(id).membership().number());
        answer(id, new Answer(AS_BEFORE, Set.of(), null));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void aStatementOfAPersonWhoIsGoneDoesNotCount() {
        String id = stated();
        answer(id, new Answer(AS_BEFORE, Set.of("dora"), null));
        assertEquals(State.WAITING, lanes.state(id));
        assertTrue(lanes.gate(id, "approval")
                .sentence()
                .endsWith("the security realm has no user dora any more, or locked it"));
    }

    @Test
    public void aStatementOfAPersonWhoIsStillInTheGroupCounts() {
        String id = stated();
        answer(id, new Answer(AS_BEFORE, Set.of(), null));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void whoeverIsGoneDoesNotCount() {
        String id = approved();
        answer(id, new Answer(Map.of("carol", Set.of("team-orders")), Set.of("alice"), null));
        assertEquals(State.WAITING, lanes.state(id));
        assertEquals(
                List.of("carol"),
                lanes.get(id).standing().stream().map(a -> a.person().id()).toList());
    }

    @Test
    public void somebodyInTwoRolesIsCountedInTheOneThatIsLeft() {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                List.of(new Gate.Approval(
                        List.of(new Gate.Requirement("release-managers", 1), new Gate.Requirement("serviceOwner", 1)),
                        true,
                        Duration.ofHours(24))),
                null);
        String id = lanes.request(1, "zoe");
        lanes.work();
        lanes.approve(id, Lanes.person("alice", "team-orders"));
        lanes.approve(id, BOB);
        assertEquals(State.QUEUED, lanes.state(id));
        answer(id, new Answer(Map.of("alice", Set.of(), "bob", Set.of()), Set.of(), null));
        assertEquals("alice was the owner's word, and is none any more", State.WAITING, lanes.state(id));
        assertEquals(List.of("serviceOwner"), lanes.gate(id, "approval").helpers());
        assertEquals(2, lanes.get(id).standing().size());
    }

    @Test
    public void ofWhomTheDirectoryCannotTellTheWordStands() {
        String id = approved();
        answer(id, new Answer(Map.of(), Set.of(), null));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void aDirectoryThatDoesNotAnswerIsAskedAgainEveryMinuteAndNothingStartsMeanwhile() {
        String id = approved();
        answer(id, new Answer(Map.of(), Set.of(), "LDAP is down"));
        assertEquals(State.WAITING, lanes.state(id));
        GateStatus gate = lanes.gate(id, "approval");
        assertEquals(
                "approved by alice, carol, but whether they may still decide could not be found out: LDAP is down; it is"
                        + " tried again every minute",
                gate.sentence());
        assertEquals(lanes.now.plus(Duration.ofMinutes(1)), gate.until());
        assertEquals(List.of(), wanted());
        lanes.pass(Duration.ofSeconds(59));
        assertEquals(List.of(), wanted());
        lanes.pass(Duration.ofSeconds(1));
        assertEquals(List.of(new Command.ReadMembership(id, 2)), wanted());
        answer(id, new Answer(AS_BEFORE, Set.of(), null));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void anAnswerToAnEarlierQuestionIsPassedOver() {
        String id = approved();
        answer(id, new Answer(Map.of(), Set.of(), "LDAP is down"));
        lanes.pass(Duration.ofMinutes(1));
        lanes.take(new Fact.MembershipRead(id, 1, new Answer(AS_BEFORE, Set.of(), null)));
        assertEquals(State.QUEUED, lanes.state(id));
    }

    @Test
    public void anAnswerFromBeforeALongQueueIsReadAgain() {
        String first = approved();
        answer(first, new Answer(AS_BEFORE, Set.of(), null));
        String second = lanes.request(2, "zoe");
        lanes.take(new Fact.AbortRequested(first, "user:zoe", null));
        Instant begun = lanes.now;
        assertEquals(State.DEPLOYING, lanes.state(first));
        lanes.work();
        assertEquals(State.WAITING, lanes.state(second));
        lanes.approve(second, ALICE);
        lanes.approve(second, CAROL);
        assertEquals(List.of(new Command.ReadMembership(second, 1)), wanted());
        lanes.pause = new GateContext.Pause("everything", "user:zoe", begun, "a look first");
        answer(second, new Answer(AS_BEFORE, Set.of(), null));
        assertEquals("paused", State.QUEUED, lanes.state(second));
        lanes.pause = null;
        lanes.pass(Duration.ofMinutes(1));
        assertEquals(List.of(new Command.ReadMembership(second, 2)), wanted());
    }

    @Test
    public void whereNobodyDecidesNobodyIsAskedAbout() {
        lanes.gates(false);
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1);
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertNull(lanes.get(id).membership());
    }
}
