package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.sandbox.Variant;
import org.junit.Rule;
import org.junit.Test;

/** AWS deletes the change sets of a stack when one of them is executed: another may be in the making. */
public class DeletedChangeSetTest {
    @Rule
    public final SandboxLab sandbox = new SandboxLab(Variant.CHANGE_SETS_DELETED);

    /** Without a look that notices it, planning waits half an hour for a change set that will never be ready. */
    @Test
    public void aChangeSetThatIsDeletedWhileItIsMadeIsMadeAgain() throws Exception {
        Lab lab = sandbox.lab();
        lab.promote(lab.work("orders.dev.1", lab.publish("1.0.0", 128, AwsSuite.V1)));
        var other = lab.work("orders.dev.2", lab.publish("1.1.0", 256, AwsSuite.V1));
        Plan.TargetPlan first = lab.plan(other, 1).targets().get(0);
        var work = lab.work("orders.dev.3", lab.publish("1.2.0", 512, AwsSuite.V1));
        sandbox.control().arm("cloudformation", "DescribeChangeSet", "*", 1, "before");
        var planned = new Plan[1];
        var thread = new Thread(() -> {
            try {
                planned[0] = lab.plan(work, 1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        SandboxLab.await("the change set", () -> sandbox.control().crashReached());
        assertEquals(Status.DONE, lab.deploy(other, first).status());
        sandbox.control().disarm();
        thread.join();
        var memory = planned[0].targets().get(0).content().changes().get(0).properties().stream()
                .filter(p -> p.path().contains("MemorySize"))
                .findFirst()
                .orElseThrow();
        assertEquals("it is made again of what is live now", "256", memory.before());
        // What is live was read before the other deployment: the plan is not believed.
        Fact.StepResult late = lab.deploy(work, planned[0].targets().get(0));
        assertEquals(late.detail(), Status.STALE, late.status());
        Plan.TargetPlan again = lab.plan(work, 2).targets().get(0);
        assertEquals(Status.DONE, lab.deploy(work, again).status());
    }
}
