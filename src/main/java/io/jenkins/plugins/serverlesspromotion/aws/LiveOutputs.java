package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/** Outputs of the stacks as they are live now. Not safe for use by several threads. */
final class LiveOutputs implements Resolution.Outputs {
    private final Expansion expansion;
    private final Place place;
    private final Function<Expansion.Slot, TargetWork> jobs;
    private final Map<String, StackOutputs> read = new HashMap<>();

    LiveOutputs(Expansion expansion, Place place, Function<Expansion.Slot, TargetWork> jobs) {
        this.expansion = expansion;
        this.place = place;
        this.jobs = jobs;
    }

    @Override
    public Resolution.Output value(String target, String output) {
        var slot = expansion.seenFrom(place, target);
        if (slot.isEmpty() || !(slot.get().target() instanceof Manifest.CloudFormation)) {
            return Resolution.Output.UNKNOWN;
        }
        return read.computeIfAbsent(slot.get().key(), k -> outputs(slot.get())).output(output);
    }

    /** All outputs of a stack. */
    StackOutputs outputs(Expansion.Slot slot) {
        TargetWork job = jobs.apply(slot);
        // A stack whose own name depends on an output is not followed further.
        Resolution resolution = job.resolution(Map.of(), (t, o) -> Resolution.Output.UNKNOWN);
        String name = StackPlanner.stackName(job, resolution);
        CloudFormationClient client = job.cloudFormation(AwsSessions.Purpose.PLAN);
        LiveStack live = LiveStack.read(client, name);
        return StackOutputs.of(live, job.templates, () -> job.recall().template(live, client));
    }
}
