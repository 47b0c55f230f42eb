package io.jenkins.plugins.serverlesspromotion.aws.session;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/**
 * Base credentials of a person at a terminal: the profile of that name in the AWS configuration of this user; without a
 * name the SDK's default chain (environment, default profile, container or instance role). A profile that is named and
 * does not exist is an error: the chain would continue with another identity.
 */
public final class ProfileCredentials implements BaseCredentials {
    /** Profiles that a message names; more help no one. */
    private static final int NAMED = 20;

    private static final String DEFAULT = "default";

    private final Supplier<ProfileFile> file;
    private final Supplier<String> selected;

    public ProfileCredentials() {
        this(
                ProfileFile::defaultProfileFile,
                () -> ProfileFileSystemSetting.AWS_PROFILE.getStringValue().orElse(DEFAULT));
    }

    /** @param selected the profile that the default chain uses, by {@code AWS_PROFILE} */
    ProfileCredentials(Supplier<ProfileFile> file, Supplier<String> selected) {
        this.file = file;
        this.selected = selected;
    }

    @Override
    public AwsCredentialsProvider find(String credentialsId) {
        ProfileFile profiles = file.get();
        if (credentialsId != null) {
            require(profiles, credentialsId, "credentialsId of the policy");
            return ProfileCredentialsProvider.builder()
                    .profileFile(profiles)
                    .profileName(credentialsId)
                    .build();
        }
        String name = selected.get();
        if (!name.equals(DEFAULT)) {
            require(profiles, name, "AWS_PROFILE");
        }
        return DefaultCredentialsProvider.builder().build();
    }

    private static void require(ProfileFile profiles, String name, String source) {
        if (profiles.profile(name).isPresent()) {
            return;
        }
        Set<String> known = new TreeSet<>(profiles.profiles().keySet());
        throw new IllegalArgumentException("the AWS configuration of this user has no profile '" + name + "', which "
                + source + " names; "
                + (known.isEmpty()
                        ? "it has no profiles"
                        : "it has " + known.stream().limit(NAMED).collect(Collectors.joining(", "))
                                + (known.size() > NAMED ? " and " + (known.size() - NAMED) + " more" : ""))
                + ". Add the profile with 'aws configure --profile " + name + "', or correct the name");
    }
}
