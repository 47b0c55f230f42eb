package io.jenkins.plugins.serverlesspromotion.aws.session;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * Base credentials of a person at a terminal: the profile of that name in the AWS configuration of this user, otherwise
 * the SDK's default chain (environment, default profile, container or instance role).
 */
public final class ProfileCredentials implements BaseCredentials {
    @Override
    public AwsCredentialsProvider find(String credentialsId) {
        ProfileFile profiles = ProfileFile.defaultProfileFile();
        return credentialsId != null && profiles.profile(credentialsId).isPresent()
                ? ProfileCredentialsProvider.builder()
                        .profileFile(profiles)
                        .profileName(credentialsId)
                        .build()
                : DefaultCredentialsProvider.builder().build();
    }
}
