package io.jenkins.plugins.serverlesspromotion.format.input;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The keys of one kind of map in an input. The readers accept no other key, and the JSON Schemas in docs/schema are
 * generated from the same tables.
 */
public interface KeyTable {
    /** In the order in which messages name them. */
    List<Key> members();

    /** Messages about keys that a user may expect here, by key. */
    Map<String, String> refused();

    /** Conditions between several keys. */
    List<Rule> rules();

    /** The names of {@link #members}. */
    default List<String> keys() {
        return members().stream().map(Key::name).toList();
    }

    /**
     * @throws IllegalArgumentException when the table has no such key: this is a bug of the reader, not an input error
     */
    default Key key(String name) {
        return members().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(this + " has no key '" + name + "'"));
    }

    /** The allowed words of a key, or of each item of its value. */
    default List<String> words(String key) {
        ValueType type = key(key).type();
        if (type instanceof ValueType.OneOrMore list) {
            type = list.item();
        }
        return ((ValueType.Words) type).words();
    }

    /** @param required whether the key cannot be left out */
    record Key(String name, boolean required, ValueType type) {
        public static Key required(String name, ValueType type) {
            return new Key(name, true, type);
        }

        public static Key optional(String name, ValueType type) {
            return new Key(name, false, type);
        }
    }

    /** A condition on the presence of keys in the same map. */
    sealed interface Rule {
        /** Exactly one of {@code keys}. */
        record ExactlyOne(List<String> keys) implements Rule {}

        /** At least one of {@code keys}. */
        record AtLeastOne(List<String> keys) implements Rule {}

        /** {@code key} requires {@code other}. */
        record Needs(String key, String other) implements Rule {}
    }

    /** The values that a key accepts, as far as they can be checked alone; the readers check references. */
    sealed interface ValueType {
        /** Any text; numbers and booleans without quotes are text too. */
        ValueType TEXT = new Text(TextPatterns.ANY);

        /** Text that is not blank. */
        ValueType FILLED = new Text(TextPatterns.FILLED);

        /** {@code true} or {@code false}. */
        ValueType FLAG = new Flag();

        /** A JSON value, or JSON as text. */
        ValueType JSON = new Json();

        /** @param pattern matches the whole text, written so that Java and ECMA 262 read it alike */
        record Text(Pattern pattern) implements ValueType {}

        /** One of these texts. */
        record Words(List<String> words) implements ValueType {
            public Words(String... words) {
                this(List.of(words));
            }
        }

        /** A whole number within inclusive bounds. */
        record Whole(int least, int most) implements ValueType {}

        /** {@code true} or {@code false}. */
        record Flag() implements ValueType {}

        /** Only this boolean. */
        record Constant(boolean value) implements ValueType {}

        /** A value of {@code plain}, also as text, or a text with references, which is checked when it is planned. */
        record WithReferences(ValueType plain) implements ValueType {}

        /** A list of {@code least} to {@code most} items. */
        record ListOf(ValueType item, int least, int most) implements ValueType {
            public ListOf(ValueType item, int least) {
                this(item, least, Integer.MAX_VALUE);
            }
        }

        /** A list, or one item alone. */
        record OneOrMore(ValueType item, int least, int most) implements ValueType {
            public OneOrMore(ValueType item, int least) {
                this(item, least, Integer.MAX_VALUE);
            }
        }

        /** A map with the keys of {@code table}. */
        record MapOf(KeyTable table) implements ValueType {}

        /** A map of at least {@code least} keys that match {@code key}, each with a value of {@code value}. */
        record FreeMap(Pattern key, ValueType value, int least) implements ValueType {}

        /** A map that is passed on unchanged; it has the keys {@code required}. */
        record Document(List<String> required) implements ValueType {}

        /** A JSON value, or JSON as text. */
        record Json() implements ValueType {}

        /** A value of one of these types. */
        record Either(List<ValueType> types) implements ValueType {
            public Either(ValueType... types) {
                this(List.of(types));
            }
        }

        /** A value of {@code there} where the map has {@code key}, of {@code absent} where it does not. */
        record DependsOn(String key, ValueType there, ValueType absent) implements ValueType {}
    }
}
