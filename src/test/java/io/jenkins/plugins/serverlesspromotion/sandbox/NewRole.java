package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Requests of the tests themselves that name a role which was made just now. */
public final class NewRole {
    private NewRole() {}

    /** Repeats a refused request once: AWS may not know the role yet ({@link Variant#ROLES_NEED_A_MOMENT}). */
    public static <T> T accepted(Supplier<T> request) {
        try {
            return request.get();
        } catch (AwsServiceException e) {
            return request.get();
        }
    }
}
