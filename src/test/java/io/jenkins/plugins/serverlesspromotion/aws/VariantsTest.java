package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import io.jenkins.plugins.serverlesspromotion.sandbox.Variant;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/**
 * The essential ways of deploying and of going back, under every {@link Variant} of AWS's behaviour: the same end, with
 * each effect once. All suites run under all variants with {@code ./dev variants}.
 */
@RunWith(Parameterized.class)
public class VariantsTest {
    @Parameterized.Parameters(name = "{0}")
    public static Variant[] variants() {
        return Variant.values();
    }

    private final Variant variant;

    @Rule
    public final SandboxLab sandbox;

    public VariantsTest(Variant variant) {
        this.variant = variant;
        this.sandbox = new SandboxLab(variant);
    }

    private Lab lab() {
        return sandbox.lab();
    }

    private void deployed(Deployer.Work work, Plan.TargetPlan step) throws InterruptedException {
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(result.detail(), Status.DONE, result.status());
    }

    private void undone(Deployer.Work work, Plan.TargetPlan step, Published to) throws InterruptedException {
        Deployer.Undoing undone = lab().deployer().undo(work, 1, step, to, lab().progress);
        assertNull(String.valueOf(undone.failure()), undone.failure());
    }

    private void happened(int times, String type, String id, String what) {
        assertEquals(type + " " + what, times, sandbox.happened(type, id, what));
    }

    /** Created, updated with the answer lost until the update is over, done once more after a restart, and undone. */
    @Test
    public void aStackIsUpdatedOnceAndBroughtBackOnce() throws Exception {
        Published old = lab().publish("1.0.0", 128, AwsSuite.V1);
        lab().promote(lab().work("orders.dev.1", old));
        var work = lab().work("orders.dev.2", lab().publish("1.1.0", 256, AwsSuite.V2));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        assertEquals(step.content(), lab().plan(work, 2).targets().get(0).content());
        sandbox.control().arm("cloudformation", "ExecuteChangeSet", "*", 1, "after");
        var results = new Fact.StepResult[1];
        Thread thread = deploying(work, step, results);
        // The update is over before the request is repeated.
        sandbox.control().settle();
        sandbox.control().disarm();
        thread.join();
        assertEquals(String.valueOf(results[0]), Status.DONE, results[0].status());
        lab().restart();
        deployed(work, step);
        happened(2, "cloudformation:change-set", "orders-dev/*", "execute");
        happened(1, "cloudformation:resource", "orders-dev/OrdersFunction", "update");
        undone(work, step, old);
        lab().restart();
        undone(work, step, old);
        happened(3, "cloudformation:change-set", "orders-dev/*", "execute");
        happened(2, "cloudformation:resource", "orders-dev/OrdersFunction", "update");
    }

    /** Deploys in a thread of its own until the armed request is reached. */
    private Thread deploying(Deployer.Work work, Plan.TargetPlan step, Fact.StepResult[] result) {
        var thread = new Thread(() -> {
            try {
                result[0] = lab().deploy(work, step);
            } catch (InterruptedException | RuntimeException e) {
                // Cut off.
            }
        });
        thread.start();
        SandboxLab.await("the request", () -> sandbox.control().crashReached());
        return thread;
    }

    /** The journal knows of a request to execute, and of no answer. */
    @Test
    public void anUpdateThatACrashCutOffIsFollowed() throws Exception {
        lab().promote(lab().work("orders.dev.1", lab().publish("1.0.0", 128, AwsSuite.V1)));
        var work = lab().work("orders.dev.2", lab().publish("1.1.0", 256, AwsSuite.V2));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        sandbox.control().arm("cloudformation", "ExecuteChangeSet", "*", 1, "after");
        Thread thread = deploying(work, step, new Fact.StepResult[1]);
        sandbox.control().settle();
        thread.interrupt();
        thread.join();
        sandbox.control().disarm();
        lab().restart();
        deployed(work, step);
        happened(2, "cloudformation:change-set", "orders-dev/*", "execute");
    }

    @Test
    public void aFailedUpdateTellsItsFirstCause() throws Exception {
        lab().promote(lab().work("orders.dev.1", lab().publish("1.0.0", 128, AwsSuite.V1)));
        var work = lab().work("orders.dev.2", lab().publish("1.1.0", 256, AwsSuite.V2));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        sandbox.control().failResource("orders-dev", "OrdersFunction", "it is on fire", "forward");
        Fact.StepResult result = lab().deploy(work, step);
        assertEquals(Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("OrdersFunction: it is on fire"));
    }

    @Test
    public void aFunctionIsShiftedOnceAndBackOnce() throws Exception {
        try (var function = new FunctionLab(sandbox, 0.005)) {
            Published old = function.publish("1.0.0", FunctionLab.target(null, Map.of()), AwsSuite.V1);
            var target = FunctionLab.target(new TrafficShift(10, 1), Map.of("memorySize", "256"), FunctionLab.ALARM);
            var work = function.work("orders.dev.1", function.publish("1.1.0", target, AwsSuite.V2));
            Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
            deployed(work, step);
            lab().restart();
            deployed(work, step);
            assertEquals("2", function.routing());
            happened(2, "lambda:version", FunctionLab.FUNCTION + ":*", "publish");
            undone(work, step, old);
            assertEquals("1", function.routing());
            happened(2, "lambda:version", FunctionLab.FUNCTION + ":*", "publish");
        }
    }

    @Test
    public void aSiteIsReplacedAndInvalidated() throws Exception {
        var target = new Manifest.Site(
                "web", java.util.List.of(), java.util.List.of(), "dist/web", SandboxLab.SITE, SandboxLab.DISTRIBUTION);
        var files = Map.of("dist/web/index.html", "<h1>one</h1>", "dist/web/app.3f9a1c2b.js", "1");
        var work = lab().work("orders.dev.1", lab().publish("1.0.0", OrdersSamples.manifest(target), files));
        Plan.TargetPlan step = lab().plan(work, 1).targets().get(0);
        sandbox.control().loseResponse("cloudfront", "CreateInvalidation", 1);
        deployed(work, step);
        // Once more does no harm: it costs a request, and the files are the same.
        happened(variant == Variant.CALLER_REFERENCES_FORGOTTEN ? 2 : 1, "cloudfront:invalidation", "*", "create");
        happened(2, "s3:object", SandboxLab.SITE + "/*", "copy");
    }
}
