package io.jenkins.plugins.serverlesspromotion.format.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes JSON in the one form that can be hashed: RFC 8785 (JSON Canonicalization Scheme), restricted to strings,
 * booleans, null and integers of at most 2^53-1 in magnitude. Floating point numbers are refused, because the shortest
 * form that RFC 8785 requires differs from {@code Double.toString} on Java 17.
 */
public final class CanonicalJson {
    /** The largest integer that every JSON reader supports: 2^53-1. */
    public static final long MAX_INTEGER = (1L << 53) - 1;

    private static final BigInteger MAX = BigInteger.valueOf(MAX_INTEGER);
    private static final int MAX_DEPTH = 200;

    private CanonicalJson() {}

    /**
     * The canonical UTF-8 bytes of {@code value}: null, a string, boolean, integer, list, map with string keys, a
     * Jackson tree of these, or any mixture.
     *
     * @throws IllegalArgumentException for a floating point number, an integer above 2^53-1 in magnitude, a lone
     *     surrogate, a key that is no string, any other type, or more than 200 levels of nesting
     */
    public static byte[] bytes(Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    /** The same as {@link #bytes} before it is encoded. */
    public static String text(Object value) {
        var out = new StringBuilder();
        write(value, out, 0);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("canonical JSON may be nested at most " + MAX_DEPTH + " levels deep");
        }
        if (value == null) {
            out.append("null");
        } else if (value instanceof JsonNode node) {
            writeNode(node, out, depth);
        } else if (value instanceof String text) {
            writeString(text, out);
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Byte
                || value instanceof Short
                || value instanceof Integer
                || value instanceof Long
                || value instanceof BigInteger) {
            writeInteger(new BigInteger(value.toString()), out);
        } else if (value instanceof List<?> list) {
            writeList(list.iterator(), out, depth);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, out, depth);
        } else {
            throw new IllegalArgumentException("canonical JSON has no form for "
                    + value.getClass().getSimpleName() + " " + value + "; use strings and integers only");
        }
    }

    private static void writeNode(JsonNode node, StringBuilder out, int depth) {
        switch (node.getNodeType()) {
            case NULL -> out.append("null");
            case BOOLEAN -> out.append(node.booleanValue());
            case STRING -> writeString(node.textValue(), out);
            case ARRAY -> writeList(node.elements(), out, depth);
            case OBJECT -> {
                var members = new TreeMap<String, Object>();
                node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
                writeMap(members, out, depth);
            }
            case NUMBER -> {
                if (!node.isIntegralNumber()) {
                    throw new IllegalArgumentException("canonical JSON takes integers only, not " + node.asText());
                }
                writeInteger(node.bigIntegerValue(), out);
            }
            default -> throw new IllegalArgumentException("canonical JSON has no form for a " + node.getNodeType());
        }
    }

    private static void writeInteger(BigInteger value, StringBuilder out) {
        if (value.abs().compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    "canonical JSON takes integers up to 2^53-1 (" + MAX_INTEGER + "), not " + value);
        }
        out.append(value);
    }

    private static void writeList(Iterator<?> items, StringBuilder out, int depth) {
        out.append('[');
        while (items.hasNext()) {
            write(items.next(), out, depth + 1);
            if (items.hasNext()) {
                out.append(',');
            }
        }
        out.append(']');
    }

    private static void writeMap(Map<?, ?> map, StringBuilder out, int depth) {
        var keys = new ArrayList<String>(map.size());
        for (Object key : map.keySet()) {
            if (!(key instanceof String text)) {
                throw new IllegalArgumentException("a key of canonical JSON must be a string, not " + key);
            }
            keys.add(text);
        }
        // RFC 8785 section 3.2.3 sorts by UTF-16 code units, which is what String.compareTo compares.
        keys.sort(null);
        out.append('{');
        for (int i = 0; i < keys.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            writeString(keys.get(i), out);
            out.append(':');
            write(map.get(keys.get(i)), out, depth + 1);
        }
        out.append('}');
    }

    /** Escapes exactly what RFC 8785 section 3.2.2.2 escapes, and nothing else. */
    private static void writeString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else if (Character.isSurrogate(c)) {
                        throw new IllegalArgumentException(
                                String.format("text holds half a character (lone surrogate U+%04X)", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
