package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/**
 * The work is cut off at every single request, before and after its effect, and done again from the start, as after a
 * crash: it must come to the same end, with each effect once.
 */
public class AwsCrashTest {
    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private interface Task {
        Object run() throws Exception;
    }

    /** A request, by what a crash point needs. */
    private record Point(String service, String operation, int occurrence, String phase) {}

    @Test
    public void anUpdateIsExecutedOnce() throws Exception {
        Lab lab = sandbox.lab();
        lab.promote(lab.work("orders.dev.1", lab.publish("1.0.0", 128, AwsSuite.V1)));
        var work = lab.work("orders.dev.2", lab.publish("1.1.0", 256, AwsSuite.V2));
        Plan.TargetPlan step = lab.plan(work, 1).targets().get(0);
        Task deploy = () -> lab.deploy(work, step);
        everywhere(deploy, () -> {
            Fact.StepResult result = lab.deploy(work, step);
            assertEquals(result.detail(), Status.DONE, result.status());
            assertEquals(2, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
            assertEquals(1, sandbox.happened("cloudformation:resource", "orders-dev/OrdersFunction", "update"));
            return result;
        });
    }

    @Test
    public void aChangeSetThatHadToBeMadeAgainIsExecutedOnce() throws Exception {
        Lab lab = sandbox.lab();
        lab.promote(lab.work("orders.dev.1", lab.publish("1.0.0", 128, AwsSuite.V1)));
        var work = lab.work("orders.dev.2", lab.publish("1.1.0", 256, AwsSuite.V2));
        Plan.TargetPlan planned = lab.plan(work, 1).targets().get(0);
        var handles = new HashMap<>(planned.handles());
        handles.remove(StackPlanner.CHANGE_SET);
        var step = new Plan.TargetPlan(
                planned.place(),
                planned.target(),
                planned.kind(),
                planned.wave(),
                planned.after(),
                planned.content(),
                handles);
        everywhere(() -> lab.deploy(work, step), () -> {
            Fact.StepResult result = lab.deploy(work, step);
            assertEquals(result.detail(), Status.DONE, result.status());
            assertEquals(2, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
            return result;
        });
    }

    @Test
    public void planningComesToTheSamePlan() throws Exception {
        Lab lab = sandbox.lab();
        lab.promote(lab.work("orders.dev.1", lab.publish("1.0.0", 128, AwsSuite.V1)));
        var work = lab.work("orders.dev.2", lab.publish("1.1.0", 256, AwsSuite.V2));
        Plan.Content[] first = new Plan.Content[1];
        everywhere(() -> lab.plan(work, 1), () -> {
            Plan.Content content = lab.plan(work, 1).targets().get(0).content();
            first[0] = first[0] == null ? content : first[0];
            assertEquals(first[0], content);
            assertEquals(1, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
            return content;
        });
    }

    @Test
    public void aSiteIsInvalidatedOnce() throws Exception {
        Lab lab = sandbox.lab();
        var files = Map.of("dist/web/index.html", "<h1>one</h1>", "dist/web/app.3f9a1c2b.js", "1");
        var target = new io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Site(
                "web", List.of(), List.of(), "dist/web", SandboxLab.SITE, SandboxLab.DISTRIBUTION);
        var work = lab.work("orders.dev.1", lab.publish("1.0.0", Samples.manifest(target), files));
        Plan.TargetPlan step = lab.plan(work, 1).targets().get(0);
        everywhere(() -> lab.deploy(work, step), () -> {
            Fact.StepResult result = lab.deploy(work, step);
            assertEquals(result.detail(), Status.DONE, result.status());
            assertEquals(1, sandbox.happened("cloudfront:invalidation", "*", "create"));
            return result;
        });
    }

    @Test
    public void anUndoIsExecutedOnce() throws Exception {
        Lab lab = sandbox.lab();
        Published old = lab.publish("1.0.0", 128, AwsSuite.V1);
        lab.promote(lab.work("orders.dev.1", old));
        var work = lab.work("orders.dev.2", lab.publish("1.1.0", 256, AwsSuite.V2));
        Plan plan = lab.plan(work, 1);
        lab.carryOut(work, plan);
        everywhere(() -> lab.deployer().undo(work, 1, plan.targets().get(0), old, lab.progress), () -> {
            Deployer.Undoing undone =
                    lab.deployer().undo(work, 1, plan.targets().get(0), old, lab.progress);
            assertNull(undone.detail(), undone.failure());
            assertEquals(3, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
            return undone;
        });
    }

    /** Runs {@code task} to every point it has and cuts it off there, then {@code again} in the same world. */
    private void everywhere(Task task, Task again) throws Exception {
        byte[] world = sandbox.control().snapshot();
        int before = sandbox.control().log().size();
        task.run();
        List<Point> points = points(
                sandbox.control().log().subList(before, sandbox.control().log().size()));
        assertTrue(String.valueOf(points.size()), points.size() >= 8);
        int reached = 0;
        for (Point point : points) {
            sandbox.control().restore(world);
            sandbox.lab().restart();
            sandbox.control().arm(point.service(), point.operation(), "*", point.occurrence(), point.phase());
            var thread = new Thread(() -> {
                try {
                    task.run();
                } catch (Exception | AssertionError e) {
                    // Cut off: whatever it says, nobody heard it.
                }
            });
            thread.start();
            SandboxLab.await(point + " or the end", () -> sandbox.control().crashReached() || !thread.isAlive());
            reached += sandbox.control().crashReached() ? 1 : 0;
            thread.interrupt();
            thread.join(30_000);
            assertTrue(point + " did not stop", !thread.isAlive());
            sandbox.control().disarm();
            sandbox.lab().restart();
            try {
                again.run();
            } catch (AssertionError e) {
                throw new AssertionError("cut off at " + point + ": " + e.getMessage(), e);
            }
        }
        // How often a poller asks differs from run to run; nearly all points must have been real ones.
        assertTrue(reached + " of " + points.size(), reached * 4 > points.size() * 3);
    }

    private static List<Point> points(List<JsonNode> requests) {
        var points = new ArrayList<Point>();
        var counts = new HashMap<String, Integer>();
        for (JsonNode request : requests) {
            String service = request.path("service").asText();
            String operation = request.path("operation").asText();
            int occurrence = counts.merge(service + operation, 1, Integer::sum);
            points.add(new Point(service, operation, occurrence, "before"));
            // What only reads has no effect to lose the answer of.
            if (!operation.matches("(Describe|Get|Head|List|Validate|Assume).*")) {
                points.add(new Point(service, operation, occurrence, "after"));
            }
        }
        return points;
    }
}
