package io.jenkins.plugins.serverlesspromotion.controller;

import com.cloudbees.jenkins.plugins.awscredentials.AmazonWebServicesCredentials;
import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.security.ACL;
import io.jenkins.plugins.serverlesspromotion.aws.session.BaseCredentials;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Reads base credentials from Jenkins' own store. Only those of scope SYSTEM: a credential of scope GLOBAL can be read
 * by every Pipeline, and the controller's own role by every build on the built-in node.
 */
@Restricted(NoExternalUse.class)
public final class SystemCredentials implements BaseCredentials {
    @Override
    public AwsCredentialsProvider find(String credentialsId) {
        if (credentialsId == null) {
            requireNoBuildsHere();
            var own = DefaultCredentialsProvider.builder().build();
            return () -> {
                requireNoBuildsHere();
                return own.resolveCredentials();
            };
        }
        usable(credentialsId);
        // Looks up the credentials at every use, so that a rotated secret or a deleted credential takes effect at once.
        return () -> resolved(credentialsId);
    }

    private static AwsCredentials resolved(String credentialsId) {
        AwsCredentials credentials = usable(credentialsId).resolveCredentials();
        if (credentials == null) {
            throw new IllegalArgumentException("the credential '" + credentialsId
                    + "' has neither an access key nor a role; complete it, or leave credentialsId out to use the"
                    + " controller's own role");
        }
        return credentials;
    }

    /** The usable base credentials: names by ids. */
    public static Map<String, String> usable() {
        var usable = new TreeMap<String, String>();
        all().stream()
                .filter(c -> c.getScope() == CredentialsScope.SYSTEM)
                .forEach(c -> usable.put(c.getId(), CredentialsNameProvider.name(c)));
        return usable;
    }

    /** Why base credentials cannot be used now, as a sentence with the next step; null means the controller's own role. */
    public static Optional<String> whyNot(String credentialsId) {
        try {
            if (credentialsId == null) {
                requireNoBuildsHere();
            } else {
                usable(credentialsId);
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static AmazonWebServicesCredentials usable(String credentialsId) {
        AmazonWebServicesCredentials found = all().stream()
                .filter(c -> c.getId().equals(credentialsId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no AWS credential '" + credentialsId
                        + "' in the system store of Jenkins; create it there with scope System"));
        if (found.getScope() != CredentialsScope.SYSTEM) {
            throw new IllegalArgumentException("the credential '" + credentialsId
                    + "' has scope Global, so every Pipeline could use it; change its scope to System");
        }
        return found;
    }

    private static void requireNoBuildsHere() {
        if (Jenkins.get().getNumExecutors() > 0) {
            throw new IllegalArgumentException("the controller's own role can be used by every build on the built-in"
                    + " node; set the number of executors of the built-in node to 0, or name a credential in"
                    + " credentialsId");
        }
    }

    /** The AWS credentials of the system store, of both scopes. */
    private static List<AmazonWebServicesCredentials> all() {
        return CredentialsProvider.lookupCredentialsInItemGroup(
                AmazonWebServicesCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of());
    }
}
