package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertEquals;

import hudson.model.Result;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionEngine;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.net.URI;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.RealJenkinsRule;

/** The controller is killed, not stopped; the accounts, which are in another process, tell what was done how often. */
public class KillTest {
    private static final String ID = "orders.prod.1";

    @Rule
    public RealJenkinsRule jenkins = new RealJenkinsRule()
            .javaOptions(
                    "-D" + PromotionEngine.class.getName() + ".pollScale=0.05", "-Dpromotion.root=" + Landscape.ROOT)
            .withTimeout(900);

    private Sandbox sandbox;
    private SandboxControl control;

    @Before
    public void open() {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.01));
        control = sandbox.control();
    }

    @After
    public void close() {
        sandbox.close();
    }

    @Test
    public void whileWaiting() throws Throwable {
        begin();
        kill();
        jenkins.runRemotely(KillTest::approve);
        end();
    }

    @Test
    public void whileQueued() throws Throwable {
        begin();
        jenkins.runRemotely(KillTest::approvePaused);
        kill();
        jenkins.runRemotely(KillTest::resume);
        end();
    }

    @Test
    public void whileDeploying() throws Throwable {
        begin();
        control.arm("cloudformation", "ExecuteChangeSet", "*", 1, "after");
        jenkins.runRemotely(KillTest::approve);
        held();
        jenkins.runRemotely(KillTest::is, State.DEPLOYING);
        kill();
        end();
    }

    @Test
    public void whileVerifying() throws Throwable {
        begin();
        control.arm("lambda", "Invoke", "*", 1, "before");
        jenkins.runRemotely(KillTest::approve);
        held();
        jenkins.runRemotely(KillTest::is, State.VERIFYING);
        kill();
        end();
    }

    private void begin() throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(KillTest::ask, sandbox.endpoint().toString());
    }

    private void kill() throws Throwable {
        jenkins.stopJenkinsForcibly();
        control.disarm();
        jenkins.startJenkins();
    }

    private void end() throws Throwable {
        jenkins.runRemotely(KillTest::succeeded);
        assertEquals("exactly once", 1, Landscape.executions(control));
        jenkins.stopJenkins();
    }

    private void held() {
        Awaitility.await("the request is held").atMost(Landscape.PATIENCE).until(control::crashReached);
    }

    // --- inside of the controller ---

    private static void ask(JenkinsRule r, String endpoint) throws Exception {
        // The harness' own realm is not there when Jenkins starts by itself.
        var realm = new HudsonPrivateSecurityRealm(false, false, null);
        realm.createAccount("alice", "alice-alice");
        realm.createAccount("carol", "carol-carol");
        r.jenkins.setSecurityRealm(realm);
        Landscape.configure(
                r,
                URI.create(endpoint),
                policy -> Landscape.leanPolicy(policy).replace("groups: [team-orders]", "users: [carol]"));
        Landscape.start(Landscape.job(r, Landscape.MAIN, Landscape.journey("1.0.0", 200)), "bob");
        Landscape.reached(ID, State.WAITING);
    }

    private static void approve(JenkinsRule r) throws Exception {
        Landscape.approveInProd(ID);
    }

    private static void approvePaused(JenkinsRule r) throws Exception {
        Landscape.promotions().pause("environment prod", "user:dave", "an incident");
        Landscape.approveInProd(ID);
        is(r, State.QUEUED);
    }

    private static void resume(JenkinsRule r) throws Exception {
        is(r, State.QUEUED);
        Landscape.promotions().resume("environment prod", "user:dave", "it is over");
    }

    private static void is(JenkinsRule r, State state) {
        assertEquals(state, Landscape.store().promotion(ID).orElseThrow().state());
    }

    private static void succeeded(JenkinsRule r) throws Exception {
        WorkflowRun run =
                r.jenkins.getItemByFullName(Landscape.MAIN, WorkflowJob.class).getBuildByNumber(1);
        Landscape.finished(r, run, Result.SUCCESS);
        r.assertLogContains("it ended as SUCCEEDED", run);
        assertEquals(
                "asked once",
                1,
                Landscape.store().promotion(ID).orElseThrow().requests().size());
    }
}
