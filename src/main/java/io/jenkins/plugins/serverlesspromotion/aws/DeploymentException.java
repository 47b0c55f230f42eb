package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;

/** Work that ends with an answer for people: no, or could not find out. */
final class DeploymentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Fact.Failure failure;
    private final boolean mendable;

    private DeploymentException(Fact.Verdict verdict, String cause, boolean mendable) {
        super(cause);
        this.failure = new Fact.Failure(verdict, cause);
        this.mendable = mendable;
    }

    /** The answer is no. */
    static DeploymentException failed(String cause) {
        return new DeploymentException(Fact.Verdict.FAILED, cause, false);
    }

    /** The answer is no as long as nobody mends something in the account; then the same release can be planned again. */
    static DeploymentException problem(String cause) {
        return new DeploymentException(Fact.Verdict.FAILED, cause, true);
    }

    boolean isMendable() {
        return mendable;
    }

    /** It could not be found out. */
    static DeploymentException errored(String cause) {
        return new DeploymentException(Fact.Verdict.ERRORED, cause, false);
    }

    Fact.Failure failure() {
        return failure;
    }
}
