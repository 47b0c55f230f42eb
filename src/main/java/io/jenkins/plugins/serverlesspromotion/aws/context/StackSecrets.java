package io.jenkins.plugins.serverlesspromotion.aws.context;

import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import io.jenkins.plugins.serverlesspromotion.engine.release.ParameterLiterals;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The known values of NoEcho parameters that must not be in a plan: defaults in templates, and literal values in
 * manifests that were published before those were refused.
 */
public final class StackSecrets {
    private StackSecrets() {}

    /** Of every stack of the current and earlier deployed releases, as far as their NoEcho is known. */
    public static HiddenValues of(TargetContext job) {
        return of(job, List.of());
    }

    /** @param templates the released and the live template of the stack of {@code job}; unknown ones are left out */
    public static HiddenValues of(TargetContext job, List<Object> templates) {
        var values = new LinkedHashSet<String>(literals(job, templates).values());
        templates.forEach(template -> values.addAll(NoEchoParameters.defaults(template)));
        return new HiddenValues(values);
    }

    /** Only those that a manifest has. */
    public static HiddenValues literals(TargetContext job, List<Object> templates) {
        var values = new LinkedHashSet<String>();
        var names = new TreeSet<String>();
        templates.forEach(template -> names.addAll(NoEchoParameters.in(template)));
        var releases = new LinkedHashSet<Published>(job.work.earlier());
        releases.add(job.work.release());
        releases.add(job.release);
        for (Published published : releases) {
            for (Manifest.Target target : published.release().manifest().targets()) {
                if (target instanceof Manifest.CloudFormation stack) {
                    values.addAll(ParameterLiterals.values(
                            published.release().manifest(),
                            stack,
                            hidden(published, stack, job, names),
                            job.work.environment()));
                }
            }
        }
        return new HiddenValues(values);
    }

    private static Set<String> hidden(
            Published published, Manifest.CloudFormation stack, TargetContext job, Set<String> names) {
        Set<String> hidden = published.noEcho() == null ? new TreeSet<>() : new TreeSet<>(published.hidden(stack));
        if (stack.name().equals(job.targetInstance.target().name())) {
            hidden.addAll(names);
        }
        return hidden;
    }

    public static String masked(HiddenValues values, String text) {
        return values.replaced(text, value -> Resolution.MASKED);
    }

    /** Empty when it cannot be read: the live template may have been written by another tool. */
    public static Object tree(Templates templates, String name, String text) {
        try {
            return text == null ? Map.of() : templates.tree(name, text.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }
}
