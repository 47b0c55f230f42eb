package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.model.User;
import io.jenkins.plugins.serverlesspromotion.Patience;
import java.time.Instant;
import org.jvnet.hudson.test.JenkinsRule.WebClient;

/**
 * Logins that hold. Jenkins answers a login before it has put the user's seed into the session, and a request that comes
 * in between ends the session; where nobody had that user yet, both may make one, with a seed each.
 */
public final class Logins {
    private Logins() {}

    /** Logs in, and tells whether it holds. */
    public interface Attempt {
        boolean holds() throws Exception;
    }

    /** The password is the name, as in the realms of tests. */
    public static WebClient login(WebClient client, String user) throws Exception {
        until(user, () -> {
            client.login(user);
            return client.goTo("whoAmI/api/json", "application/json")
                    .getWebResponse()
                    .getContentAsString()
                    .contains("\"anonymous\":false");
        });
        return client;
    }

    public static void until(String user, Attempt attempt) throws Exception {
        User.getById(user, true);
        Instant end = Instant.now().plus(Patience.LIMIT);
        while (!attempt.holds()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError(user + " logs in and is nobody");
            }
        }
    }
}
