package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

/**
 * The possible actions on a stack in each of CloudFormation's states (Stack status codes, CloudFormation user guide).
 */
public enum StackState {
    /** No stack, or only change sets that were never executed. */
    ABSENT,
    /** It can be updated. */
    READY,
    /** It is being changed. */
    BUSY,
    /** Its creation failed: it was never live and can only be deleted. */
    NEVER_CREATED,
    /** An update failed without a rollback. */
    HALF_UPDATED,
    /** A rollback failed. */
    STUCK,
    /** A deletion failed. */
    HALF_DELETED,
    /** A state this program does not know. */
    UNKNOWN;

    /** @param status null or empty when there is no such stack */
    public static StackState of(String status) {
        if (status == null || status.isEmpty()) {
            return ABSENT;
        }
        if (status.equals("REVIEW_IN_PROGRESS") || status.equals("DELETE_COMPLETE")) {
            return ABSENT;
        }
        if (status.endsWith("_IN_PROGRESS")) {
            return BUSY;
        }
        return switch (status) {
            case "CREATE_COMPLETE",
                    "UPDATE_COMPLETE",
                    "IMPORT_COMPLETE",
                    "UPDATE_ROLLBACK_COMPLETE",
                    "IMPORT_ROLLBACK_COMPLETE" -> READY;
            case "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED" -> NEVER_CREATED;
            case "UPDATE_FAILED" -> HALF_UPDATED;
            case "UPDATE_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED" -> STUCK;
            case "DELETE_FAILED" -> HALF_DELETED;
            default -> UNKNOWN;
        };
    }

    /** Whether the operation that led to {@code status} succeeded. */
    public static boolean isSuccess(String status) {
        return switch (status) {
            case "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "IMPORT_COMPLETE" -> true;
            default -> false;
        };
    }

    /** Whether {@code status} is the end of an operation. During the clean-up an update has already succeeded. */
    static boolean isEnd(String status) {
        return status.equals("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") || !status.endsWith("_IN_PROGRESS");
    }

    public boolean canChange() {
        return this == ABSENT || this == READY;
    }

    /**
     * Why the stack cannot be changed, and what a person can do.
     *
     * @param stack for the message: {@code stack orders-prod in orders-prod/eu-west-1}
     */
    public String refusal(String stack, String status) {
        return stack + " is " + status + ": "
                + switch (this) {
                    case NEVER_CREATED ->
                        "its creation failed and it was never live."
                                + " Look at what is left of it, delete the stack and plan again";
                    case HALF_UPDATED ->
                        "an update failed and was not rolled back."
                                + " Roll the stack back (RollbackStack) and plan again";
                    case STUCK ->
                        "its rollback failed. Correct the cause shown in its events, continue the rollback"
                                + " (ContinueUpdateRollback; skipping resources is your decision) and plan again";
                    case HALF_DELETED ->
                        "its deletion failed. Finish the deletion, or keep what you need, and plan again";
                    case BUSY -> "something else is changing it. Wait until it has ended and plan again";
                    case UNKNOWN -> "this program does not know that state. Look at the stack in the console";
                    case ABSENT, READY -> throw new IllegalStateException(status + " needs no refusal");
                };
    }
}
