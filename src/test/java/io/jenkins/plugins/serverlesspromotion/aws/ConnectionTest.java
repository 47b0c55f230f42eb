package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.check.CheckRules;
import io.jenkins.plugins.serverlesspromotion.aws.check.HttpProbe;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The way to AWS in a company: through a proxy, and past somebody who signs certificates of their own. */
public class ConnectionTest {
    private static final String PASSWORD = "changeit";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Lab lab(URI endpoint, AwsSettings.Proxy proxy, String authorities) throws Exception {
        return new Lab(
                AwsSettings.defaults()
                        .at(endpoint)
                        .withProxy(proxy)
                        .withAuthorities(authorities)
                        .withPollScale(0.01),
                Map.of("tools", "111111111111", Lab.DEV, "222222222222", Lab.PROD, "444444444444"),
                new String[] {"AKIAIOSFODNN7SANDBOX", "sandbox-secret-of-release-base"},
                folder.newFolder().toPath());
    }

    private static AwsSettings.Proxy through(Relay relay, String... direct) {
        return new AwsSettings.Proxy(URI.create("http://127.0.0.1:" + relay.port()), null, null, Set.of(direct));
    }

    @Test
    public void everyRequestOfAPromotionGoesThroughTheProxy() throws Exception {
        URI endpoint = sandbox.control().endpoint();
        try (Relay relay = Relay.proxy();
                Lab lab = lab(endpoint, through(relay), null)) {
            int before = sandbox.control().log().size();
            var results = lab.promote(lab.work("orders.dev.1", lab.publish("1.0.0", 128, AwsSuite.V1)));
            assertEquals(Status.DONE, results.get("orders-dev/eu-west-1/api").status());
            int requests = sandbox.control().log().size() - before;
            assertTrue(String.valueOf(requests), requests > 10);
            assertEquals("none of them another way", requests, relay.asked().size());
            assertTrue(relay.asked().get(0), relay.asked().get(0).contains(" " + endpoint));
        }
    }

    @Test
    public void whatIsNamedAsDirectIsNotAskedThroughTheProxy() throws Exception {
        try (Relay relay = Relay.proxy();
                Lab lab = lab(sandbox.control().endpoint(), through(relay, "127.0.*"), null)) {
            lab.publish("1.0.0", 128, AwsSuite.V1);
            assertEquals(List.of(), relay.asked());
        }
    }

    @Test
    public void credentialsOfAnInstanceAreNeverAskedThroughAProxy() {
        var proxy = AwsSessions.proxy(AwsSettings.defaults()
                .withProxy(new AwsSettings.Proxy(URI.create("http://proxy.acme.net:3128"), "me", "secret", Set.of())));
        assertTrue(proxy.nonProxyHosts().stream().anyMatch("169.254.169.254"::matches));
        assertFalse(proxy.nonProxyHosts().stream().anyMatch("sts.eu-west-1.amazonaws.com"::matches));
        assertEquals("proxy.acme.net 3128 me", proxy.host() + " " + proxy.port() + " " + proxy.username());
    }

    @Test
    public void aProxyThatIsNotThereIsAnErrorThatSaysWhereToLook() throws Exception {
        int port;
        try (Relay gone = Relay.proxy()) {
            port = gone.port();
        }
        var proxy = new AwsSettings.Proxy(URI.create("http://127.0.0.1:" + port), null, null, Set.of());
        var release = sandbox.lab().publish("1.0.0", 128, AwsSuite.V1);
        try (Lab lab = lab(sandbox.control().endpoint(), proxy, null)) {
            Fact.Failure failure = lab.planFailure(lab.work("orders.dev.1", release));
            assertEquals(Fact.FailureKind.ERRORED, failure.verdict());
            assertTrue(failure.cause(), failure.cause().contains("check network, proxy and credentials"));
        }
    }

    @Test
    public void withoutCredentialsTheErrorSaysWhereToNameThem() throws Exception {
        var thrown = SdkClientException.create("Unable to load credentials from any of the providers in the chain X");
        Fact.Failure failure = Failures.of(new IllegalStateException(thrown));
        assertEquals(Fact.FailureKind.ERRORED, failure.verdict());
        assertTrue(failure.cause(), failure.cause().contains("credentialsId of the account in the policy"));
        assertTrue(failure.cause(), failure.cause().contains("AWS_PROFILE"));
    }

    // ---- certificates

    private Path keys() {
        return folder.getRoot().toPath().resolve("keys.p12");
    }

    private void keytool(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(said, 0, process.waitFor());
    }

    /** An authority of our own and a certificate for this machine that it signed; returns that of the authority. */
    private String authority() throws Exception {
        String store = keys().toString();
        keytool(
                "-genkeypair",
                "-alias",
                "ca",
                "-keyalg",
                "EC",
                "-dname",
                "CN=Acme authority",
                "-ext",
                "bc:c",
                "-keystore",
                store);
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-signer",
                "ca",
                "-keystore",
                store);
        Path pem = folder.getRoot().toPath().resolve("ca.pem");
        keytool("-exportcert", "-rfc", "-alias", "ca", "-file", pem.toString(), "-keystore", store);
        return Files.readString(pem);
    }

    private SSLContext server() throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys())) {
            store.load(in, PASSWORD.toCharArray());
        }
        store.deleteEntry("ca");
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private Relay secured() throws Exception {
        return Relay.tls(server(), sandbox.control().endpoint().getPort());
    }

    private static URI address(Relay relay) {
        return URI.create("https://127.0.0.1:" + relay.port());
    }

    @Test
    public void aCertificateOfNobodyIsRefusedAndTheNextStepNamed() throws Exception {
        authority();
        var release = sandbox.lab().publish("1.0.0", 128, AwsSuite.V1);
        try (Relay relay = secured();
                Lab lab = lab(address(relay), null, null)) {
            Fact.Failure failure = lab.planFailure(lab.work("orders.dev.1", release));
            assertEquals(Fact.FailureKind.ERRORED, failure.verdict());
            assertTrue(
                    failure.cause(),
                    failure.cause()
                            .contains("the certificate that came is not signed by an authority that is trusted here."
                                    + " Add the certificate of that authority, often that of a proxy, to the settings"
                                    + " (trustedCertificates, or --ca-bundle) or to the trust store of this JVM"));
            assertFalse("and what matters was not sent", failure.cause().contains("sandbox-secret"));
        }
    }

    @Test
    public void anAuthorityOfTheSettingsIsBelieved() throws Exception {
        String pem = authority();
        try (Relay relay = secured();
                Lab lab = lab(address(relay), null, "Acme's own\n" + pem + "\n# the end\n")) {
            assertEquals(2, lab.publish("1.0.0", 128, AwsSuite.V1).versions().size());
        }
        try (Relay relay = secured()) {
            var settings = AwsSettings.defaults().at(address(relay));
            var probe = new HttpProbe(settings.withAuthorities(pem));
            var rules = new CheckRules(settings, Lab.account(Lab.DEV, "222222222222"));
            assertTrue(probe.get(address(relay) + "/", rules, true).status() >= 200);
            assertThrows(
                    javax.net.ssl.SSLHandshakeException.class,
                    () -> new HttpProbe(settings).get(address(relay) + "/", rules, true));
        }
    }

    @Test
    public void throughAProxyTheServersOwnCertificateCounts() throws Exception {
        String pem = authority();
        try (Relay secured = secured();
                Relay proxy = Relay.proxy();
                Lab lab = lab(address(secured), through(proxy), pem)) {
            lab.publish("1.0.0", 128, AwsSuite.V1);
            assertEquals(Set.of("CONNECT 127.0.0.1:" + secured.port()), Set.copyOf(proxy.asked()));
        }
    }

    @Test
    public void theTrustStoreOfTheJvmIsEnough() throws Exception {
        authority();
        Path trust = folder.getRoot().toPath().resolve("trust.p12");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "acme",
                "-file",
                folder.getRoot().toPath().resolve("ca.pem").toString(),
                "-keystore",
                trust.toString());
        var before = new HashMap<String, String>();
        for (var set : Map.of(
                        "javax.net.ssl.trustStore", trust.toString(), "javax.net.ssl.trustStorePassword", PASSWORD)
                .entrySet()) {
            before.put(set.getKey(), System.getProperty(set.getKey()));
            System.setProperty(set.getKey(), set.getValue());
        }
        try (Relay relay = secured();
                Lab lab = lab(address(relay), null, null)) {
            assertEquals(2, lab.publish("1.0.0", 128, AwsSuite.V1).versions().size());
        } finally {
            before.forEach((key, value) -> {
                if (value == null) {
                    System.clearProperty(key);
                } else {
                    System.setProperty(key, value);
                }
            });
        }
    }

    @Test
    public void whatIsNoCertificateIsRefusedWhenItIsSet() {
        String said = assertThrows(
                        IllegalArgumentException.class,
                        () -> AwsSettings.defaults().withAuthorities("/etc/ssl/acme.pem"))
                .getMessage();
        assertTrue(said, said.contains("must be PEM"));
        assertThrows(
                IllegalArgumentException.class,
                () -> AwsSettings.defaults()
                        .withAuthorities("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
    }
}
