package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.reached;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.cli.CLICommandInvoker;
import hudson.model.Result;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.store.AuditExport;
import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/** A literal value of a NoEcho parameter is not published, and one that an older version published is shown nowhere. */
public class NoEchoSurfacesTest {
    private static final String PLANTED = "planted-6f1c0e";

    /** %s: the value of Pw. */
    private static final String MANIFEST = """
            apiVersion: promotion/v1
            service: orders
            variables: { pw: %s }
            targets:
              - name: app
                cloudformation: { template: app.yaml, stack: "orders-${environment}" }
                parameters: { Pw: "${pw}", Size: large-size }
            """;

    private static final String TEMPLATE = """
            Parameters:
              Pw: { Type: String, NoEcho: yes }
              Size: { Type: String }
            Resources:
              Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub "${Pw} ${Size}" } }
            Outputs:
              Copy: { Value: !Ref Pw }
            """;

    @Rule
    public JenkinsRule r = new JenkinsRule();

    /** What a team has checked out; not a part of Jenkins. */
    @Rule
    public TemporaryFolder sources = new TemporaryFolder();

    private Sandbox sandbox;

    @Before
    public void open() throws Exception {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.001));
        Landscape.people(r);
        Landscape.configure(r, sandbox.endpoint(), Landscape::leanPolicy);
    }

    @After
    public void close() {
        sandbox.close();
    }

    private WorkflowRun published(String version, String value, Result expected) throws Exception {
        Path folder = sources.newFolder(version).toPath();
        Files.writeString(folder.resolve("release.yaml"), MANIFEST.formatted(value));
        Files.writeString(folder.resolve("app.yaml"), TEMPLATE);
        return finished(
                r,
                start(
                        job(
                                r,
                                Landscape.MAIN,
                                "node {\n sh 'cp " + folder + "/* .'\n"
                                        + " publishRelease manifest: 'release.yaml', version: '" + version + "'\n}"),
                        "bob"),
                expected);
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "13 step")
    public void theStepRefusesItWithoutSayingIt() throws Exception {
        WorkflowRun run = published("1.0.0", "{ \"*\": " + PLANTED + " }", Result.FAILURE);
        r.assertLogContains("release.yaml:3: variables.pw.*", run);
        r.assertLogContains("is a literal value of parameter Pw, which has NoEcho in template app.yaml", run);
        r.assertLogContains("use a variable with secret:", run);
        assertTrue(store().release("orders", "1.0.0").isEmpty());
        assertEquals(
                "not a byte was stored for it", List.of(), sandbox.control().history("s3:object", "*"));
        assertEquals(List.of(), filesWithIt(0));
    }

    @Test
    @Shows(
            table = Shows.HOLES,
            cell = {"13 page", "13 rest", "13 command"})
    public void anOldReleaseIsDeployedWithItAndShownWithoutIt() throws Exception {
        published("0.9.0", "{ secret: orders/key }", Result.SUCCESS);
        store().append(new Entry.ReleasePublished(old("1.0.0")));
        long before = EngineLifecycle.get().files().orElseThrow().size();
        WorkflowRun dev = finished(
                r,
                start(job(r, Landscape.MAIN, "promoteRelease release: 'orders@1.0.0', to: 'dev'"), "bob"),
                Result.SUCCESS);
        WorkflowRun prod = start(job(r, Landscape.MAIN, "promoteRelease release: 'orders@1.0.0', to: 'prod'"), "bob");
        reached("orders.prod.1", State.WAITING);
        String waiting = hidden("page", page(PagePaths.promotion("orders.prod.1")));
        assertTrue("what is no secret is shown", waiting.contains("large-size"));
        Landscape.approveInProd("orders.prod.1");
        finished(r, prod, Result.SUCCESS);
        assertEquals(PLANTED, deployed("222222222222"));
        assertEquals(PLANTED, deployed("444444444444"));
        for (String id : List.of("orders.dev.1", "orders.prod.1")) {
            hidden("page", page(PagePaths.promotion(id)));
            hidden("log", text(PagePaths.promotion(id) + "/log"));
            hidden("REST", text("promotion-releases/api/promotion/" + id));
            hidden("command", command("promotion-show", id));
        }
        for (String lane : List.of("dev", "prod")) {
            hidden("command", command("promotion-drift", "orders", "--in", lane));
        }
        hidden("command", command("promotion-status"));
        hidden("REST", text("promotion-releases/api/status"));
        assertTrue(hidden("REST", text("promotion-releases/api/audit")).contains("hmac-sha256:"));
        hidden("build log", JenkinsRule.getLog(dev) + JenkinsRule.getLog(prod));
        hidden("export", export());
        assertEquals("only what an older version wrote has it", List.of(), filesWithIt(before));
    }

    private static Published old(String version) {
        Published like = store().release("orders", "0.9.0").orElseThrow();
        Manifest manifest = ManifestReader.read(
                "release.yaml", MANIFEST.formatted("{ \"*\": " + PLANTED + " }").getBytes(StandardCharsets.UTF_8));
        var release = new Release("orders", version, manifest, like.release().artifacts());
        var ref = new ReleaseRef("orders", version, new CanonicalDigests().release(release), 2);
        return new Published(
                ref,
                release,
                Provenance.publishedBy("user:bob"),
                like.store(),
                like.versions(),
                Instant.parse("2026-01-05T12:00:00Z"),
                "user:bob");
    }

    private static String hidden(String what, String text) {
        assertFalse(what + ":\n" + text, text.contains(PLANTED));
        return text;
    }

    private String page(String path) throws Exception {
        try (JenkinsRule.WebClient client = client()) {
            return client.goTo(path).getWebResponse().getContentAsString();
        }
    }

    private String text(String path) throws Exception {
        try (JenkinsRule.WebClient client = client()) {
            var response = client.getPage(new URL(r.getURL(), path)).getWebResponse();
            assertEquals(path, 200, response.getStatusCode());
            return response.getContentAsString();
        }
    }

    private String command(String name, String... words) {
        CLICommandInvoker.Result result =
                new CLICommandInvoker(r, name).asUser("alice").invokeWithArgs(words);
        assertEquals(result.toString(), 0, result.returnCode());
        return result.stdout() + result.stderr();
    }

    private JenkinsRule.WebClient client() throws Exception {
        return Logins.login(r.createWebClient().withJavaScriptEnabled(false), "alice");
    }

    private static String export() throws Exception {
        var out = new ByteArrayOutputStream();
        AuditExport.export(EngineLifecycle.get().files().orElseThrow(), null, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private String deployed(String account) {
        try (CloudFormationClient stacks = CloudFormationClient.builder()
                .endpointOverride(sandbox.endpoint())
                .region(Region.of("eu-west-1"))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("AKIA" + account + "ADMI", "sandbox-secret-of-admin")))
                .build()) {
            String environment = account.equals("222222222222") ? "dev" : "prod";
            return stacks.describeStacks(q -> q.stackName("orders-" + environment))
                    .stacks()
                    .get(0)
                    .outputs()
                    .get(0)
                    .outputValue();
        }
    }

    /** Files of Jenkins that have it, but for the workspace and the first lines of the journal. */
    private List<String> filesWithIt(long lines) throws Exception {
        Path home = r.jenkins.getRootDir().toPath();
        Path journal = EngineLifecycle.root().resolve("journal");
        var found = new ArrayList<String>();
        long seen = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(home)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            if (file.startsWith(home.resolve("workspace"))) {
                continue;
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (file.startsWith(journal)) {
                long skipped = Math.min(Math.max(0, lines - seen), text.lines().count());
                seen += text.lines().count();
                text = String.join("\n", text.lines().skip(skipped).toList());
            }
            if (text.contains(PLANTED)) {
                found.add(home.relativize(file).toString());
            }
        }
        return found;
    }
}
