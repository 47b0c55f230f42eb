package io.jenkins.plugins.serverlesspromotion.format.input;

import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import java.util.List;
import java.util.Optional;

/**
 * An input without interpretation: a tree of maps, lists and scalars, each with its place. YAML, JSON and form beans
 * are all converted to this, so that one compiler validates them.
 */
public sealed interface Node {
    SourceLocation where();

    /** A tag outside YAML's core schema ({@code !Sub}), null when there is none. */
    String tag();

    /** The kind of node, for messages: {@code text}, {@code a number}, {@code a map}. */
    String kind();

    /** The type of a scalar by YAML's core schema (or JSON) alone. */
    enum Type {
        TEXT("text"),
        INTEGER("a number"),
        FLOAT("a number"),
        BOOLEAN("true or false"),
        NULL("nothing");

        private final String words;

        Type(String words) {
            this.words = words;
        }
    }

    /**
     * @param text as written, without quotes; empty for null
     * @param span its bytes in the file, null when it has none of its own (an alias, or another input than a file)
     */
    record Scalar(SourceLocation where, String tag, String text, Type type, Span span) implements Node {
        @Override
        public String kind() {
            return type.words;
        }

        public boolean isNull() {
            return type == Type.NULL && tag == null;
        }
    }

    record Sequence(SourceLocation where, String tag, List<Node> items) implements Node {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** @param members in order; every key once */
    record Mapping(SourceLocation where, String tag, List<Member> members) implements Node {
        @Override
        public String kind() {
            return "a map";
        }

        public Optional<Member> member(String key) {
            return members.stream().filter(m -> m.key().equals(key)).findFirst();
        }

        public Optional<Node> get(String key) {
            return member(key).map(Member::value);
        }
    }

    /** @param where of the key */
    record Member(String key, SourceLocation where, Node value) {}

    /** Bytes {@code start} (inclusive) to {@code end} (exclusive) of the file, including the byte order mark. */
    record Span(int start, int end) {}
}
