package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.TrafficShift;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A shift of traffic cut off at every request: it comes to the same end, with each effect once. */
public class LambdaCrashTest {
    private static final Map<String, String> SETTINGS = Map.of("memorySize", "256");

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private FunctionLab function;

    @Before
    public void open() {
        function = new FunctionLab(sandbox, 0.002);
    }

    @After
    public void close() {
        function.close();
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "canary: crash anywhere")
    public void aCanaryIsShiftedOnce() throws Exception {
        var target = FunctionLab.target(new TrafficShift(10, 1), SETTINGS, FunctionLab.ALARM);
        var work = function.work("orders.dev.1", function.publish("1.1.0", target, AwsSuite.V2));
        Plan.TargetPlan step = sandbox.lab().plan(work, 1).targets().get(0);
        new CutOff(sandbox).everywhere(() -> sandbox.lab().deploy(work, step), () -> {
            Fact.StepResult result = sandbox.lab().deploy(work, step);
            assertEquals(result.detail(), Status.DONE, result.status());
            assertEquals("2", function.routing());
            assertEquals(1, sandbox.happened("lambda:function", FunctionLab.FUNCTION, "update-code"));
            assertEquals(1, sandbox.happened("lambda:function", FunctionLab.FUNCTION, "update-configuration"));
            assertEquals(2, sandbox.happened("lambda:version", FunctionLab.FUNCTION + ":*", "publish"));
            assertEquals(2, sandbox.happened("lambda:alias", FunctionLab.FUNCTION + ":live", "update"));
            return result;
        });
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "allAtOnce: crash anywhere")
    public void anUndoIsDoneOnce() throws Exception {
        Published old = function.publish("1.0.0", FunctionLab.target(null, Map.of()), AwsSuite.V1);
        var work = function.work(
                "orders.dev.1", function.publish("1.1.0", FunctionLab.target(null, SETTINGS), AwsSuite.V2));
        Plan plan = sandbox.lab().plan(work, 1);
        sandbox.lab().carryOut(work, plan);
        Plan.TargetPlan step = plan.targets().get(0);
        new CutOff(sandbox)
                .everywhere(() -> sandbox.lab().deployer().undo(work, 1, step, old, sandbox.lab().progress), () -> {
                    Deployer.Undoing undone = sandbox.lab().deployer().undo(work, 1, step, old, sandbox.lab().progress);
                    assertNull(undone.detail(), undone.failure());
                    assertEquals("1", function.routing());
                    assertEquals(2, sandbox.happened("lambda:function", FunctionLab.FUNCTION, "update-code"));
                    assertEquals(2, sandbox.happened("lambda:alias", FunctionLab.FUNCTION + ":live", "update"));
                    return undone;
                });
    }
}
