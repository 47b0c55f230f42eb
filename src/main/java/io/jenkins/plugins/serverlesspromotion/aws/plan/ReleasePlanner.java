package io.jenkins.plugins.serverlesspromotion.aws.plan;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.FanOut;
import io.jenkins.plugins.serverlesspromotion.aws.check.CheckPermission;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.ChangeSets;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetInstances;
import io.jenkins.plugins.serverlesspromotion.aws.function.LambdaPlanner;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.site.SitePlanner;
import io.jenkins.plugins.serverlesspromotion.aws.stack.KnownOutputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.LiveOutputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.PlanConformance;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackOutputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackPlanner;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipRules;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.LeftBehind;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
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

/**
 * Plans every target of a release in every place, each after the targets that it depends on, the others in parallel.
 */
public final class ReleasePlanner {
    private static final String KEPT = "forwardOnly";

    private final Deployer.Work work;
    private final Function<TargetInstances.TargetInstance, TargetContext> jobs;
    private final LeftBehindReader leftBehind;
    private final ExecutorService pool;
    /** Outputs of planned stacks; those of stacks that will change are not known yet. */
    private final Map<String, StackOutputs> outputs = new ConcurrentHashMap<>();

    private final Map<String, Plan.TargetPlan> planned = new ConcurrentHashMap<>();

    /** @param leftBehind reads whether a resource exists that the release does not name */
    public ReleasePlanner(
            Deployer.Work work,
            Function<TargetInstances.TargetInstance, TargetContext> jobs,
            LeftBehindReader leftBehind,
            ExecutorService pool) {
        this.work = work;
        this.jobs = jobs;
        this.leftBehind = leftBehind;
        this.pool = pool;
    }

    /** @throws RuntimeException when there can be no plan at all */
    public Deployer.Planning plan(int planning) throws InterruptedException {
        TargetInstances targetInstances = TargetInstances.of(
                work.rules().placement(), work.release().release().manifest());
        checkAccounts(targetInstances);
        var problems = new ConcurrentHashMap<String, Plan.Problem>();
        for (List<TargetInstances.TargetInstance> level : targetInstances.levels()) {
            FanOut.map(pool, level, targetInstance -> {
                String missing = targetInstance.after().stream()
                        .filter(problems::containsKey)
                        .findFirst()
                        .orElse(null);
                if (missing != null) {
                    problems.put(
                            targetInstance.key(),
                            new Plan.Problem(
                                    targetInstance.key(), "it is planned as soon as " + missing + " can be planned"));
                    return targetInstance;
                }
                try {
                    planned.put(
                            targetInstance.key(),
                            checked(targetInstance, plan(targetInstance, planning, targetInstances), targetInstances));
                } catch (DeploymentException e) {
                    if (!e.isMendable()) {
                        throw e;
                    }
                    problems.put(targetInstance.key(), new Plan.Problem(targetInstance.key(), e.getMessage()));
                }
                return targetInstance;
            });
        }
        checkSubjects();
        var targets = new ArrayList<Plan.TargetPlan>();
        var causes = new ArrayList<Plan.Problem>();
        for (TargetInstances.TargetInstance targetInstance : targetInstances.slots()) {
            if (problems.containsKey(targetInstance.key())) {
                causes.add(problems.get(targetInstance.key()));
            } else {
                targets.add(planned.get(targetInstance.key()));
            }
        }
        // Without the plan of every target it is not known what the release names.
        return new Deployer.Planning(causes.isEmpty() ? withLeftBehind(targets) : targets, causes, null);
    }

    /** Adds what the lane owns and the release no longer names to a target in the same account. */
    private List<Plan.TargetPlan> withLeftBehind(List<Plan.TargetPlan> targets) throws InterruptedException {
        Map<String, Policy.Account> accounts = work.rules().accounts();
        List<OwnershipClaim> left =
                LeftBehind.of(targets, accounts, work.owners().owned());
        if (left.isEmpty() || targets.isEmpty()) {
            return targets;
        }
        var all = new ArrayList<>(targets);
        for (LeftBehindReader.Presence found :
                FanOut.map(pool, left.stream().map(OwnershipClaim::resource).toList(), leftBehind::read)) {
            int at = 0;
            for (int i = all.size() - 1; i >= 0; i--) {
                Policy.Account account = accounts.get(all.get(i).place().account());
                if (account != null && account.id().equals(found.resource().accountId())) {
                    at = i;
                }
            }
            all.set(at, with(all.get(at), found));
        }
        return all;
    }

    private Plan.TargetPlan with(Plan.TargetPlan plan, LeftBehindReader.Presence found) {
        Plan.Content content = plan.content();
        var gone = new ArrayList<ResourceId>(plan.gone() == null ? List.of() : plan.gone());
        var findings = new ArrayList<>(content.findings());
        if (found.existence() == LeftBehindReader.Existence.ABSENT) {
            gone.add(found.resource());
        } else if (found.existence() != LeftBehindReader.Existence.PART) {
            findings.add(new Plan.Finding(
                    OwnershipRules.TARGET_LEFT_BEHIND,
                    found.resource().id(),
                    LeftBehind.sentence(found.resource(), work.release().ref().id())));
        }
        return new Plan.TargetPlan(
                plan.place(),
                plan.target(),
                plan.kind(),
                plan.wave(),
                plan.after(),
                new Plan.Content(
                        content.exactness(),
                        content.subject(),
                        content.templateDigest(),
                        content.liveDigest(),
                        content.values(),
                        content.pins(),
                        content.changes(),
                        findings),
                plan.handles(),
                plan.claims(),
                gone);
    }

    /** The targets planned so far, also when planning as a whole failed. */
    public List<Plan.TargetPlan> planned() {
        return List.copyOf(planned.values());
    }

    /** Checks that every role belongs to its configured account, before anything is written anywhere. */
    private void checkAccounts(TargetInstances targetInstances) throws InterruptedException {
        var places = new LinkedHashMap<String, TargetInstances.TargetInstance>();
        targetInstances
                .slots()
                .forEach(targetInstance ->
                        places.putIfAbsent(targetInstance.place().account(), targetInstance));
        if (places.isEmpty()) {
            return;
        }
        record Role(TargetInstances.TargetInstance slot, AwsSessions.Purpose purpose) {}
        var roles = places.values().stream()
                .flatMap(targetInstance -> Stream.of(AwsSessions.Purpose.PLAN, AwsSessions.Purpose.DEPLOY)
                        .map(purpose -> new Role(targetInstance, purpose)))
                .toList();
        FanOut.map(pool, roles, role -> jobs.apply(role.slot()).session(role.purpose()));
    }

    private Plan.TargetPlan plan(
            TargetInstances.TargetInstance targetInstance, int planning, TargetInstances targetInstances)
            throws InterruptedException {
        TargetContext job = jobs.apply(targetInstance);
        var known = new KnownOutputs(targetInstances, targetInstance.place(), outputs::get);
        if (!(targetInstance.target() instanceof Manifest.CloudFormation)) {
            boolean pending = targetInstance.after().stream()
                    .anyMatch(key ->
                            !PlanConformance.isAtMostGuards(planned.get(key).content()));
            return kept(
                    targetInstance.target() instanceof Manifest.Lambda
                            ? new LambdaPlanner(job).plan(known, pending)
                            : new SitePlanner(job).plan(known, pending),
                    job);
        }
        StackPlanner.Planned stack = new StackPlanner(job)
                .plan(planning, known, new LiveOutputs(targetInstances, targetInstance.place(), jobs));
        Plan.TargetPlan plan = kept(stack.plan(), job);
        outputs.put(
                targetInstance.key(),
                PlanConformance.isAtMostGuards(plan.content())
                        ? stack.outputs()
                        : stack.outputs().pending());
        return plan;
    }

    /** The functions that the checks of a target will invoke, as far as their names are known before it is deployed. */
    private Plan.TargetPlan checked(
            TargetInstances.TargetInstance targetInstance, Plan.TargetPlan plan, TargetInstances targetInstances)
            throws InterruptedException {
        TargetContext job = jobs.apply(targetInstance);
        var owner = new OwnerCheck(job);
        var permission = new CheckPermission(job);
        var resolution =
                job.resolution(Map.of(), new KnownOutputs(targetInstances, targetInstance.place(), outputs::get));
        for (Manifest.Check check : work.release().release().manifest().verify()) {
            if (check instanceof Manifest.LambdaCheck lambda
                    && lambda.target().equals(targetInstance.target().name())) {
                var function = resolution.text("the function of check '" + check.describe() + "'", lambda.function());
                if (function.known()) {
                    permission.require(lambda, function.passed(), owner.planCheck(function.passed()));
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

    /** A target that must not be rolled back stays unchanged, and the approvers read that first. */
    private Plan.TargetPlan kept(Plan.TargetPlan plan, TargetContext job) {
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

    /** Whether the plan keeps the step unchanged, although the release has another state. */
    public static boolean isKept(Plan.TargetPlan step) {
        return keptBecause(step) != null;
    }

    /** Null when it is not kept unchanged. */
    public static String keptBecause(Plan.TargetPlan step) {
        return step.content().findings().stream()
                .filter(f -> f.kind().equals(KEPT))
                .map(Plan.Finding::sentence)
                .findFirst()
                .orElse(null);
    }

    /** Two targets that write the same resource would undo each other's changes. */
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
