package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import java.util.List;

/** What a script learns from the exit code. */
final class Exit {
    static final int DONE = 0;
    /** The answer is no. */
    static final int NO = 1;
    /** Wrong use: options, ids, files that cannot be read. */
    static final int USAGE = 2;
    /** We could not find out. */
    static final int NOT_FOUND_OUT = 3;

    private Exit() {}

    /**
     * Of a promotion that was followed as far as it goes now. One that waits for people has come as far as it can: that
     * is done, and the state says the rest.
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
