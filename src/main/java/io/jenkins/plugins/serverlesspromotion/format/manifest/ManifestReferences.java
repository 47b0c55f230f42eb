package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Variable;
import io.jenkins.plugins.serverlesspromotion.engine.release.Text;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Graph;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Suggestion;
import io.jenkins.plugins.serverlesspromotion.format.input.TextPatterns;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Checks every {@code ${…}} of a manifest: it is closed, names something that exists, is allowed in its place, and is
 * in no circle.
 */
final class ManifestReferences {
    /** The names that every text may refer to without a definition. */
    static final Set<String> BUILT_IN =
            Set.of("environment", "account", "accountId", "partition", "region", "service", "version");

    /** The name of a variable that no built-in reference has, for the JSON Schema. */
    static final Pattern OWN_VARIABLE = Pattern.compile(
            "(?!(?:" + String.join("|", new TreeSet<>(BUILT_IN)) + ")$)" + TextPatterns.VARIABLE.pattern());

    private static final Pattern OUTPUT = Pattern.compile("output\\.([a-z0-9-]+)\\.([A-Za-z0-9]+)");

    private final TypedReader typedReader;
    private final List<Use> uses = new ArrayList<>();
    private final Map<String, Set<String>> inVariables = new LinkedHashMap<>();
    private final Map<String, SourceLocation> variables = new HashMap<>();

    /** Names of targets and their places, also of those with other errors. */
    private final Map<String, SourceLocation> targets = new LinkedHashMap<>();

    private final Map<String, Boolean> giveOutputs = new HashMap<>();
    private final Map<String, Set<String>> after = new LinkedHashMap<>();

    ManifestReferences(TypedReader typedReader) {
        this.typedReader = typedReader;
    }

    /** @param target the target of the text, null in a check */
    private record Use(SourceLocation where, String target, Set<String> names, boolean parameter) {}

    /** Adds a target of this name. @param stack whether it has outputs */
    void target(String name, SourceLocation where, boolean stack) {
        targets.putIfAbsent(name, where);
        giveOutputs.putIfAbsent(name, stack);
    }

    /** {@code target} states that it comes after {@code other}. */
    void after(String target, String other, SourceLocation where) {
        uses.add(new Use(where, target, Set.of("after." + other), false));
        after.computeIfAbsent(target, t -> new LinkedHashSet<>()).add(other);
    }

    /** A text of a target, or of a check when {@code target} is null. */
    void text(String target, Node node, String text) {
        uses.add(new Use(node.where(), target, names(node, text), false));
    }

    /** A parameter of a stack: the only place where a parameter or secret of AWS is allowed. */
    void parameter(String target, Node node, String text) {
        uses.add(new Use(node.where(), target, names(node, text), true));
    }

    /** The value of a variable, in one environment or in all. */
    void inVariable(String variable, Node node, String text) {
        Set<String> names = names(node, text);
        uses.add(new Use(node.where(), null, names, true));
        inVariables.computeIfAbsent(variable, v -> new LinkedHashSet<>()).addAll(names);
        variables.putIfAbsent(variable, node.where());
    }

    /** A text without references, because it is needed before any environment is known. */
    void none(Node node, String text) {
        if (text.contains("${")) {
            typedReader.problem(
                    node.where(), "cannot hold ${…}: it is the same in every environment; write the value itself");
        }
    }

    private Set<String> names(Node node, String text) {
        try {
            return Text.of(text).references();
        } catch (IllegalArgumentException e) {
            typedReader.problem(
                    node.where(), e.getMessage() + "; close it with }, or write $${ for the characters themselves");
            return Set.of();
        }
    }

    /** Adds a problem for every invalid reference. */
    void check(Manifest manifest) {
        for (Use use : uses) {
            for (String name : use.names()) {
                check(manifest, use, name);
            }
        }
        List<String> circle = Graph.cycle(inVariables);
        if (!circle.isEmpty()) {
            typedReader.problem(
                    variables.get(circle.get(0)),
                    "variables refer to each other in a circle: " + String.join(" → ", circle)
                            + "; give one of them a value of its own");
            return;
        }
        checkDynamic(manifest);
        checkOrder();
    }

    private void check(Manifest manifest, Use use, String name) {
        if (name.startsWith("after.")) {
            String other = name.substring("after.".length());
            if (!targets.containsKey(other)) {
                typedReader.problem(
                        use.where(), "there is no target '" + TypedReader.shown(other) + "'" + orTargets(other));
            }
        } else if (name.startsWith("output.")) {
            checkOutput(manifest, use, name);
        } else if (!BUILT_IN.contains(name)
                && !inVariables.containsKey(name)
                && !manifest.variables().containsKey(name)) {
            var known = new TreeSet<>(BUILT_IN);
            known.addAll(manifest.variables().keySet());
            typedReader.problem(
                    use.where(),
                    "${" + TypedReader.shown(name) + "} is not defined"
                            + Suggestion.of(name, known)
                                    .map(k -> "; did you mean ${" + k + "}?")
                                    .orElse("; define it under variables, or use one of "
                                            + String.join(", ", new TreeSet<>(BUILT_IN)) + ", output.TARGET.KEY"));
        }
    }

    private void checkOutput(Manifest manifest, Use use, String name) {
        var output = OUTPUT.matcher(name);
        if (!output.matches()) {
            typedReader.problem(
                    use.where(),
                    "${" + TypedReader.shown(name)
                            + "} is no output; write ${output.TARGET.KEY}, KEY being an output of a stack");
            return;
        }
        String target = output.group(1);
        if (!targets.containsKey(target)) {
            typedReader.problem(use.where(), "${" + name + "} names no target" + orTargets(target));
        } else if (!giveOutputs.get(target)) {
            typedReader.problem(
                    use.where(),
                    "${" + name + "} cannot be: only cloudformation targets have outputs, " + target + " is none");
        } else if (manifest.target(target).map(t -> t.regions().size() > 1).orElse(false)) {
            typedReader.problem(
                    use.where(),
                    "${" + name + "} is ambiguous: target " + target + " lives in several regions; give it one region");
        }
    }

    private String orTargets(String word) {
        return Suggestion.of(word, targets.keySet())
                .map(t -> "; did you mean '" + t + "'?")
                .orElse("; targets are: " + String.join(", ", targets.keySet()));
    }

    /** CloudFormation gets values of SSM and secrets as references that only a parameter of a stack can contain. */
    private void checkDynamic(Manifest manifest) {
        for (Use use : uses) {
            if (use.parameter()) {
                continue;
            }
            for (String name : reached(use.names())) {
                if (isDynamic(manifest, name)) {
                    typedReader.problem(
                            use.where(),
                            "${" + name + "} is a parameter or secret of AWS, which can only stand in parameters of a"
                                    + " cloudformation target");
                }
            }
        }
        manifest.variables().forEach((name, variable) -> {
            if (variable instanceof Variable.PerEnvironment) {
                return;
            }
            for (String inner : reached(inVariables.getOrDefault(name, Set.of()))) {
                if (inner.startsWith("output.") || isDynamic(manifest, inner)) {
                    typedReader.problem(
                            variables.get(name),
                            "the name of a parameter or secret cannot hold ${" + inner
                                    + "}: it must be known before anything is deployed");
                }
            }
        });
    }

    private static boolean isDynamic(Manifest manifest, String name) {
        Variable variable = manifest.variables().get(name);
        return variable instanceof Variable.SsmParameter || variable instanceof Variable.Secret;
    }

    /** The names, and every name in the values of the variables among them; safe only when there is no circle. */
    private Set<String> reached(Set<String> names) {
        var all = new LinkedHashSet<String>();
        var open = new ArrayList<>(names);
        while (!open.isEmpty()) {
            String name = open.remove(open.size() - 1);
            if (all.add(name)) {
                open.addAll(inVariables.getOrDefault(name, Set.of()));
            }
        }
        return all;
    }

    private void checkOrder() {
        var edges = new LinkedHashMap<String, Set<String>>();
        targets.keySet().forEach(t -> edges.put(t, new LinkedHashSet<>(after.getOrDefault(t, Set.of()))));
        for (Use use : uses) {
            if (use.target() != null && edges.containsKey(use.target())) {
                reached(use.names()).stream()
                        .map(OUTPUT::matcher)
                        .filter(java.util.regex.Matcher::matches)
                        .forEach(m -> edges.get(use.target()).add(m.group(1)));
            }
        }
        List<String> circle = Graph.cycle(edges);
        if (!circle.isEmpty()) {
            typedReader.problem(
                    targets.get(circle.get(0)),
                    "targets wait for each other in a circle: " + String.join(" → ", circle)
                            + "; remove one 'after' or one output reference");
        }
    }
}
