package io.jenkins.plugins.serverlesspromotion.aws.call;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Roles that were made or changed just now. Services know of them some seconds later and refuse them until then in the
 * words that they have for a wrong role (IAM user guide, "Troubleshoot IAM", changes that are not immediately visible).
 * A refusal is therefore repeated a few times before it is believed.
 */
public final class NewRoles {
    /** Waits between the requests. A wrong role is reported that much later. */
    public static final List<Duration> WAITS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

    private NewRoles() {}

    /** Whether a role that was passed to a service was refused as one that the service cannot assume. */
    public static boolean isUnknown(AwsServiceException e) {
        return e.statusCode() == 400
                && Failures.message(e).toLowerCase(Locale.ROOT).contains("cannot be assumed");
    }
}
