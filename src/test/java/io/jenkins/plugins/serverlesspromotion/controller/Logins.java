package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.model.User;
import io.jenkins.plugins.serverlesspromotion.Patience;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jvnet.hudson.test.JenkinsRule.WebClient;

/**
 * Logins that hold. Jenkins answers a login before it puts the user's seed into the session, and a request that comes in
 * between ends the session. Where the user did not exist, the login and that request can each create one, with different
 * seeds.
 */
public final class Logins {
    /** Where Jenkins tells a session whose it is. */
    public static final String WHO_AM_I = "whoAmI/api/json";

    private Logins() {}

    /** The password is the name, as in the realms of tests. */
    public static WebClient login(WebClient client, String user) throws Exception {
        untilKnown(user, () -> {
            client.login(user);
            return client.goTo(WHO_AM_I, "application/json").getWebResponse().getContentAsString();
        });
        return client;
    }

    /**
     * Repeats a login until Jenkins knows the session.
     *
     * @param attempt logs in and answers what {@link #WHO_AM_I} says then
     */
    public static void untilKnown(String user, Callable<String> attempt) throws Exception {
        User.getById(user, true);
        Instant end = Instant.now().plus(Patience.LIMIT);
        while (!attempt.call().contains("\"anonymous\":false")) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("the session of " + user + " is anonymous after each login");
            }
        }
    }
}
