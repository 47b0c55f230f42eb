package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which resources a resource needs, and the order that follows. */
final class Dependencies {
    private static final Pattern SUB = Pattern.compile("\\$\\{([^!{}][^{}]*)}");

    private Dependencies() {}

    /** Names in Ref, Fn::GetAtt, Fn::Sub and DependsOn; parameters and pseudo parameters too. */
    static Set<String> references(JsonNode resource) {
        Set<String> names = new TreeSet<>();
        collect(resource.get("Properties"), names, Set.of());
        names.addAll(IamPolicy.strings(resource.get("DependsOn")));
        return names;
    }

    /** Names within any expression. */
    static Set<String> within(JsonNode expression) {
        Set<String> names = new TreeSet<>();
        collect(expression, names, Set.of());
        return names;
    }

    /** What Fn::GetAtt and Fn::Sub take of resources within an expression: {@code Role.Arn}. */
    static Set<String> attributes(JsonNode expression) {
        Set<String> found = new TreeSet<>();
        if (expression != null) {
            JsonNode attribute = expression.get("Fn::GetAtt");
            if (attribute != null) {
                found.add(attribute.isArray() ? String.join(".", IamPolicy.strings(attribute)) : attribute.asText());
            }
            JsonNode sub = expression.get("Fn::Sub");
            if (sub != null) {
                String text = sub.isArray() ? sub.path(0).asText() : sub.asText();
                SUB.matcher(text)
                        .results()
                        .map(m -> m.group(1).trim())
                        .filter(n -> n.contains("."))
                        .forEach(found::add);
            }
            expression.forEach(child -> found.addAll(attributes(child)));
        }
        return found;
    }

    private static void collect(JsonNode node, Set<String> names, Set<String> local) {
        if (node == null) {
            return;
        }
        if (node.isObject() && node.size() == 1) {
            String key = node.fieldNames().next();
            JsonNode value = node.get(key);
            switch (key) {
                case "Ref" -> {
                    names.add(value.asText());
                    return;
                }
                case "Fn::GetAtt" -> {
                    names.add(
                            value.isArray()
                                    ? value.path(0).asText()
                                    : value.asText().split("\\.")[0]);
                    return;
                }
                case "Fn::Sub" -> {
                    JsonNode variables = value.isArray() ? value.path(1) : SandboxJson.object();
                    Set<String> own = new TreeSet<>();
                    variables.fieldNames().forEachRemaining(own::add);
                    String text = value.isArray() ? value.path(0).asText() : value.asText();
                    for (Matcher matcher = SUB.matcher(text); matcher.find(); ) {
                        String name = matcher.group(1).trim().split("\\.")[0];
                        if (!own.contains(matcher.group(1).trim())) {
                            names.add(name);
                        }
                    }
                    collect(variables, names, own);
                    return;
                }
                default -> {}
            }
        }
        node.forEach(child -> collect(child, names, local));
    }

    /**
     * Groups of resources that can be worked on together; each group needs only earlier ones.
     *
     * @throws AwsError ValidationError for a circle
     */
    static List<List<String>> levels(Template template, Collection<String> wanted) {
        Map<String, Set<String>> needs = new TreeMap<>();
        Map<String, JsonNode> resources = template.resources();
        for (String id : wanted) {
            JsonNode resource = resources.get(id);
            Set<String> names = resource == null ? new TreeSet<>() : references(resource);
            names.retainAll(wanted);
            names.remove(id);
            needs.put(id, names);
        }
        return levels(needs);
    }

    /** The same for needs that are known already. */
    static List<List<String>> levels(Map<String, Set<String>> needs) {
        Map<String, Set<String>> open = new TreeMap<>(needs);
        List<List<String>> levels = new ArrayList<>();
        while (!open.isEmpty()) {
            List<String> level = new ArrayList<>();
            open.forEach((id, names) -> {
                if (names.stream().noneMatch(open::containsKey)) {
                    level.add(id);
                }
            });
            if (level.isEmpty()) {
                throw AwsError.validation("Circular dependency between resources: " + open.keySet());
            }
            level.forEach(open::remove);
            levels.add(level);
        }
        return levels;
    }
}
