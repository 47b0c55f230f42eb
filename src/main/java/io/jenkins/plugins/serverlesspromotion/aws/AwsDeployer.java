package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.FanOut;
import io.jenkins.plugins.serverlesspromotion.aws.check.Alarms;
import io.jenkins.plugins.serverlesspromotion.aws.check.HttpProbe;
import io.jenkins.plugins.serverlesspromotion.aws.check.WaveVerifier;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.ChangeSets;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackPoller;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackReadCache;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetInstances;
import io.jenkins.plugins.serverlesspromotion.aws.function.LambdaDeployer;
import io.jenkins.plugins.serverlesspromotion.aws.plan.DriftReader;
import io.jenkins.plugins.serverlesspromotion.aws.plan.LeftBehindReader;
import io.jenkins.plugins.serverlesspromotion.aws.plan.ReleasePlanner;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.site.SiteDeployer;
import io.jenkins.plugins.serverlesspromotion.aws.stack.KnownOutputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.LiveOutputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.NoEchoReader;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackDeployer;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackOutputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackPlanner;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.MediaTypes;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/**
 * Brings releases into AWS accounts. Safe for use by several threads; close it after the last call has returned. This
 * does not close the sessions.
 */
public final class AwsDeployer implements Deployer, Inspector, AutoCloseable {
    private static final int COPIES = 16;
    private static final int PLANNERS = 8;

    private final AwsSessions sessions;
    private final Templates templates;
    private final MediaTypes mediaTypes;
    private final HttpProbe http;
    private final ExecutorService workers = Executors.newCachedThreadPool(threads("work"));
    private final ExecutorService copies = Executors.newFixedThreadPool(COPIES, threads("copy"));
    private final ExecutorService planners = Executors.newFixedThreadPool(PLANNERS, threads("plan"));
    private final ScheduledExecutorService polls = Executors.newScheduledThreadPool(2, threads("poll"));
    private final StackPoller poller;

    public AwsDeployer(AwsSessions sessions, Templates templates, MediaTypes mediaTypes) {
        this.sessions = sessions;
        this.templates = templates;
        this.mediaTypes = mediaTypes;
        this.http = new HttpProbe(sessions.settings());
        this.poller = new StackPoller(
                polls, sessions.pace(), StackReadCache.of(sessions).stackDurations());
    }

    @Override
    public Planning plan(Work work, int planning, Progress progress) throws InterruptedException {
        return interruptibly(() -> planNow(work, planning, progress));
    }

    @Override
    public void discard(Work work, List<Plan.TargetPlan> targets) throws InterruptedException {
        interruptibly(() -> {
            discardNow(work, targets);
            return null;
        });
    }

    @Override
    public Fact.StepResult deploy(
            Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        return interruptibly(() -> deployNow(work, attempt, step, outputs, progress));
    }

    @Override
    public Verification verify(
            Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        return interruptibly(() -> verifyNow(work, wave, outputs, progress));
    }

    @Override
    public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
            throws InterruptedException {
        return interruptibly(() -> undoNow(work, attempt, step, to, progress));
    }

    @Override
    public List<GateContext.Alarm> alarms(Work work, List<String> names) throws InterruptedException {
        return interruptibly(() -> {
            try (var scope = scope(work, work.release())) {
                return FanOut.map(
                                planners, work.rules().placement().places(), place -> alarms(work, place, names, scope))
                        .stream()
                        .flatMap(List::stream)
                        .toList();
            }
        });
    }

    /** A failure in one place does not show the state of the others. */
    private List<GateContext.Alarm> alarms(Work work, Policy.Place place, List<String> names, AwsSessions.Scope scope)
            throws InterruptedException {
        try {
            var client = scope.session(TargetContext.account(work, place), AwsSessions.Purpose.PLAN, place.region())
                    .cloudWatch(place.region());
            return new Alarms(client, names).read(place.toString());
        } catch (RuntimeException e) {
            String cause = Failures.of(e).cause();
            return names.stream()
                    .map(name ->
                            new GateContext.Alarm(place.toString(), name, GateContext.Alarm.State.UNREADABLE, cause))
                    .toList();
        }
    }

    /**
     * The SDK's blocking calls notice an interrupt only when AWS answers. So another thread does the work, and an
     * interrupted caller stops waiting for it. The work then ends at its next call, which looks like a crash to AWS.
     */
    private <T> T interruptibly(Callable<T> work) throws InterruptedException {
        Future<T> running = workers.submit(work);
        try {
            return running.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            running.cancel(true);
        }
    }

    private Planning planNow(Work work, int planning, Progress progress) throws InterruptedException {
        List<Plan.TargetPlan> planned = List.of();
        try (var scope = scope(work, work.release())) {
            Work known = noEcho(work, scope, progress).read(work);
            var planner = new ReleasePlanner(
                    known,
                    targetInstance -> job(known, known.release(), targetInstance, scope, progress),
                    new LeftBehindReader(known, scope),
                    planners);
            try {
                Planning made = planner.plan(planning);
                return new Planning(made.targets(), made.problems(), made.failure(), NoEchoReader.found(work, known));
            } finally {
                planned = planner.planned();
            }
        } catch (RuntimeException e) {
            return new Planning(planned, List.of(), Failures.of(e));
        }
    }

    /** A stack that exists only as a plan is kept: another process may just begin to create it. */
    private void discardNow(Work work, List<Plan.TargetPlan> targets) {
        try (var scope = scope(work, work.release())) {
            for (Plan.TargetPlan target : targets) {
                String changeSet = target.handles().get(StackPlanner.CHANGE_SET);
                if (changeSet != null) {
                    String region = target.place().region();
                    var client = scope.session(
                                    TargetContext.account(work, target.place()), AwsSessions.Purpose.PLAN, region)
                            .cloudFormation(region);
                    new ChangeSets(client, sessions.pace(), target.key()).delete(changeSet);
                }
            }
        }
    }

    private NoEchoReader noEcho(Work work, AwsSessions.Scope scope, Progress progress) {
        return new NoEchoReader(
                templates,
                release -> expansion(work, release),
                (release, targetInstance) -> job(work, release, targetInstance, scope, progress));
    }

    /** The recorded outputs lack values that must not be recorded: then the outputs are read from the stack. */
    private Function<String, StackOutputs> outputs(
            Map<String, Map<String, String>> recorded,
            TargetInstances targetInstances,
            Function<TargetInstances.TargetInstance, TargetContext> jobs) {
        return key -> {
            Map<String, String> outputs = recorded.get(key);
            if (outputs == null) {
                return null;
            }
            StackOutputs reported = StackOutputs.reported(outputs);
            return StackOutputs.isWhole(outputs)
                    ? reported
                    : targetInstances
                            .slot(key)
                            .map(targetInstance -> new LiveOutputs(targetInstances, targetInstance.place(), jobs)
                                    .outputs(targetInstance))
                            .orElse(reported);
        };
    }

    private Fact.StepResult deployNow(
            Work given, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        try (var scope = scope(given, given.release())) {
            Work work = given.of(noEcho(given, scope, progress).read(given.release()), given.earlier());
            TargetInstances targetInstances = expansion(work, work.release());
            TargetInstances.TargetInstance targetInstance = targetInstances
                    .slot(step.key())
                    .orElseThrow(() -> DeploymentException.failed(step.key() + " is no target of "
                            + work.release().ref().id() + " any more; plan again"));
            TargetContext job = job(work, work.release(), targetInstance, scope, progress);
            var known = new KnownOutputs(
                    targetInstances,
                    targetInstance.place(),
                    outputs(outputs, targetInstances, other -> job(work, work.release(), other, scope, progress)));
            try {
                if (ReleasePlanner.isKept(step)) {
                    return kept(job, step);
                }
                if (targetInstance.target() instanceof Manifest.Site) {
                    return new SiteDeployer(job).deploy(step, attempt, known);
                }
                return targetInstance.target() instanceof Manifest.Lambda
                        ? new LambdaDeployer(job).deploy(step, attempt, known, known::settle)
                        : new StackDeployer(job, poller).deploy(step, attempt, known, known::settle);
            } catch (RuntimeException e) {
                return ended(e, job.requests());
            }
        } catch (RuntimeException e) {
            return ended(e, List.of());
        }
    }

    /** Nothing is written, but dependent targets need its outputs. */
    private static Fact.StepResult kept(TargetContext job, Plan.TargetPlan step) {
        Map<String, String> outputs = Map.of();
        if (job.targetInstance.target() instanceof Manifest.CloudFormation) {
            CloudFormationClient client = job.cloudFormation(AwsSessions.Purpose.DEPLOY);
            LiveStack live = LiveStack.read(client, step.content().subject());
            outputs =
                    StackOutputs.toReport(job, live, () -> job.stackReadCache().template(live, client));
        }
        return new Fact.StepResult(Status.UNCHANGED, outputs, ReleasePlanner.keptBecause(step), List.of());
    }

    private static Fact.StepResult ended(RuntimeException thrown, List<String> requests) throws InterruptedException {
        Fact.Failure failure = Failures.of(thrown);
        Status status = failure.verdict() == Fact.FailureKind.FAILED ? Status.FAILED : Status.ERRORED;
        return new Fact.StepResult(status, Map.of(), failure.cause(), requests);
    }

    private Verification verifyNow(Work work, int wave, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException {
        try (var scope = scope(work, work.release())) {
            TargetInstances targetInstances = expansion(work, work.release());
            Function<TargetInstances.TargetInstance, TargetContext> jobs =
                    targetInstance -> job(work, work.release(), targetInstance, scope, progress);
            return new WaveVerifier(work, targetInstances, jobs, outputs(outputs, targetInstances, jobs), http)
                    .verify(wave);
        } catch (RuntimeException e) {
            return new Verification(List.of(), Failures.of(e), List.of());
        }
    }

    private Undoing undoNow(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
            throws InterruptedException {
        try (var scope = scope(work, work.release())) {
            TargetInstances targetInstances = expansion(work, to);
            var slot = targetInstances.slot(step.key());
            if (slot.isEmpty()) {
                return new Undoing(
                        step.target() + " is not in " + to.ref().id() + " at " + step.place()
                                + ": it stays as it is, nothing is deleted",
                        List.of(),
                        null);
            }
            if (!to.store().equals(work.store().name())) {
                throw DeploymentException.errored(to.ref().id() + " is kept in artifact store " + to.store()
                        + ", not in " + work.store().name() + "; publish it there to return to it");
            }
            TargetContext job = job(work, to, slot.get(), scope, progress);
            try {
                var live = new LiveOutputs(
                        targetInstances, slot.get().place(), other -> job(work, to, other, scope, progress));
                if (slot.get().target() instanceof Manifest.Site) {
                    return new SiteDeployer(job).undo(attempt, live);
                }
                return slot.get().target() instanceof Manifest.Lambda
                        ? new LambdaDeployer(job).undo(step, attempt, live)
                        : new StackDeployer(job, poller).undo(step, attempt, live);
            } catch (RuntimeException e) {
                Fact.Failure failure = Failures.of(e);
                return new Undoing(failure.cause(), job.requests(), failure);
            }
        } catch (RuntimeException e) {
            Fact.Failure failure = Failures.of(e);
            return new Undoing(failure.cause(), List.of(), failure);
        }
    }

    @Override
    public List<Inspected> inspect(Work work, Plan plan, Set<String> places, Progress progress)
            throws InterruptedException {
        return interruptibly(() -> inspectNow(work, plan, places, progress));
    }

    private List<Inspected> inspectNow(Work work, Plan plan, Set<String> places, Progress progress)
            throws InterruptedException {
        try (var scope = scope(work, work.release())) {
            TargetInstances targetInstances = expansion(work, work.release());
            List<TargetInstances.TargetInstance> slots = targetInstances.slots().stream()
                    .filter(s -> places.contains(s.place().toString()))
                    .toList();
            var inspected = new ArrayList<>(FanOut.map(planners, slots, targetInstance -> {
                var live = new LiveOutputs(
                        targetInstances,
                        targetInstance.place(),
                        other -> job(work, work.release(), other, scope, progress));
                return new DriftReader(job(work, work.release(), targetInstance, scope, progress), plan, live)
                        .inspect();
            }));
            inspected.addAll(new LeftBehindReader(work, scope).inspect(plan, planners));
            return inspected;
        } catch (RuntimeException e) {
            String cause = Failures.of(e).cause();
            return places.stream()
                    .map(place -> new Inspected(place, DriftResult.UNKNOWN, List.of(cause)))
                    .toList();
        }
    }

    private TargetContext job(
            Work work,
            Published release,
            TargetInstances.TargetInstance targetInstance,
            AwsSessions.Scope scope,
            Progress progress) {
        return new TargetContext(
                work, release, targetInstance, sessions, scope, templates, mediaTypes, copies, progress);
    }

    private static TargetInstances expansion(Work work, Published release) {
        return TargetInstances.of(work.rules().placement(), release.release().manifest());
    }

    private AwsSessions.Scope scope(Work work, Published release) {
        return sessions.scope(
                new AwsSessions.Actor(work.promotion(), release.ref().id(), work.approvers()));
    }

    private static ThreadFactory threads(String what) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, "serverless-promotion-" + what + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        workers.shutdownNow();
        copies.shutdownNow();
        planners.shutdownNow();
        polls.shutdownNow();
    }
}
