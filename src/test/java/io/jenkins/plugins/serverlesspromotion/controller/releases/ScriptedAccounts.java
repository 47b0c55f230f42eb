package io.jenkins.plugins.serverlesspromotion.controller.releases;

import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.MemoryDeployer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Accounts in memory whose plans find, and whose work says, what a test wants. */
public final class ScriptedAccounts implements Deployer, Inspector, Recoverer, ArtifactStore, AccountChecker {
    public final MemoryDeployer memory = new MemoryDeployer();
    volatile List<Plan.Finding> findings = List.of();
    volatile List<Plan.Change> changes = List.of();
    volatile String problem;
    volatile String says;

    /** What is found when accounts are compared with what was promoted. */
    volatile Inspector inspects = (work, plan, places, progress) -> plan.targets().stream()
            .map(t -> new Inspected(t.key(), DriftResult.SAME, List.of()))
            .toList();

    /** What is found when its stacks are looked at, and what treating them comes to. */
    public volatile Recoverer recoverer;

    /** What a check of the accounts finds. */
    volatile List<AccountFinding> accountFindings =
            List.of(new AccountFinding("tools", null, "plan role p", FindingState.OK, null, null));

    @Override
    public List<AccountFinding> checkAccounts(Policy policy) {
        return accountFindings;
    }

    @Override
    public List<Diagnosis> examine(Work work) throws InterruptedException {
        return recoverer.examine(work);
    }

    @Override
    public RecoveryResult recover(
            Work work, Diagnosis diagnosis, RecoveryAction recoveryAction, List<String> resources, String token)
            throws InterruptedException {
        return recoverer.recover(work, diagnosis, recoveryAction, resources, token);
    }

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
        Verification plain = memory.verify(work, attempt, wave, plan, outputs, progress);
        boolean held = plain.failure() == null;
        var result = new CheckResult(
                "GET https://" + work.environment() + ".acme.com/health",
                plan.targets().get(0).place().toString(),
                held,
                2,
                84,
                held ? "200" : "500",
                null,
                held ? null : "answered 500 instead of 200");
        return new Verification(plain.checks(), plain.failure(), List.of(result));
    }

    @Override
    public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
            throws InterruptedException {
        return memory.undo(work, attempt, step, to, progress);
    }

    @Override
    public void discard(Work work, List<Plan.TargetPlan> targets) {
        memory.discard(work, targets);
    }

    @Override
    public List<GateContext.Alarm> alarms(Work work, List<String> names) {
        return memory.alarms(work, names);
    }

    @Override
    public List<Inspected> inspect(Work work, Plan plan, Set<String> places, Progress progress)
            throws InterruptedException {
        return inspects.inspect(work, plan, places, progress);
    }

    @Override
    public String put(Policy.Store store, Policy.Account account, Artifact artifact, Path file) {
        throw new UnsupportedOperationException("a controller has artifacts uploaded by agents");
    }

    @Override
    public List<Upload> presign(
            Policy.Store store, Policy.Account account, List<Artifact> artifacts, Duration validFor) {
        throw new UnsupportedOperationException("everything is there already");
    }

    /** Whatever anybody has is there already. */
    @Override
    public Map<String, String> stored(Policy.Store store, Policy.Account account, List<Artifact> artifacts) {
        return artifacts.stream().collect(Collectors.toMap(Artifact::digest, Artifact::sha256, (a, b) -> a));
    }
}
