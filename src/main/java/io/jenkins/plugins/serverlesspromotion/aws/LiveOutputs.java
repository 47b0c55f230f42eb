package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Outputs of the stacks as they are live now. Not safe for use by several threads. */
final class LiveOutputs implements Resolution.Outputs {
    private final Expansion expansion;
    private final Place place;
    private final Function<Expansion.Slot, TargetWork> jobs;
    private final Map<String, Map<String, String>> read = new HashMap<>();

    LiveOutputs(Expansion expansion, Place place, Function<Expansion.Slot, TargetWork> jobs) {
        this.expansion = expansion;
        this.place = place;
        this.jobs = jobs;
    }

    @Override
    public Optional<String> value(String target, String output) {
        var slot = expansion.seenFrom(place, target);
        if (slot.isEmpty() || !(slot.get().target() instanceof Manifest.CloudFormation)) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                read.computeIfAbsent(slot.get().key(), k -> outputs(slot.get())).get(output));
    }

    /** All outputs of a stack. */
    Map<String, String> outputs(Expansion.Slot slot) {
        TargetWork job = jobs.apply(slot);
        // A stack whose own name depends on an output is not followed further.
        Resolution resolution = job.resolution(Map.of(), (t, o) -> Optional.empty());
        String name = StackPlanner.stackName(job, resolution);
        return LiveStack.read(job.cloudFormation(AwsSessions.Purpose.PLAN), name)
                .outputs();
    }
}
