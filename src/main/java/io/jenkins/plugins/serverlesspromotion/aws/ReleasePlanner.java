package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Stream;

/** Plans every target of a release in every place, each after those it depends on, the others at the same time. */
final class ReleasePlanner {
    private static final String KEPT = "forwardOnly";

    private final Deployer.Work work;
    private final Function<Expansion.Slot, TargetWork> jobs;
    private final ExecutorService pool;
    /** Of stacks that were planned; of those that are about to change they are not known yet. */
    private final Map<String, StackOutputs> outputs = new ConcurrentHashMap<>();

    private final Map<String, Plan.TargetPlan> planned = new ConcurrentHashMap<>();

    ReleasePlanner(Deployer.Work work, Function<Expansion.Slot, TargetWork> jobs, ExecutorService pool) {
        this.work = work;
        this.jobs = jobs;
        this.pool = pool;
    }

    /** @throws RuntimeException when there can be no plan at all */
    Deployer.Planning plan(int planning) throws InterruptedException {
        Expansion expansion =
                Expansion.of(work.rules().placement(), work.release().release().manifest());
        checkAccounts(expansion);
        var problems = new ConcurrentHashMap<String, Plan.Problem>();
        for (List<Expansion.Slot> level : expansion.levels()) {
            FanOut.map(pool, level, slot -> {
                String missing = slot.after().stream()
                        .filter(problems::containsKey)
                        .findFirst()
                        .orElse(null);
                if (missing != null) {
                    problems.put(
                            slot.key(),
                            new Plan.Problem(slot.key(), "it is planned as soon as " + missing + " can be planned"));
                    return slot;
                }
                try {
                    planned.put(slot.key(), checked(slot, plan(slot, planning, expansion), expansion));
                } catch (DeploymentException e) {
                    if (!e.isMendable()) {
                        throw e;
                    }
                    problems.put(slot.key(), new Plan.Problem(slot.key(), e.getMessage()));
                }
                return slot;
            });
        }
        checkSubjects();
        var targets = new ArrayList<Plan.TargetPlan>();
        var causes = new ArrayList<Plan.Problem>();
        for (Expansion.Slot slot : expansion.slots()) {
            if (problems.containsKey(slot.key())) {
                causes.add(problems.get(slot.key()));
            } else {
                targets.add(planned.get(slot.key()));
            }
        }
        return new Deployer.Planning(targets, causes, null);
    }

    /** What was planned so far, also when planning as a whole failed. */
    List<Plan.TargetPlan> planned() {
        return List.copyOf(planned.values());
    }

    /** Before anything is written anywhere, every role of every account is where it should be. */
    private void checkAccounts(Expansion expansion) throws InterruptedException {
        var places = new LinkedHashMap<String, Expansion.Slot>();
        expansion.slots().forEach(slot -> places.putIfAbsent(slot.place().account(), slot));
        if (places.isEmpty()) {
            return;
        }
        record Role(Expansion.Slot slot, AwsSessions.Purpose purpose) {}
        var roles = places.values().stream()
                .flatMap(slot -> Stream.of(AwsSessions.Purpose.PLAN, AwsSessions.Purpose.DEPLOY)
                        .map(purpose -> new Role(slot, purpose)))
                .toList();
        FanOut.map(pool, roles, role -> jobs.apply(role.slot()).session(role.purpose()));
    }

    private Plan.TargetPlan plan(Expansion.Slot slot, int planning, Expansion expansion) throws InterruptedException {
        TargetWork job = jobs.apply(slot);
        var known = new KnownOutputs(expansion, slot.place(), outputs::get);
        if (!(slot.target() instanceof Manifest.CloudFormation)) {
            boolean pending = slot.after().stream()
                    .anyMatch(key -> !planned.get(key).content().unchanged());
            return kept(
                    slot.target() instanceof Manifest.Lambda
                            ? new LambdaPlanner(job).plan(known, pending)
                            : new SitePlanner(job).plan(known, pending),
                    job);
        }
        StackPlanner.Planned stack =
                new StackPlanner(job).plan(planning, known, new LiveOutputs(expansion, slot.place(), jobs));
        Plan.TargetPlan plan = kept(stack.plan(), job);
        outputs.put(
                slot.key(),
                plan.content().unchanged() ? stack.outputs() : stack.outputs().pending());
        return plan;
    }

    /** What the checks of a target will invoke, as far as their names are known before it is deployed. */
    private Plan.TargetPlan checked(Expansion.Slot slot, Plan.TargetPlan plan, Expansion expansion) {
        TargetWork job = jobs.apply(slot);
        var owner = new OwnerCheck(job);
        var resolution = job.resolution(Map.of(), new KnownOutputs(expansion, slot.place(), outputs::get));
        for (Manifest.Check check : work.release().release().manifest().verify()) {
            if (check instanceof Manifest.LambdaCheck lambda
                    && lambda.target().equals(slot.target().name())) {
                var function = resolution.text("the function of check '" + check.describe() + "'", lambda.function());
                if (function.known()) {
                    owner.planCheck(function.passed());
                }
            }
        }
        if (owner.claims().isEmpty()) {
            return plan;
        }
        var claims = new ArrayList<>(plan.claims());
        claims.addAll(owner.claims());
        return new Plan.TargetPlan(
                plan.place(),
                plan.target(),
                plan.kind(),
                plan.wave(),
                plan.after(),
                owner.noted(plan.content()),
                plan.handles(),
                claims);
    }

    /** A target that must not be taken back stays as it is, and whoever approves reads that first. */
    private Plan.TargetPlan kept(Plan.TargetPlan plan, TargetWork job) {
        Plan.Content would = plan.content();
        if (!work.kept().contains(plan.target()) || would.unchanged()) {
            return plan;
        }
        String set = plan.handles().get(StackPlanner.CHANGE_SET);
        if (set != null) {
            new ChangeSets(job.cloudFormation(AwsSessions.Purpose.PLAN), job.pace(), job.where(would.subject()))
                    .delete(set);
        }
        var handles = new TreeMap<>(plan.handles());
        handles.remove(StackPlanner.CHANGE_SET);
        var finding = new Plan.Finding(
                KEPT,
                plan.target(),
                "target " + plan.target() + " goes forward only: it stays as it is, although "
                        + work.release().ref().id() + " has it otherwise ("
                        + would.changes().size() + (would.changes().size() == 1 ? " change)" : " changes)"));
        var content = new Plan.Content(
                Plan.Exactness.EXACT,
                would.subject(),
                would.templateDigest(),
                would.liveDigest(),
                would.values(),
                would.pins(),
                List.of(),
                List.of(finding));
        return new Plan.TargetPlan(
                plan.place(), plan.target(), plan.kind(), plan.wave(), plan.after(), content, handles);
    }

    /** Whether the step was planned to stay as it is, although the release has it otherwise. */
    static boolean isKept(Plan.TargetPlan step) {
        return keptBecause(step) != null;
    }

    /** Null when it is not kept. */
    static String keptBecause(Plan.TargetPlan step) {
        return step.content().findings().stream()
                .filter(f -> f.kind().equals(KEPT))
                .map(Plan.Finding::sentence)
                .findFirst()
                .orElse(null);
    }

    /** Two targets that write the same thing would undo each other. */
    private void checkSubjects() {
        var seen = new HashMap<String, Plan.TargetPlan>();
        for (Plan.TargetPlan one : planned.values()) {
            Place place = one.place();
            // A bucket's name is known in every region.
            String subject = one.kind() + " " + place.account()
                    + (one.kind().equals("site") ? "" : "/" + place.region()) + " "
                    + one.content().subject();
            Plan.TargetPlan other = seen.putIfAbsent(subject, one);
            if (other != null && !other.target().equals(one.target())) {
                throw DeploymentException.failed("targets " + other.target() + " and " + one.target() + " both deploy "
                        + one.content().subject() + " in " + place + "; give each its own");
            }
        }
    }
}
