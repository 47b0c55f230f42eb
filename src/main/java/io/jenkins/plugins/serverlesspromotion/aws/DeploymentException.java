package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;

/** Work that ends with an answer for people: no, or could not find out. */
public final class DeploymentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Fact.Failure failure;
    private final boolean mendable;

    private DeploymentException(Fact.FailureKind failureKind, String cause, boolean mendable) {
        super(cause);
        this.failure = new Fact.Failure(failureKind, cause);
        this.mendable = mendable;
    }

    /** The answer is no. */
    public static DeploymentException failed(String cause) {
        return new DeploymentException(Fact.FailureKind.FAILED, cause, false);
    }

    /** The answer is no as long as nobody mends something in the account; then the same release can be planned again. */
    public static DeploymentException problem(String cause) {
        return new DeploymentException(Fact.FailureKind.FAILED, cause, true);
    }

    public boolean isMendable() {
        return mendable;
    }

    /** It could not be found out. */
    public static DeploymentException errored(String cause) {
        return new DeploymentException(Fact.FailureKind.ERRORED, cause, false);
    }

    public Fact.Failure failure() {
        return failure;
    }
}
