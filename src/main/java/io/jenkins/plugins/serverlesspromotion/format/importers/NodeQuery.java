package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads parts of a tree that a tool wrote; what is not there, or of another kind, is empty. */
final class NodeQuery {
    private NodeQuery() {}

    static Optional<Node> child(Node node, String... path) {
        Node now = node;
        for (String key : path) {
            now = now instanceof Node.Mapping map ? map.get(key).orElse(null) : null;
        }
        return Optional.ofNullable(now);
    }

    static Optional<String> text(Node node, String... path) {
        return child(node, path)
                .filter(now -> now instanceof Node.Scalar scalar && !scalar.isNull())
                .map(now -> ((Node.Scalar) now).text());
    }

    static List<Node.Member> members(Node node, String... path) {
        return child(node, path).orElse(null) instanceof Node.Mapping map ? map.members() : List.of();
    }

    static List<Node> items(Node node, String... path) {
        return child(node, path).orElse(null) instanceof Node.Sequence list ? list.items() : List.of();
    }

    static List<String> strings(Node node, String... path) {
        return items(node, path).stream()
                .filter(Node.Scalar.class::isInstance)
                .map(item -> ((Node.Scalar) item).text())
                .toList();
    }

    /** The members of a map that are texts. */
    static Map<String, String> texts(Node node, String... path) {
        var texts = new LinkedHashMap<String, String>();
        members(node, path).forEach(m -> {
            if (m.value() instanceof Node.Scalar scalar && !scalar.isNull()) {
                texts.put(m.key(), scalar.text());
            }
        });
        return texts;
    }

    /** The place of the key with this path, such as {@code targets[app].parameters.Table}. */
    static Optional<SourceLocation> place(Node node, String path) {
        if (node instanceof Node.Mapping map) {
            for (var member : map.members()) {
                String here = member.where().path();
                if (here.equals(path)) {
                    return Optional.of(member.where());
                }
                if (path.startsWith(here)) {
                    Optional<SourceLocation> found = place(member.value(), path);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        } else if (node instanceof Node.Sequence list) {
            return list.items().stream()
                    .filter(item -> path.startsWith(item.where().path()))
                    .flatMap(item ->
                            (item.where().path().equals(path) ? Optional.of(item.where()) : place(item, path)).stream())
                    .findFirst();
        }
        return Optional.empty();
    }

    /** Maps, lists and texts; numbers and booleans as they are. */
    static Object plain(Node node) {
        if (node instanceof Node.Mapping map) {
            var members = new LinkedHashMap<String, Object>();
            map.members().forEach(m -> members.put(m.key(), plain(m.value())));
            return members;
        }
        if (node instanceof Node.Sequence list) {
            var items = new ArrayList<Object>();
            list.items().forEach(item -> items.add(plain(item)));
            return items;
        }
        var scalar = (Node.Scalar) node;
        return switch (scalar.type()) {
            case NULL -> null;
            case BOOLEAN -> Boolean.valueOf(scalar.text());
            default -> scalar.text();
        };
    }
}
