package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetInstances;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import io.jenkins.plugins.serverlesspromotion.engine.release.OutputReference;
import java.util.Optional;
import java.util.function.Function;

/** Outputs of completed steps of this promotion, and outputs that stay unchanged according to the plan. */
public final class KnownOutputs implements Resolution.Outputs {
    private final TargetInstances targetInstances;
    private final Place place;
    private final Function<String, StackOutputs> byKey;

    /** @param byKey outputs of a step by its key; null while they are unknown */
    public KnownOutputs(TargetInstances targetInstances, Place place, Function<String, StackOutputs> byKey) {
        this.targetInstances = targetInstances;
        this.place = place;
        this.byKey = byKey;
    }

    @Override
    public Resolution.Output value(String target, String output) {
        String key = targetInstances
                .seenFrom(place, target)
                .orElseThrow(() -> DeploymentException.failed("output " + output + " of target " + target
                        + " is wanted in " + place + ", but that target is not deployed in account " + place.account()))
                .key();
        StackOutputs outputs = byKey.apply(key);
        if (outputs == null) {
            return Resolution.Output.UNKNOWN;
        }
        Resolution.Output found = outputs.output(output);
        if (outputs.known() && found.value() == null) {
            throw DeploymentException.failed("the stack of target " + target + " in " + place.account()
                    + " has no output " + output + "; it has "
                    + outputs.values().keySet());
        }
        return found;
    }

    /** {@code text} with every reference to an output replaced by its current value. */
    public String settle(String text) {
        return OutputReference.replaced(
                text,
                (target, output) -> Optional.ofNullable(value(target, output).value()));
    }
}
