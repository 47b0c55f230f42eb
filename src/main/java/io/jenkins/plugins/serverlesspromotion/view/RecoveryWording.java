package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;

/** Texts for the stacks of a lane and the recovery actions of a stuck one. */
public final class RecoveryWording {
    private RecoveryWording() {}

    /** {@code UPDATE_ROLLBACK_FAILED}, or that there is no such stack. */
    public static String state(Recoverer.Diagnosis diagnosis) {
        return diagnosis.state() == null ? "does not exist" : diagnosis.state();
    }

    /** A line that shows what to type: {@code --do delete: deletes the stack (Function)}. */
    public static String option(Recoverer.Option option) {
        return "--do " + option.choice().word() + ": " + option.meaning()
                + (option.resources().isEmpty() ? "" : " (" + String.join(", ", option.resources()) + ")");
    }
}
