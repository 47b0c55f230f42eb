package io.jenkins.plugins.serverlesspromotion.format.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The members of a journal record that can contain a value of a manifest, a template or AWS, by their names in
 * {@link WireNames}. All other texts are names, ids, digests, times or texts of people.
 */
final class FreeTexts {
    /** One text, or a list of texts. */
    private static final Set<String> TEXTS = Set.of(
            "cause",
            "detail",
            "check",
            "checks",
            "answer",
            "difference",
            "text",
            "why",
            "sentence",
            "payload",
            "contains",
            "json",
            "url");

    /** Only as one text: a list contains keys of steps. */
    private static final Set<String> SINGLE = Set.of("before", "after");

    /** Maps with user-defined names as keys and texts as values. */
    private static final Set<String> MAPS =
            Set.of("outputs", "values", "parameters", "variables", "tags", "settings", "environment", "targets");

    private final UnaryOperator<String> texts;
    private boolean changed;

    private FreeTexts(UnaryOperator<String> texts) {
        this.texts = texts;
    }

    /** @return whether anything was replaced in {@code tree} */
    static boolean replace(JsonNode tree, UnaryOperator<String> texts) {
        var replacing = new FreeTexts(texts);
        replacing.in(tree);
        return replacing.changed;
    }

    private void in(JsonNode node) {
        if (node instanceof ObjectNode object) {
            var names = new ArrayList<String>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode value = object.get(name);
                boolean free = value.isTextual() && (TEXTS.contains(name) || SINGLE.contains(name))
                        || value.isArray() && TEXTS.contains(name)
                        || value.isObject() && MAPS.contains(name);
                if (free) {
                    object.set(name, all(value));
                } else {
                    in(value);
                }
            }
        } else if (node instanceof ArrayNode list) {
            list.forEach(this::in);
        }
    }

    /** Every text in {@code node} is free; for objects in a list each member is decided separately. */
    private JsonNode all(JsonNode node) {
        if (node.isTextual()) {
            String replaced = texts.apply(node.textValue());
            changed |= !replaced.equals(node.textValue());
            return TextNode.valueOf(replaced);
        }
        if (node instanceof ObjectNode object) {
            var names = new ArrayList<String>();
            object.fieldNames().forEachRemaining(names::add);
            // The tag with a variable's kind is a constant of the format.
            names.stream()
                    .filter(name -> !name.equals("type"))
                    .forEach(name -> object.set(name, all(object.get(name))));
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).isObject()) {
                    in(list.get(i));
                } else {
                    list.set(i, all(list.get(i)));
                }
            }
        }
        return node;
    }
}
