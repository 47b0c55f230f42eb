package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.approve;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.reached;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.model.Label;
import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LoggerRule;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The whole journey of docs/examples/orders, from a Jenkinsfile: built on an agent, promoted, approved, rolled back. */
public class PipelineJourneyTest {
    private static final String DEV = "222222222222";
    private static final String STAGING = "333333333333";
    private static final String PROD = "444444444444";

    @Rule
    public JenkinsRule r = new JenkinsRule();

    @Rule
    public LoggerRule warnings = new LoggerRule().record("", Level.WARNING).capture(100);

    private Sandbox sandbox;
    private DumbSlave agent;

    @Before
    public void open() throws Exception {
        r.timeout = 900;
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.01));
        Landscape.people(r);
        Landscape.configure(
                r,
                sandbox.endpoint(),
                policy -> policy.replace("\"request:prod\"]", "\"request:prod\", \"rollback:prod\"]")
                        .replace("pause: 5s", "pause: 1s"));
        agent = r.createOnlineSlave(Label.get("build"));
    }

    @After
    public void close() {
        sandbox.close();
    }

    @Test
    public void fromACommitToProductionAndBack() throws Exception {
        first();
        broken();
        secondAndBack();
        assertEquals("nothing was refused on the way", List.of(), Landscape.refusals());
        assertEquals(
                "nobody is warned of anything but of the sandbox",
                List.of("every AWS request goes to " + sandbox.endpoint()
                        + ", not to AWS, because of the setting endpoint"),
                warnings.getMessages().stream().distinct().toList());
    }

    /** Scripted; the executor is free while people decide. */
    private void first() throws Exception {
        WorkflowJob main = job(r, Landscape.MAIN, """
                def release
                node('build') {
                  %s
                  release = publishRelease manifest: 'orders/release.yaml', version: '1.0.0'
                }
                promoteRelease release: release.release, to: 'dev'
                promoteRelease release: release.release, to: 'staging'
                def prod = promoteRelease release: release.release, to: 'prod', reason: 'the first', ticket: 'CHG0031337'
                def live = releaseStatus service: 'orders', environment: 'prod'
                echo "prod is ${prod.state} by ${prod.promotion}, live is ${live.version} of ${live.digest == release.digest}"
                """.formatted(build("1.0.0", "")));
        WorkflowRun run = start(main, "bob");
        reached("orders.dev.1", State.SUCCEEDED);
        reached("orders.staging.1", State.SUCCEEDED);
        var waiting = reached("orders.prod.1", State.WAITING);
        assertEquals(Set.of("bob"), waiting.requesters());
        assertEquals("job:" + Landscape.MAIN + "#1", waiting.requests().get(0).by());
        assertEquals("CHG0031337", waiting.requests().get(0).ticket());
        assertEquals("no executor is held", 0, agent.toComputer().countBusy());
        approve("alice", "orders.prod.1");
        assertTrue("half of the quorum is not enough", run.isBuilding());
        assertEquals(
                State.WAITING, store().promotion("orders.prod.1").orElseThrow().state());
        approve("carol", "orders.prod.1");
        finished(r, run, Result.SUCCESS);
        r.assertLogContains("prod is SUCCEEDED by orders.prod.1, live is 1.0.0 of true", run);
        r.assertLogContains("orders.prod.1 (orders@1.0.0 → prod): WAITING — waiting for 1 of 1 release-managers", run);
        assertTrue(labels(run).toString(), labels(run).contains("orders@1.0.0 → prod: SUCCEEDED"));
        live(DEV, "1.0.0");
        live(STAGING, "1.0.0");
        live(PROD, "1.0.0");
        var published = store().release("orders", "1.0.0").orElseThrow();
        assertEquals(
                List.of("job:" + Landscape.MAIN + "#1", "user:bob"),
                published.provenance().publishers());
        agentHasNoCredentials(run);
    }

    /** Declarative; the smoke test fails in staging and what was there comes back. */
    private void broken() throws Exception {
        WorkflowJob main = job(r, Landscape.MAIN, """
                pipeline {
                  agent none
                  stages {
                    stage('Build') {
                      agent { label 'build' }
                      steps {
                        %s
                        publishRelease manifest: 'orders/release.yaml', version: '1.1.0'
                      }
                    }
                    stage('Dev') { steps { promoteRelease release: 'orders@1.1.0', to: 'dev' } }
                    stage('Staging') { steps { promoteRelease release: 'orders@1.1.0', to: 'staging' } }
                    stage('Prod') { steps { promoteRelease release: 'orders@1.1.0', to: 'prod' } }
                  }
                }
                """.formatted(build("1.1.0", " --broken")));
        WorkflowRun run = finished(r, start(main, "bob"), Result.FAILURE);
        r.assertLogContains("orders.staging.2 ended as ROLLED_BACK", run);
        assertTrue(store().promotion("orders.prod.2").isEmpty());
        live(DEV, "1.1.0");
        live(STAGING, "1.0.0");
    }

    private void secondAndBack() throws Exception {
        WorkflowJob main = job(r, Landscape.MAIN, """
                node('build') {
                  %s
                  publishRelease manifest: 'orders/release.yaml', version: '1.2.0'
                }
                ['dev', 'staging', 'prod'].each { promoteRelease release: 'orders@1.2.0', to: it }
                """.formatted(build("1.2.0", "")));
        WorkflowRun run = start(main, "bob");
        reached("orders.prod.2", State.WAITING);
        approve("carol", "orders.prod.2");
        approve("alice", "orders.prod.2");
        finished(r, run, Result.SUCCESS);
        live(PROD, "1.2.0");

        job(r, Landscape.MAIN, """
                def back = rollbackRelease service: 'orders', environment: 'prod', reason: 'checkout is slow'
                echo "back to ${back.version}, hold: ${releaseStatus(service: 'orders', environment: 'prod').hold}"
                """);
        run = start(main, "erin");
        reached("orders.prod.3", State.WAITING);
        approve("erin", "orders.prod.3");
        finished(r, run, Result.SUCCESS);
        r.assertLogContains("back to 1.0.0, hold: checkout is slow", run);
        live(PROD, "1.0.0");
    }

    private static String build(String version, String options) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return "sh '''rm -rf orders && cp -r \"" + Landscape.ORDERS
                + "\" orders && cd orders && rm -rf build dist && \"" + java + "\" Build.java --version " + version
                + options + "'''";
    }

    /** The bytes that run are those of that version's build, read from the accounts themselves. */
    private void live(String account, String version) throws Exception {
        String digest = store().release("orders", version).orElseThrow().release().artifacts().stream()
                .filter(a -> a.path().equals("build/api.zip"))
                .map(a -> Base64.getEncoder()
                        .encodeToString(java.util.HexFormat.of().parseHex(a.sha256())))
                .findFirst()
                .orElseThrow();
        for (String region : account.equals(PROD) ? List.of("eu-west-1", "us-west-2") : List.of("eu-west-1")) {
            try (LambdaClient lambda = LambdaClient.builder()
                    .endpointOverride(sandbox.endpoint())
                    .region(Region.of(region))
                    .credentialsProvider(StaticCredentialsProvider.create(
                            AwsBasicCredentials.create("AKIA" + account + "ADMI", "sandbox-secret-of-admin")))
                    .build()) {
                var functions = lambda.listFunctions().functions();
                assertFalse(account + "/" + region, functions.isEmpty());
                functions.forEach(f -> assertEquals(f.functionName() + " in " + region, digest, f.codeSha256()));
            }
        }
    }

    /** What the agent sent was signed for it, file by file; it made no call of its own. */
    private void agentHasNoCredentials(WorkflowRun run) throws Exception {
        String log = Landscape.log(run);
        assertFalse("no address that somebody could upload to", log.contains("X-Amz-Signature"));
        assertFalse(log.contains("AKIAIOSFODNN7SANDBOX"));
        byte[] zip = Files.readAllBytes(
                Path.of(agent.getWorkspaceFor(r.jenkins.getItemByFullName(Landscape.MAIN, WorkflowJob.class))
                        .child("orders/build/api.zip")
                        .getRemote()));
        String digest = java.util.HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(zip));
        assertTrue(store().release("orders", "1.0.0").orElseThrow().versions().containsKey("sha256:" + digest));
    }

    private static Set<String> labels(WorkflowRun run) {
        var labels = new TreeSet<String>();
        for (FlowNode node : new DepthFirstScanner().allNodes(run.getExecution())) {
            var label = node.getAction(LabelAction.class);
            if (label != null) {
                labels.add(label.getDisplayName());
            }
        }
        return labels;
    }
}
