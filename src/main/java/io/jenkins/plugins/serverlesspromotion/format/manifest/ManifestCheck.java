package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Variable;
import io.jenkins.plugins.serverlesspromotion.engine.release.Text;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Checks a manifest when the places of its service in the policy are known. */
public final class ManifestCheck {
    private ManifestCheck() {}

    /**
     * Every variable that is used has a value in every one of {@code environments}.
     *
     * @throws InputException naming each variable and environment without a value
     */
    public static void against(Manifest manifest, List<String> environments) {
        against(manifest, environments, path -> new SourceLocation(null, 0, path));
    }

    /** The same as {@link #against(Manifest, List)}, with file and line in the messages. */
    public static void against(MarkedManifest marked, List<String> environments) {
        against(marked.manifest(), environments, marked::where);
    }

    /**
     * Checks variables, parameters of stacks and names in AWS, in every environment and place at once.
     *
     * @param version of the release; null when it is not known
     * @param templates by path, as far as they are readable
     * @param policy null when it is not known: then every environment that a variable names is checked, and of the
     *     values only what does not depend on the place
     * @throws InputException naming file, line, key and environments of each problem
     */
    public static void against(MarkedManifest marked, String version, Map<String, byte[]> templates, Policy policy) {
        var problems = new Problems();
        against(marked, version, templates, policy, problems);
        problems.throwIfAny();
    }

    /** The same with the problems added to others. */
    public static void against(
            MarkedManifest marked, String version, Map<String, byte[]> templates, Policy policy, Problems problems) {
        Manifest manifest = marked.manifest();
        List<ValueScope> scopes = ValueScope.of(manifest);
        if (policy != null) {
            against(manifest, policy.environmentsOf(manifest.service()), marked::where, problems);
            scopes = ValueScope.of(policy, manifest.service());
        }
        var found = new ScopedProblems(scopes);
        new NameCheck(marked, version, scopes, found).check();
        var parameters = new ParameterCheck(marked, version, scopes, found);
        for (Manifest.Target target : manifest.targets()) {
            if (target instanceof Manifest.CloudFormation stack && templates.containsKey(stack.template())) {
                parameters.check(stack, templates.get(stack.template()));
            }
        }
        found.addTo(problems);
    }

    private static void against(Manifest manifest, List<String> environments, Function<String, SourceLocation> where) {
        var problems = new Problems();
        against(manifest, environments, where, problems);
        problems.throwIfAny();
    }

    private static void against(
            Manifest manifest, List<String> environments, Function<String, SourceLocation> where, Problems problems) {
        for (String environment : environments) {
            for (String name : used(manifest, environment)) {
                if (manifest.variables().get(name) instanceof Variable.PerEnvironment values
                        && values.in(environment).isEmpty()) {
                    problems.add(
                            where.apply("variables." + name),
                            "has no value for environment " + environment + ", where " + manifest.service()
                                    + " is placed; add " + environment + ": VALUE, or \"*\": VALUE for all others");
                }
            }
        }
    }

    /** The names that the texts of a manifest refer to in one environment, through variables too. */
    private static Set<String> used(Manifest manifest, String environment) {
        var used = new LinkedHashSet<String>();
        var open = new ArrayDeque<String>(texts(manifest));
        while (!open.isEmpty()) {
            for (String name : Text.of(open.pop()).references()) {
                Variable variable = manifest.variables().get(name);
                if (variable == null || !used.add(name)) {
                    continue;
                }
                if (variable instanceof Variable.PerEnvironment values) {
                    values.in(environment).ifPresent(open::push);
                } else if (variable instanceof Variable.SsmParameter ssm) {
                    open.push(ssm.name());
                } else if (variable instanceof Variable.Secret secret) {
                    open.push(secret.id());
                }
            }
        }
        return used;
    }

    private static Collection<String> texts(Manifest manifest) {
        Stream<String> targets = manifest.targets().stream().flatMap(target -> target.texts().stream());
        Stream<String> checks = manifest.verify().stream().flatMap(check -> {
            if (check instanceof Manifest.LambdaCheck lambda) {
                return Stream.of(
                        lambda.function(),
                        lambda.payload(),
                        lambda.expect().contains(),
                        lambda.expect().json());
            }
            return Stream.of(
                    ((Manifest.HttpCheck) check).url(),
                    check.expect().contains(),
                    check.expect().json());
        });
        return Stream.concat(targets, checks).filter(Objects::nonNull).toList();
    }
}
