package io.jenkins.plugins.serverlesspromotion.controller.releases;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.MemoryDeployer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Accounts in memory whose plans find, and whose work says, what a test wants. */
final class ScriptedAccounts implements Deployer {
    final MemoryDeployer memory = new MemoryDeployer();
    volatile List<Plan.Finding> findings = List.of();
    volatile List<Plan.Change> changes = List.of();
    volatile String problem;
    volatile String says;

    @Override
    public Planning plan(Work work, int planning, Progress progress) throws InterruptedException {
        Planning plain = memory.plan(work, planning, progress);
        List<Plan.TargetPlan> targets =
                plain.targets().stream().map(this::found).toList();
        List<Plan.Problem> problems = problem == null
                ? List.of()
                : List.of(new Plan.Problem(targets.get(0).key(), problem));
        return new Planning(targets, problems, null);
    }

    private Plan.TargetPlan found(Plan.TargetPlan t) {
        Plan.Content c = t.content();
        var all = new ArrayList<>(c.changes());
        all.addAll(changes);
        var content = new Plan.Content(
                c.exactness(), c.subject(), c.templateDigest(), c.liveDigest(), c.values(), c.pins(), all, findings);
        return new Plan.TargetPlan(t.place(), t.target(), t.kind(), t.wave(), t.after(), content, t.handles());
    }

    @Override
    public Fact.StepResult deploy(
            Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        if (says != null) {
            progress.note(step.key(), says);
        }
        return memory.deploy(work, attempt, step, outputs, progress);
    }

    @Override
    public Verification verify(
            Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        return memory.verify(work, attempt, wave, plan, outputs, progress);
    }

    @Override
    public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
            throws InterruptedException {
        return memory.undo(work, attempt, step, to, progress);
    }
}
