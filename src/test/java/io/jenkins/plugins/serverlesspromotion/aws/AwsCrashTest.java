package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackPlanner;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
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

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: crash anywhere")
    public void anUpdateIsExecutedOnce() throws Exception {
        Lab lab = sandbox.lab();
        lab.promote(lab.work("orders.dev.1", lab.publish("1.0.0", 128, AwsSuite.V1)));
        var work = lab.work("orders.dev.2", lab.publish("1.1.0", 256, AwsSuite.V2));
        Plan.TargetPlan step = lab.plan(work, 1).targets().get(0);
        CutOff.Task deploy = () -> lab.deploy(work, step);
        new CutOff(sandbox).everywhere(deploy, () -> {
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
        new CutOff(sandbox).everywhere(() -> lab.deploy(work, step), () -> {
            Fact.StepResult result = lab.deploy(work, step);
            assertEquals(result.detail(), Status.DONE, result.status());
            assertEquals(2, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
            return result;
        });
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: crash anywhere")
    public void planningComesToTheSamePlan() throws Exception {
        Lab lab = sandbox.lab();
        lab.promote(lab.work("orders.dev.1", lab.publish("1.0.0", 128, AwsSuite.V1)));
        var work = lab.work("orders.dev.2", lab.publish("1.1.0", 256, AwsSuite.V2));
        Plan.Content[] first = new Plan.Content[1];
        new CutOff(sandbox).everywhere(() -> lab.plan(work, 1), () -> {
            Plan.Content content = lab.plan(work, 1).targets().get(0).content();
            first[0] = first[0] == null ? content : first[0];
            assertEquals(first[0], content);
            assertEquals(1, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
            return content;
        });
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "site: crash anywhere")
    public void aSiteIsInvalidatedOnce() throws Exception {
        Lab lab = sandbox.lab();
        var files = Map.of("dist/web/index.html", "<h1>one</h1>", "dist/web/app.3f9a1c2b.js", "1");
        var target = new io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Site(
                "web", List.of(), List.of(), "dist/web", SandboxLab.SITE, SandboxLab.DISTRIBUTION);
        var work = lab.work("orders.dev.1", lab.publish("1.0.0", OrdersSamples.manifest(target), files));
        Plan.TargetPlan step = lab.plan(work, 1).targets().get(0);
        new CutOff(sandbox).everywhere(() -> lab.deploy(work, step), () -> {
            Fact.StepResult result = lab.deploy(work, step);
            assertEquals(result.detail(), Status.DONE, result.status());
            assertEquals(1, sandbox.invalidations());
            return result;
        });
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: crash anywhere")
    public void anUndoIsExecutedOnce() throws Exception {
        Lab lab = sandbox.lab();
        Published old = lab.publish("1.0.0", 128, AwsSuite.V1);
        lab.promote(lab.work("orders.dev.1", old));
        var work = lab.work("orders.dev.2", lab.publish("1.1.0", 256, AwsSuite.V2));
        Plan plan = lab.plan(work, 1);
        lab.carryOut(work, plan);
        new CutOff(sandbox)
                .everywhere(() -> lab.deployer().undo(work, 1, plan.targets().get(0), old, lab.progress), () -> {
                    Deployer.Undoing undone =
                            lab.deployer().undo(work, 1, plan.targets().get(0), old, lab.progress);
                    assertNull(undone.detail(), undone.failure());
                    assertEquals(3, sandbox.happened("cloudformation:change-set", "orders-dev/*", "execute"));
                    return undone;
                });
    }
}
