package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.GateRow;

/** The marks before words. Each mark has a word beside it, so that it is never the only signal. */
final class Marks {
    static final String GOOD = "✓";
    static final String BAD = "✗";
    static final String WAITS = "◷";
    static final String RUNS = "⟳";
    static final String RISK = "▲";
    static final String HELD = "⏸";

    private Marks() {}

    static String of(Promotion.State state) {
        return switch (state) {
            case SUCCEEDED -> GOOD;
            case REQUESTED, PLANNING, DEPLOYING, VERIFYING, ROLLING_BACK -> RUNS;
            case WAITING, QUEUED -> WAITS;
            case ABORTED, SUPERSEDED, EXPIRED -> HELD;
            case REJECTED, FAILED, ROLLED_BACK, ROLLBACK_FAILED, ERRORED -> BAD;
        };
    }

    static String of(GateRow.State state) {
        return switch (state) {
            case PASSED -> GOOD;
            case PENDING -> WAITS;
            case BLOCKED, NOT_YOU -> BAD;
            case OVERRIDDEN -> RISK;
            case PAUSED -> HELD;
        };
    }

    static String of(Deployment.Status status) {
        return switch (status) {
            case DONE, UNCHANGED, UNDONE -> GOOD;
            case RUNNING, UNDOING -> RUNS;
            case PENDING -> WAITS;
            case STALE -> HELD;
            case FAILED, ERRORED, UNDO_FAILED -> BAD;
        };
    }
}
