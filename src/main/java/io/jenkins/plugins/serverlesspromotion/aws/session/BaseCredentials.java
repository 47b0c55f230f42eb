package io.jenkins.plugins.serverlesspromotion.aws.session;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Finds the credentials that may assume an account's roles. */
@FunctionalInterface
public interface BaseCredentials {
    /**
     * @param credentialsId as in policy; null: the default of the environment where this runs
     * @throws IllegalArgumentException when there are none of that id, in a sentence that names the next step
     */
    AwsCredentialsProvider find(String credentialsId);
}
