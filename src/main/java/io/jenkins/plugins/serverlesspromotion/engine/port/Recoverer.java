package io.jenkins.plugins.serverlesspromotion.engine.port;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks at the stacks of a lane that a deployment may have left stuck, and carries out what a person chose. It never
 * chooses by itself.
 */
public interface Recoverer {
    /**
     * Every stack of the work's release in every place, as it is now.
     *
     * @throws CannotLook when AWS cannot be asked
     */
    List<Diagnosis> examine(Deployer.Work work) throws InterruptedException;

    /**
     * Carries out a choice and waits for the end of it, at most an hour.
     *
     * @param diagnosis of {@link #examine}; when the stack is not in that state any more, nothing is done
     * @param resources logical ids, those of the choice
     * @param token the same for the same order: repeating it does nothing twice
     */
    RecoveryResult treat(
            Deployer.Work work,
            Diagnosis diagnosis,
            RecoveryAction recoveryAction,
            List<String> resources,
            String token)
            throws InterruptedException;

    /** It could not be found out; the message is for people. */
    final class CannotLook extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CannotLook(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What a person may choose. */
    enum RecoveryAction {
        /** Goes on with a rollback that failed, when its cause was mended. */
        CONTINUE_ROLLBACK("CONTINUE_ROLLBACK"),
        /** Goes on with it and leaves some resources as they are, different from what the stack believes. */
        SKIP_RESOURCES("SKIP_RESOURCES"),
        /** Rolls back an update that failed and was left as it is. */
        ROLL_BACK("ROLL_BACK"),
        /** Deletes the stack with all that is in it. */
        DELETE("DELETE"),
        /** Deletes a stack that could not be deleted, and keeps some resources outside of any stack. */
        DELETE_AND_RETAIN("DELETE_AND_RETAIN");

        private final String text;

        RecoveryAction(String text) {
            this.text = text;
        }

        /** As the journal and client tokens have it, whatever the constant is called in Java. */
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

        /** Whether some of the resources must be named. */
        public boolean takesResources() {
            return this == SKIP_RESOURCES || this == DELETE_AND_RETAIN;
        }

        /** Whether something is lost that no rollback brings back. */
        public boolean deletes() {
            return this == DELETE || this == DELETE_AND_RETAIN;
        }
    }

    /**
     * @param meaning what happens, in a sentence
     * @param resources logical ids: of which some must be named for {@link RecoveryAction#SKIP_RESOURCES} and {@link
     *     RecoveryAction#DELETE_AND_RETAIN}; what is lost by {@link RecoveryAction#DELETE}
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
     * @param stuck whether nothing can be deployed until somebody acts
     * @param why what happened, or that nothing did
     * @param options empty when there is nothing to choose
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
     * @param good whether the choice led to where it was to lead
     * @param requests AWS request ids of the writes
     */
    record RecoveryResult(String state, boolean good, String detail, List<String> requests) {
        public RecoveryResult {
            requests = List.copyOf(requests);
        }
    }
}
