package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.List;
import java.util.Map;

/** Creates the deployer at the first work: showing a board must not load the AWS SDK. */
final class LazyPorts implements Deployer {
    private final Invocation invocation;
    private Ports opened;

    LazyPorts(Invocation invocation) {
        this.invocation = invocation;
    }

    synchronized Ports open() {
        if (opened == null) {
            opened = invocation.newPorts();
        }
        return opened;
    }

    synchronized void close() {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }

    @Override
    public Planning plan(Work work, int planning, Progress progress) throws InterruptedException {
        return open().deployer().plan(work, planning, progress);
    }

    @Override
    public void discard(Work work, List<Plan.TargetPlan> targets) throws InterruptedException {
        open().deployer().discard(work, targets);
    }

    @Override
    public Fact.StepResult deploy(
            Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        return open().deployer().deploy(work, attempt, step, outputs, progress);
    }

    @Override
    public Verification verify(
            Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        return open().deployer().verify(work, attempt, wave, plan, outputs, progress);
    }

    @Override
    public List<GateContext.Alarm> alarms(Work work, List<String> names) throws InterruptedException {
        return open().deployer().alarms(work, names);
    }

    @Override
    public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
            throws InterruptedException {
        return open().deployer().undo(work, attempt, step, to, progress);
    }
}
