package io.jenkins.plugins.serverlesspromotion.format.input;

import io.jenkins.plugins.serverlesspromotion.engine.release.TemplateBoolean;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalJson;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Writes a tree as JSON, in its own order, with scalars as written; some nodes are replaced. */
public final class NodeWriter {
    /** YAML has more forms of a number than JSON. */
    private static final Pattern LITERAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final Map<Node, Node> replaced = new IdentityHashMap<>();

    /** @param by a text, list or map that replaces {@code node} */
    public void replace(Node node, Object by) {
        replaced.put(node, Source.of(by, node.where().path()));
    }

    /** @throws InputException for a tag of YAML, which JSON cannot express */
    public String write(Node tree) {
        var out = new StringBuilder();
        write(tree, out, 0);
        return out.append('\n').toString();
    }

    private void write(Node node, StringBuilder out, int depth) {
        Node instead = replaced.get(node);
        if (instead != null) {
            write(instead, out, depth);
        } else if (node.tag() != null) {
            throw new InputException(node.where(), "has the tag " + node.tag() + ", which JSON has not");
        } else if (node instanceof Node.Scalar scalar) {
            switch (scalar.type()) {
                case NULL -> out.append("null");
                case TEXT -> out.append(CanonicalJson.text(scalar.text()));
                case BOOLEAN ->
                    out.append(
                            TemplateBoolean.ofPlain(scalar.text()).orElseGet(() -> CanonicalJson.text(scalar.text())));
                case INTEGER, FLOAT ->
                    out.append(
                            LITERAL.matcher(scalar.text()).matches()
                                    ? scalar.text()
                                    : CanonicalJson.text(scalar.text()));
            }
        } else if (node instanceof Node.Sequence list) {
            members(list.items().iterator(), '[', ']', out, depth, item -> write(item, out, depth + 1));
        } else if (node instanceof Node.Mapping map) {
            members(map.members().iterator(), '{', '}', out, depth, member -> {
                out.append(CanonicalJson.text(member.key())).append(": ");
                write(member.value(), out, depth + 1);
            });
        }
    }

    private static <T> void members(
            Iterator<T> items, char open, char close, StringBuilder out, int depth, Consumer<T> write) {
        out.append(open);
        boolean any = items.hasNext();
        while (items.hasNext()) {
            out.append('\n').append(" ".repeat(depth + 1));
            write.accept(items.next());
            if (items.hasNext()) {
                out.append(',');
            }
        }
        if (any) {
            out.append('\n').append(" ".repeat(depth));
        }
        out.append(close);
    }
}
