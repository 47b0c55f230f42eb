package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Variable;
import io.jenkins.plugins.serverlesspromotion.engine.release.Text;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Suggestion;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import io.jenkins.plugins.serverlesspromotion.format.template.DeclaredParameter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the parameters of stacks against their templates: CloudFormation names one problem at a time, and only when a
 * plan is made.
 */
final class ParameterCheck {
    private static final int SHOWN_NAMES = 20;
    private static final int DEEPEST = 10;
    private static final int MOST_COMPARED = 200;
    private static final int LONGEST_COMPARED = 64;

    private final MarkedManifest marked;
    private final String version;
    private final List<ValueScope> scopes;
    private final ScopedProblems problems;

    /** @param version of the release; null when it is not known */
    ParameterCheck(MarkedManifest marked, String version, List<ValueScope> scopes, ScopedProblems problems) {
        this.marked = marked;
        this.version = version;
        this.scopes = scopes;
        this.problems = problems;
    }

    /** @param template of {@code target}, which is readable */
    void check(Manifest.CloudFormation target, byte[] template) {
        Optional<Map<String, DeclaredParameter>> found = DeclaredParameter.in(target.template(), template);
        if (found.isEmpty()) {
            return;
        }
        Map<String, DeclaredParameter> declared = found.get();
        target.parameters().forEach((name, text) -> {
            if (declared.containsKey(name)) {
                value(target, declared.get(name), text);
            } else {
                problems.add(marked.parameter(target, name), null, unknown(target, name, declared));
            }
        });
        declared.values().stream()
                .filter(parameter ->
                        !parameter.optional() && !target.parameters().containsKey(parameter.name()))
                .forEach(parameter -> problems.add(marked.parameters(target), null, missing(parameter)));
    }

    private static String unknown(
            Manifest.CloudFormation target, String name, Map<String, DeclaredParameter> declared) {
        // CloudFormation takes 200 parameters. Comparing more, or longer names, would take long.
        Optional<String> meant = declared.size() > MOST_COMPARED || name.length() > LONGEST_COMPARED
                ? Optional.empty()
                : Suggestion.of(name, declared.keySet())
                        .filter(known -> !target.parameters().containsKey(known));
        return "template " + target.template() + " has no parameter " + TypedReader.shown(name)
                + meant.map(known -> "; did you mean " + known + "?")
                        .orElseGet(() -> declared.isEmpty()
                                ? ", and no other one; remove it"
                                : "; remove it, or write one of "
                                        + String.join(
                                                ", ",
                                                declared.keySet().stream()
                                                        .limit(SHOWN_NAMES)
                                                        .map(TypedReader::shown)
                                                        .toList())
                                        + (declared.size() > SHOWN_NAMES ? ", …" : ""));
    }

    private static String missing(DeclaredParameter parameter) {
        String name = TypedReader.shown(parameter.name());
        return "has no value for parameter " + name + " (" + parameter.where().file() + ":"
                + parameter.where().line() + "), which has no Default; write "
                + (parameter.noEcho() ? name + ": \"${key}\" with a variable key: { secret: ID }" : name + ": VALUE")
                + " under parameters, or give it a Default in the template";
    }

    private void value(Manifest.CloudFormation target, DeclaredParameter parameter, String text) {
        // Most environments have the same value.
        var known = new HashMap<KnownText, List<String>>();
        for (ValueScope place : scopes) {
            for (ValueScope scope : place.of(target)) {
                KnownText value = KnownText.of(marked.manifest(), version, scope, text);
                for (String problem : known.computeIfAbsent(value, v -> ParameterRules.problems(parameter, v))) {
                    problems.add(where(target, parameter.name(), text, scope), scope, problem);
                }
            }
        }
    }

    /** The place of the value: that of the variable where the whole value is one. */
    private SourceLocation where(Manifest.CloudFormation target, String parameter, String text, ValueScope scope) {
        SourceLocation where = marked.parameter(target, parameter);
        String value = text;
        for (int depth = 0; depth < DEEPEST; depth++) {
            List<Text.Part> parts = Text.of(value).parts();
            if (parts.size() != 1
                    || !(parts.get(0) instanceof Text.Reference reference)
                    || !(marked.manifest().variables().get(reference.name())
                            instanceof Variable.PerEnvironment variable)) {
                break;
            }
            String key = variable.values().containsKey(scope.environment())
                    ? scope.environment()
                    : Variable.PerEnvironment.ANY;
            value = variable.values().get(key);
            if (value == null) {
                break;
            }
            SourceLocation own = marked.where("variables." + reference.name() + "." + key);
            where = own.line() > 0 ? own : marked.where("variables." + reference.name());
        }
        return where;
    }
}
