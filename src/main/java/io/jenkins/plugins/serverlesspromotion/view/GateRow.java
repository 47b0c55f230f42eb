package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;

/**
 * One line of a list of gates: of a gate, of one role of an approval, or of a pause.
 *
 * @param word its state in words
 * @param sentence what has passed, or what is required from whom until when
 */
public record GateRow(State state, String word, String name, String sentence) {
    /** The meaning of a line, for marks and colours. */
    public enum State {
        PASSED,
        PENDING,
        BLOCKED,
        /** Passed only by an override. */
        OVERRIDDEN,
        PAUSED,
        /** Pending, and the person who looks cannot approve. */
        NOT_YOU;

        static State of(GateStatus gate) {
            return gate.isOverridden() ? OVERRIDDEN : of(gate.result());
        }

        public static State of(GateStatus.GateResult gateResult) {
            return switch (gateResult) {
                case PASSED -> PASSED;
                case PENDING -> PENDING;
                case BLOCKED -> BLOCKED;
            };
        }

        /** {@code passed} */
        public String word() {
            return switch (this) {
                case PASSED -> "passed";
                case PENDING, PAUSED -> "pending";
                case BLOCKED -> "blocked";
                case OVERRIDDEN -> "overridden";
                case NOT_YOU -> "not you";
            };
        }
    }

    GateRow(State state, String name, String sentence) {
        this(state, state.word(), name, sentence);
    }
}
