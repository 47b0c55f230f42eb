package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import org.junit.Rule;
import org.junit.Test;

/** Events of a stack that come much later than its state: the reason of a failure stands only there. */
public class LateEventsTest {
    /** More than the looks after which the stack itself is asked. */
    @Rule
    public final SandboxLab sandbox = SandboxLab.lateEvents(7);

    @Test
    public void theCauseOfAFailureIsWaitedFor() throws Exception {
        Lab lab = sandbox.lab();
        lab.promote(lab.work("orders.dev.1", lab.publish("1.0.0", 128, AwsSuite.V1)));
        var work = lab.work("orders.dev.2", lab.publish("1.1.0", 256, AwsSuite.V2));
        Plan.TargetPlan step = lab.plan(work, 1).targets().get(0);
        sandbox.control().failResource("orders-dev", "OrdersFunction", "it is on fire", "forward");
        Fact.StepResult result = lab.deploy(work, step);
        assertEquals(Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("OrdersFunction: it is on fire"));
    }
}
