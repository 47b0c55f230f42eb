package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A text of the manifest with references: {@code orders-${environment}}. {@code $${} stands for a literal {@code ${}.
 *
 * @param parts literals and references, in order
 */
public record Text(List<Part> parts) {

    /** A stretch of literal text, or the name inside {@code ${…}}. */
    public sealed interface Part {}

    public record Literal(String text) implements Part {}

    public record Reference(String name) implements Part {}

    /** @throws IllegalArgumentException when a {@code ${} is never closed or empty */
    public static Text of(String text) {
        var parts = new ArrayList<Part>();
        var literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("$${", at)) {
                literal.append("${");
                at += 3;
            } else if (text.startsWith("${", at)) {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw new IllegalArgumentException("'${' is never closed in \"" + Shown.text(text) + "\"");
                }
                String name = text.substring(at + 2, end).strip();
                if (name.isEmpty()) {
                    throw new IllegalArgumentException("'${}' names nothing in \"" + Shown.text(text) + "\"");
                }
                if (literal.length() > 0) {
                    parts.add(new Literal(literal.toString()));
                    literal.setLength(0);
                }
                parts.add(new Reference(name));
                at = end + 1;
            } else {
                literal.append(text.charAt(at++));
            }
        }
        if (literal.length() > 0) {
            parts.add(new Literal(literal.toString()));
        }
        return new Text(List.copyOf(parts));
    }

    /** The text of {@code text} without its references; an unclosed reference remains. */
    public static String withoutReferences(String text) {
        var rest = new StringBuilder();
        int at = 0;
        int open = text.indexOf("${");
        while (open >= 0) {
            int end = text.indexOf('}', open);
            if (end < 0) {
                break; // nothing after it is closed either
            }
            rest.append(text, at, open);
            at = end + 1;
            open = text.indexOf("${", at);
        }
        return rest.append(text, at, text.length()).toString();
    }

    public Set<String> references() {
        var names = new LinkedHashSet<String>();
        for (Part part : parts) {
            if (part instanceof Reference reference) {
                names.add(reference.name());
            }
        }
        return names;
    }

    /** The text with every reference replaced by the result of {@code value}. */
    public String resolve(Function<String, String> value) {
        var text = new StringBuilder();
        for (Part part : parts) {
            text.append(part instanceof Literal literal ? literal.text() : value.apply(((Reference) part).name()));
        }
        return text.toString();
    }
}
