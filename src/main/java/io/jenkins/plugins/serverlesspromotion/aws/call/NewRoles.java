package io.jenkins.plugins.serverlesspromotion.aws.call;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Handles roles that were created or changed just now. Services accept them some seconds later. Until then they refuse
 * them with the same message as for a wrong role (IAM user guide, "Troubleshoot IAM", changes that are not immediately
 * visible). So a refusal is retried a few times before it is final.
 */
public final class NewRoles {
    /** Waits between the requests. They also delay the report of a wrong role. */
    public static final List<Duration> DELAYS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

    private NewRoles() {}

    /** Whether a service refused a role because it cannot assume it. */
    public static boolean isUnknown(AwsServiceException e) {
        return e.statusCode() == 400
                && Failures.message(e).toLowerCase(Locale.ROOT).contains("cannot be assumed");
    }
}
