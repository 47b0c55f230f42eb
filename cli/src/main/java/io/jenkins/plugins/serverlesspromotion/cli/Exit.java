package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import java.util.List;

/** The exit codes, for scripts. */
final class Exit {
    static final int DONE = 0;
    /** The answer is no, such as a failed or rejected promotion. */
    static final int NO = 1;
    /** Wrong use: options, ids, files that cannot be read. */
    static final int USAGE = 2;
    /** The answer could not be determined. */
    static final int NOT_FOUND_OUT = 3;

    private Exit() {}

    /**
     * The exit code for a promotion that was followed until nothing more happens. A promotion that waits for people
     * counts as done: its state is in the output.
     */
    static int of(Promotion promotion, List<GateStatus> gates) {
        return switch (promotion.state()) {
            case SUCCEEDED -> DONE;
            case WAITING, QUEUED -> waiting(promotion, gates);
            case REQUESTED, PLANNING, DEPLOYING, VERIFYING, ROLLING_BACK, ERRORED -> NOT_FOUND_OUT;
            case REJECTED, EXPIRED, SUPERSEDED, ABORTED, FAILED, ROLLED_BACK, ROLLBACK_FAILED -> NO;
        };
    }

    private static int waiting(Promotion promotion, List<GateStatus> gates) {
        if (promotion.plan() != null && !promotion.plan().problems().isEmpty()) {
            return NOT_FOUND_OUT;
        }
        return gates.stream().anyMatch(g -> g.result() == GateStatus.GateResult.BLOCKED) ? NO : DONE;
    }
}
