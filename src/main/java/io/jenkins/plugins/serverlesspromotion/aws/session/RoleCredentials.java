package io.jenkins.plugins.serverlesspromotion.aws.session;

import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.NewRoles;
import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Credentials of a role, renewed five minutes before they expire, for the whole duration of a deployment. A role that
 * is assumed from a role is never valid for more than an hour (IAM user guide, "Roles terms and concepts", role
 * chaining). When STS cannot be reached, the current ones are used until a minute before they expire. Safe for use by
 * several threads: one renews, and the others wait only if there are no valid credentials.
 */
final class RoleCredentials implements AwsCredentialsProvider, AutoCloseable {
    private static final Duration EARLY = Duration.ofMinutes(5);
    private static final Duration LATE = Duration.ofMinutes(1);
    /** Between two attempts while STS does not answer. */
    private static final Duration AGAIN = Duration.ofSeconds(20);

    private static final Set<String> EXPIRED = Set.of("ExpiredToken", "ExpiredTokenException");

    private final StsClient sts;
    private final AssumeRoleRequest request;
    private final Pace pace;
    private volatile Held held;
    private Instant notBefore = Instant.MIN;
    /** True until AWS has refused the role for so long that it cannot be a new one. */
    private boolean maybeNew = true;

    /**
     * @param sts is closed with this
     * @param pace controls the time of waits and renewals
     */
    RoleCredentials(StsClient sts, AssumeRoleRequest request, Pace pace) {
        this.sts = sts;
        this.request = request;
        this.pace = pace;
    }

    private record Held(AwsCredentials credentials, Instant expires) {}

    /** @throws SdkException when there are no credentials and STS gives none */
    @Override
    public AwsCredentials resolveCredentials() {
        Held have = held;
        return have != null && pace.now().isBefore(have.expires().minus(EARLY)) ? have.credentials() : renewed();
    }

    private synchronized AwsCredentials renewed() {
        Instant at = pace.now();
        Held have = held;
        if (have != null && at.isBefore(have.expires().minus(EARLY))) {
            return have.credentials();
        }
        boolean usable = have != null && at.isBefore(have.expires().minus(LATE));
        if (usable && at.isBefore(notBefore)) {
            return have.credentials();
        }
        try {
            Credentials given = assume();
            held = new Held(
                    AwsSessionCredentials.create(given.accessKeyId(), given.secretAccessKey(), given.sessionToken()),
                    given.expiration());
            return held.credentials();
        } catch (SdkException e) {
            if (!usable) {
                throw e;
            }
            notBefore = at.plus(AGAIN);
            return have.credentials();
        }
    }

    /**
     * The first refusals of a role may mean that it was created just now. A role that stays refused is waited for only
     * once.
     */
    private Credentials assume() {
        for (int tries = 0; ; tries++) {
            try {
                Credentials given = sts.assumeRole(request).credentials();
                maybeNew = false;
                return given;
            } catch (StsException e) {
                if (!maybeNew || !Failures.isDenied(e)) {
                    throw e;
                }
                if (tries == NewRoles.DELAYS.size()) {
                    maybeNew = false;
                    throw e;
                }
                try {
                    pace.sleep(NewRoles.DELAYS.get(tries));
                } catch (InterruptedException interrupted) {
                    throw AbortedException.create("interrupted while a role is assumed", interrupted);
                }
            }
        }
    }

    /**
     * Examines a failed call: credentials that AWS reports as expired are not used again, whatever their own expiry
     * time.
     */
    void seen(Throwable failure) {
        if (isExpiry(failure)) {
            held = null;
        }
    }

    /** Whether AWS refused a call because its credentials have expired. */
    boolean isExpiry(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause() == one ? null : one.getCause()) {
            if (one instanceof AwsServiceException service && EXPIRED.contains(Failures.code(service))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        sts.close();
    }
}
