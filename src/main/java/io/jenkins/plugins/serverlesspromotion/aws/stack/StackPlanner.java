package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.FanOut;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.ChangeSets;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.FinishedChangeSet;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;

/** Computes the changes of a deployment of a stack, without making them. */
public final class StackPlanner {
    /** Keys of {@link Plan.TargetPlan#handles()}. */
    public static final String STACK_ARN = "stack";

    public static final String CHANGE_SET = "changeSet";
    static final String CREATED = "created";

    /** {@link LiveStack#stamp} of the stack at the time of the plan. */
    static final String STAMP = "stamp";

    private final TargetContext job;

    public StackPlanner(TargetContext job) {
        this.job = job;
    }

    /** @param outputs of the live stack */
    public record Planned(Plan.TargetPlan plan, StackOutputs outputs) {}

    /** @param outputs the outputs known now; {@code live} the outputs of stacks that are about to change */
    public Planned plan(int planning, Resolution.Outputs outputs, Resolution.Outputs live) throws InterruptedException {
        try {
            return plan(planning, outputs, "plan");
        } catch (DeploymentException e) {
            if (!e.isMendable() || !isUndetermined(outputs)) {
                throw e;
            }
            // A stand-in does not match every parameter (patterns, numbers). With the live output the upper bound is
            // narrower than necessary: if the output changes, the deployment stops and is planned again.
            return plan(planning, new Shown(outputs, live), "plan-live");
        }
    }

    private Planned plan(int planning, Resolution.Outputs outputs, String verb) throws InterruptedException {
        Resolution resolution = job.resolution(Map.of(), outputs);
        String name = stackName(job, resolution);
        LiveStack live = updatable(job, job.idle(AwsSessions.Purpose.PLAN, name));
        var owner = new OwnerCheck(job);
        OwnershipProof owned = owner.planStack(live);
        var client = job.cloudFormation(AwsSessions.Purpose.PLAN);
        Future<String> template = job.meanwhile(() -> job.stackReadCache().template(live, client));
        var preparation = new StackPreparation(job, resolution);
        StackInputs inputs = prepare(preparation, live, outputs);
        var content = new StackContent(job, client, live, FanOut.result(template));
        var sets = new ChangeSets(client, job.pace(), job.where(name), job.stackReadCache());
        FinishedChangeSet set;
        if (content.isLive(inputs)) {
            set = FinishedChangeSet.none(live);
        } else {
            job.note("creating a change set for " + job.where(name));
            set = preparation.changeSet(sets, live, inputs, job.token(planning, verb), owned);
        }
        if (!inputs.known() && !set.isEmpty()) {
            // Made of stand-ins: it must never be executed.
            sets.delete(set.arn());
        }
        var handles = new TreeMap<String, String>();
        handles.put(STACK_ARN, set.stackArn());
        handles.put(CREATED, set.created().toString());
        if (inputs.known() && !set.isEmpty()) {
            handles.put(CHANGE_SET, set.arn());
        }
        if (live.stamp() != null) {
            handles.put(STAMP, live.stamp());
        }
        var plan = new Plan.TargetPlan(
                job.targetInstance.place(),
                job.targetInstance.target().name(),
                job.targetInstance.target().kind(),
                job.targetInstance.wave(),
                job.targetInstance.after(),
                owner.noted(content.of(inputs, set)),
                handles,
                owner.claims());
        return new Planned(
                plan,
                StackOutputs.of(live, job.templates, () -> job.stackReadCache().template(live, client)));
    }

    private StackInputs prepare(StackPreparation preparation, LiveStack live, Resolution.Outputs outputs)
            throws InterruptedException {
        StackInputs inputs = preparation.prepare(live);
        return outputs instanceof Shown shown ? shown.relabel(inputs, job) : inputs;
    }

    private boolean isUndetermined(Resolution.Outputs outputs) {
        var target = (Manifest.CloudFormation) job.targetInstance.target();
        var resolution = job.resolution(Map.of(), outputs);
        return target.parameters().values().stream()
                .anyMatch(text -> !resolution.parameter("parameter", text).known());
    }

    public static String stackName(TargetContext job, Resolution resolution) {
        var target = (Manifest.CloudFormation) job.targetInstance.target();
        return resolution.known("the stack name of target " + target.name(), target.stack());
    }

    /** @throws DeploymentException when the state of the stack does not allow a change */
    static LiveStack updatable(TargetContext job, LiveStack live) {
        if (!live.state().canChange()) {
            throw DeploymentException.problem(live.state().refusal(job.where(live.name()), live.status()));
        }
        return live;
    }

    /** Passes the live outputs, but shows those that will change as references. */
    private record Shown(Resolution.Outputs shown, Resolution.Outputs passed) implements Resolution.Outputs {
        @Override
        public Resolution.Output value(String target, String output) {
            var known = shown.value(target, output);
            if (known.value() != null) {
                return known;
            }
            var last = passed.value(target, output);
            if (last.value() == null) {
                throw DeploymentException.problem("output " + output + " of target " + target
                        + " is not known before that target is deployed, and a parameter that takes it accepts no"
                        + " placeholder; promote a release with " + target
                        + " alone first, or relax the parameter's type"
                        + " and pattern");
            }
            return known.secret() ? new Resolution.Output(last.value(), true) : last;
        }

        StackInputs relabel(StackInputs inputs, TargetContext job) {
            var target = (Manifest.CloudFormation) job.targetInstance.target();
            var symbolic = job.resolution(inputs.pins(), shown);
            var values = new TreeMap<>(inputs.values());
            target.parameters().forEach((key, text) -> {
                Resolution.Value value = symbolic.parameter("parameter " + key, text);
                if (!value.known() && !values.get(key).equals("****")) {
                    values.put(key, value.shown());
                }
            });
            return new StackInputs(
                    inputs.stack(),
                    inputs.templateUrl(),
                    inputs.templateDigest(),
                    inputs.parameters(),
                    values,
                    inputs.pins(),
                    false,
                    inputs.tags(),
                    inputs.capabilities(),
                    inputs.executionRole(),
                    inputs.rewrites(),
                    inputs.released(),
                    inputs.rendered(),
                    inputs.nests(),
                    false);
        }
    }
}
