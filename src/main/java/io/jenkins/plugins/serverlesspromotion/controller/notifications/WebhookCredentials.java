package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.security.ACL;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** The secret texts of the system store that can hold the address of a webhook. Only those of scope System can be used. */
final class WebhookCredentials {
    private WebhookCredentials() {}

    /** @throws DeliveryException when there is none, or its scope is not System */
    static StringCredentials lookup(String id) throws DeliveryException {
        StringCredentials found =
                all().stream().filter(c -> c.getId().equals(id)).findFirst().orElse(null);
        if (found == null) {
            throw unusable("there is no credential '" + id + "' of kind Secret text in the system store of Jenkins");
        }
        if (found.getScope() != CredentialsScope.SYSTEM) {
            throw unusable("the credential '" + id
                    + "' has scope Global, so every Pipeline could use it; change its scope to" + " System");
        }
        return found;
    }

    private static DeliveryException unusable(String sentence) {
        return new DeliveryException(sentence, false);
    }

    /** The usable credentials: names by ids. */
    static Map<String, String> usable() {
        var usable = new TreeMap<String, String>();
        all().stream()
                .filter(c -> c.getScope() == CredentialsScope.SYSTEM)
                .forEach(c -> usable.put(
                        c.getId(),
                        c.getDescription().isEmpty() ? c.getId() : c.getId() + " (" + c.getDescription() + ")"));
        return usable;
    }

    private static List<StringCredentials> all() {
        return CredentialsProvider.lookupCredentialsInItemGroup(
                StringCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of());
    }
}
