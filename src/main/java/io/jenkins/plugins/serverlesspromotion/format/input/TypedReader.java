package io.jenkins.plugins.serverlesspromotion.format.input;

import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.input.KeyTable.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Converts nodes into values. An invalid value becomes a problem and is returned as empty, so that reading continues.
 */
public final class TypedReader {
    private final Problems problems;

    public TypedReader(Problems problems) {
        this.problems = problems;
    }

    public void problem(SourceLocation where, String text) {
        problems.add(where, text);
    }

    /** Text as written; numbers and booleans without quotes are accepted as text. */
    public Optional<String> text(Node node) {
        if (node instanceof Node.Scalar scalar && scalar.tag() == null) {
            if (!scalar.isNull()) {
                return Optional.of(scalar.text());
            }
            problem(node.where(), "has no value; write one, or \"\" for an empty text");
        } else {
            problem(node.where(), "must be text, not " + node.kind());
        }
        return Optional.empty();
    }

    /** Text that is not blank. */
    public Optional<String> filled(Node node) {
        return text(node).filter(text -> {
            if (text.isBlank()) {
                problem(node.where(), "must not be empty");
            }
            return !text.isBlank();
        });
    }

    /** @param what for the message: {@code service} */
    public Optional<String> name(Node node, String what) {
        return text(node).filter(text -> {
            try {
                Names.name(what, text);
                return true;
            } catch (IllegalArgumentException e) {
                problem(node.where(), e.getMessage());
                return false;
            }
        });
    }

    public Optional<String> region(Node node) {
        return text(node).filter(text -> {
            if (!Names.isRegion(text)) {
                problem(node.where(), "'" + shown(text) + "' is not a region; write one such as eu-west-1");
            }
            return Names.isRegion(text);
        });
    }

    public Optional<Integer> integer(Node node, int min, int max) {
        String wanted = "must be a whole number from " + min + " to " + max;
        if (node instanceof Node.Scalar scalar && scalar.type() == Node.Type.INTEGER && scalar.tag() == null) {
            try {
                int value = Integer.parseInt(scalar.text());
                if (value >= min && value <= max) {
                    return Optional.of(value);
                }
            } catch (NumberFormatException e) {
                problem(node.where(), wanted + ", not " + shown(scalar.text()));
                return Optional.empty();
            }
            problem(node.where(), wanted + ", not " + scalar.text());
        } else {
            problem(node.where(), wanted + ", not " + described(node));
        }
        return Optional.empty();
    }

    public Optional<Boolean> bool(Node node) {
        if (node instanceof Node.Scalar scalar && scalar.type() == Node.Type.BOOLEAN && scalar.tag() == null) {
            return Optional.of(Boolean.parseBoolean(scalar.text().toLowerCase(java.util.Locale.ROOT)));
        }
        problem(node.where(), "must be true or false, not " + described(node));
        return Optional.empty();
    }

    /** One of these words, as spelled here. */
    public Optional<String> oneOf(Node node, List<String> words) {
        return text(node).filter(text -> {
            boolean known = words.contains(text);
            if (!known) {
                problem(node.where(), "must be " + String.join(" or ", words) + ", not '" + shown(text) + "'");
            }
            return known;
        });
    }

    /** The items of a list; empty, with a problem, when it is not a list. */
    public List<Node> list(Node node) {
        if (node instanceof Node.Sequence list && list.tag() == null) {
            return list.items();
        }
        problem(node.where(), "must be a list, not " + described(node));
        return List.of();
    }

    public Optional<Node.Mapping> mapping(Node node) {
        if (node instanceof Node.Mapping mapping && mapping.tag() == null) {
            return Optional.of(mapping);
        }
        problem(node.where(), "must be a map, not " + described(node));
        return Optional.empty();
    }

    /** Text by key, in order. */
    public Map<String, Node.Scalar> texts(Node node) {
        var found = new LinkedHashMap<String, Node.Scalar>();
        mapping(node)
                .ifPresent(map -> map.members().forEach(member -> {
                    if (text(member.value()).isPresent()) {
                        found.put(member.key(), (Node.Scalar) member.value());
                    }
                }));
        return found;
    }

    /** A list of texts; one text alone is a list of one. */
    public List<Node.Scalar> oneOrMore(Node node) {
        var found = new ArrayList<Node.Scalar>();
        for (Node item : node instanceof Node.Scalar ? List.of(node) : list(node)) {
            if (filled(item).isPresent()) {
                found.add((Node.Scalar) item);
            }
        }
        return found;
    }

    /** The members of a map with the keys of {@code table}; every other key is a problem. */
    public Fields fields(Node.Mapping mapping, KeyTable table) {
        List<String> keys = table.keys();
        for (var member : mapping.members()) {
            if (table.refused().containsKey(member.key())) {
                problem(member.where(), table.refused().get(member.key()));
            } else if (member.key().equals("<<")) {
                problem(member.where(), "merge keys are not taken here; write the members out");
            } else if (!keys.contains(member.key())) {
                problem(
                        member.where(),
                        "unknown key '" + shown(member.key()) + "'"
                                + Suggestion.of(member.key(), keys)
                                        .map(k -> "; did you mean '" + k + "'?")
                                        .orElse("; known here: " + String.join(", ", keys)));
            }
        }
        return new Fields(mapping, table);
    }

    /** User input in a message, short and on one line. */
    public static String shown(String text) {
        return Shown.text(text);
    }

    private static String described(Node node) {
        return node instanceof Node.Scalar scalar && !scalar.isNull() ? "'" + shown(scalar.text()) + "'" : node.kind();
    }

    /** The members of one map. Every method fails for a key that the map's table does not have. */
    public final class Fields {
        private final Node.Mapping mapping;
        private final KeyTable table;

        private Fields(Node.Mapping mapping, KeyTable table) {
            this.mapping = mapping;
            this.table = table;
        }

        public SourceLocation where() {
            return mapping.where();
        }

        public boolean has(String key) {
            return optional(key).isPresent();
        }

        public Optional<Node> optional(String key) {
            return mapping.get(table.key(key).name());
        }

        /** @param example a correct value, for the message */
        public Optional<Node> required(String key, String example) {
            if (!table.key(key).required()) {
                throw new IllegalArgumentException(table + " states that '" + key + "' is not required");
            }
            Optional<Node> node = mapping.get(key);
            if (node.isEmpty()) {
                problem(where().member(where().line(), key), "is missing; write " + example);
            }
            return node;
        }

        /** The items of an optional list. */
        public List<Node> list(String key) {
            return optional(key).map(TypedReader.this::list).orElse(List.of());
        }

        public Optional<Boolean> bool(String key) {
            return optional(key).flatMap(TypedReader.this::bool);
        }

        /** A whole number within the bounds of the table. */
        public Optional<Integer> integer(String key) {
            var bounds = (ValueType.Whole) table.key(key).type();
            return optional(key).flatMap(node -> TypedReader.this.integer(node, bounds.least(), bounds.most()));
        }

        /** One of the words of the table. */
        public Optional<String> word(String key) {
            return optional(key).flatMap(node -> oneOf(node, table.words(key)));
        }

        /** The allowed number of items of the list. */
        public int most(String key) {
            ValueType type = table.key(key).type();
            return type instanceof ValueType.OneOrMore list ? list.most() : ((ValueType.ListOf) type).most();
        }
    }
}
