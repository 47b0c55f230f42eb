package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.StackSecrets;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The outputs of a stack.
 *
 * @param known whether they stay unchanged; otherwise the stack is about to change
 * @param secret names of those that show a NoEcho parameter, whatever its value comes from
 */
public record StackOutputs(Map<String, String> values, boolean known, Set<String> secret) {
    public StackOutputs {
        values = new TreeMap<>(values);
        secret = Set.copyOf(secret);
    }

    /** @param template of {@code live}; read only when CloudFormation hides one of its parameters */
    static StackOutputs of(LiveStack live, Templates templates, Supplier<String> template) {
        boolean none = live.outputs().isEmpty() || !live.parameters().containsValue(Resolution.MASKED);
        return new StackOutputs(
                live.outputs(),
                true,
                none
                        ? Set.of()
                        : NoEchoParameters.outputs(
                                StackSecrets.tree(templates, "the template of " + live.name(), template.get())));
    }

    /** The outputs that an earlier step reported. */
    public static StackOutputs reported(Map<String, String> values) {
        return new StackOutputs(values, true, Set.of());
    }

    /** The same for a stack that is about to change. */
    public StackOutputs pending() {
        return new StackOutputs(values, false, secret);
    }

    /**
     * The outputs in the form that is reported and recorded: stars for those that show a NoEcho parameter, and for its
     * default. A literal of a manifest stays: the store replaces it by a fingerprint.
     */
    public static Map<String, String> toReport(TargetContext job, LiveStack live, Supplier<String> template) {
        StackOutputs outputs = of(live, job.templates, template);
        if (!live.parameters().containsValue(Resolution.MASKED)) {
            return outputs.values();
        }
        Object tree = StackSecrets.tree(job.templates, "the template of " + live.name(), template.get());
        Set<String> literals =
                Set.copyOf(StackSecrets.literals(job, List.of(tree)).values());
        var defaults = new HiddenValues(NoEchoParameters.defaults(tree));
        var reported = new TreeMap<>(outputs.values());
        reported.replaceAll((name, value) -> literals.contains(value)
                ? value
                : outputs.secret().contains(name) ? Resolution.MASKED : StackSecrets.masked(defaults, value));
        return reported;
    }

    /** Whether every value is the one that the stack has. */
    public static boolean isWhole(Map<String, String> reported) {
        return reported.values().stream()
                .noneMatch(value -> value.contains(HiddenValues.FINGERPRINT) || value.contains(Resolution.MASKED));
    }

    Resolution.Output output(String name) {
        return new Resolution.Output(known ? values.get(name) : null, secret.contains(name));
    }
}
