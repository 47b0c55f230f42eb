package io.jenkins.plugins.serverlesspromotion.aws.call;

import io.jenkins.plugins.serverlesspromotion.aws.CallTrace;
import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.security.cert.CertPathBuilderException;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The only place that decides whether an exception means a failure or an unknown outcome, and describes it in a
 * sentence.
 */
public final class Failures {
    private static final Set<String> DENIED =
            Set.of("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "Forbidden");
    private static final Set<String> CREDENTIALS = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "RequestExpired",
            "InvalidToken");
    private static final Set<String> THROTTLED = Set.of(
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "RequestThrottled",
            "SlowDown",
            "BandwidthLimitExceeded");

    /** How the SDK's message begins when no provider has credentials. */
    private static final String NO_CREDENTIALS = "Unable to load credentials";

    private Failures() {}

    /** @throws InterruptedException when {@code thrown} is the SDK's form of an interrupt */
    public static Fact.Failure of(Throwable thrown) throws InterruptedException {
        passInterruption(thrown);
        if (thrown instanceof DeploymentException known) {
            return known.failure();
        }
        CallTrace.Where where = CallTrace.at(thrown);
        AwsServiceException service = cause(thrown, AwsServiceException.class);
        if (service != null) {
            return ofService(service, where == null ? "AWS" : where.getMessage());
        }
        if (cause(thrown, SdkClientException.class) != null) {
            String at = where == null ? "AWS" : where.getMessage();
            if (cause(thrown, CertPathBuilderException.class) != null) {
                return errored(
                        at + " could not be reached: the certificate that came is not signed by an authority that"
                                + " is trusted here. Add the certificate of that authority, often that of a"
                                + " proxy, to the"
                                + " settings (trustedCertificates, or --ca-bundle) or to the trust store of this JVM");
            }
            String detail = innermost(thrown);
            if (detail.startsWith(NO_CREDENTIALS)) {
                return errored(at + " was not called: no AWS credentials were found in environment variables, web"
                        + " identity, profile, container and instance. Set credentialsId of the account in the"
                        + " policy to"
                        + " a profile of the AWS configuration (in Jenkins: credentials) that exists, or set"
                        + " AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
            }
            boolean late = cause(thrown, ApiCallTimeoutException.class) != null
                    || cause(thrown, ApiCallAttemptTimeoutException.class) != null;
            return errored(at + (late ? " did not answer in time" : " could not be reached: " + detail)
                    + "; check network, proxy and credentials and try again");
        }
        return errored("unexpected " + thrown.getClass().getSimpleName() + ": " + oneLine(thrown.getMessage())
                + (where == null ? "" : " at " + where.getMessage()) + "; see the log");
    }

    /** Passes an interrupt on: it is neither a result nor an error. */
    public static void passInterruption(Throwable thrown) throws InterruptedException {
        for (Throwable one = thrown; one != null; one = one.getCause() == one ? null : one.getCause()) {
            if (one instanceof InterruptedException || one instanceof AbortedException) {
                var interrupted = new InterruptedException("interrupted while talking to AWS");
                interrupted.initCause(thrown);
                throw interrupted;
            }
        }
    }

    public static boolean isThrottling(Throwable thrown) {
        var service = cause(thrown, AwsServiceException.class);
        return service != null && (service.isThrottlingException() || THROTTLED.contains(code(service)));
    }

    public static boolean isDenied(Throwable thrown) {
        var service = cause(thrown, AwsServiceException.class);
        return service != null
                && (DENIED.contains(code(service)) || (service.statusCode() == 403 && !isCredentials(service)));
    }

    /** Whether a later retry may help without any action of a person: expired credentials are renewed by then. */
    public static boolean isPassing(Throwable thrown) {
        var service = cause(thrown, AwsServiceException.class);
        return service == null
                ? cause(thrown, SdkClientException.class) != null
                : isThrottling(service)
                        || service.statusCode() >= 500
                        || code(service).startsWith("ExpiredToken");
    }

    public static String code(AwsServiceException exception) {
        return exception.awsErrorDetails() == null
                        || exception.awsErrorDetails().errorCode() == null
                ? ""
                : exception.awsErrorDetails().errorCode();
    }

    /** The message of AWS, on one line, without the SDK's additions. */
    public static String message(AwsServiceException exception) {
        String text = exception.awsErrorDetails() == null
                ? exception.getMessage()
                : exception.awsErrorDetails().errorMessage();
        return text == null || text.isBlank()
                ? "HTTP " + exception.statusCode() + " " + code(exception)
                : oneLine(text);
    }

    private static Fact.Failure ofService(AwsServiceException service, String at) {
        String message = message(service);
        if (isThrottling(service)) {
            return errored(at + " was throttled for too long (" + message + "); try again when the account is quieter");
        }
        if (isCredentials(service)) {
            return errored(at + " was refused because the credentials are not valid (" + message
                    + "); renew them and try again");
        }
        if (isDenied(service)) {
            return errored(at + " was denied: " + message + "; " + remedy(message));
        }
        if (service.statusCode() >= 500) {
            return errored(at + " failed inside AWS (" + message + "); try again");
        }
        return new Fact.Failure(Fact.FailureKind.FAILED, at + " was refused: " + message);
    }

    private static String remedy(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("sts:tagsession")) {
            return "allow sts:TagSession in the role's trust policy, or switch session tags off";
        }
        if (text.contains("sts:setsourceidentity")) {
            return "allow sts:SetSourceIdentity in the role's trust policy, or switch the source identity off";
        }
        if (text.contains("sts:assumerole")) {
            return "check the role's name, its trust policy and the external id";
        }
        return "allow it in a policy of that role and try again";
    }

    private static boolean isCredentials(AwsServiceException service) {
        return CREDENTIALS.contains(code(service));
    }

    private static Fact.Failure errored(String cause) {
        return new Fact.Failure(Fact.FailureKind.ERRORED, cause);
    }

    private static <T extends Throwable> T cause(Throwable thrown, Class<T> type) {
        for (Throwable one = thrown; one != null; one = one.getCause() == one ? null : one.getCause()) {
            if (type.isInstance(one)) {
                return type.cast(one);
            }
        }
        return null;
    }

    private static String innermost(Throwable thrown) {
        Throwable last = thrown;
        while (last.getCause() != null && last.getCause() != last) {
            last = last.getCause();
        }
        return oneLine(last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage());
    }

    private static String oneLine(String text) {
        String line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
        return Shown.cut(line, 600);
    }
}
