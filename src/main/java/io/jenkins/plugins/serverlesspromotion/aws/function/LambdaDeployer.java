package io.jenkins.plugins.serverlesspromotion.aws.function;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.aws.check.HttpProbe;
import io.jenkins.plugins.serverlesspromotion.aws.check.Verifier;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.StackSecrets;
import io.jenkins.plugins.serverlesspromotion.aws.context.Staging;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.lambda.model.PreconditionFailedException;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;

/**
 * Updates code and configuration of a function, publishes a version and moves the alias to it. Each write has the
 * revision on which it was decided. When Lambda refuses it, everything is read and decided again.
 */
public final class LambdaDeployer {
    /** Limit of rounds: code, configuration, a final read, and as many refusals again. */
    private static final int ROUNDS = 8;

    private final TargetContext job;
    private final Manifest.Lambda target;
    private final List<CheckResult> results = new ArrayList<>();

    public LambdaDeployer(TargetContext job) {
        this.job = job;
        this.target = (Manifest.Lambda) job.targetInstance.target();
    }

    /** The live state differs from the plan's starting state. */
    private static final class OtherwiseException extends Exception {
        private static final long serialVersionUID = 1L;

        OtherwiseException(String message) {
            super(message);
        }
    }

    /** @param settled fills in the outputs that were not known while planning */
    public Fact.StepResult deploy(
            Plan.TargetPlan step, int attempt, Resolution.Outputs outputs, UnaryOperator<String> settled)
            throws InterruptedException {
        Plan.Content approved = step.content();
        WantedFunction wanted = wanted(outputs);
        var live = new LiveFunction(job, AwsSessions.Purpose.DEPLOY, wanted.function());
        var shift = new AliasShift(job, live, wanted, ShiftMark.of(job, attempt));
        if (approved.exactness() == Plan.Exactness.BOUNDED) {
            live.checkOwner();
        }
        LiveFunction.Alias alias = live.alias(wanted.alias());
        if (wanted.shift() != null && shift.halfWay(alias) != null) {
            return result(live, shift.resume(alias, wanted.shift()));
        }
        String shiftedBack = shift.shiftedBack(alias);
        if (shiftedBack != null) {
            return ended(
                    Status.FAILED,
                    live.where() + " failed: " + shiftedBack + "; alias " + wanted.alias() + " is back at version "
                            + alias.version());
        }
        LiveFunction.State state = live.settled(null);
        boolean begun = isBegun(approved, state, wanted);
        try {
            String from = from(approved);
            if (alias != null && from != null && !from.equals(alias.shown()) && !shift.isOurs(alias)) {
                throw new OtherwiseException("alias " + wanted.alias() + " is at version " + alias.shown());
            }
            check(approved, state, wanted, settled);
            if (approved.unchanged()) {
                if (!LambdaPlanner.changes(wanted, live, state, alias).isEmpty()) {
                    throw new OtherwiseException("alias " + wanted.alias() + " is elsewhere");
                }
                return ended(Status.UNCHANGED, live.where() + " is already as wanted");
            }
            Optional<String> trouble = shift.trouble();
            if (trouble.isPresent()) {
                return ended(
                        Status.FAILED,
                        trouble.get() + " before anything was shifted; alias " + wanted.alias() + " of " + live.where()
                                + " is as it was");
            }
            String version = publish(approved, live, wanted, settled);
            String refused = checked(version, outputs);
            if (refused != null) {
                return ended(
                        Status.FAILED,
                        refused + "; alias " + wanted.alias() + " of " + live.where() + " is as it was, version "
                                + version + " gets no calls");
            }
            boolean canary =
                    wanted.shift() != null && alias != null && !alias.version().equals(version);
            return result(
                    live, canary ? shift.canary(alias.shown(), version, wanted.shift()) : shift.move(from, version));
        } catch (OtherwiseException e) {
            String detail = live.where() + " was changed after it was planned: " + e.getMessage();
            return begun || !job.requests().isEmpty()
                    ? ended(Status.FAILED, detail + "; it may be deployed in part, promote again")
                    : ended(Status.STALE, detail + "; it is planned again");
        }
    }

    /**
     * Returns the function to the release of the job: the alias first, to the exact version that it had, then $LATEST.
     *
     * @param step of the promotion that is rolled back
     */
    public Deployer.Undoing undo(Plan.TargetPlan step, int attempt, Resolution.Outputs outputs)
            throws InterruptedException {
        WantedFunction wanted = wanted(outputs);
        var live = new LiveFunction(job, AwsSessions.Purpose.DEPLOY, wanted.function());
        var shift = new AliasShift(job, live, wanted, ShiftMark.ofUndo(job, attempt));
        String version = versionBefore(step, wanted);
        LiveFunction.State before = version == null ? null : live.read(version);
        if (before != null
                && job.work.release().release().manifest().target(target.name()).orElse(null)
                        instanceof Manifest.Lambda undone) {
            wanted = wanted.restoring(undone, before.config());
        }
        boolean good = before != null
                && before.config().get(FunctionConfig.CODE).equals(wanted.code().digest());
        AliasShift.Outcome outcome;
        try {
            if (good) {
                outcome = shift.move(null, version);
                write(null, live, wanted, UnaryOperator.identity());
            } else {
                outcome = shift.move(null, publish(null, live, wanted, UnaryOperator.identity()));
            }
        } catch (OtherwiseException e) {
            throw DeploymentException.failed(live.where() + " could not be returned: " + e.getMessage());
        }
        if (outcome.failure() != null) {
            throw DeploymentException.failed(live.where() + " could not be returned: " + outcome.failure());
        }
        return new Deployer.Undoing(
                live.where() + " is back at " + job.release.ref().id() + ", alias " + wanted.alias() + " at version "
                        + outcome.version(),
                job.requests(),
                null);
    }

    /** The version of the alias before the step, when it is still the same alias. */
    private static String versionBefore(Plan.TargetPlan step, WantedFunction wanted) {
        String subject = wanted.function() + ":" + wanted.alias();
        return step.content().changes().stream()
                .filter(c -> c.type().equals(LambdaPlanner.ALIAS) && c.subject().equals(subject))
                .map(c -> c.properties().get(0).before())
                .filter(Objects::nonNull)
                .map(shown -> shown.split(",")[0])
                .findFirst()
                .orElse(null);
    }

    private WantedFunction wanted(Resolution.Outputs outputs) {
        WantedFunction wanted = WantedFunction.of(job, job.resolution(Map.of(), outputs));
        if (!wanted.known()) {
            throw DeploymentException.failed(
                    "an output that " + job.targetInstance.key() + " needs is still not known");
        }
        return wanted;
    }

    /** The state that the alias must have: as planned; "" when there was none; null when that could not be planned. */
    private static String from(Plan.Content approved) {
        return approved.changes().stream()
                .filter(c -> c.type().equals(LambdaPlanner.ALIAS))
                .findFirst()
                .map(c -> c.action() == Plan.Action.ADD
                        ? ""
                        : c.properties().get(0).before())
                .orElse(null);
    }

    /** Whether a part of the approved changes is already live: our own work, from before a crash. */
    private static boolean isBegun(Plan.Content approved, LiveFunction.State state, WantedFunction wanted) {
        int planned = function(approved).size();
        return state != null && FunctionDiff.changes(state.config(), wanted).size() < planned;
    }

    private static List<Plan.PropertyChange> function(Plan.Content approved) {
        return approved.changes().stream()
                .filter(c -> c.type().equals(LambdaPlanner.FUNCTION))
                .findFirst()
                .map(Plan.Change::properties)
                .orElse(List.of());
    }

    /** The remaining changes must be a part of the approved ones, and nothing else may have changed. */
    private void check(
            Plan.Content approved, LiveFunction.State state, WantedFunction wanted, UnaryOperator<String> settled)
            throws OtherwiseException {
        if (state == null) {
            throw new OtherwiseException("it does not exist");
        }
        if (approved == null) {
            return;
        }
        if (approved.liveDigest() != null && !approved.liveDigest().equals(FunctionDiff.rest(state.config(), wanted))) {
            throw new OtherwiseException("configuration that the release does not name is another one");
        }
        for (Plan.PropertyChange change : FunctionDiff.changes(state.config(), wanted)) {
            Plan.PropertyChange shown = LambdaPlanner.masked(StackSecrets.of(job), wanted, change);
            boolean within = function(approved).stream()
                    .anyMatch(a -> a.path().equals(change.path())
                            && (approved.liveDigest() == null
                                    || Objects.equals(a.before(), change.before())
                                    || Objects.equals(a.before(), shown.before()))
                            && (a.after() == null
                                    ? change.after() == null
                                    : settled.apply(a.after()).equals(change.after())
                                            || a.after().equals(shown.after())));
            if (!within) {
                throw new OtherwiseException(change.path() + " would change in another way");
            }
        }
    }

    /**
     * Brings $LATEST to the required state.
     *
     * @param approved null: any live state is overwritten
     */
    private LiveFunction.State write(
            Plan.Content approved, LiveFunction live, WantedFunction wanted, UnaryOperator<String> settled)
            throws InterruptedException, OtherwiseException {
        boolean written = false;
        for (int round = 1; round <= ROUNDS; round++) {
            LiveFunction.State state = live.settled(null);
            check(approved, state, wanted, settled);
            List<Plan.PropertyChange> changes = FunctionDiff.changes(state.config(), wanted);
            if (written && state.failure() != null) {
                throw DeploymentException.failed("the update of " + live.where() + " failed: " + state.failure());
            }
            if (changes.isEmpty()) {
                return state;
            }
            try {
                if (changes.stream().anyMatch(c -> c.path().equals(FunctionConfig.CODE))) {
                    code(live, wanted, state.revision());
                } else {
                    configure(live, wanted, state.revision());
                }
                written = true;
            } catch (PreconditionFailedException | ResourceConflictException e) {
                // Either a response was lost, or another process writes too: the current state decides.
                job.note(live.where() + " was changed meanwhile; looking again");
                job.pace().sleep(Duration.ofSeconds(1));
            }
        }
        throw DeploymentException.errored(
                live.where() + " is changed again and again while it is deployed; find out what else changes it");
    }

    private void code(LiveFunction live, WantedFunction wanted, String revision) throws InterruptedException {
        Staging.Staged from = job.staging()
                .stage(List.of(wanted.code()), job.requests)
                .get(wanted.code().path());
        OwnershipProof owned = live.owned();
        var updated = live.client()
                .updateFunctionCode(r -> r.overrideConfiguration(owned::allow)
                        .functionName(wanted.function())
                        .s3Bucket(from.bucket())
                        .s3Key(from.key())
                        .s3ObjectVersion(from.version())
                        .revisionId(revision));
        job.requests.add(
                "lambda:UpdateFunctionCode " + updated.responseMetadata().requestId());
        expect(wanted, Sha256.shown(updated.codeSha256()));
        job.note("code of " + wanted.function() + " is " + wanted.code().digest());
    }

    private void expect(WantedFunction wanted, String found) {
        if (!wanted.code().digest().equals(found)) {
            throw DeploymentException.failed("function " + wanted.function() + " has other code than artifact "
                    + wanted.code().path() + " of " + job.release.ref().id() + " (expected "
                    + wanted.code().digest() + ", found " + found + "); find out who changed it");
        }
    }

    private void configure(LiveFunction live, WantedFunction wanted, String revision) {
        OwnershipProof owned = live.owned();
        var updated = live.client().updateFunctionConfiguration(r -> {
            r.overrideConfiguration(owned::allow)
                    .functionName(wanted.function())
                    .revisionId(revision);
            wanted.configure(r);
        });
        job.requests.add("lambda:UpdateFunctionConfiguration "
                + updated.responseMetadata().requestId());
        job.note("configured " + wanted.function());
    }

    /** The version with the required content, published if it does not exist, when it can be invoked. */
    private String publish(
            Plan.Content approved, LiveFunction live, WantedFunction wanted, UnaryOperator<String> settled)
            throws InterruptedException, OtherwiseException {
        for (int round = 1; round <= ROUNDS; round++) {
            LiveFunction.State state = write(approved, live, wanted, settled);
            try {
                OwnershipProof owned = live.owned();
                var published = live.client()
                        .publishVersion(r -> r.overrideConfiguration(owned::allow)
                                .functionName(wanted.function())
                                .codeSha256(Sha256.base64(wanted.code().sha256()))
                                .revisionId(state.revision())
                                // In the version, this description would replace the function's own.
                                .description(
                                        wanted.properties().containsKey("Description") ? null : job.description()));
                job.requests.add(
                        "lambda:PublishVersion " + published.responseMetadata().requestId());
                expect(wanted, Sha256.shown(published.codeSha256()));
                LiveFunction.State version = live.settled(published.version());
                if (version == null || version.failure() != null) {
                    throw DeploymentException.failed("version " + published.version() + " of " + live.where()
                            + " cannot be called: " + (version == null ? "it was deleted" : version.failure()));
                }
                job.note("version " + version.version() + " of " + wanted.function() + " is ready");
                return version.version();
            } catch (PreconditionFailedException | ResourceConflictException e) {
                job.note(live.where() + " was changed meanwhile; looking again");
                job.pace().sleep(Duration.ofSeconds(1));
            }
        }
        throw DeploymentException.errored(
                live.where() + " is changed again and again while it is published; find out what else changes it");
    }

    /** Invokes the new version while it has no traffic. Returns the cause of a failed check, null when all passed. */
    private String checked(String version, Resolution.Outputs outputs) throws InterruptedException {
        results.clear();
        for (Manifest.Check check : job.release.release().manifest().verify()) {
            boolean mine = check.isBeforeTraffic()
                    && check instanceof Manifest.LambdaCheck lambda
                    && lambda.target().equals(target.name());
            if (mine) {
                var verifier = new Verifier(job, new HttpProbe(job.sessions.settings()), version);
                Verifier.Answer answer = verifier.ask(check, job.resolution(Map.of(), outputs));
                results.add(answer.result());
                job.note(answer.sentence());
                if (answer.failure() != null) {
                    return answer.failure().cause();
                }
            }
        }
        return null;
    }

    private Fact.StepResult result(LiveFunction live, AliasShift.Outcome outcome) {
        return outcome.failure() == null
                ? ended(
                        Status.DONE,
                        live.where() + " is at " + job.release.ref().id() + ", alias " + target.alias() + " at version "
                                + outcome.version())
                : ended(Status.FAILED, live.where() + " failed: " + outcome.failure());
    }

    private Fact.StepResult ended(Status status, String detail) {
        return new Fact.StepResult(status, Map.of(), detail, job.requests(), results);
    }
}
