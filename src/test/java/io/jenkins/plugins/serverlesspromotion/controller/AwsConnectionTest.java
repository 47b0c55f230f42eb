package io.jenkins.plugins.serverlesspromotion.controller;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.cloudbees.jenkins.plugins.awscredentials.AWSCredentialsImpl;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.ProxyConfiguration;
import io.jenkins.plugins.serverlesspromotion.aws.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.aws.Relay;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.logging.Level;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LoggerRule;

/** Requests to AWS take the way that Jenkins' proxy configuration says, also when it changes while Jenkins runs. */
public class AwsConnectionTest {
    private static final String AWS = "aws.example";
    private static final Policy.Account TOOLS = new Policy.Account(
            "tools", "111111111111", "base", null, null, null, null, null, Policy.Account.DEFAULT_BUCKET);
    private static final Policy.Store STORE = new Policy.Store("main", "acme-releases", "eu-west-1", "tools");

    @Rule
    public final JenkinsRule j = new JenkinsRule();

    @Before
    public void credentials() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new AWSCredentialsImpl(CredentialsScope.SYSTEM, "base", "AKIABASE", "secret", null));
    }

    @Rule
    public final LoggerRule log =
            new LoggerRule().record(AwsConnection.class, Level.WARNING).capture(10);

    private static void ask(AwsConnection connection) {
        var artifact = new Artifact("a.zip", "0".repeat(64), 1);
        assertThrows(IOException.class, () -> connection.stored(STORE, TOOLS, List.of(artifact)));
    }

    @Test
    public void theProxyOfJenkinsIsAskedAndItsExceptionsAreKept() throws Exception {
        var settings =
                AwsSettings.defaults().at(URI.create("http://" + AWS + ":8000")).withPollScale(0.001);
        try (Relay proxy = Relay.proxy();
                var connection = new AwsConnection(() -> settings)) {
            ask(connection);
            assertEquals("no proxy is configured", List.of(), proxy.asked());
            assertTrue(
                    "where requests go is said",
                    log.getRecords().stream()
                            .anyMatch(r -> r.getMessage().startsWith("every AWS request goes to {0}, not to AWS")
                                    && settings.endpoint().equals(r.getParameters()[0])));

            j.jenkins.setProxy(new ProxyConfiguration("127.0.0.1", proxy.port()));
            ask(connection);
            assertFalse(proxy.asked().isEmpty());
            assertTrue(proxy.asked().toString(), proxy.asked().get(0).startsWith("POST http://" + AWS + ":8000/"));

            int before = proxy.asked().size();
            j.jenkins.setProxy(new ProxyConfiguration("127.0.0.1", proxy.port(), null, null, "*.acme.net\n*.example"));
            ask(connection);
            assertEquals(
                    "it is named as reached directly", before, proxy.asked().size());
        }
    }
}
