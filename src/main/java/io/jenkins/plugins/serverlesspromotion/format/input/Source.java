package io.jenkins.plugins.serverlesspromotion.format.input;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.SourceLocation;
import io.jenkins.plugins.serverlesspromotion.format.json.Utf8;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads an input in YAML, JSON or (by the name of the file) TOML into its tree. */
public final class Source {
    private Source() {}

    /**
     * The tree of a YAML, JSON or TOML file. Repeated keys are added to {@code problems}; the first of each is kept.
     *
     * @throws InputException when the bytes are not a tree, or exceed {@code limits}
     */
    public static Node read(String file, byte[] bytes, Limits limits, Problems problems) {
        if (bytes.length > limits.bytes()) {
            throw tooLarge(file, limits);
        }
        int base = bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF
                ? 3
                : 0;
        byte[] content = base == 0 ? bytes : Arrays.copyOfRange(bytes, base, bytes.length);
        String text;
        try {
            text = Utf8.decode(content);
        } catch (IllegalArgumentException e) {
            throw new InputException(SourceLocation.of(file), "is not UTF-8 text; save it as UTF-8");
        }
        if (text.isBlank()) {
            throw new InputException(SourceLocation.of(file), "is empty");
        }
        if (file != null && file.toLowerCase(Locale.ROOT).endsWith(".toml")) {
            return new TomlSource(file, text, limits, problems).read();
        }
        boolean json = file != null && file.toLowerCase(Locale.ROOT).endsWith(".json");
        JsonComments.refuse(file, text, json);
        if (text.stripLeading().startsWith("{")) {
            var found = new Problems();
            try {
                Node tree = new JsonSource(file, content, base, limits, found).read();
                found.addTo(problems);
                return tree;
            } catch (JsonSource.NotJson e) {
                if (json) {
                    throw e.reason();
                }
            }
        }
        return new YamlSource(file, text, base, limits, problems).read();
    }

    /**
     * The bytes of a file, read only as far as the limit allows.
     *
     * @throws InputException when it is missing, not a regular file, or larger than the limit
     */
    public static byte[] bytes(Path file, String name, Limits limits) throws IOException {
        if (!Files.exists(file)) {
            throw new InputException(SourceLocation.of(name), "does not exist");
        }
        if (!Files.isRegularFile(file)) {
            throw new InputException(SourceLocation.of(name), "is not a file");
        }
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limits.bytes() + 1);
            if (bytes.length > limits.bytes()) {
                throw tooLarge(name, limits);
            }
            return bytes;
        }
    }

    private static InputException tooLarge(String file, Limits limits) {
        return new InputException(
                SourceLocation.of(file),
                "is larger than " + (limits.bytes() >> 20) + " MiB, the most that is read; split it");
    }

    /**
     * The tree of maps, lists, strings, numbers, booleans and nulls from another source than a file: a form.
     *
     * @param root a path such as {@code unclassified.serverlessPromotion}, may be empty
     * @throws InputException for any other type in it
     */
    public static Node of(Object value, String root) {
        return of(value, new SourceLocation(null, 0, root), 0);
    }

    private static Node of(Object value, SourceLocation where, int depth) {
        if (depth > Limits.INPUT.depth()) {
            throw new InputException(where, "is nested more than " + Limits.INPUT.depth() + " levels deep");
        }
        if (value instanceof Map<?, ?> map) {
            var members = new ArrayList<Node.Member>();
            map.forEach((k, v) -> {
                SourceLocation here = where.member(0, String.valueOf(k));
                members.add(new Node.Member(String.valueOf(k), here, of(v, here, depth + 1)));
            });
            return new Node.Mapping(where, null, members);
        }
        if (value instanceof List<?> list) {
            var items = new ArrayList<Node>();
            for (int i = 0; i < list.size(); i++) {
                Object name = list.get(i) instanceof Map<?, ?> m ? m.get("name") : null;
                items.add(of(
                        list.get(i), where.item(0, name instanceof String s && !s.isEmpty() ? s : "" + i), depth + 1));
            }
            return new Node.Sequence(where, null, items);
        }
        Node.Type type;
        if (value == null) {
            type = Node.Type.NULL;
        } else if (value instanceof String) {
            type = Node.Type.TEXT;
        } else if (value instanceof Boolean) {
            type = Node.Type.BOOLEAN;
        } else if (value instanceof Integer || value instanceof Long) {
            type = Node.Type.INTEGER;
        } else {
            throw new InputException(where, "must be text, a number, true or false, a list or a map");
        }
        return new Node.Scalar(where, null, value == null ? "" : value.toString(), type, null);
    }
}
