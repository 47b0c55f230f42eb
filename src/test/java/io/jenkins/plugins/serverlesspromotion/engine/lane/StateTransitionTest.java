package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.MarkdownPage;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneBuilder.PromotionDraft;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Test;

/** That every transition of the table happens is shown here for some, and by {@link LaneInterleavingsTest} for all others. */
public class StateTransitionTest {
    /** What random facts never lead to, or too seldom. */
    static final Set<List<State>> SHOWN_HERE = Set.of(
            List.of(State.PLANNING, State.FAILED),
            List.of(State.DEPLOYING, State.ABORTED),
            List.of(State.VERIFYING, State.ABORTED),
            List.of(State.VERIFYING, State.ERRORED),
            List.of(State.REQUESTED, State.SUPERSEDED),
            List.of(State.PLANNING, State.SUPERSEDED),
            List.of(State.WAITING, State.SUPERSEDED),
            List.of(State.QUEUED, State.SUPERSEDED));

    private final Lanes lanes = new Lanes();

    private static final String PAGE = "docs/developer/architecture.md";
    private static final String HEADING = "States of a promotion";

    private PromotionDraft inState(LaneBuilder draft, State state) {
        Promotion promotion =
                draft.add(Kind.FORWARD, Lanes.release(1), lanes.by("bob")).seal();
        return new PromotionDraft(promotion.moved(state, lanes.now, null));
    }

    private LaneBuilder draft() {
        return new LaneBuilder(lanes.lane, lanes.now);
    }

    @Test
    public void everyMoveIsCheckedAgainstTheTable() {
        for (State from : State.values()) {
            for (State to : State.values()) {
                LaneBuilder draft = draft();
                PromotionDraft promotion = inState(draft, from);
                if (StateTransition.isAllowed(from, to)) {
                    draft.move(promotion, to, "why");
                    assertEquals(to, promotion.state());
                } else {
                    var refused = assertThrows(IllegalStateException.class, () -> draft.move(promotion, to, "why"));
                    assertEquals(promotion.id() + " cannot go from " + from + " to " + to, refused.getMessage());
                    assertEquals(from, promotion.state());
                    assertEquals("nothing is recorded of it", List.of(), draft.events);
                }
            }
        }
    }

    @Test
    public void eachTransitionIsInTheTableOnce() {
        var seen = new HashSet<List<State>>();
        StateTransition.ALL.forEach(t -> assertTrue(t.toString(), seen.add(List.of(t.from(), t.to()))));
    }

    @Test
    public void aPromotionThatIsOverStaysSoAndEveryOtherCanEnd() {
        for (State state : State.values()) {
            Set<State> reached = reachedFrom(state);
            if (state.isOver()) {
                assertEquals(Set.of(), reached);
            } else {
                assertTrue(state + " never ends", reached.stream().anyMatch(State::isOver));
            }
        }
        Set<State> others = EnumSet.complementOf(EnumSet.of(State.REQUESTED));
        assertEquals("each state can be reached", others, reachedFrom(State.REQUESTED));
    }

    private static Set<State> reachedFrom(State start) {
        Set<State> reached = EnumSet.noneOf(State.class);
        var open = new ArrayDeque<State>(List.of(start));
        while (!open.isEmpty()) {
            State from = open.pop();
            StateTransition.ALL.stream()
                    .filter(t -> t.from() == from && reached.add(t.to()))
                    .forEach(t -> open.push(t.to()));
        }
        return reached;
    }

    /** Approvals bind until a deployment begins: only what is queued may begin one. */
    @Test
    public void nothingIsDeployedThatIsNotQueued() {
        for (StateTransition t : StateTransition.ALL) {
            if (t.to().isRunning() && !t.from().isRunning()) {
                assertEquals(t.toString(), State.QUEUED, t.from());
            }
        }
        assertFalse(StateTransition.isAllowed(State.WAITING, State.DEPLOYING));
    }

    @Test
    public void theDocumentationShowsTheTable() throws IOException {
        List<List<String>> expected = StateTransition.ALL.stream()
                .map(t -> List.of("`" + t.from() + "`", "`" + t.to() + "`", t.why()))
                .toList();
        List<MarkdownPage.Table> tables = MarkdownPage.read(PAGE).tables(HEADING);
        List<List<String>> documented =
                tables.isEmpty() ? List.of() : tables.get(0).rows();
        assertEquals(
                "put these rows below '" + HEADING + "' of " + PAGE + ":\n" + markdown(expected), expected, documented);
    }

    @Test
    public void aReleaseThatCannotBePlannedFails() {
        String id = lanes.request(1, "bob");
        moves(
                id,
                State.PLANNING,
                State.FAILED,
                () -> lanes.take(new Fact.PlanningEnded(
                        id,
                        lanes.get(id).planning().number(),
                        new Fact.Failure(Fact.FailureKind.FAILED, "no such template"))));
    }

    @Test
    public void anAbortWithoutAnyChangeEndsADeployment() {
        String id = deploying();
        lanes.take(new Fact.AbortRequested(id, "user:bob", "wrong version"));
        moves(id, State.DEPLOYING, State.ABORTED, () -> lanes.step(id, lanes.key(Lanes.EU, "edge"), Status.UNCHANGED));
    }

    @Test
    public void anAbortWithoutAnyChangeEndsAVerification() {
        String id = verifying();
        lanes.take(new Fact.AbortRequested(id, "user:bob", "wrong version"));
        moves(id, State.VERIFYING, State.ABORTED, () -> lanes.verified(id, null));
    }

    @Test
    public void aCheckThatCannotBeCarriedOutEndsAsErrored() {
        String id = verifying();
        moves(
                id,
                State.VERIFYING,
                State.ERRORED,
                () -> lanes.take(new Fact.Verified(
                        id,
                        lanes.get(id).deployment().attempt(),
                        lanes.get(id).deployment().verified(),
                        List.of(),
                        new Fact.Failure(Fact.FailureKind.ERRORED, "throttled"))));
    }

    private String deploying() {
        String id = lanes.request(1, "bob");
        lanes.planned(id, 1);
        lanes.approve(id, Lanes.ALICE);
        lanes.approve(id, Lanes.CAROL);
        return id;
    }

    private String verifying() {
        String id = deploying();
        lanes.step(id, lanes.key(Lanes.EU, "edge"), Status.UNCHANGED);
        lanes.step(id, lanes.key(Lanes.EU, "api"), Status.UNCHANGED);
        return id;
    }

    @Test
    public void aReleaseIsSupersededInEveryStateBeforeDeployment() {
        supersede(true);
        String planning = lanes.request(1, "bob");
        moves(planning, State.PLANNING, State.SUPERSEDED, () -> lanes.request(2, "bob"));
        String waiting = lanes.last().id();
        lanes.planned(waiting, 1);
        moves(waiting, State.WAITING, State.SUPERSEDED, () -> lanes.request(3, "bob"));

        supersede(false);
        String deploying = lanes.last().id();
        lanes.planned(deploying, 1);
        String requested = lanes.request(4, "bob");
        moves(requested, State.REQUESTED, State.SUPERSEDED, () -> lanes.request(5, "bob"));
        String queued = lanes.last().id();
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        lanes.take(new Fact.AbortRequested(deploying, "user:bob", "wrong version"));
        lanes.step(deploying, lanes.key(Lanes.EU, "edge"), Status.UNCHANGED);
        lanes.planned(queued, 1);
        moves(queued, State.QUEUED, State.SUPERSEDED, () -> lanes.request(6, "bob"));
    }

    private void supersede(boolean approval) {
        lanes.environment = new Policy.Environment(
                "prod", null, approval ? lanes.environment.gates() : List.of(), lanes.environment.rollback(), true);
        lanes.policyDigest = Lanes.digest(approval ? 901 : 902);
    }

    private void moves(String id, State from, State to, Runnable fact) {
        assertEquals(from, lanes.state(id));
        fact.run();
        assertEquals(to, lanes.state(id));
        assertTrue("listed above", SHOWN_HERE.contains(List.of(from, to)));
    }

    private static String markdown(List<List<String>> rows) {
        return rows.stream().map(row -> "| " + String.join(" | ", row) + " |").collect(Collectors.joining("\n"));
    }
}
