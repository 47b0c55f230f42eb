package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import io.jenkins.plugins.serverlesspromotion.aws.call.Tokens;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackEvents;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackState;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetInstances;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.cloudformation.model.StackResourceSummary;

/**
 * Recovers stacks that cannot be changed any more: reads the state and its cause, offers recovery actions, and carries
 * them out. The actions are those of CloudFormation ("Stack status codes" and "Continue rolling back an update",
 * CloudFormation user guide).
 */
public final class StackRecoverer implements Recoverer {
    private static final Duration FIRST_POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofHours(1);

    private final AwsSessions sessions;
    private final Templates templates;

    /** This class has nothing to close; the sessions belong to the caller. */
    public StackRecoverer(AwsSessions sessions, Templates templates) {
        this.sessions = sessions;
        this.templates = templates;
    }

    @Override
    public List<Diagnosis> examine(Deployer.Work work) throws InterruptedException {
        try {
            return examineAll(work);
        } catch (DeploymentException | SdkException e) {
            throw new CannotLook(Failures.of(e).cause(), e);
        }
    }

    private List<Diagnosis> examineAll(Deployer.Work work) throws InterruptedException {
        var all = new ArrayList<Diagnosis>();
        try (var scope = scope(work)) {
            var targetInstances = TargetInstances.of(
                    work.rules().placement(), work.release().release().manifest());
            for (TargetInstances.TargetInstance targetInstance : targetInstances.slots()) {
                if (targetInstance.target() instanceof Manifest.CloudFormation) {
                    TargetContext job = job(work, targetInstance, scope);
                    var outputs =
                            new LiveOutputs(targetInstances, targetInstance.place(), other -> job(work, other, scope));
                    String name = StackPlanner.stackName(job, job.resolution(Map.of(), outputs));
                    CloudFormationClient client = job.cloudFormation(AwsSessions.Purpose.PLAN);
                    LiveStack live = LiveStack.read(client, name);
                    all.add(owned(job, live, examined(targetInstance.key(), client, live)));
                }
            }
        }
        return all;
    }

    /** A stack of another owner is shown without recovery actions. */
    private static Diagnosis owned(TargetContext job, LiveStack live, Diagnosis found) {
        try {
            if (!found.options().isEmpty()) {
                new OwnerCheck(job).writeStack(live);
            }
            return found;
        } catch (DeploymentException e) {
            return new Diagnosis(
                    found.key(),
                    found.stack(),
                    found.arn(),
                    found.state(),
                    found.stuck(),
                    found.why() + "; " + e.getMessage(),
                    List.of());
        }
    }

    private Diagnosis examined(String key, CloudFormationClient client, LiveStack live) throws InterruptedException {
        StackState state = live.state();
        if (state.canChange()) {
            String why = state == StackState.ABSENT ? "nothing was deployed yet" : "it can be deployed to";
            return new Diagnosis(key, live.name(), live.arn(), live.status(), false, why, List.of());
        }
        List<StackEvent> events = StackEvents.await(
                () -> StackEvents.after(client, live.arn(), null, live.changed()),
                all -> state == StackState.BUSY || StackEvents.areComplete(live, live.changed(), all),
                sessions.pace());
        var options = new ArrayList<Option>();
        String why =
                switch (state) {
                    case BUSY -> "an operation is changing it; wait until that has ended";
                    case NEVER_CREATED -> {
                        options.add(new Option(
                                RecoveryAction.DELETE,
                                "deletes the stack, which was never live, with what is left of it; the next promotion"
                                        + " creates it again",
                                there(client, live)));
                        yield "its creation failed at " + StackEvents.firstCause(events);
                    }
                    case HALF_UPDATED -> {
                        options.add(new Option(
                                RecoveryAction.ROLL_BACK, "rolls the stack back to its previous state", List.of()));
                        yield "an update failed and was left as it is, at " + StackEvents.firstCause(events);
                    }
                    case STUCK -> stuck(client, live, events, options);
                    case HALF_DELETED -> {
                        List<String> failed = in(client, live, "DELETE_FAILED");
                        options.add(new Option(
                                RecoveryAction.DELETE,
                                "deletes the stack with all that is left of it",
                                there(client, live)));
                        if (!failed.isEmpty()) {
                            options.add(new Option(
                                    RecoveryAction.DELETE_AND_RETAIN,
                                    "deletes the stack and keeps the named resources, outside of any stack",
                                    failed));
                        }
                        yield "its deletion failed at " + StackEvents.firstCause(events);
                    }
                    default -> "this program does not know that state; check the stack in the console";
                };
        return new Diagnosis(key, live.name(), live.arn(), live.status(), state != StackState.BUSY, why, options);
    }

    private static String stuck(
            CloudFormationClient client, LiveStack live, List<StackEvent> events, List<Option> options) {
        String why = "an update failed at " + StackEvents.firstCause(events) + "; " + rollbackFailed(events);
        if (!live.status().equals("UPDATE_ROLLBACK_FAILED")) {
            return why + "; only the console can help a rollback of an import";
        }
        options.add(new Option(
                RecoveryAction.CONTINUE_ROLLBACK,
                "continues the rollback, once the cause of its failure is corrected",
                List.of()));
        List<String> failed = in(client, live, "UPDATE_FAILED");
        if (!failed.isEmpty()) {
            options.add(new Option(
                    RecoveryAction.SKIP_RESOURCES,
                    "continues the rollback and leaves the named resources as they are: the stack then records"
                            + " a state for them that is not their real one",
                    failed));
        }
        return why;
    }

    /** The first failure after the rollback had begun. */
    private static String rollbackFailed(List<StackEvent> events) {
        int from = 0;
        for (int i = 0; i < events.size(); i++) {
            if (StackEvents.isOfStack(events.get(i))
                    && events.get(i).resourceStatusAsString().endsWith("ROLLBACK_IN_PROGRESS")) {
                from = i + 1;
            }
        }
        return "its rollback failed at " + StackEvents.firstCause(events.subList(from, events.size()));
    }

    /** Resources in a state, by logical id. */
    private static List<String> in(CloudFormationClient client, LiveStack live, String status) {
        return resources(client, live).stream()
                .filter(r -> status.equals(r.resourceStatusAsString()))
                .map(StackResourceSummary::logicalResourceId)
                .sorted()
                .toList();
    }

    private static List<String> there(CloudFormationClient client, LiveStack live) {
        return resources(client, live).stream()
                .filter(r -> !"DELETE_COMPLETE".equals(r.resourceStatusAsString()) && r.physicalResourceId() != null)
                .map(StackResourceSummary::logicalResourceId)
                .sorted()
                .toList();
    }

    private static List<StackResourceSummary> resources(CloudFormationClient client, LiveStack live) {
        return client.listStackResourcesPaginator(r -> r.stackName(live.arn())).stream()
                .flatMap(page -> page.stackResourceSummaries().stream())
                .toList();
    }

    @Override
    public RecoveryResult recover(
            Deployer.Work work,
            Diagnosis diagnosis,
            RecoveryAction recoveryAction,
            List<String> resources,
            String token)
            throws InterruptedException {
        try (var scope = scope(work)) {
            TargetInstances.TargetInstance targetInstance = TargetInstances.of(
                            work.rules().placement(), work.release().release().manifest())
                    .slot(diagnosis.key())
                    .orElseThrow(() -> new IllegalArgumentException("there is no step " + diagnosis.key()));
            TargetContext job = job(work, targetInstance, scope);
            return recover(job, diagnosis, recoveryAction, resources, Tokens.of(token, recoveryAction));
        } catch (DeploymentException | SdkException e) {
            return new RecoveryResult(diagnosis.state(), false, Failures.of(e).cause(), List.of());
        }
    }

    private RecoveryResult recover(
            TargetContext job, Diagnosis diagnosis, RecoveryAction recoveryAction, List<String> resources, String token)
            throws InterruptedException {
        CloudFormationClient client = job.cloudFormation(AwsSessions.Purpose.DEPLOY);
        String arn = diagnosis.arn();
        Stack now = client.describeStacks(r -> r.stackName(arn)).stacks().get(0);
        if (!Objects.equals(now.stackStatusAsString(), diagnosis.state())) {
            return new RecoveryResult(
                    now.stackStatusAsString(),
                    false,
                    "nothing was done: the stack is " + now.stackStatusAsString() + " now, no longer "
                            + diagnosis.state(),
                    List.of());
        }
        if (recoveryAction.deletes() && Boolean.TRUE.equals(now.enableTerminationProtection())) {
            return new RecoveryResult(
                    diagnosis.state(),
                    false,
                    "nothing was done: the stack has termination protection; remove the protection first",
                    List.of());
        }
        OwnershipProof owned;
        try {
            owned = new OwnerCheck(job).writeStack(LiveStack.of(now));
        } catch (DeploymentException e) {
            return new RecoveryResult(diagnosis.state(), false, "nothing was done: " + e.getMessage(), List.of());
        }
        String request = begin(client, arn, recoveryAction, resources, token, owned);
        String then = await(client, arn);
        boolean good =
                switch (recoveryAction) {
                    case CONTINUE_ROLLBACK, SKIP_RESOURCES, ROLL_BACK -> StackState.of(then) == StackState.READY;
                    case DELETE, DELETE_AND_RETAIN -> then.equals("DELETE_COMPLETE");
                };
        return new RecoveryResult(then, good, detail(client, arn, token, then, good), List.of(request));
    }

    private static String begin(
            CloudFormationClient client,
            String arn,
            RecoveryAction recoveryAction,
            List<String> resources,
            String token,
            OwnershipProof owned) {
        return switch (recoveryAction) {
            case CONTINUE_ROLLBACK, SKIP_RESOURCES ->
                "cloudformation:ContinueUpdateRollback "
                        + client.continueUpdateRollback(r -> r.overrideConfiguration(owned::allow)
                                        .stackName(arn)
                                        .resourcesToSkip(resources)
                                        .clientRequestToken(token))
                                .responseMetadata()
                                .requestId();
            case ROLL_BACK ->
                "cloudformation:RollbackStack "
                        + client.rollbackStack(r -> r.overrideConfiguration(owned::allow)
                                        .stackName(arn)
                                        .clientRequestToken(token))
                                .responseMetadata()
                                .requestId();
            case DELETE, DELETE_AND_RETAIN ->
                "cloudformation:DeleteStack "
                        + client.deleteStack(r -> r.overrideConfiguration(owned::allow)
                                        .stackName(arn)
                                        .retainResources(resources)
                                        .clientRequestToken(token))
                                .responseMetadata()
                                .requestId();
        };
    }

    private String await(CloudFormationClient client, String arn) throws InterruptedException {
        Pace pace = sessions.pace();
        Instant end = pace.now().plus(pace.scaled(LIMIT));
        Duration wait = FIRST_POLL;
        while (true) {
            String status = LiveStack.read(client, arn).status();
            if (StackState.of(status) != StackState.BUSY || pace.now().isAfter(end)) {
                return String.valueOf(status);
            }
            pace.sleep(wait);
            wait = wait.multipliedBy(5).dividedBy(4);
            wait = wait.compareTo(LONGEST_POLL) < 0 ? wait : LONGEST_POLL;
        }
    }

    private String detail(CloudFormationClient client, String arn, String token, String then, boolean good)
            throws InterruptedException {
        if (good) {
            return "the stack is " + then;
        }
        if (StackState.of(then) == StackState.BUSY) {
            return "the stack is still " + then + "; check again later";
        }
        List<StackEvent> events = StackEvents.await(
                () -> StackEvents.of(token, StackEvents.after(client, arn, null, null)),
                ours -> StackEvents.end(ours).isPresent(),
                sessions.pace());
        return "the stack is " + then + ": " + StackEvents.firstCause(events);
    }

    private AwsSessions.Scope scope(Deployer.Work work) {
        return sessions.scope(
                new AwsSessions.Actor(work.promotion(), work.release().ref().id(), work.approvers()));
    }

    private TargetContext job(
            Deployer.Work work, TargetInstances.TargetInstance targetInstance, AwsSessions.Scope scope) {
        // This class stages nothing and copies no site.
        return new TargetContext(
                work,
                work.release(),
                targetInstance,
                sessions,
                scope,
                templates,
                null,
                null,
                Deployer.Progress.of((step, line) -> {}));
    }
}
