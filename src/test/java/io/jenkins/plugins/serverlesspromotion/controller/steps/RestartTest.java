package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.approveInProd;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.executions;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.journey;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.promotions;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.reached;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.ExtensionList;
import hudson.model.Result;
import io.jenkins.plugins.serverlesspromotion.controller.Logins;
import io.jenkins.plugins.serverlesspromotion.controller.StoreMonitor;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Observer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Executors;
import org.apache.commons.io.FileUtils;
import org.awaitility.Awaitility;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** Jenkins is restarted while a build waits for a promotion: nothing is lost, nothing is done twice. */
public class RestartTest {
    private static final String ID = "orders.prod.1";

    @Rule
    public JenkinsSessionRule sessions = new JenkinsSessionRule();

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
    public void whilePublishing() throws Throwable {
        control.arm("s3", "PutObject", "acme-releases/*", 1, "after");
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            held();
            assertTrue(store().release("orders", "1.0.0").isEmpty());
        });
        control.disarm();
        sessions.then(r -> {
            reached(ID, State.WAITING);
            approveInProd(ID);
            end(r, Result.SUCCESS);
            assertEquals(1, store().releases("orders").size());
        });
    }

    @Test
    public void whilePlanning() throws Throwable {
        control.arm("cloudformation", "CreateChangeSet", "*", 1, "after");
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            held();
            assertEquals(State.PLANNING, state());
        });
        control.disarm();
        sessions.then(r -> {
            reached(ID, State.WAITING);
            approveInProd(ID);
            end(r, Result.SUCCESS);
        });
    }

    @Test
    public void whileWaiting() throws Throwable {
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            reached(ID, State.WAITING);
            Landscape.approve("alice", ID);
        });
        sessions.then(r -> {
            Landscape.approve("carol", ID);
            end(r, Result.SUCCESS);
            assertEquals(
                    "asked once",
                    1,
                    store().promotion(ID).orElseThrow().requests().size());
        });
    }

    @Test
    public void whileQueued() throws Throwable {
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            reached(ID, State.WAITING);
            promotions().pause("environment prod", "user:dave", "an incident");
            approveInProd(ID);
            assertEquals(State.QUEUED, state());
        });
        sessions.then(r -> {
            assertEquals(State.QUEUED, state());
            assertEquals(0, executions(control));
            promotions().resume("environment prod", "user:dave", "it is over");
            end(r, Result.SUCCESS);
        });
    }

    @Test
    public void theBuildWaitsWhileTheStoreCannotBeOpened() throws Throwable {
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            reached(ID, State.WAITING);
        });
        Path journal;
        try (var files = Files.walk(sessions.getHome().toPath().resolve("serverless-promotion/journal"))) {
            journal = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] intact = Files.readAllBytes(journal);
        byte[] damaged = intact.clone();
        damaged[80] ^= 1;
        Files.write(journal, damaged);
        sessions.then(r -> {
            WorkflowRun run = main(r).getBuildByNumber(1);
            Awaitility.await("the build says that it waits")
                    .atMost(Landscape.PATIENCE)
                    .until(() -> JenkinsRule.getLog(run).contains("This build continues to wait"));
            assertTrue(run.isBuilding());
            Files.write(journal, intact);
            var adam = Logins.login(r.createWebClient(), "adam");
            String url = ExtensionList.lookupSingleton(StoreMonitor.class).getUrl() + "/reopen";
            adam.getPage(new WebRequest(adam.createCrumbedUrl(url), HttpMethod.POST));
            approveInProd(ID);
            end(r, Result.SUCCESS);
        });
    }

    @Test
    public void whileDeploying() throws Throwable {
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            reached(ID, State.WAITING);
            control.arm("cloudformation", "ExecuteChangeSet", "*", 1, "after");
            approveInProd(ID);
            held();
            assertEquals(State.DEPLOYING, state());
        });
        control.disarm();
        sessions.then(r -> end(r, Result.SUCCESS));
    }

    @Test
    public void whileVerifying() throws Throwable {
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            reached(ID, State.WAITING);
            control.arm("lambda", "Invoke", "*", 1, "before");
            approveInProd(ID);
            held();
            assertEquals(State.VERIFYING, state());
        });
        control.disarm();
        sessions.then(r -> end(r, Result.SUCCESS));
    }

    @Test
    public void whileRollingBack() throws Throwable {
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            reached(ID, State.WAITING);
            approveInProd(ID);
            end(r, Result.SUCCESS);
            start(job(r, Landscape.MAIN, journey("1.1.0", 500)), "bob");
            reached("orders.prod.2", State.WAITING);
            control.arm("cloudformation", "ExecuteChangeSet", "*", 2, "after");
            approveInProd("orders.prod.2");
            held();
            assertEquals(
                    State.ROLLING_BACK,
                    store().promotion("orders.prod.2").orElseThrow().state());
        });
        control.disarm();
        sessions.then(r -> {
            WorkflowRun run = finished(r, main(r).getLastBuild(), Result.FAILURE);
            r.assertLogContains("orders.prod.2 ended as ROLLED_BACK", run);
            assertEquals("there, again there, and back", 3, executions(control));
        });
    }

    @Test
    public void theEndComesWhileJenkinsIsDown() throws Throwable {
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            reached(ID, State.WAITING);
        });
        var timer = Executors.newSingleThreadScheduledExecutor();
        Path root = sessions.getHome().toPath().resolve("serverless-promotion");
        try (var store = FileStore.open(root, Product.CONTROLLER, new JournalCodec());
                var runtime = new Promotions(
                        store,
                        null,
                        new CanonicalDigests(),
                        new Re2Patterns(),
                        Clock.systemUTC(),
                        timer,
                        timer,
                        new Silence())) {
            runtime.reject(ID, new Person("alice", Set.of(), "login"), "not today");
        } finally {
            timer.shutdownNow();
        }
        sessions.then(r -> {
            WorkflowRun run = finished(r, main(r).getBuildByNumber(1), Result.FAILURE);
            r.assertLogContains(ID + " ended as REJECTED: rejected by alice: not today", run);
            assertEquals(
                    "it did not ask again",
                    1,
                    store().promotions(LaneId.ofPromotion(ID)).size());
        });
    }

    @Test
    public void theBuildIsGone() throws Throwable {
        String[] build = new String[1];
        sessions.then(r -> {
            build[0] = begin(r, "1.0.0", 200).getRootDir().getPath();
            reached(ID, State.WAITING);
        });
        FileUtils.deleteDirectory(new java.io.File(build[0]));
        sessions.then(r -> {
            assertEquals(State.WAITING, state());
            approveInProd(ID);
            reached(ID, State.SUCCEEDED);
            assertEquals(1, executions(control));
        });
    }

    @Test
    public void aJobOfTheSameNameInheritsNothing() throws Throwable {
        sessions.then(r -> {
            begin(r, "1.0.0", 200);
            reached(ID, State.WAITING);
            main(r).delete();
            assertEquals("a job that goes takes nothing with it", State.WAITING, state());
            promotions().reject(ID, new Person("alice", Set.of(), "login"), "not today");
            WorkflowRun second = start(job(r, Landscape.MAIN, journey("1.0.0", 200)), "bob");
            assertEquals("the same build to the eye", 1, second.getNumber());
            reached("orders.prod.2", State.WAITING);
        });
        sessions.then(r -> {
            assertTrue(main(r).getLastBuild().isBuilding());
            assertEquals(State.REJECTED, state());
            approveInProd("orders.prod.2");
            WorkflowRun run = finished(r, main(r).getLastBuild(), Result.SUCCESS);
            r.assertLogContains("orders.prod.2", run);
            r.assertLogNotContains("REJECTED", run);
        });
    }

    // --- the world ---

    private WorkflowRun begin(JenkinsRule r, String version, int status) throws Exception {
        Landscape.people(r);
        Landscape.configure(r, sandbox.endpoint(), Landscape::leanPolicy);
        return start(job(r, Landscape.MAIN, journey(version, status)), "bob");
    }

    private void end(JenkinsRule r, Result expected) throws Exception {
        WorkflowRun run = finished(r, main(r).getBuildByNumber(1), expected);
        r.assertLogContains("it ended as SUCCEEDED", run);
        assertEquals("exactly once", 1, executions(control));
    }

    private static WorkflowJob main(JenkinsRule r) {
        return r.jenkins.getItemByFullName(Landscape.MAIN, WorkflowJob.class);
    }

    private static State state() {
        return store().promotion(ID).orElseThrow().state();
    }

    private void held() {
        Awaitility.await("the request is held").atMost(Landscape.PATIENCE).until(control::crashReached);
    }

    /** Nobody listens. */
    private static final class Silence implements Observer {
        @Override
        public void changed(LaneId lane, Transition transition) {}

        @Override
        public void note(String promotion, String step, String line) {}

        @Override
        public void trouble(String sentence, Throwable cause) {
            throw new AssertionError(sentence, cause);
        }
    }
}
