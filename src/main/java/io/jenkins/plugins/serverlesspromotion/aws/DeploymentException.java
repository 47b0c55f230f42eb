package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;

/** Ends work with a result for people: refused or failed, or unknown. */
public final class DeploymentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Fact.Failure failure;
    private final boolean mendable;

    private DeploymentException(Fact.FailureKind failureKind, String cause, boolean mendable) {
        super(cause);
        this.failure = new Fact.Failure(failureKind, cause);
        this.mendable = mendable;
    }

    /** The operation was refused or failed. */
    public static DeploymentException failed(String cause) {
        return new DeploymentException(Fact.FailureKind.FAILED, cause, false);
    }

    /** It is refused until a person fixes something in the account; then the same release can be planned again. */
    public static DeploymentException problem(String cause) {
        return new DeploymentException(Fact.FailureKind.FAILED, cause, true);
    }

    public boolean isMendable() {
        return mendable;
    }

    /** The outcome is unknown. */
    public static DeploymentException errored(String cause) {
        return new DeploymentException(Fact.FailureKind.ERRORED, cause, false);
    }

    public Fact.Failure failure() {
        return failure;
    }
}
