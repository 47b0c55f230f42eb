package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Evaluates intrinsic functions of a template for one stack. */
final class Expressions {
    /** Stands for a value that only the operation itself will know; AWS shows the same text in change sets. */
    static final String UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}";

    private static final Pattern SUB = Pattern.compile("\\$\\{(!?)([^{}]+)}");

    /** What references to resources mean. */
    interface Scope {
        /** The physical id, or {@link #UNKNOWN}. */
        String ref(String logicalId);

        /** An attribute, or {@link #UNKNOWN}; null when there is no such attribute. */
        String attribute(String logicalId, String name);
    }

    private final Template template;
    private final Map<String, String> parameters;
    private final Map<String, String> pseudo = new HashMap<>();
    private final Region region;
    private final Scope scope;
    private final Map<String, Boolean> conditions = new HashMap<>();
    /** Names of the exports that were read. */
    final Set<String> imports = new TreeSet<>();

    Expressions(
            Template template,
            Map<String, String> parameters,
            Region region,
            String stackName,
            String stackId,
            Scope scope) {
        this.template = template;
        this.parameters = parameters;
        this.region = region;
        this.scope = scope;
        pseudo.put("AWS::AccountId", region.account);
        pseudo.put("AWS::Region", region.name);
        pseudo.put("AWS::Partition", "aws");
        pseudo.put("AWS::URLSuffix", "amazonaws.com");
        pseudo.put("AWS::StackName", stackName);
        pseudo.put("AWS::StackId", stackId);
    }

    /** Whether a resource or output exists, by its Condition. */
    boolean included(JsonNode member) {
        String condition = SandboxJson.text(member, "Condition");
        return condition == null || condition(condition);
    }

    private boolean condition(String name) {
        Boolean known = conditions.get(name);
        if (known == null) {
            JsonNode definition = template.root.path("Conditions").get(name);
            if (definition == null) {
                throw error("unresolved condition dependency " + name);
            }
            known = truth(definition);
            conditions.put(name, known);
        }
        return known;
    }

    private boolean truth(JsonNode node) {
        if (node.isObject() && node.has("Condition")) {
            return condition(node.get("Condition").asText());
        }
        JsonNode value = evaluate(node);
        return value != null && value.asBoolean();
    }

    static AwsError error(String message) {
        return AwsError.validation("Template error: " + message);
    }

    String text(JsonNode node) {
        JsonNode value = evaluate(node);
        if (value == null) {
            return "";
        }
        return value.isContainerNode() ? SandboxJson.write(value) : value.asText();
    }

    /** The value of an expression; null for AWS::NoValue. */
    JsonNode evaluate(JsonNode node) {
        if (node == null) {
            return null;
        }
        if (node.isArray()) {
            ArrayNode array = SandboxJson.array();
            for (JsonNode item : node) {
                JsonNode value = evaluate(item);
                if (value != null) {
                    array.add(value);
                }
            }
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        if (node.size() == 1) {
            String name = node.fieldNames().next();
            if (name.equals("Ref") || name.startsWith("Fn::")) {
                return call(name, node.get(name));
            }
            if (name.equals("Condition")
                    && node.get(name).isTextual()
                    && template.root.path("Conditions").has(node.get(name).asText())) {
                return SandboxJson.tree(condition(node.get(name).asText()));
            }
        }
        ObjectNode object = SandboxJson.object();
        node.properties().forEach(field -> {
            JsonNode value = evaluate(field.getValue());
            if (value != null) {
                object.set(field.getKey(), value);
            }
        });
        return object;
    }

    private JsonNode call(String name, JsonNode argument) {
        return switch (name) {
            case "Ref" -> reference(argument.asText());
            case "Fn::GetAtt" -> SandboxJson.tree(attribute(argument));
            case "Fn::Sub" -> SandboxJson.tree(sub(argument));
            case "Fn::Join" -> SandboxJson.tree(String.join(text(argument.path(0)), strings(argument.path(1))));
            case "Fn::Split" -> SandboxJson.tree(split(text(argument.path(0)), text(argument.path(1))));
            case "Fn::Select" -> select(argument);
            case "Fn::If" -> evaluate(argument.path(condition(argument.path(0).asText()) ? 1 : 2));
            case "Fn::Equals" -> SandboxJson.tree(text(argument.path(0)).equals(text(argument.path(1))));
            case "Fn::And" -> SandboxJson.tree(all(argument));
            case "Fn::Or" -> SandboxJson.tree(any(argument));
            case "Fn::Not" -> SandboxJson.tree(!truth(argument.path(0)));
            case "Fn::FindInMap" -> find(argument);
            case "Fn::ImportValue" -> SandboxJson.tree(imported(text(argument)));
            case "Fn::Base64" ->
                SandboxJson.tree(SandboxJson.base64(text(argument).getBytes(StandardCharsets.UTF_8)));
            case "Fn::GetAZs" -> SandboxJson.tree(List.of(region.name + "a", region.name + "b", region.name + "c"));
            case "Fn::ToJsonString" -> SandboxJson.tree(SandboxJson.write(evaluate(argument)));
            case "Fn::Length" -> SandboxJson.tree(evaluate(argument).size());
            default -> throw error("the sandbox does not support the function " + name);
        };
    }

    private boolean all(JsonNode operands) {
        for (JsonNode operand : operands) {
            if (!truth(operand)) {
                return false;
            }
        }
        return true;
    }

    private boolean any(JsonNode operands) {
        for (JsonNode operand : operands) {
            if (truth(operand)) {
                return true;
            }
        }
        return false;
    }

    private JsonNode reference(String name) {
        if (name.equals("AWS::NoValue")) {
            return null;
        }
        if (name.equals("AWS::NotificationARNs")) {
            return SandboxJson.array();
        }
        if (pseudo.containsKey(name)) {
            return SandboxJson.tree(pseudo.get(name));
        }
        if (parameters.containsKey(name)) {
            String type = template.parameters().get(name).path("Type").asText();
            boolean list = type.startsWith("List<") || type.equals("CommaDelimitedList") || type.contains("<List<");
            return SandboxJson.tree(
                    list
                            ? split(",", parameters.get(name)).stream()
                                    .map(String::trim)
                                    .toList()
                            : parameters.get(name));
        }
        if (!template.resources().containsKey(name)) {
            throw Template.format(
                    "Unresolved resource dependencies [" + name + "] in the Resources block of the template");
        }
        return SandboxJson.tree(scope.ref(name));
    }

    private String attribute(JsonNode argument) {
        String name = argument.isArray()
                ? argument.path(0).asText()
                : argument.asText().split("\\.", 2)[0];
        String attribute =
                argument.isArray() ? text(argument.path(1)) : argument.asText().split("\\.", 2)[1];
        if (!template.resources().containsKey(name)) {
            throw error("instance of Fn::GetAtt references undefined resource " + name);
        }
        String value = scope.attribute(name, attribute);
        if (value == null) {
            throw error("resource " + name + " does not support attribute type " + attribute + " in Fn::GetAtt");
        }
        return value;
    }

    private String sub(JsonNode argument) {
        String text = argument.isArray() ? argument.path(0).asText() : argument.asText();
        JsonNode variables = argument.isArray() ? argument.path(1) : SandboxJson.object();
        Matcher matcher = SUB.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(2).trim();
            String value;
            if (!matcher.group(1).isEmpty()) {
                value = "${" + matcher.group(2) + "}";
            } else if (variables.has(name)) {
                value = text(variables.get(name));
            } else if (name.contains(".")) {
                int dot = name.indexOf('.');
                value = attribute(
                        SandboxJson.array().add(name.substring(0, dot)).add(name.substring(dot + 1)));
            } else {
                JsonNode found = reference(name);
                value = found == null ? "" : found.asText();
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        matcher.appendTail(out);
        return out.toString();
    }

    private List<String> strings(JsonNode node) {
        List<String> strings = new ArrayList<>();
        JsonNode value = evaluate(node);
        if (value != null) {
            value.forEach(item -> strings.add(item.asText()));
            if (!value.isArray()) {
                strings.add(value.asText());
            }
        }
        return strings;
    }

    private static List<String> split(String delimiter, String text) {
        return List.of(text.split(Pattern.quote(delimiter), -1));
    }

    private JsonNode select(JsonNode argument) {
        int index = Integer.parseInt(text(argument.path(0)));
        JsonNode list = evaluate(argument.path(1));
        if (list == null || index < 0 || index >= list.size()) {
            throw error("Fn::Select cannot select nonexistent value at index " + index);
        }
        return list.get(index);
    }

    private JsonNode find(JsonNode argument) {
        String map = text(argument.path(0));
        String first = text(argument.path(1));
        String second = text(argument.path(2));
        JsonNode value = template.root.path("Mappings").path(map).path(first).path(second);
        if (value.isMissingNode()) {
            if (argument.path(3).has("DefaultValue")) {
                return evaluate(argument.path(3).get("DefaultValue"));
            }
            throw error("Unable to get mapping for " + map + "::" + first + "::" + second);
        }
        return value;
    }

    private String imported(String name) {
        Region.Export export = region.exports.get(name);
        if (export == null) {
            throw AwsError.validation("No export named " + name + " found.");
        }
        imports.add(name);
        return export.value();
    }
}
