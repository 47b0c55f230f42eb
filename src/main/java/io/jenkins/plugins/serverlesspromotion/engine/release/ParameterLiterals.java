package io.jenkins.plugins.serverlesspromotion.engine.release;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Variable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Literal text in the value of a stack's parameter, in the manifest itself or in a variable that the value uses.
 * References to variables of kind {@code secret} and {@code ssm}, to outputs and to the place are not literals. Dynamic
 * references of CloudFormation are not literals either.
 */
public final class ParameterLiterals {
    /** A value that CloudFormation itself reads ("Using dynamic references"): a name, not a secret. */
    private static final Pattern DYNAMIC = Pattern.compile("\\{\\{resolve:(?:ssm|ssm-secure|secretsmanager):[^{}]*}}");

    private ParameterLiterals() {}

    /** The paths in the manifest that give a parameter literal text, such as {@code variables.password.prod}. */
    public static Set<String> places(Manifest manifest, Manifest.CloudFormation target, String parameter) {
        var places = new LinkedHashSet<String>();
        texts(manifest, target, parameter).forEach((path, text) -> {
            if (!literal(text).isEmpty()) {
                places.add(path);
            }
        });
        return places;
    }

    /**
     * Every literal text of these parameters, in all environments: these must not be shown where the parameters are
     * {@code NoEcho}. Both the literal parts and the whole value, as far as the manifest alone determines it.
     *
     * @param environment whose name is part of such a value too; empty: none
     */
    public static Set<String> values(
            Manifest manifest, Manifest.CloudFormation target, Collection<String> parameters, String environment) {
        var values = new LinkedHashSet<String>();
        for (String parameter : parameters) {
            texts(manifest, target, parameter).values().forEach(text -> {
                if (literal(text).isEmpty()) {
                    return;
                }
                Text parsed = Text.of(text);
                parsed.parts().forEach(part -> {
                    if (part instanceof Text.Literal one) {
                        values.add(withoutReferences(one.text()));
                    }
                });
                if (parsed.references().isEmpty()) {
                    values.add(parsed.resolve(name -> name));
                }
            });
            if (!places(manifest, target, parameter).isEmpty()) {
                values.addAll(whole(manifest, target.parameters().get(parameter), environment));
            }
        }
        values.removeIf(String::isBlank);
        return values;
    }

    /**
     * The values of a text in each environment, as far as the manifest determines them: no single part may be long
     * enough to recognize.
     */
    private static Set<String> whole(Manifest manifest, String text, String current) {
        var environments = new TreeSet<String>();
        manifest.variables().values().forEach(variable -> {
            if (variable instanceof Variable.PerEnvironment named) {
                environments.addAll(named.values().keySet());
            }
        });
        environments.add(Variable.PerEnvironment.ANY);
        if (!current.isEmpty()) {
            environments.add(current);
        }
        var whole = new LinkedHashSet<String>();
        environments.forEach(environment ->
                whole(manifest, text, environment, new LinkedHashSet<>()).ifPresent(whole::add));
        return whole;
    }

    private static Optional<String> whole(Manifest manifest, String text, String environment, Set<String> within) {
        var whole = new StringBuilder();
        for (Text.Part part : Text.of(text).parts()) {
            if (part instanceof Text.Literal literal) {
                whole.append(literal.text());
                continue;
            }
            String name = ((Text.Reference) part).name();
            Optional<String> value = Optional.empty();
            if (manifest.variables().get(name) instanceof Variable.PerEnvironment variable && within.add(name)) {
                value = variable.in(environment).flatMap(v -> whole(manifest, v, environment, within));
                within.remove(name);
            } else if (name.equals("environment") && !environment.equals(Variable.PerEnvironment.ANY)) {
                value = Optional.of(environment);
            }
            if (value.isEmpty()) {
                return value;
            }
            whole.append(value.get());
        }
        return Optional.of(whole.toString());
    }

    /** The value of a parameter, and the values of the variables that it uses, directly or not, by their paths. */
    private static Map<String, String> texts(Manifest manifest, Manifest.CloudFormation target, String parameter) {
        var texts = new LinkedHashMap<String, String>();
        String value = target.parameters().get(parameter);
        if (value != null) {
            texts.put("targets[" + target.name() + "].parameters." + parameter, value);
            follow(manifest, value, new LinkedHashSet<>(), texts);
        }
        return texts;
    }

    private static void follow(Manifest manifest, String text, Set<String> seen, Map<String, String> texts) {
        for (String name : Text.of(text).references()) {
            if (seen.add(name) && manifest.variables().get(name) instanceof Variable.PerEnvironment variable) {
                variable.values().forEach((environment, value) -> {
                    texts.put("variables." + name + "." + environment, value);
                    follow(manifest, value, seen, texts);
                });
            }
        }
    }

    private static String literal(String text) {
        var literal = new StringBuilder();
        // A reference inside a dynamic reference ({{resolve:ssm:/${environment}/key}}) is part of its name.
        String named = withoutReferences(Text.of(text).resolve(name -> "\u0000"));
        for (int i = 0; i < named.length(); i++) {
            if (named.charAt(i) != 0) {
                literal.append(named.charAt(i));
            }
        }
        return literal.toString().strip();
    }

    private static String withoutReferences(String text) {
        return DYNAMIC.matcher(text).replaceAll("");
    }
}
