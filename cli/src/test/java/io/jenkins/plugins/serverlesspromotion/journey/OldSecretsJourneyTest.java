package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess.Answer;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import software.amazon.awssdk.services.cloudformation.model.Capability;

/**
 * Releases that an older version published with literal values of a NoEcho parameter: they are deployed and returned to
 * with these values, and nothing that is said or written from now on has them.
 */
public class OldSecretsJourneyTest {
    private static final String FIRST = "planted-6f1c0e";
    private static final String SECOND = "planted-second-77aa";
    private static final String REGION = "eu-west-1";

    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts:
              - { name: tools, id: "111111111111" }
              - name: orders-dev
                id: "222222222222"
                externalId: acme
                planRole: promotion-plan
                deployRole: promotion-deploy
                executionRole: promotion-cfn
                testRole: promotion-test
            roles: [ { name: on-call, users: [ erin ] } ]
            environments: [ { name: dev, rollback: { role: on-call, count: 1 } } ]
            services:
              - name: orders
                owners: { groups: [ team-orders ] }
                placements: [ { environment: dev, waves: [ [ orders-dev/eu-west-1 ] ] } ]
            """;

    /** %s: the value of Pw. */
    private static final String MANIFEST = """
            apiVersion: promotion/v1
            service: orders
            variables: { pw: %s }
            targets:
              - name: app
                cloudformation: { template: app.yaml, stack: "orders-app-${environment}" }
                parameters: { Pw: "${pw}", Size: "size-of-${version}" }
              - name: copy
                cloudformation: { template: copy.yaml, stack: "orders-copy-${environment}" }
                parameters: { From: "${output.app.Copy}" }
            """;

    private static final String APP = """
            Parameters:
              Pw: { Type: String, NoEcho: yes }
              Size: { Type: String }
            Resources:
              Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub "${Pw} ${Size}" } }
            Outputs:
              Copy: { Value: !Ref Pw }
            """;

    private static final String COPY = """
            Parameters:
              From: { Type: String }
            Resources:
              Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref From } }
            """;

    @Rule
    public TemporaryFolder temporary = new TemporaryFolder();

    private final Map<String, String> before = new LinkedHashMap<>();
    private final List<String> said = new ArrayList<>();
    private Sandbox sandbox;
    private LiveAccounts accounts;
    private Path folder;
    private Path home;
    private long old;

    @Before
    public void aHomeOfAnOlderVersion() throws Exception {
        folder = temporary.getRoot().toPath();
        home = folder.resolve("home");
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(AwsSetup.SCALE));
        accounts = new LiveAccounts(sandbox.endpoint());
        property("aws.accessKeyId", AwsSetup.user().accessKeyId());
        property("aws.secretAccessKey", AwsSetup.user().secretAccessKey());
        write("policy.yaml", POLICY);
        write("app.yaml", APP);
        write("copy.yaml", COPY);
        write("release.yaml", MANIFEST.formatted("{ secret: orders/key }"));
        run(0, "olga", "policy", "apply", folder.resolve("policy.yaml").toString());
        run(0, "bob", "publish", folder.resolve("release.yaml").toString(), "--version", "0.9.0");
        try (FileStore store = FileStore.open(home, Product.CLI, new JournalCodec())) {
            Published like = store.release("orders", "0.9.0").orElseThrow();
            store.append(new Entry.ReleasePublished(published(like, "1.0.0", FIRST)));
            store.append(new Entry.ReleasePublished(published(like, "1.1.0", SECOND)));
            old = store.size();
        }
        assertTrue("what an older version wrote", journal(0).contains(FIRST) && journal(0).contains(SECOND));
        assertFalse(journal(0).lines().skip(old - 2).anyMatch(line -> line.contains("noEcho")));
    }

    /** As it was recorded before NoEcho was read: the record says nothing of it. */
    private static Published published(Published like, String version, String value) {
        Manifest manifest = ManifestReader.read(
                "release.yaml", MANIFEST.formatted("{ dev: " + value + " }").getBytes(StandardCharsets.UTF_8));
        var release = new Release("orders", version, manifest, like.release().artifacts());
        var ref = new ReleaseRef(
                "orders", version, new CanonicalDigests().release(release), version.equals("1.0.0") ? 2 : 3);
        return new Published(
                ref,
                release,
                Provenance.publishedBy("user:bob"),
                like.store(),
                like.versions(),
                Instant.parse("2026-01-05T12:00:00Z"),
                "user:bob");
    }

    @After
    public void close() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        accounts.close();
        sandbox.close();
    }

    private void property(String name, String value) {
        before.put(name, System.getProperty(name));
        System.setProperty(name, value);
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
    }

    private Answer run(int exit, String user, String... words) {
        Answer answer = null;
        // As text and as JSON, unless the command changes something.
        boolean reads = List.of("plan", "drift", "show", "status", "history", "explain").contains(words[0]);
        for (boolean json : reads ? new boolean[] {false, true} : new boolean[] {false}) {
            var all = new ArrayList<>(List.of(words));
            all.addAll(List.of(
                    "--home", home.toString(),
                    "--endpoint", sandbox.endpoint().toString(),
                    "--poll-scale", String.valueOf(AwsSetup.SCALE * 5),
                    "--as", user));
            if (json) {
                all.add("--json");
            }
            answer = CommandLineInProcess.run(all.toArray(String[]::new));
            said.add(answer.out() + answer.err());
            assertEquals(String.join(" ", words) + "\n" + answer, exit, answer.exit());
        }
        return answer;
    }

    /** The lines from a record on. */
    private String journal(long from) throws Exception {
        var text = new StringBuilder();
        try (Stream<Path> files = Files.list(home.resolve("journal"))) {
            for (Path file : files.sorted().toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString().lines().skip(from).reduce("", (a, b) -> a + b + "\n");
    }

    /** What the stacks really got: one has the value itself, the other by way of an output. */
    private void live(String value, String version) {
        var client = accounts.stacks(Script.DEV, REGION);
        var app = client.describeStacks(r -> r.stackName("orders-app-dev")).stacks().get(0);
        assertEquals(value, app.outputs().get(0).outputValue());
        assertTrue(
                app.toString(),
                app.parameters().stream().anyMatch(p -> ("size-of-" + version).equals(p.parameterValue())));
        var copy = client.describeStacks(r -> r.stackName("orders-copy-dev")).stacks().get(0);
        assertEquals(value, copy.parameters().get(0).parameterValue());
    }

    private static void hidden(String what, String text) {
        assertFalse(what + ":\n" + text, text.contains(FIRST) || text.contains(SECOND));
    }

    @Test
    public void theyAreDeployedAndReturnedToAndNothingNewHasTheirValues() throws Exception {
        run(0, "bob", "plan", "orders@1.0.0", "--to", "dev");
        run(0, "bob", "promote", "orders@1.0.0", "--to", "dev");
        live(FIRST, "1.0.0");
        Answer planned = run(0, "bob", "plan", "orders@1.1.0", "--to", "dev");
        assertTrue("what is no secret is shown: " + planned.out(), planned.out().contains("size-of-1.1.0"));
        run(0, "bob", "promote", "orders@1.1.0", "--to", "dev");
        live(SECOND, "1.1.0");
        run(0, "erin", "rollback", "orders", "--in", "dev", "--reason", "checkout is slow");
        live(FIRST, "1.0.0");
        run(0, "bob", "drift", "orders", "--in", "dev");
        byHand();
        Answer drift = run(1, "bob", "drift", "orders", "--in", "dev");
        assertTrue(drift.out(), drift.out().contains("parameter From has another value than was promoted"));
        for (String id : List.of("orders.dev.1", "orders.dev.2", "orders.dev.3")) {
            run(0, "bob", "show", id);
        }
        run(0, "bob", "status");
        run(0, "bob", "history", "orders");
        run(0, "bob", "audit", "log");
        said.forEach(text -> hidden("output", text));
        String written = journal(old);
        assertTrue("outputs are recorded as fingerprints", written.contains("\"Copy\":\"hmac-sha256:"));
        hidden("journal", written);
        export();
    }

    /** Somebody gives the stack another value beside the product. */
    private void byHand() {
        accounts.stacks(Script.DEV, REGION).updateStack(r -> r.stackName("orders-copy-dev")
                .usePreviousTemplate(true)
                .capabilities(Capability.CAPABILITY_IAM)
                .parameters(p -> p.parameterKey("From").parameterValue("changed-by-hand")));
        sandbox.control().settle();
    }

    private void export() throws Exception {
        Path key = folder.resolve("audit.key");
        run(0, "audra", "audit", "keygen", key.toString(), "--name", "acme");
        Path export = folder.resolve("export.txt");
        run(0, "audra", "audit", "export", export.toString(), "--sign-with", key.toString());
        String text = Files.readString(export);
        hidden("export", text);
        assertEquals("only the two old releases are withheld", 2, text.lines().filter(l -> l.contains(" withheld {")).count());
        Answer verified = run(0, "audra", "audit", "verify", export.toString(), "--key", key + ".pub");
        assertTrue(verified.out(), verified.out().contains("2 entries have fingerprints"));
    }
}
