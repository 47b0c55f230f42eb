package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.ABORTED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.DEPLOYING;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.ERRORED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.EXPIRED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.FAILED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.PLANNING;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.QUEUED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.REJECTED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.REQUESTED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.ROLLBACK_FAILED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.ROLLED_BACK;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.ROLLING_BACK;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.SUCCEEDED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.SUPERSEDED;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.VERIFYING;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State.WAITING;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of a promotion from a state to the next one. {@link #ALL} is the whole table: every move is checked against
 * it, and docs/developer/architecture.md shows it.
 *
 * @param why when it happens, as a clause after "when"
 */
public record StateTransition(State from, State to, String why) {
    /** In the order of the states in {@link State}. */
    public static final List<StateTransition> ALL = table();

    private static List<StateTransition> table() {
        var all = new ArrayList<StateTransition>();
        all.add(new StateTransition(REQUESTED, PLANNING, "the lane has rules and nothing is being deployed in it"));
        endsBeforeDeployment(all, REQUESTED);
        all.add(new StateTransition(PLANNING, WAITING, "the plan is made"));
        all.add(new StateTransition(PLANNING, FAILED, "the release cannot be planned"));
        all.add(new StateTransition(PLANNING, ERRORED, "it cannot be found out what the plan would be"));
        endsBeforeDeployment(all, PLANNING);
        all.add(new StateTransition(WAITING, QUEUED, "every gate is passed"));
        all.add(new StateTransition(WAITING, PLANNING, "the plan is void or incomplete, or a new one is requested"));
        all.add(new StateTransition(WAITING, EXPIRED, "it was not decided in time"));
        endsBeforeDeployment(all, WAITING);
        all.add(new StateTransition(QUEUED, DEPLOYING, "it is first in the queue and the lane is free"));
        all.add(new StateTransition(QUEUED, WAITING, "a gate closes"));
        all.add(new StateTransition(QUEUED, PLANNING, "the plan is void, or a new one is requested"));
        all.add(new StateTransition(QUEUED, EXPIRED, "it was not deployed in time"));
        endsBeforeDeployment(all, QUEUED);
        all.add(new StateTransition(DEPLOYING, VERIFYING, "all steps of the wave are done"));
        all.add(new StateTransition(DEPLOYING, PLANNING, "the plan is void and nothing was changed"));
        failsWhileRunning(all, DEPLOYING, "a step");
        all.add(new StateTransition(VERIFYING, DEPLOYING, "the wave is verified and another one follows"));
        all.add(new StateTransition(VERIFYING, SUCCEEDED, "the last wave is verified"));
        failsWhileRunning(all, VERIFYING, "a check");
        all.add(new StateTransition(ROLLING_BACK, ROLLED_BACK, "every changed step is undone"));
        all.add(new StateTransition(ROLLING_BACK, ROLLBACK_FAILED, "a changed step could not be undone"));
        return List.copyOf(all);
    }

    private static void endsBeforeDeployment(List<StateTransition> all, State from) {
        all.add(new StateTransition(from, REJECTED, "a person who decides here rejects it"));
        all.add(new StateTransition(
                from, SUPERSEDED, "a newer release is requested, the policy supersedes, and no approval stands"));
        all.add(new StateTransition(from, ABORTED, "a person aborts it, or every request is withdrawn"));
    }

    private static void failsWhileRunning(List<StateTransition> all, State from, String what) {
        all.add(new StateTransition(
                from, ROLLING_BACK, what + " fails or it is aborted, and an earlier release is known"));
        all.add(new StateTransition(
                from, FAILED, what + " fails, and nothing was changed or nothing can be rolled back"));
        all.add(new StateTransition(from, ABORTED, "it is aborted before anything was changed"));
        all.add(new StateTransition(from, ERRORED, "the outcome of " + what + " cannot be found out"));
    }

    /** Whether a promotion may go from {@code from} to {@code to}. */
    public static boolean isAllowed(State from, State to) {
        return ALL.stream().anyMatch(t -> t.from == from && t.to == to);
    }

    /** @throws IllegalStateException when the table has no such transition */
    static void check(String promotion, State from, State to) {
        if (!isAllowed(from, to)) {
            throw new IllegalStateException(promotion + " cannot go from " + from + " to " + to);
        }
    }
}
