package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetInstances;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/** The current outputs of the live stacks. Not safe for use by several threads. */
public final class LiveOutputs implements Resolution.Outputs {
    private final TargetInstances targetInstances;
    private final Place place;
    private final Function<TargetInstances.TargetInstance, TargetContext> jobs;
    private final Map<String, StackOutputs> read = new HashMap<>();

    public LiveOutputs(
            TargetInstances targetInstances,
            Place place,
            Function<TargetInstances.TargetInstance, TargetContext> jobs) {
        this.targetInstances = targetInstances;
        this.place = place;
        this.jobs = jobs;
    }

    @Override
    public Resolution.Output value(String target, String output) {
        var slot = targetInstances.seenFrom(place, target);
        if (slot.isEmpty() || !(slot.get().target() instanceof Manifest.CloudFormation)) {
            return Resolution.Output.UNKNOWN;
        }
        return read.computeIfAbsent(slot.get().key(), k -> outputs(slot.get())).output(output);
    }

    /** All outputs of a stack. */
    public StackOutputs outputs(TargetInstances.TargetInstance targetInstance) {
        TargetContext job = jobs.apply(targetInstance);
        // A stack whose own name depends on an output is not followed further.
        Resolution resolution = job.resolution(Map.of(), (t, o) -> Resolution.Output.UNKNOWN);
        String name = StackPlanner.stackName(job, resolution);
        CloudFormationClient client = job.cloudFormation(AwsSessions.Purpose.PLAN);
        LiveStack live = LiveStack.read(client, name);
        return StackOutputs.of(live, job.templates, () -> job.stackReadCache().template(live, client));
    }
}
