package io.jenkins.plugins.serverlesspromotion.controller;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Notes as whom work is done. */
record Watching(Deployer accounts, AtomicReference<Authentication> seen) implements Deployer {
    @Override
    public Planning plan(Work work, int planning, Progress progress) throws InterruptedException {
        seen.set(Jenkins.getAuthentication2());
        return accounts.plan(work, planning, progress);
    }

    @Override
    public Fact.StepResult deploy(
            Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        return accounts.deploy(work, attempt, step, outputs, progress);
    }

    @Override
    public Verification verify(
            Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        return accounts.verify(work, attempt, wave, plan, outputs, progress);
    }

    @Override
    public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
            throws InterruptedException {
        return accounts.undo(work, attempt, step, to, progress);
    }

    @Override
    public void discard(Work work, List<Plan.TargetPlan> targets) throws InterruptedException {
        accounts.discard(work, targets);
    }

    @Override
    public List<GateContext.Alarm> alarms(Work work, List<String> names) throws InterruptedException {
        return accounts.alarms(work, names);
    }
}
