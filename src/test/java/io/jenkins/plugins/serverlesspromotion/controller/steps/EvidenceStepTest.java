package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.lean;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What a build says about a release is the word of its job, where policy lets the job say anything. */
public class EvidenceStepTest {
    private static final String MAIN = "team-orders/orders/main";

    @ClassRule
    public static final JenkinsRule r = new JenkinsRule();

    private static Sandbox sandbox;
    private static int versions;

    @BeforeClass
    public static void open() throws Exception {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.001));
        Landscape.people(r);
        Landscape.configure(
                r,
                sandbox.endpoint(),
                policy -> Landscape.leanPolicy(policy).replace("\"rollback:prod\"]", "\"rollback:prod\", evidence]"));
    }

    @AfterClass
    public static void close() {
        sandbox.close();
    }

    private static WorkflowRun run(String name, String script, Result expected) throws Exception {
        return finished(r, start(job(r, name, script), "bob"), expected);
    }

    private static String published(String before) throws Exception {
        String version = "3.0." + ++versions;
        run(
                MAIN,
                "node {\n" + before + lean(version, 200) + "publishRelease manifest: 'release.yaml', version: '"
                        + version + "'\n}",
                Result.SUCCESS);
        return "orders@" + version;
    }

    private static String tests(String... cases) {
        return "writeFile file: 'r.xml', text: '<testsuite>" + String.join("", cases) + "</testsuite>'\n"
                + "junit testResults: 'r.xml', skipPublishingChecks: true, skipMarkingBuildUnstable: true\n";
    }

    private static Evidence only(String release) {
        List<Evidence> all = store().evidence(release);
        assertEquals(all.toString(), 1, all.size());
        return all.get(0);
    }

    @Test
    public void theTestsOfThePublishingBuildAreItsOwnWord() throws Exception {
        String passed = "<testcase classname=\"a\" name=\"b\"/>";
        Evidence good = only(published(tests(passed, passed.replace("b", "c"))));
        assertEquals("tests", good.kind());
        assertEquals(Evidence.Result.PASSED, good.result());
        assertEquals("job:" + MAIN, good.producer());
        assertEquals("reported by the job: 2 tests", good.detail());
        Evidence bad = only(published(tests(
                passed,
                "<testcase classname=\"a\" name=\"d\"><failure/></testcase>",
                "<testcase classname=\"a\" name=\"e\"><skipped/></testcase>")));
        assertEquals(Evidence.Result.FAILED, bad.result());
        assertEquals("reported by the job: 1 of 3 tests failed, 1 skipped", bad.detail());
        assertEquals("no tests, no word", List.of(), store().evidence(published("")));
    }

    /** What the build found out must not be lost, and the release is published already. */
    @Test
    public void aBuildThatRecordsTooMuchWaitsWithItsTestsAndNamesItsPeople() throws Exception {
        String release = published("");
        String version = "3.0." + ++versions;
        String passed = "<testcase classname=\"a\" name=\"b\"/>";
        String script = "recordEvidence release: '" + release + "', type: 'scan', result: 'passed'\n" + "node {\n"
                + tests(passed) + lean(version, 200) + "publishRelease manifest: 'release.yaml', version: '" + version
                + "'\n}";
        Landscape.promotions().perMinute(1);
        try {
            WorkflowRun run = start(job(r, MAIN, script), "alice");
            Awaitility.await()
                    .atMost(Landscape.PATIENCE)
                    .until(() -> Landscape.log(run)
                            .contains("record tests of orders@" + version + " waits: user:alice made 1 records of"
                                    + " evidence within a minute, which is the limit; try again in "));
            assertTrue(run.isBuilding());
            assertTrue(store().release("orders", version).isPresent());
            assertEquals(List.of(), store().evidence("orders@" + version));
            run.getOneOffExecutor().interrupt(Result.ABORTED);
            finished(r, run, Result.ABORTED);
        } finally {
            Landscape.promotions().perMinute(10_000);
        }
    }

    @Test
    public void aJobSaysWhatItFoundOut() throws Exception {
        String release = published("");
        WorkflowRun run = run(
                MAIN,
                "def e = recordEvidence release: '" + release
                        + "', type: 'scan', result: 'failed', detail: 'CVE-1'\n"
                        + "echo \"${e.type} ${e.result} ${e.producer}\"",
                Result.SUCCESS);
        r.assertLogContains("scan failed job:" + MAIN, run);
        Evidence found = only(release);
        assertEquals("CVE-1", found.detail());
        assertEquals(String.valueOf(run.getNumber()), found.run());
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "1 replay")
    public void whoMayNotWhatIsWrongAndWhatIsUnknownIsRefused() throws Exception {
        String release = published("");
        String scan = "recordEvidence release: '" + release + "', type: 'scan', result: 'passed'";
        WorkflowRun other = run("team-orders/other", scan, Result.FAILURE);
        r.assertLogContains("policy does not allow job team-orders/other evidence for service orders", other);
        assertTrue(Landscape.refusals().stream().anyMatch(e -> e.contains("record evidence of " + release)));
        r.assertLogContains(
                "argument 'result' is 'perhaps'", run(MAIN, scan.replace("passed", "perhaps"), Result.FAILURE));
        r.assertLogContains("was never published", run(MAIN, scan.replace(release, "orders@9.9.9"), Result.FAILURE));
        r.assertLogContains(
                "leave out 'type', 'result' and 'detail'", run(MAIN, scan + ", envelope: '{}'", Result.FAILURE));
        WorkflowRun first = run(MAIN, "echo 'nothing yet'", Result.SUCCESS);
        WorkflowRun replayed = (WorkflowRun)
                first.getAction(ReplayAction.class).run(scan, Map.of()).get();
        r.assertBuildStatus(Result.FAILURE, replayed);
        r.assertLogContains("replayed or restarted from a stage", replayed);
        assertEquals(List.of(), store().evidence(release));
    }

    @Test
    public void aSignedStatementIsTheWordOfItsKey() throws Exception {
        String release = published("");
        KeyPair ci = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var key = EvidenceKey.of(
                "ci", Base64.getEncoder().encodeToString(ci.getPublic().getEncoded()));
        Policy now = store().policy().orElseThrow().policy();
        Landscape.promotions()
                .apply(
                        new Policy(
                                now.stores(),
                                now.accounts(),
                                now.roles(),
                                now.environments(),
                                now.services(),
                                now.freezes(),
                                now.people(),
                                Map.of("ci", key),
                                now.shared(),
                                now.adopt()),
                        "user:ops");
        String digest = store().release("orders", release.substring("orders@".length()))
                .orElseThrow()
                .ref()
                .digest()
                .substring("sha256:".length());
        String statement =
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\"" + digest
                        + "\"}}],\"predicateType\":\"https://in-toto.io/attestation/test-result/v0.1\","
                        + "\"predicate\":{\"result\":\"PASSED\"}}";
        String step = "recordEvidence release: '" + release + "', envelope: '";
        WorkflowRun run = run(MAIN, step + envelope(ci, statement) + "'", Result.SUCCESS);
        assertEquals("key:ci", only(release).producer());
        assertEquals(
                "job:" + MAIN + "#" + run.getNumber(), only(release).signed().by());
        KeyPair another = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        r.assertLogContains(
                "signed by none of the keys", run(MAIN, step + envelope(another, statement) + "'", Result.FAILURE));
    }

    /** Signed with nothing but the platform, as the DSSE protocol says. */
    private static String envelope(KeyPair pair, String statement) throws Exception {
        String type = "application/vnd.in-toto+json";
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(("DSSEv1 " + type.length() + " " + type + " " + statement.length() + " " + statement)
                .getBytes(StandardCharsets.US_ASCII));
        Base64.Encoder base64 = Base64.getEncoder();
        return "{\"payloadType\":\"" + type + "\",\"payload\":\""
                + base64.encodeToString(statement.getBytes(StandardCharsets.US_ASCII))
                + "\",\"signatures\":[{\"sig\":\"" + base64.encodeToString(signature.sign()) + "\"}]}";
    }
}
