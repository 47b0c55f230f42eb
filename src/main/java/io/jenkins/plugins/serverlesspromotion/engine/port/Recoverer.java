package io.jenkins.plugins.serverlesspromotion.engine.port;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Examines the stacks of a lane that a deployment may have left stuck, and carries out the action that a person chose.
 * It never chooses by itself.
 */
public interface Recoverer {
    /**
     * The current state of every stack of the work's release in every place.
     *
     * @throws CannotLook when AWS cannot be reached
     */
    List<Diagnosis> examine(Deployer.Work work) throws InterruptedException;

    /**
     * Carries out an action and waits for its end, at most an hour.
     *
     * @param diagnosis of {@link #examine}; when the stack is not in that state any more, nothing is done
     * @param resources logical ids of the chosen resources
     * @param token the same for the same request: repeating it has no second effect
     */
    RecoveryResult recover(
            Deployer.Work work,
            Diagnosis diagnosis,
            RecoveryAction recoveryAction,
            List<String> resources,
            String token)
            throws InterruptedException;

    /** The state could not be read; the message is for people. */
    final class CannotLook extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CannotLook(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The recovery actions that a person may choose. */
    enum RecoveryAction {
        /** Continues a rollback that failed, when its cause was fixed. */
        CONTINUE_ROLLBACK("CONTINUE_ROLLBACK"),
        /** Continues a rollback and skips some resources. Their state then differs from the stack's record. */
        SKIP_RESOURCES("SKIP_RESOURCES"),
        /** Rolls back an update that failed without a rollback. */
        ROLL_BACK("ROLL_BACK"),
        /** Deletes the stack with all its resources. */
        DELETE("DELETE"),
        /** Deletes a stack whose deletion failed, and keeps some resources outside any stack. */
        DELETE_AND_RETAIN("DELETE_AND_RETAIN");

        private final String text;

        RecoveryAction(String text) {
            this.text = text;
        }

        /** The name in the journal and in client tokens, whatever the Java constant is called. */
        @Override
        public String toString() {
            return text;
        }

        /** As people write it: {@code continue-rollback}. */
        public String word() {
            return text.toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @param word as of {@link #word} */
        public static Optional<RecoveryAction> of(String word) {
            return Arrays.stream(values()).filter(c -> c.word().equals(word)).findFirst();
        }

        /** All of them, as people write them. */
        public static String words() {
            return Arrays.stream(values()).map(RecoveryAction::word).collect(Collectors.joining(", "));
        }

        /** Whether the request must name some of the resources. */
        public boolean takesResources() {
            return this == SKIP_RESOURCES || this == DELETE_AND_RETAIN;
        }

        /** Whether something is lost that a rollback does not bring back. */
        public boolean deletes() {
            return this == DELETE || this == DELETE_AND_RETAIN;
        }
    }

    /**
     * @param meaning what happens, in a sentence
     * @param resources logical ids: some of them must be named for {@link RecoveryAction#SKIP_RESOURCES} and
     *     {@link RecoveryAction#DELETE_AND_RETAIN}; what is lost by {@link RecoveryAction#DELETE}
     */
    record Option(RecoveryAction choice, String meaning, List<String> resources) {
        public Option {
            resources = List.copyOf(resources);
        }
    }

    /**
     * @param key of the step that the stack belongs to
     * @param stack its name
     * @param arn null when there is none
     * @param state as CloudFormation calls it; null when there is none
     * @param stuck whether nothing can be deployed until a person acts
     * @param why what happened, or that there is no problem
     * @param options the available actions, may be empty
     */
    record Diagnosis(
            String key, String stack, String arn, String state, boolean stuck, String why, List<Option> options) {
        public Diagnosis {
            options = List.copyOf(options);
        }

        public Optional<Option> option(RecoveryAction recoveryAction) {
            return options.stream().filter(o -> o.choice() == recoveryAction).findFirst();
        }
    }

    /**
     * @param state of the stack then
     * @param good whether the action reached its goal
     * @param requests AWS request ids of the writes
     */
    record RecoveryResult(String state, boolean good, String detail, List<String> requests) {
        public RecoveryResult {
            requests = List.copyOf(requests);
        }
    }
}
