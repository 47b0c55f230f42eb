package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertEquals;

import hudson.model.Result;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.RealJenkinsRule;

/**
 * The controller is killed, not stopped; the accounts, which are in another process, tell what was done how often. One
 * kill meets a service in each state, because a start of Jenkins is what takes long here.
 */
public class ControllerKillTest {
    private static final String WAITING = "orders-waiting";
    private static final String QUEUED = "orders-queued";
    private static final String DEPLOYING = "orders-deploying";
    private static final String VERIFYING = "orders-verifying";
    private static final List<String> SERVICES = List.of(WAITING, QUEUED, DEPLOYING, VERIFYING);

    @ClassRule
    public static final RealJenkinsRule JENKINS = new RealJenkinsRule()
            .javaOptions(
                    "-XX:TieredStopAtLevel=1",
                    "-D" + EngineLifecycle.class.getName() + ".pollScale=0.05",
                    "-Dpromotion.root=" + Landscape.ROOT)
            .withTimeout(900);

    private static Sandbox sandbox;
    private static SandboxControl control;

    @BeforeClass
    public static void killAndStartAgain() throws Throwable {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.01));
        control = sandbox.control();
        JENKINS.startJenkins();
        JENKINS.runRemotely(ControllerKillTest::ask, sandbox.endpoint().toString());
        control.arm("cloudformation", "ExecuteChangeSet", "*" + DEPLOYING + "*", 1, "after");
        control.fault(
                "latency",
                "service",
                "lambda",
                "operation",
                "Invoke",
                "resource",
                "*" + VERIFYING + "*",
                "millis",
                Duration.ofHours(1).toMillis());
        JENKINS.runRemotely(ControllerKillTest::approveAll);
        Awaitility.await("the request is held").atMost(Landscape.PATIENCE).until(control::crashReached);
        JENKINS.runRemotely(ControllerKillTest::areWhereTheyShouldBe);
        JENKINS.stopJenkinsForcibly();
        control.disarm();
        control.clearFaults();
        JENKINS.startJenkins();
    }

    @AfterClass
    public static void close() throws Throwable {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    @Test
    public void whileWaiting() throws Throwable {
        JENKINS.runRemotely(ControllerKillTest::is, WAITING, State.WAITING);
        JENKINS.runRemotely(ControllerKillTest::approve, WAITING);
        succeeds(WAITING);
    }

    @Test
    public void whileQueued() throws Throwable {
        JENKINS.runRemotely(ControllerKillTest::is, QUEUED, State.QUEUED);
        assertEquals("nothing runs while it is paused", 0, Landscape.executions(control, QUEUED));
        JENKINS.runRemotely(ControllerKillTest::resume);
        succeeds(QUEUED);
    }

    @Test
    public void whileDeploying() throws Throwable {
        succeeds(DEPLOYING);
    }

    @Test
    public void whileVerifying() throws Throwable {
        succeeds(VERIFYING);
    }

    private static void succeeds(String service) throws Throwable {
        JENKINS.runRemotely(ControllerKillTest::succeeded, service);
        assertEquals("exactly once", 1, Landscape.executions(control, service));
    }

    // --- inside of the controller ---

    private static void ask(JenkinsRule r, String endpoint) throws Exception {
        // The harness' own realm is not there when Jenkins starts by itself.
        var realm = new HudsonPrivateSecurityRealm(false, false, null);
        realm.createAccount("alice", "alice-alice");
        realm.createAccount("carol", "carol-carol");
        r.jenkins.setSecurityRealm(realm);
        Landscape.configure(r, URI.create(endpoint), ControllerKillTest::policy);
        for (String service : SERVICES) {
            String journey = Landscape.journey("1.0.0", 200).replace("orders", service);
            Landscape.start(Landscape.job(r, job(service), journey), "bob");
        }
        for (String service : SERVICES) {
            Landscape.reached(id(service), State.WAITING);
        }
    }

    /** The lean policy, with each service in the place of {@code orders}. */
    private static String policy(String policy) {
        String lean = Landscape.leanPolicy(policy).replace("groups: [team-orders]", "users: [carol]");
        int services = lean.indexOf("services:\n") + "services:\n".length();
        var text = new StringBuilder(lean.substring(0, services));
        for (String service : SERVICES) {
            text.append(lean.substring(services)
                    .replace("name: orders\n", "name: " + service + "\n")
                    .replace(Landscape.MAIN, job(service)));
        }
        return text.toString();
    }

    private static String id(String service) {
        return service + ".prod.1";
    }

    private static String job(String service) {
        return "team-orders/" + service + "/main";
    }

    private static void approveAll(JenkinsRule r) throws Exception {
        Landscape.promotions().pause("service " + QUEUED, "user:dave", "an incident");
        for (String service : List.of(QUEUED, DEPLOYING, VERIFYING)) {
            approve(r, service);
        }
    }

    private static void approve(JenkinsRule r, String service) throws Exception {
        Landscape.approveInProd(id(service));
    }

    private static void areWhereTheyShouldBe(JenkinsRule r) {
        is(r, WAITING, State.WAITING);
        is(r, QUEUED, State.QUEUED);
        is(r, DEPLOYING, State.DEPLOYING);
        Landscape.reached(id(VERIFYING), State.VERIFYING);
    }

    private static void resume(JenkinsRule r) throws Exception {
        Landscape.promotions().resume("service " + QUEUED, "user:dave", "it is over");
    }

    private static void is(JenkinsRule r, String service, State state) {
        assertEquals(
                service,
                state,
                Landscape.store().promotion(id(service)).orElseThrow().state());
    }

    private static void succeeded(JenkinsRule r, String service) throws Exception {
        WorkflowRun run =
                r.jenkins.getItemByFullName(job(service), WorkflowJob.class).getBuildByNumber(1);
        Landscape.finished(r, run, Result.SUCCESS);
        r.assertLogContains("it ended as SUCCEEDED", run);
        assertEquals(
                "asked once",
                1,
                Landscape.store()
                        .promotion(id(service))
                        .orElseThrow()
                        .requests()
                        .size());
    }
}
