package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.approveInProd;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.finished;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.job;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.lean;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.reached;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.start;
import static io.jenkins.plugins.serverlesspromotion.controller.steps.Landscape.store;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.CauseAction;
import hudson.model.Result;
import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import java.util.List;
import java.util.Set;
import jenkins.model.CauseOfInterruption;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What becomes of a promotion when the build that asked for it ends before it. */
public class AbortTest {
    private static final LaneId PROD = new LaneId("orders", "prod");

    @ClassRule
    public static final JenkinsRule r = new JenkinsRule();

    private static Sandbox sandbox;
    private static int versions;

    @BeforeClass
    public static void open() throws Exception {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.01));
        Landscape.people(r);
        Landscape.configure(
                r,
                sandbox.endpoint(),
                policy -> Landscape.leanPolicy(policy)
                        .replace("job: team-orders/orders/main", "job: \"team-orders/orders/*\""));
    }

    @AfterClass
    public static void close() {
        sandbox.close();
    }

    @Test
    public void aPersonTakesBackWhatTheirBuildAloneAskedFor() throws Exception {
        String version = published();
        WorkflowRun run = ask("main", version, "");
        Promotion waiting = waiting(version);
        abort(run, "Bob");
        finished(r, run, Result.ABORTED);
        Promotion then = reached(waiting.id(), State.ABORTED);
        assertEquals("withdrawn by user:bob: " + by(run) + " was aborted", then.why());
        r.assertLogContains(waiting.id() + ": request withdrawn, because this build was aborted", run);
    }

    @Test
    public void whatOthersAskedForTooGoesOn() throws Exception {
        String version = published();
        WorkflowRun first = ask("main", version, "");
        Promotion waiting = waiting(version);
        WorkflowRun second = ask("other", version, "");
        Awaitility.await()
                .atMost(Landscape.PATIENCE)
                .until(() ->
                        store().promotion(waiting.id()).orElseThrow().requests().size() == 2);
        abort(first, "bob");
        finished(r, first, Result.ABORTED);
        r.assertLogContains(waiting.id() + ": continues without this build: others also requested it", first);
        assertEquals(
                Set.of("bob"), store().promotion(waiting.id()).orElseThrow().requesters());
        approveInProd(waiting.id());
        finished(r, second, Result.SUCCESS);
    }

    @Test
    public void whatIsBeingDeployedGoesOn() throws Exception {
        String version = published();
        WorkflowRun run = ask("main", version, "");
        Promotion waiting = waiting(version);
        sandbox.control().arm("cloudformation", "ExecuteChangeSet", "*", 1, "before");
        approveInProd(waiting.id());
        reached(waiting.id(), State.DEPLOYING);
        abort(run, "bob");
        finished(r, run, Result.ABORTED);
        r.assertLogContains(waiting.id() + ": continues without this build: it is DEPLOYING already", run);
        sandbox.control().disarm();
        reached(waiting.id(), State.SUCCEEDED);
    }

    @Test
    public void anyOtherEndOfTheBuildChangesNothing() throws Exception {
        String version = published();
        WorkflowRun run = ask("main", version, "timeout(time: 1, unit: 'SECONDS') { ");
        finished(r, run, Result.ABORTED);
        Promotion waiting = waiting(version);
        approveInProd(waiting.id());
        reached(waiting.id(), State.SUCCEEDED);
    }

    @Test
    public void withoutWaitingTheBuildGoesOnAtOnce() throws Exception {
        String version = published();
        WorkflowRun run = finished(
                r,
                start(
                        job(
                                r,
                                "team-orders/orders/main",
                                "def p = promoteRelease release: 'orders@" + version
                                        + "', to: 'prod', wait: false\necho \"asked for ${p.promotion}:"
                                        + " ${p.state} ${p.url}\""),
                        "bob"),
                Result.SUCCESS);
        Promotion waiting = waiting(version);
        r.assertLogContains("asked for " + waiting.id() + ": ", run);
        r.assertLogContains(r.getURL() + "promotion-releases/promotion/" + waiting.id() + "/", run);
        approveInProd(waiting.id());
        reached(waiting.id(), State.SUCCEEDED);
    }

    /** It asks again by itself when the minute is over; this one is aborted before. */
    @Test
    @Shows(table = Shows.HOLES, cell = "23 step")
    public void aBuildThatAsksTooOftenWaitsAndSaysSo() throws Exception {
        String version = published();
        Landscape.promotions().perMinute(0);
        try {
            WorkflowRun run = start(job(r, "team-orders/orders/main", script(version, "")), "bob");
            Awaitility.await()
                    .atMost(Landscape.PATIENCE)
                    .until(() -> Landscape.log(run)
                            .contains("promote orders@" + version + " to prod waits: user:bob made 0 requests for"
                                    + " promotions within a minute, which is the limit; try again in "));
            assertTrue(run.isBuilding());
            abort(run, "bob");
            finished(r, run, Result.ABORTED);
            assertTrue(store().promotions(new LaneId("orders", "prod")).stream()
                    .noneMatch(p -> p.release().version().equals(version)));
        } finally {
            Landscape.promotions().perMinute(10_000);
        }
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "23 step")
    public void aBuildThatPublishesTooOftenWaitsAndSaysSo() throws Exception {
        String version = ++versions + ".0.0";
        Landscape.promotions().perMinute(0);
        try {
            WorkflowRun run = start(job(r, "team-orders/orders/main", publish(version)), "bob");
            Awaitility.await()
                    .atMost(Landscape.PATIENCE)
                    .until(() -> Landscape.log(run)
                            .contains("publish orders@" + version + " waits: user:bob made 0 publications within a"
                                    + " minute, which is the limit; try again in "));
            assertTrue(run.isBuilding());
            abort(run, "bob");
            finished(r, run, Result.ABORTED);
            assertTrue(store().release("orders", version).isEmpty());
        } finally {
            Landscape.promotions().perMinute(10_000);
        }
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "22 step")
    public void aBuildThatATimerStartedCannotBeApprovedUnlessAPersonPublishedWhatItAsksFor() throws Exception {
        String version = published();
        WorkflowRun run = start(job(r, "team-orders/orders/main", script(version, "")), null);
        Promotion waiting = waiting(version);
        assertEquals("of the publishing build", Set.of("bob"), waiting.requesters());
        approveInProd(waiting.id());
        finished(r, run, Result.SUCCESS);

        String nobodys = ++versions + ".0.0";
        finished(r, start(job(r, "team-orders/orders/main", publish(nobodys)), null), Result.SUCCESS);
        WorkflowRun second = start(job(r, "team-orders/orders/main", script(nobodys, "")), null);
        Promotion unknown = waiting(nobodys);
        var refused = org.junit.Assert.assertThrows(
                io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException.class,
                () -> approveInProd(unknown.id()));
        assertTrue(refused.getMessage(), refused.getMessage().startsWith("cannot establish who asked"));
        assertEquals(
                State.WAITING, store().promotion(unknown.id()).orElseThrow().state());
        Awaitility.await()
                .atMost(Landscape.PATIENCE)
                .until(() -> Landscape.log(second).contains("cannot establish who asked"));
        abort(second, "bob");
        reached(unknown.id(), State.ABORTED);
    }

    /** As a script schedules it; bob, who is known, published what it asks for. */
    @Test
    @Shows(table = Shows.HOLES, cell = "22 step")
    public void aBuildWithoutAnyCauseCannotBeApproved() throws Exception {
        String version = published();
        WorkflowRun run = job(r, "team-orders/orders/main", script(version, ""))
                .scheduleBuild2(0, new CauseAction(List.of()))
                .waitForStart();
        Promotion unknown = waiting(version);
        assertEquals(Set.of("bob"), unknown.requesters());
        var refused = org.junit.Assert.assertThrows(
                io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException.class,
                () -> approveInProd(unknown.id()));
        assertTrue(refused.getMessage(), refused.getMessage().startsWith("cannot establish who asked"));
        abort(run, "bob");
        reached(unknown.id(), State.ABORTED);
    }

    @Test
    @Shows(table = Shows.HOLES, cell = "15 step")
    public void whoAskedCannotApprove() throws Exception {
        String version = published();
        WorkflowRun run = start(job(r, "team-orders/orders/main", script(version, "")), "ALICE");
        Promotion waiting = waiting(version);
        assertEquals(Set.of("alice", "bob"), waiting.requesters());
        var refused = org.junit.Assert.assertThrows(
                io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException.class,
                () -> Landscape.approve("alice", waiting.id()));
        assertEquals("you asked for this, so you cannot approve it", refused.getMessage());
        abort(run, "alice");
        reached(waiting.id(), State.ABORTED);
    }

    // --- the world ---

    private static String published() throws Exception {
        String version = ++versions + ".0.0";
        finished(r, start(job(r, "team-orders/orders/main", publish(version)), "bob"), Result.SUCCESS);
        return version;
    }

    private static String publish(String version) {
        return "node {\n" + lean(version, 200) + "publishRelease manifest: 'release.yaml', version: '" + version
                + "'\n}";
    }

    private static WorkflowRun ask(String job, String version, String around) throws Exception {
        return start(job(r, "team-orders/orders/" + job, script(version, around)), "bob");
    }

    private static String script(String version, String around) {
        return around + "promoteRelease release: 'orders@" + version + "', to: 'prod'" + (around.isEmpty() ? "" : " }");
    }

    private static Promotion waiting(String version) {
        Awaitility.await()
                .atMost(Landscape.PATIENCE)
                .until(() -> store().promotions(PROD).stream()
                        .anyMatch(p -> p.release().version().equals(version) && p.state() == State.WAITING));
        return store().promotions(PROD).get(0);
    }

    private static void abort(WorkflowRun run, String user) {
        var executor = run.getOneOffExecutor();
        assertTrue(executor != null);
        executor.interrupt(Result.ABORTED, new CauseOfInterruption.UserInterruption(user));
    }

    private static String by(WorkflowRun run) {
        return "job:" + run.getParent().getFullName() + "#" + run.getNumber();
    }
}
