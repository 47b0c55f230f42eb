package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds the parameters of a template whose values must not be shown. */
public final class NoEchoParameters {
    /** The attribute of a parameter. */
    public static final String KEY = "NoEcho";

    private NoEchoParameters() {}

    /**
     * Names of the parameters with {@code NoEcho}. Any value that is not clearly false counts as true.
     *
     * @param template as {@link io.jenkins.plugins.serverlesspromotion.engine.port.Templates#tree} gives it
     */
    public static Set<String> in(Object template) {
        var names = new TreeSet<String>();
        declared(template).forEach((name, declaration) -> {
            if (isNoEcho(declaration)) {
                names.add(name);
            }
        });
        return names;
    }

    /**
     * The defaults of those parameters that can be found in texts. Defaults that are too short to be recognized are
     * left out. So are values that the template also has in another place, where they are not secret.
     */
    public static Set<String> defaults(Object template) {
        var defaults = new TreeSet<String>();
        var declarations = Collections.<Object>newSetFromMap(new IdentityHashMap<>());
        declared(template).forEach((name, declaration) -> {
            if (isNoEcho(declaration)
                    && declaration.get("Default") instanceof String text
                    && text.length() >= HiddenValues.SHORTEST_PART) {
                defaults.add(text);
                declarations.add(declaration);
            }
        });
        if (!defaults.isEmpty()) {
            removeFound(template, declarations, defaults);
        }
        return defaults;
    }

    /** Removes the values that {@code node} contains outside {@code declarations}. */
    private static void removeFound(Object node, Set<Object> declarations, Set<String> values) {
        if (node instanceof Map<?, ?> map) {
            if (!declarations.contains(map)) {
                map.keySet().forEach(key -> removeFound(key, declarations, values));
                map.values().forEach(value -> removeFound(value, declarations, values));
            }
        } else if (node instanceof Collection<?> list) {
            list.forEach(item -> removeFound(item, declarations, values));
        } else {
            String text = String.valueOf(node);
            values.removeIf(text::contains);
        }
    }

    /**
     * Names of the outputs that refer to such a parameter: CloudFormation shows outputs in clear text. An output that
     * gets the value another way, such as from an attribute of a resource, is not found.
     */
    public static Set<String> outputs(Object template) {
        Set<String> hidden = in(template);
        var outputs = new TreeSet<String>();
        if (!hidden.isEmpty() && template instanceof Map<?, ?> tree && tree.get("Outputs") instanceof Map<?, ?> all) {
            all.forEach((name, output) -> {
                if (output instanceof Map<?, ?> map && refers(map.get("Value"), hidden)) {
                    outputs.add(String.valueOf(name));
                }
            });
        }
        return outputs;
    }

    private static boolean refers(Object node, Set<String> parameters) {
        if (node instanceof Map<?, ?> map) {
            return map.get("Ref") instanceof String name && parameters.contains(name)
                    || map.containsKey("Fn::Sub") && substitutes(map.get("Fn::Sub"), parameters)
                    || map.values().stream().anyMatch(value -> refers(value, parameters));
        }
        return node instanceof Collection<?> list && list.stream().anyMatch(item -> refers(item, parameters));
    }

    /** @param node a text, or a list of a text and its variables */
    private static boolean substitutes(Object node, Set<String> parameters) {
        Object text = node instanceof List<?> list && !list.isEmpty() ? list.get(0) : node;
        return text instanceof String pattern
                && parameters.stream().anyMatch(name -> pattern.contains("${" + name + "}"));
    }

    /** @param declaration of one parameter */
    public static boolean isNoEcho(Map<?, ?> declaration) {
        for (var member : declaration.entrySet()) {
            String key = String.valueOf(member.getKey()).strip();
            Object value = member.getValue();
            // CloudFormation refuses other spellings of the key, but not before the value was recorded.
            if (key.equalsIgnoreCase(KEY) && !(value instanceof String text && TemplateBoolean.isFalse(text))
                    || key.equals("<<") && isMerged(value)) {
                return true;
            }
        }
        return false;
    }

    /** Packaging tools resolve the merge key of YAML, CloudFormation refuses it. */
    private static boolean isMerged(Object value) {
        return value instanceof Map<?, ?> map && isNoEcho(map)
                || value instanceof Collection<?> list && list.stream().anyMatch(NoEchoParameters::isMerged);
    }

    private static Map<String, Map<?, ?>> declared(Object template) {
        var declared = new TreeMap<String, Map<?, ?>>();
        if (template instanceof Map<?, ?> tree && tree.get("Parameters") instanceof Map<?, ?> parameters) {
            parameters.forEach((name, declaration) -> {
                if (declaration instanceof Map<?, ?> map) {
                    declared.put(String.valueOf(name), map);
                }
            });
        }
        return declared;
    }
}
