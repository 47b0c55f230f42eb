package io.jenkins.plugins.serverlesspromotion.controller;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.cloudbees.jenkins.plugins.awscredentials.AWSCredentialsImpl;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.ProxyConfiguration;
import io.jenkins.plugins.serverlesspromotion.aws.Relay;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Observation;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipAnswer;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import jenkins.model.JenkinsLocationConfiguration;
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

    /** Where the setup says that Jenkins is reached: a check must not use the controller's own rights, or see its pages. */
    @Test
    public void noHttpCheckReachesTheControllerUnderItsOwnName() throws Exception {
        j.jenkins
                .getExtensionList(JenkinsLocationConfiguration.class)
                .get(0)
                .setUrl("http://Jenkins.acme.test/jenkins/");
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.001))) {
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .add(new AWSCredentialsImpl(
                            CredentialsScope.SYSTEM,
                            "release-base",
                            "AKIAIOSFODNN7SANDBOX",
                            "sandbox-secret-of-release-base",
                            null));
            var settings = AwsSettings.defaults().at(sandbox.endpoint()).withPollScale(0.001);
            try (var connection = new AwsConnection(() -> settings)) {
                for (String host : List.of("jenkins.acme.test", "JENKINS.acme.test", "jenkins.acme.test.")) {
                    Deployer.Verification verified = connection.verify(
                            work("http://" + host + "/jenkins/login"),
                            1,
                            0,
                            null,
                            Map.of(),
                            Deployer.Progress.of((s, l) -> {}));
                    String why = verified.failure().cause();
                    assertTrue(why, why.contains(host + " is this controller itself, which no check may ask"));
                }
            }
        }
    }

    /** A release with one stack and one check. */
    private static Deployer.Work work(String url) throws Exception {
        Policy policy = PolicyReader.read("policy.yaml", """
                artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
                accounts:
                  - { name: tools, id: "111111111111", credentialsId: release-base }
                  - { name: dev, id: "222222222222", credentialsId: release-base, externalId: acme,
                      planRole: promotion-plan, deployRole: promotion-deploy, testRole: promotion-test }
                environments: [ { name: dev } ]
                services: [ { name: orders, places: "dev/eu-west-1" } ]
                """.getBytes(StandardCharsets.UTF_8));
        var stack = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders", List.of(), Map.of(), Map.of());
        var check = new Manifest.HttpCheck(url, new Manifest.Expectation(200, null, null), 0);
        var release = new Release(
                "orders",
                "1.0.0",
                new Manifest("orders", Map.of(), List.of(stack), List.of(check), List.of()),
                List.of(new Artifact("api.yaml", "0".repeat(64), 10)));
        var published = new Published(
                new ReleaseRef("orders", "1.0.0", "sha256:" + "0".repeat(64), 1),
                release,
                Provenance.publishedBy("user:bob"),
                "main",
                Map.of(),
                Instant.EPOCH,
                "user:bob");
        return new Deployer.Work(
                "controller",
                "orders.dev.1",
                published,
                LaneRules.of(policy, "orders", "dev").orElseThrow(),
                policy.stores().get("main"),
                policy.accounts().get("tools"),
                List.of(),
                new Owners() {
                    @Override
                    public OwnershipAnswer ask(ResourceId resource, Observation seen, Use use) {
                        throw new AssertionError("nothing is written or invoked");
                    }

                    @Override
                    public Set<String> regions(String accountId) {
                        return Set.of();
                    }
                });
    }
}
