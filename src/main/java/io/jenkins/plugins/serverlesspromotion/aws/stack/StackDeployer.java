package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.Tokens;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.ChangeSets;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.FinishedChangeSet;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackEvents;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackPoller;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackState;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetNotFoundException;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.InvalidChangeSetStatusException;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.cloudformation.model.TokenAlreadyExistsException;

/** Executes approved change sets, each once, and reports the result. */
public final class StackDeployer {
    /** How often the events are searched for a lost response before the call is repeated. */
    private static final int LOOKS = 5;

    private static final int EXECUTIONS = 3;
    private static final Duration LOOK_WAIT = Duration.ofSeconds(2);

    private final TargetContext job;
    private final StackPoller poller;
    private final CloudFormationClient client;

    public StackDeployer(TargetContext job, StackPoller poller) {
        this.job = job;
        this.poller = poller;
        this.client = job.cloudFormation(AwsSessions.Purpose.DEPLOY);
    }

    /** @param settled fills in the outputs that were not known while planning */
    public Fact.StepResult deploy(
            Plan.TargetPlan step, int attempt, Resolution.Outputs outputs, UnaryOperator<String> settled)
            throws InterruptedException {
        Fact.StepResult result = carryOut(step, attempt, outputs, settled);
        if (!result.status().isGood()) {
            return result;
        }
        new StackProtection(job).over(client, LiveStack.named(step.content().subject()));
        return new Fact.StepResult(result.status(), result.outputs(), result.detail(), job.requests());
    }

    private Fact.StepResult carryOut(
            Plan.TargetPlan step, int attempt, Resolution.Outputs outputs, UnaryOperator<String> settled)
            throws InterruptedException {
        Plan.Content approved = step.content();
        String token = job.token(attempt, "execute");
        String stack = step.handles().getOrDefault(StackPlanner.STACK_ARN, approved.subject());
        Instant since = created(step);
        LiveStack live = LiveStack.read(client, stack);
        boolean untouched = isUntouched(live, step);
        if (!untouched) {
            var running = running(stack, live, token, since);
            if (running != null) {
                job.note("the change set was executed already; following it");
                return result(follow(running, token, since));
            }
            live = idle(stack, approved);
            // The earlier operation on the stack may be our own, from before a crash.
            running = running(live.id(), live, token, since);
            if (running != null) {
                return result(follow(running, token, since));
            }
        }
        if ("DELETE_COMPLETE".equals(live.status())) {
            return stale(job.where(approved.subject()) + " was deleted after it was planned");
        }
        if (!live.state().canChange()) {
            String refusal = live.state().refusal(job.where(live.name()), live.status());
            return ended(Status.FAILED, Map.of(), refusal + whose(live));
        }
        if (approved.unchanged()) {
            return unchanged(live, approved);
        }
        var content = new StackContent(job, client, live);
        if (!java.util.Objects.equals(content.liveDigest(), approved.liveDigest())) {
            return stale(job.where(live.name()) + " was changed after it was planned");
        }
        var preparation = new StackPreparation(job, job.resolution(approved.pins(), outputs));
        StackInputs inputs = preparation.prepare(live);
        if (!inputs.known()) {
            throw DeploymentException.failed("an output that " + step.key() + " needs is still not known");
        }
        var sets = new ChangeSets(client, job.pace(), job.where(live.name()), job.stackReadCache());
        boolean recalled =
                untouched && job.stackReadCache().changeSet(step.handles().get(StackPlanner.CHANGE_SET)) != null;
        FinishedChangeSet set = planned(sets, step, untouched);
        if (set == null || content.exceeded(approved, inputs, set, settled) != null) {
            set = preparation.changeSet(
                    sets, live, inputs, job.token(attempt, "deploy"), new OwnerCheck(job).writeStack(live));
            String difference = content.exceeded(approved, inputs, set, settled);
            if (difference != null) {
                if (!set.isEmpty()) {
                    sets.delete(set.arn());
                }
                return stale(job.where(live.name()) + " would not change as approved: " + difference);
            }
        }
        if (set.isEmpty()) {
            return ended(Status.UNCHANGED, outputs(live), job.where(live.name()) + " is already as wanted");
        }
        if (!execute(live, set, token, recalled)) {
            job.stackReadCache().forget(set.arn());
            if (recalled) {
                // It may have been deleted since: now everything is read again.
                return carryOut(step, attempt, outputs, settled);
            }
            throw notExecutable(set);
        }
        // Another process may delete a planned stack and create it again: the change set has the right address.
        return result(follow(
                set.stackArn().equals(live.arn()) ? live : LiveStack.read(client, set.stackArn()),
                token,
                set.created()));
    }

    /** Brings the stack to the release of the job, whatever its current state. */
    public Deployer.Undoing undo(Plan.TargetPlan step, int attempt, Resolution.Outputs outputs)
            throws InterruptedException {
        Resolution resolution = job.resolution(Map.of(), outputs);
        String name = StackPlanner.stackName(job, resolution);
        String token = job.token(attempt, "undo-execute");
        boolean same = name.equals(step.content().subject());
        String stack = same ? step.handles().getOrDefault(StackPlanner.STACK_ARN, name) : name;
        Instant since = created(step);
        LiveStack running = running(stack, null, token, since);
        if (running == null) {
            LiveStack live = StackPlanner.updatable(job, job.idle(AwsSessions.Purpose.DEPLOY, stack));
            running = running(live.id(), live, token, since);
            if (running == null) {
                var preparation = new StackPreparation(job, resolution);
                StackInputs inputs = preparation.prepare(live).unwatched();
                var sets = new ChangeSets(client, job.pace(), job.where(name), job.stackReadCache());
                FinishedChangeSet set = preparation.changeSet(
                        sets, live, inputs, job.token(attempt, "undo"), new OwnerCheck(job).writeStack(live));
                if (set.isEmpty()) {
                    new StackProtection(job).over(client, live);
                    return undone(job.where(name) + " is already back at "
                            + job.release.ref().id());
                }
                List<String> losses = Findings.losses(set.changes());
                if (!losses.isEmpty()) {
                    sets.delete(set.arn());
                    throw DeploymentException.failed("returning " + job.where(name) + " to "
                            + job.release.ref().id()
                            + " would delete " + String.join(", ", losses)
                            + " with what it holds; request that rollback by hand, so that people see its plan");
                }
                if (!execute(live, set, token, false)) {
                    throw notExecutable(set);
                }
                since = set.created();
                running = live.arn() != null ? live : LiveStack.read(client, set.stackArn());
            }
        }
        StackPoller.Outcome outcome = follow(running, token, since);
        if (!StackState.isSuccess(outcome.status())) {
            throw DeploymentException.failed(failure(running, outcome));
        }
        new StackProtection(job).over(client, running);
        return undone(job.where(name) + " is back at " + job.release.ref().id());
    }

    private Deployer.Undoing undone(String detail) {
        return new Deployer.Undoing(detail, job.requests(), null);
    }

    private static Instant created(Plan.TargetPlan step) {
        String text = step.handles().get(StackPlanner.CREATED);
        return text == null ? null : Instant.parse(text);
    }

    /**
     * The stack, when an operation with {@code token} was begun on it; otherwise null. Events may appear later than
     * their state. While the events do not contain the state of {@code live}, this waits for them. So our own operation
     * does not look like a change by another process.
     *
     * @param live as it was read just now; null: the events are used without waiting
     */
    private LiveStack running(String stack, LiveStack live, String token, Instant since) throws InterruptedException {
        List<StackEvent> events = StackEvents.await(
                () -> events(stack, since),
                all -> live == null
                        || !StackEvents.of(token, all).isEmpty()
                        || StackEvents.areComplete(live, since, all),
                job.pace());
        var ours = StackEvents.of(token, events);
        return ours.isEmpty() ? null : LiveStack.read(client, ours.get(0).stackId());
    }

    private List<StackEvent> events(String stack, Instant since) {
        try {
            return StackEvents.after(client, stack, null, since);
        } catch (CloudFormationException e) {
            if (LiveStack.isAbsent(e)) {
                return List.of();
            }
            throw e;
        }
    }

    private LiveStack idle(String stack, Plan.Content approved) throws InterruptedException {
        LiveStack live = job.idle(AwsSessions.Purpose.DEPLOY, stack);
        // A stack that existed only as a plan may have been deleted; then it is created by name.
        return live.arn() == null || ("DELETE_COMPLETE".equals(live.status()) && approved.liveDigest() == null)
                ? job.idle(AwsSessions.Purpose.DEPLOY, approved.subject())
                : live;
    }

    private String whose(LiveStack live) {
        if (live.state() != StackState.BUSY) {
            return "";
        }
        var begun = StackEvents.after(client, live.arn(), null, live.changed()).stream()
                .filter(e -> StackEvents.isOfStack(e) && e.clientRequestToken() != null)
                .reduce((a, b) -> b);
        return begun.map(e -> " (begun " + e.timestamp() + " with token " + e.clientRequestToken()
                        + (e.clientRequestToken().startsWith(Tokens.PREFIX) ? ", another promotion" : "") + ")")
                .orElse("");
    }

    private Fact.StepResult unchanged(LiveStack live, Plan.Content approved) {
        return java.util.Objects.equals(live.digest(job.stackReadCache().template(live, client)), approved.liveDigest())
                ? ended(Status.UNCHANGED, outputs(live), job.where(live.name()) + " is already as wanted")
                : stale(job.where(live.name()) + " was changed after it was planned");
    }

    /**
     * Whether no operation has begun on the stack since it was planned. CloudFormation knows even operations that are
     * not visible to all readers yet: it executes no change set of a stack that has changed since, and none twice.
     */
    private static boolean isUntouched(LiveStack live, Plan.TargetPlan step) {
        return "REVIEW_IN_PROGRESS".equals(live.status())
                || live.stamp() != null && live.stamp().equals(step.handles().get(StackPlanner.STAMP));
    }

    /**
     * The approved change set, when it can still be executed.
     *
     * @param untouched whether the stack has not changed since
     */
    private static FinishedChangeSet planned(ChangeSets sets, Plan.TargetPlan step, boolean untouched)
            throws InterruptedException {
        String arn = step.handles().get(StackPlanner.CHANGE_SET);
        FinishedChangeSet set = arn == null ? null : untouched ? sets.recalled(arn) : sets.find(arn);
        return set != null && set.available() ? set : null;
    }

    /**
     * Returns when CloudFormation has certainly begun; the token prevents a second execution.
     *
     * @param recalled whether the change set comes from the cache and may have been deleted; not every
     *     CloudFormation-compatible endpoint has an error for a missing one
     * @return false when the change set can no longer be executed and this process did not execute it
     */
    private boolean execute(LiveStack live, FinishedChangeSet set, String token, boolean recalled)
            throws InterruptedException {
        for (int round = 1; ; round++) {
            try {
                OwnershipProof owned = new OwnerCheck(job).writeStack(live);
                var begun = client.executeChangeSet(r -> r.overrideConfiguration(owned::allow)
                        .stackName(set.stackArn())
                        .changeSetName(set.arn())
                        .clientRequestToken(token)
                        .disableRollback(false));
                job.requests.add("cloudformation:ExecuteChangeSet "
                        + begun.responseMetadata().requestId());
                job.note("executing the change set of " + job.release.ref().id());
                return true;
            } catch (InvalidChangeSetStatusException | ChangeSetNotFoundException | TokenAlreadyExistsException e) {
                // Either the response to our own request was lost, or another process was faster.
                return begun(set, token);
            } catch (SdkException e) {
                Failures.passInterruption(e);
                if (!Failures.isPassing(e)) {
                    throw e;
                }
                if (begun(set, token)) {
                    return true;
                }
                if (round == EXECUTIONS) {
                    if (recalled) {
                        return false;
                    }
                    throw e;
                }
            }
        }
    }

    private static DeploymentException notExecutable(FinishedChangeSet set) {
        return DeploymentException.errored("the change set of " + set.stackArn()
                + " cannot be executed any more: it was deleted, or the stack was changed since; plan again");
    }

    private boolean begun(FinishedChangeSet set, String token) throws InterruptedException {
        for (int look = 1; look <= LOOKS; look++) {
            try {
                if (running(set.stackArn(), null, token, set.created()) != null) {
                    return true;
                }
            } catch (SdkException e) {
                Failures.passInterruption(e);
                if (!Failures.isPassing(e)) {
                    throw e;
                }
            }
            job.pace().sleep(LOOK_WAIT);
        }
        return false;
    }

    private StackPoller.Outcome follow(LiveStack stack, String token, Instant since) throws InterruptedException {
        CompletableFuture<StackPoller.Outcome> outcome = poller.watch(new StackPoller.Watch(
                job.account.id() + "/" + job.region(),
                job.session(AwsSessions.Purpose.DEPLOY).cloudFormationOnce(job.region()),
                stack.arn(),
                token,
                stack,
                since,
                event -> job.note(StackEvents.line(event))));
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } finally {
            outcome.cancel(false);
        }
    }

    private Fact.StepResult result(StackPoller.Outcome outcome) {
        String arn = outcome.stackArn();
        LiveStack now = LiveStack.read(client, arn);
        return StackState.isSuccess(outcome.status())
                ? ended(
                        Status.DONE,
                        outputs(now),
                        job.where(now.name()) + " is at " + job.release.ref().id())
                : ended(Status.FAILED, Map.of(), failure(now, outcome));
    }

    private String failure(LiveStack stack, StackPoller.Outcome outcome) {
        String cause = StackEvents.firstCause(outcome.events());
        String then =
                switch (StackState.of(outcome.status())) {
                    case READY -> " CloudFormation rolled it back";
                    case NEVER_CREATED -> " It was never live: delete it before you promote again";
                    default ->
                        " It is left " + outcome.status() + ": "
                                + StackState.of(outcome.status()).refusal("it", outcome.status());
                };
        return job.where(stack.name()) + " failed: " + cause + (cause.endsWith(".") ? "" : ".") + then;
    }

    private Map<String, String> outputs(LiveStack live) {
        return StackOutputs.toReport(job, live, () -> job.stackReadCache().template(live, client));
    }

    private Fact.StepResult ended(Status status, Map<String, String> outputs, String detail) {
        return new Fact.StepResult(status, outputs, detail, job.requests());
    }

    private Fact.StepResult stale(String why) {
        return ended(Status.STALE, Map.of(), why + "; it is planned again");
    }
}
