package io.jenkins.plugins.serverlesspromotion.format.policy;

import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.input.Suggestion;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The named parts of a policy, and the references to them. */
final class PolicyNames {
    private PolicyNames() {}

    /** A list of maps with a name each; no name is repeated. */
    static <T> Map<String, T> named(
            TypedReader typedReader,
            Optional<Node> list,
            String what,
            BiFunction<String, Node.Mapping, Optional<T>> one) {
        var all = new LinkedHashMap<String, T>();
        var seen = new LinkedHashMap<String, SourceLocation>();
        List<Node> items = list.map(typedReader::list).orElse(List.of());
        int most = what.equals("environment") ? PolicySection.MOST_ENVIRONMENTS : PolicySection.MOST;
        if (items.size() > most) {
            typedReader.problem(list.orElseThrow().where(), "holds more than " + most + " entries");
            return all;
        }
        for (Node item : items) {
            Optional<Node.Mapping> map = typedReader.mapping(item);
            if (map.isEmpty()) {
                continue;
            }
            Optional<Node> node = map.get().get("name");
            if (node.isEmpty()) {
                typedReader.problem(item.where(), "has no name; give the " + what + " one");
            }
            Optional<String> name = node.flatMap(n -> typedReader.name(n, what));
            Optional<T> value = one.apply(name.orElse("unnamed"), map.get());
            if (name.isEmpty()) {
                continue;
            }
            SourceLocation before = seen.putIfAbsent(name.get(), item.where());
            if (before != null) {
                typedReader.problem(
                        item.where(),
                        "a second " + what + " named '" + name.get() + "'"
                                + (before.line() > 0 ? ", the first is in line " + before.line() : "")
                                + "; names must differ");
            } else {
                value.ifPresent(v -> all.put(name.get(), v));
            }
        }
        return all;
    }

    /** A name that must exist elsewhere in the policy. */
    static Optional<String> reference(TypedReader typedReader, Node node, String what, Set<String> known) {
        return typedReader.text(node).filter(text -> {
            if (!known.contains(text)) {
                typedReader.problem(
                        node.where(),
                        "there is no " + what + " '" + TypedReader.shown(text) + "'"
                                + Suggestion.of(text, known)
                                        .map(k -> "; did you mean '" + k + "'?")
                                        .orElse(known.isEmpty() ? "" : "; known are " + some(known)));
            }
            return known.contains(text);
        });
    }

    private static String some(Set<String> known) {
        var first = known.stream().limit(10).toList();
        return String.join(", ", first) + (known.size() > first.size() ? ", …" : "");
    }
}
