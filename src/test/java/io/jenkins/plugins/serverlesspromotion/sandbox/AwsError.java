package io.jenkins.plugins.serverlesspromotion.sandbox;

/** A refusal in the words of AWS: HTTP status, error code and message. Each protocol renders it in its own form. */
final class AwsError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;
    final String code;

    AwsError(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** The error code of most services for input that makes no sense; HTTP 400. */
    static AwsError validation(String message) {
        return new AwsError(400, "ValidationError", message);
    }

    static AwsError unknownOperation(String service, String operation) {
        return new AwsError(
                400,
                "UnknownOperationException",
                "The sandbox does not support the operation " + operation + " of the service " + service + ".");
    }

    /** The service-independent text of a denied action, as CloudTrail and every client shows it. */
    static AwsError denied(
            String code, String principal, String action, String resource, boolean explicit, String kind) {
        return new AwsError(
                403,
                code,
                "User: " + principal + " is not authorized to perform: " + action + " on resource: " + resource
                        + (explicit
                                ? " with an explicit deny in a " + kind + " policy"
                                : " because no " + kind + " policy allows the " + action + " action"));
    }
}
