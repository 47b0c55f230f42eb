package io.jenkins.plugins.serverlesspromotion.format.importers;

import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.child;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.items;
import static io.jenkins.plugins.serverlesspromotion.format.importers.NodeQuery.members;

import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Limits;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Problems;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code sam deploy} would take from {@code samconfig}: the parameters of {@code deploy} and {@code global} in each
 * of its environments (aws-sam-cli, samcli/lib/config/samconfig.py). Which of them an environment of the policy means
 * cannot be known. So a value is taken only where all agree.
 */
final class SamConfig {
    /** The file is the first of these that exists. */
    static final List<String> FILES = List.of("samconfig.toml", "samconfig.yaml", "samconfig.yml");

    private static final String DEFAULT = "default";
    private static final String STACK = "stack_name";
    private static final String PARAMETERS = "parameter_overrides";
    private static final String TAGS = "tags";

    /** Settings of {@code sam deploy} that a promotion has no counterpart of. */
    private static final Map<String, String> REFUSED = Map.of(
            "notification_arns",
            "sends the events of the stack to topics, which a promotion does not; remove it, and let the policy notify",
            "signing_profiles",
            "signs code after the build, so that other bytes would be deployed; sign the code in the build");

    /** Settings that the policy replaces. */
    private static final Map<String, String> REPLACED = Map.of(
            "role_arn", "the execution role of the account in the policy",
            "disable_rollback", "a failed update is rolled back",
            "on_failure", "a failed update is rolled back");

    private final ToolFiles files;
    private final OwnTarget own;
    private final Problems problems = new Problems();

    SamConfig(ToolFiles files, OwnTarget own) {
        this.files = files;
        this.own = own;
    }

    /** @param stack null when no environment names one */
    record Settings(String stack, Map<String, String> parameters, Map<String, String> tags) {}

    /** @param declared the parameters of the template: {@code sam deploy} ignores all others */
    Settings read(Set<String> declared) throws IOException {
        var there = new ArrayList<Path>();
        for (String name : FILES) {
            if (files.isThere(files.root().resolve(name))) {
                there.add(files.root().resolve(name));
            }
        }
        if (there.isEmpty()) {
            return new Settings(null, Map.of(), Map.of());
        }
        Path file = there.get(0);
        if (there.size() > 1) {
            files.note(files.shown(file) + " is read, as AWS SAM does, and not " + files.shown(there.get(1)));
        }
        Node tree = files.tree(file, files.bytes(file, Limits.INPUT), Limits.INPUT);
        Map<String, Map<String, Node>> environments = environments(tree);
        var stacks = new TreeMap<String, Map<String, String>>();
        var parameters = new TreeMap<String, Map<String, String>>();
        var tags = new TreeMap<String, Map<String, String>>();
        environments.forEach((name, settings) -> {
            refused(settings);
            if (settings.get(STACK) instanceof Node.Scalar stack
                    && !stack.text().isBlank()) {
                stacks.put(name, Map.of(STACK, stack.text()));
            }
            parameters.put(name, ParameterOverrides.read(settings.get(PARAMETERS), problems));
            tags.put(name, ParameterOverrides.read(settings.get(TAGS), problems));
        });
        parameters.values().forEach(values -> values.keySet().retainAll(declared));
        SourceLocation where = SourceLocation.of(files.shown(file));
        String stack = own.stack() ? null : stack(stacks, where);
        var settings = new Settings(
                stack, agreed(parameters, "parameters", PARAMETERS, where), agreed(tags, "tags", TAGS, where));
        problems.throwIfAny();
        return settings;
    }

    /** The settings of {@code sam deploy} by environment; those of {@code deploy} have precedence over the global. */
    private static Map<String, Map<String, Node>> environments(Node tree) {
        var environments = new LinkedHashMap<String, Map<String, Node>>();
        for (var environment : merged(tree).entrySet()) {
            var settings = new LinkedHashMap<String, Node>();
            for (String command : List.of("global", "deploy")) {
                Node section = merged(environment.getValue()).get(command);
                settings.putAll(merged(merged(section).get("parameters")));
            }
            if (!settings.isEmpty()) {
                environments.put(environment.getKey(), settings);
            }
        }
        return environments;
    }

    /** The members of a map, with those of the merge keys of YAML, over which its own have precedence. */
    private static Map<String, Node> merged(Node node) {
        var all = new LinkedHashMap<String, Node>();
        Node other = child(node, "<<").orElse(null);
        if (other instanceof Node.Mapping) {
            all.putAll(merged(other));
        }
        List<Node> others = items(node, "<<");
        for (int i = others.size() - 1; i >= 0; i--) {
            all.putAll(merged(others.get(i)));
        }
        members(node).stream().filter(m -> !m.key().equals("<<")).forEach(m -> all.put(m.key(), m.value()));
        return all;
    }

    private void refused(Map<String, Node> settings) {
        settings.forEach((key, value) -> {
            boolean empty = value instanceof Node.Scalar scalar
                            && (scalar.text().isBlank() || scalar.text().equals("false"))
                    || value instanceof Node.Sequence list && list.items().isEmpty();
            if (!empty && REFUSED.containsKey(key)) {
                problems.add(value.where(), REFUSED.get(key));
            } else if (!empty && REPLACED.containsKey(key)) {
                files.note(value.where() + " is left out: " + REPLACED.get(key));
            }
        });
    }

    private String stack(Map<String, Map<String, String>> stacks, SourceLocation where) {
        var names = new LinkedHashSet<String>();
        stacks.values().forEach(s -> names.addAll(s.values()));
        if (names.size() > 1) {
            problems.add(
                    where,
                    "names several stacks: " + listed(stacks, STACK) + "; name the right one with --stack NAME, or"
                            + " with cloudformation.stack of the target app in release.yaml, where a variable may have"
                            + " another name in each environment");
            return null;
        }
        if (names.size() == 1 && !stacks.containsKey(DEFAULT)) {
            files.note(where + " names a stack only for " + listed(stacks, STACK)
                    + ", which every environment of the policy gets");
        }
        return names.isEmpty() ? null : names.iterator().next();
    }

    /** The values on which all environments agree; any other must be in {@code release.yaml}. */
    private Map<String, String> agreed(
            Map<String, Map<String, String>> environments, String part, String setting, SourceLocation where) {
        var keys = new TreeSet<String>();
        environments.values().forEach(values -> keys.addAll(values.keySet()));
        var agreed = new TreeMap<String, String>();
        for (String key : keys) {
            var values = new LinkedHashSet<String>();
            environments.values().forEach(one -> values.add(one.getOrDefault(key, null)));
            if (own.has(part, key)) {
                continue;
            }
            if (values.size() == 1) {
                agreed.put(key, values.iterator().next());
            } else {
                problems.add(
                        where,
                        "has a " + setting + " of " + TypedReader.shown(key) + " that differs: "
                                + listed(environments, key) + "; give it in release.yaml, as " + part
                                + " of the target app");
            }
        }
        return agreed;
    }

    /** {@code shop (default), shop-prod (prod)}; values of parameters may be secret, and are not repeated. */
    private static String listed(Map<String, Map<String, String>> environments, String key) {
        var listed = new ArrayList<String>();
        environments.forEach((name, values) -> listed.add(
                key.equals(STACK)
                        ? TypedReader.shown(values.get(key)) + " (" + TypedReader.shown(name) + ")"
                        : (values.containsKey(key) ? "one in " : "none in ") + TypedReader.shown(name)));
        return String.join(", ", listed);
    }
}
