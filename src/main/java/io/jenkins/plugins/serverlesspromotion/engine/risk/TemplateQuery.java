package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import io.jenkins.plugins.serverlesspromotion.engine.release.TemplateBoolean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads values from a template that consists of maps, lists, texts and {@link Choice}s only. */
final class TemplateQuery {
    private static final int SHOWN = 300;

    private TemplateQuery() {}

    /**
     * One of several values, because a condition cannot be decided.
     *
     * @param orNothing whether the value may also be left out
     */
    record Choice(List<Object> options, boolean orNothing) {
        Choice {
            options = List.copyOf(options);
        }

        Choice(List<Object> options) {
            this(options, false);
        }
    }

    /** The map that {@code node} is, or an empty one. A choice of maps gives all members of all of them. */
    static Map<String, Object> map(Object node) {
        if (node instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // trees come only from Templates.tree, whose keys are texts
            var typed = (Map<String, Object>) map;
            return typed;
        }
        if (node instanceof Choice choice) {
            var all = new LinkedHashMap<String, List<Object>>();
            for (Object option : choice.options()) {
                map(option)
                        .forEach((key, value) ->
                                all.computeIfAbsent(key, k -> new ArrayList<>()).add(value));
            }
            var united = new LinkedHashMap<String, Object>();
            all.forEach((key, values) -> {
                boolean orNothing =
                        choice.orNothing() || values.size() < choice.options().size();
                united.put(key, values.size() == 1 && !orNothing ? values.get(0) : new Choice(values, orNothing));
            });
            return united;
        }
        return Map.of();
    }

    /** A list's items, a single value as a list of one, all options of a choice; an empty list for no value. */
    static List<Object> list(Object node) {
        if (node == null) {
            return List.of();
        }
        if (node instanceof List<?> list) {
            var items = new ArrayList<Object>();
            list.forEach(item -> items.addAll(item instanceof Choice ? list(item) : List.of(item)));
            return items;
        }
        if (node instanceof Choice choice) {
            var items = new ArrayList<Object>();
            choice.options().forEach(option -> items.addAll(list(option)));
            return items;
        }
        return List.of(node);
    }

    /** Every text that {@code node} is, contains as a list, or may be. */
    static List<String> texts(Object node) {
        return list(node).stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** Every map that {@code node} is, contains as a list, or may be. */
    static List<Map<String, Object>> maps(Object node) {
        return list(node).stream()
                .filter(Map.class::isInstance)
                .map(TemplateQuery::map)
                .toList();
    }

    static Object at(Object node, String... path) {
        Object found = node;
        for (String key : path) {
            found = map(found).get(key);
        }
        return found;
    }

    /** Whether one of the values at {@code path} is true, in the sense of CloudFormation. */
    static boolean isTrue(Object node) {
        return texts(node).stream().anyMatch(TemplateBoolean::isTrue);
    }

    /** Whether one of the values is false; an absent value is not. */
    static boolean isFalse(Object node) {
        return texts(node).stream().anyMatch(TemplateBoolean::isFalse);
    }

    /** Whether it is true in every case, also where a condition cannot be decided. */
    static boolean isSurelyTrue(Object node) {
        return !mayBeNothing(node) && list(node).stream().allMatch(TemplateQuery::isTrue);
    }

    /** Whether there is no value, or may be none. */
    static boolean mayBeNothing(Object node) {
        return node == null
                || node instanceof Choice choice
                        && (choice.orNothing() || choice.options().stream().anyMatch(TemplateQuery::mayBeNothing));
    }

    /** A value in one line for people, as JSON; null for no value. */
    static String shown(Object node) {
        if (node == null) {
            return null;
        }
        var out = new StringBuilder();
        write(node, out, true);
        String text = out.toString().replaceAll("\\s+", " ");
        return text.length() <= SHOWN ? text : Shown.cut(text, SHOWN - 1);
    }

    /** A text that two values share exactly when they are equal, whatever the order of their members. */
    static String key(Object node) {
        var out = new StringBuilder();
        write(node, out, false);
        return out.toString();
    }

    private static void write(Object node, StringBuilder out, boolean top) {
        if (node instanceof Map<?, ?>) {
            out.append('{');
            String comma = "";
            for (var member : new java.util.TreeMap<>(map(node)).entrySet()) {
                out.append(comma).append(member.getKey()).append(": ");
                write(member.getValue(), out, false);
                comma = ", ";
            }
            out.append('}');
        } else if (node instanceof List<?> list) {
            many(list, "[", ", ", "]", out);
        } else if (node instanceof Choice choice) {
            many(choice.options(), "(", " or ", choice.orNothing() ? " or nothing)" : ")", out);
        } else if (top) {
            out.append(node);
        } else {
            out.append('"').append(node).append('"');
        }
    }

    private static void many(List<?> items, String open, String between, String close, StringBuilder out) {
        out.append(open);
        String separator = "";
        for (Object item : items) {
            out.append(separator);
            write(item, out, false);
            separator = between;
        }
        out.append(close);
    }
}
