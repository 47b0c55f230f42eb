package io.jenkins.plugins.serverlesspromotion.format.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Lists the differences between two configurations, as trees of maps, lists, texts, numbers and booleans. */
public final class TreeDifferences {
    private static final String NOTHING = "nothing";

    /** The keys that identify a map in a list; the first that all maps have is used. */
    private static final List<List<String>> IDENTITIES = List.of(
            List.of("name"),
            List.of("finding", "role"),
            List.of("job"),
            List.of("user"),
            List.of("role"),
            List.of("environment"));

    private TreeDifferences() {}

    /**
     * A sentence for each key whose value differs, {@code environments[prod].gates[soak].for: 2h → 1h}; no sentence
     * exactly when the two are equal. Members of lists are matched by their names, not by their positions.
     */
    public static List<String> between(Object before, Object after) {
        var differences = new ArrayList<String>();
        compare("", before, after, differences);
        return differences;
    }

    private static void compare(String path, Object before, Object after, List<String> differences) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (isMap(before) && isMap(after)) {
            members(path, ".", map(before), map(after), differences);
        } else if (isTree(before) && isTree(after)) {
            Map<String, Object> old = named(list(before));
            Map<String, Object> now = named(list(after));
            members(path, "", old, now, differences);
            var kept = new LinkedHashSet<>(old.keySet());
            kept.retainAll(now.keySet());
            var order = new LinkedHashSet<>(now.keySet());
            order.retainAll(old.keySet());
            if (!List.copyOf(kept).equals(List.copyOf(order))) {
                differences.add(path + ": in the order " + String.join(" ", now.keySet()));
            }
        } else {
            differences.add(path + ": " + shown(before) + " → " + shown(after));
        }
    }

    private static void members(
            String path, String dot, Map<String, Object> before, Map<String, Object> after, List<String> differences) {
        var keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            compare(path.isEmpty() ? key : path + dot + key, before.get(key), after.get(key), differences);
        }
    }

    private static boolean isMap(Object value) {
        return value == null || value instanceof Map<?, ?>;
    }

    /** Whether it is a list with items other than texts. */
    private static boolean isTree(Object value) {
        return value == null
                || value instanceof List<?> list
                        && list.stream().allMatch(item -> item instanceof Map<?, ?> || item instanceof List<?>);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static List<?> list(Object value) {
        return value == null ? List.of() : (List<?>) value;
    }

    /** The members of a list by their identifying value, with a number where several have the same. */
    private static Map<String, Object> named(List<?> items) {
        var named = new LinkedHashMap<String, Object>();
        for (Object item : items) {
            String name = item instanceof Map<?, ?> map ? identity(map) : "";
            int number = 1;
            String key = "[" + name + "]";
            while (name.isEmpty() ? named.containsKey(key = "[" + number + "]") : named.containsKey(key)) {
                number++;
                key = "[" + (name + " " + number).strip() + "]";
            }
            named.put(key, item);
        }
        return named;
    }

    private static String identity(Map<?, ?> map) {
        for (List<String> keys : IDENTITIES) {
            if (keys.stream().allMatch(key -> map.get(key) instanceof String)) {
                return keys.stream().map(key -> (String) map.get(key)).collect(Collectors.joining(" "));
            }
        }
        // A gate is a map of one key, which names its kind.
        return map.size() == 1 ? String.valueOf(map.keySet().iterator().next()) : "";
    }

    private static String shown(Object value) {
        if (value == null || value instanceof List<?> list && list.isEmpty()) {
            return NOTHING;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(TreeDifferences::shown).collect(Collectors.joining(", "));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> e.getKey() + ": " + shown(e.getValue()))
                    .collect(Collectors.joining(", ", "{ ", " }"));
        }
        String text = value.toString().replaceAll("\\p{Cntrl}", "?");
        return text.isEmpty() ? "\"\"" : text;
    }
}
