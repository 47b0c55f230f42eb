package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Replaces CloudFormation's intrinsic functions by values that follow from parameters and pseudo parameters. Values
 * that only AWS knows stay as placeholders: <code>${Table.Arn}</code>, <code>${EventBusName}</code>. A condition that
 * cannot be decided leaves a {@link TemplateQuery.Choice} of both values. Values of NoEcho parameters are never filled
 * in.
 */
final class Intrinsics {
    /**
     * A choice of more values than this becomes a placeholder: people could not read it, and products of choices
     * explode.
     */
    private static final int CHOICES = 32;

    private static final int DEEPEST_CONDITION = 50;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");
    private static final Object NO_VALUE = new Object();

    private final Map<String, Object> parameters;
    private final Map<String, Object> mappings;
    private final Map<String, Object> conditions;
    private final Map<String, String> given;
    private final Map<String, String> pseudo;
    private final Growth growth = new Growth();

    /** Conditions by name, evaluated on demand. A condition that refers to itself cannot be decided. */
    private final Map<String, Truth> decided = new HashMap<>();

    /**
     * @param given values of parameters by name
     * @param pseudo values of pseudo parameters ({@code AWS::Region}) by name
     */
    Intrinsics(Map<String, Object> template, Map<String, String> given, Map<String, String> pseudo) {
        this.parameters = TemplateQuery.map(template.get("Parameters"));
        this.mappings = TemplateQuery.map(template.get("Mappings"));
        this.conditions = TemplateQuery.map(template.get("Conditions"));
        this.given = given;
        this.pseudo = pseudo;
    }

    /** @return null when the value is {@code AWS::NoValue} */
    Object resolve(Object node) {
        Object value = value(node);
        return value == NO_VALUE ? null : value;
    }

    private Object value(Object node) {
        if (node instanceof List<?> list) {
            return items(list);
        }
        if (!(node instanceof Map<?, ?>)) {
            return node;
        }
        Map<String, Object> map = TemplateQuery.map(node);
        if (map.size() == 1) {
            var only = map.entrySet().iterator().next();
            Object value = function(only.getKey(), only.getValue());
            if (value != null) {
                growth.add(value);
                return value;
            }
        }
        var resolved = new LinkedHashMap<String, Object>();
        map.forEach((key, member) -> {
            Object value = value(member);
            if (value != NO_VALUE) {
                resolved.put(key, value);
            }
        });
        return resolved;
    }

    /** The size limit, for other code that expands the same template. */
    Growth growth() {
        return growth;
    }

    private List<Object> items(List<?> list) {
        var items = new ArrayList<Object>();
        for (Object item : list) {
            Object value = value(item);
            if (value != NO_VALUE) {
                items.add(value);
            }
        }
        return items;
    }

    /** @return null when it is not a function with a value */
    private Object function(String name, Object argument) {
        return switch (name) {
            case "Ref" -> argument instanceof String to ? reference(to) : null;
            case "Fn::GetAtt" -> attribute(argument);
            case "Fn::Sub" -> substituted(argument);
            case "Fn::Join" -> joined(argument);
            case "Fn::If" -> chosen(argument);
            case "Fn::FindInMap" -> found(argument);
            case "Fn::Select" -> selected(argument);
            case "Fn::Split" -> split(argument);
            case "Fn::Base64", "Fn::ToJsonString" -> value(argument);
            case "Fn::Length" ->
                value(argument) instanceof List<?> list ? String.valueOf(list.size()) : unknown(name, argument);
            case "Fn::ImportValue", "Fn::GetAZs", "Fn::Cidr", "Fn::GetStackOutput" -> unknown(name, argument);
            default -> null;
        };
    }

    private String unknown(String function, Object argument) {
        return "${" + function.substring("Fn::".length()) + " " + TemplateQuery.shown(value(argument)) + "}";
    }

    private Object reference(String name) {
        if (name.equals("AWS::NoValue")) {
            return NO_VALUE;
        }
        if (pseudo.containsKey(name)) {
            return pseudo.get(name);
        }
        if (!parameters.containsKey(name)) {
            return "${" + name + "}";
        }
        Map<String, Object> declared = TemplateQuery.map(parameters.get(name));
        String type = String.valueOf(declared.get("Type"));
        String value = given.containsKey(name) ? given.get(name) : text(declared.get("Default"));
        boolean hidden = NoEchoParameters.isNoEcho(declared) || "****".equals(value);
        if (value == null || hidden || type.startsWith("AWS::SSM::Parameter::Value")) {
            return "${" + name + "}";
        }
        return type.equals("CommaDelimitedList") || type.startsWith("List<")
                ? new ArrayList<Object>(items(value))
                : value;
    }

    /** The text without the blanks around each comma, and without empty items at the end. */
    private static List<String> items(String value) {
        if (value.indexOf(',') < 0) {
            return List.of(value);
        }
        String[] parts = value.split(",");
        for (int i = 0; i < parts.length; i++) {
            String left = i == 0 ? parts[i] : parts[i].stripLeading();
            parts[i] = i == parts.length - 1 && !value.endsWith(",") ? left : left.stripTrailing();
        }
        int length = parts.length;
        while (length > 0 && parts[length - 1].isEmpty()) {
            length--;
        }
        return Arrays.asList(parts).subList(0, length);
    }

    private static String text(Object node) {
        return node instanceof String text ? text : null;
    }

    private Object attribute(Object argument) {
        List<String> parts = argument instanceof String one ? List.of(one) : TemplateQuery.texts(value(argument));
        return parts.isEmpty() ? null : "${" + String.join(".", parts) + "}";
    }

    private Object substituted(Object argument) {
        List<?> list = argument instanceof List<?> given ? given : List.of(argument);
        if (list.isEmpty() || !(list.get(0) instanceof String text)) {
            return null;
        }
        Map<String, Object> variables = list.size() > 1 ? TemplateQuery.map(value(list.get(1))) : Map.of();
        var parts = new ArrayList<Object>();
        // After the last brace nothing is closed. Searching for a brace from every ${ would take very long.
        Matcher matcher = VARIABLE.matcher(text).region(0, text.lastIndexOf('}') + 1);
        int at = 0;
        while (matcher.find()) {
            parts.add(text.substring(at, matcher.start()));
            String name = matcher.group(2).strip();
            if (!matcher.group(1).isEmpty()) {
                parts.add("${" + name + "}");
            } else if (variables.containsKey(name)) {
                parts.add(variables.get(name));
            } else {
                parts.add(name.contains(".") ? "${" + name + "}" : reference(name));
            }
            at = matcher.end();
        }
        parts.add(text.substring(at));
        return combined(parts, "");
    }

    private Object joined(Object argument) {
        if (!(argument instanceof List<?> list) || list.size() != 2 || !(list.get(0) instanceof String between)) {
            return null;
        }
        Object parts = value(list.get(1));
        return parts instanceof List<?> items ? combined(items, between) : unknown("Fn::Join", argument);
    }

    /** All texts that the parts can form, as one text where there is only one. */
    private Object combined(List<?> parts, String between) {
        List<StringBuilder> texts = List.of(new StringBuilder());
        boolean first = true;
        for (Object part : parts) {
            List<String> next = part instanceof TemplateQuery.Choice ? TemplateQuery.texts(part) : List.of(plain(part));
            if ((long) texts.size() * Math.max(1, next.size()) > CHOICES) {
                next = List.of("${one of " + next.size() + " values}");
            }
            String separator = first ? "" : between;
            first = false;
            if (next.size() == 1) {
                growth.add(
                        (long) texts.size() * (separator.length() + next.get(0).length()));
                for (StringBuilder text : texts) {
                    text.append(separator).append(next.get(0));
                }
                continue;
            }
            var longer = new ArrayList<StringBuilder>();
            for (StringBuilder before : texts) {
                for (String after : next) {
                    growth.add((long) before.length() + separator.length() + after.length());
                    longer.add(new StringBuilder(before).append(separator).append(after));
                }
            }
            texts = longer;
        }
        List<Object> distinct = texts.stream()
                .map(StringBuilder::toString)
                .distinct()
                .map(Object.class::cast)
                .toList();
        return distinct.size() == 1 ? distinct.get(0) : new TemplateQuery.Choice(distinct);
    }

    private static String plain(Object part) {
        return part instanceof String text ? text : part == NO_VALUE ? "" : TemplateQuery.shown(part);
    }

    private Object chosen(Object argument) {
        if (!(argument instanceof List<?> list) || list.size() != 3) {
            return null;
        }
        Truth holds = holds(list.get(0), 0);
        if (holds != Truth.OPEN) {
            return value(list.get(holds == Truth.YES ? 1 : 2));
        }
        var options = new ArrayList<Object>();
        boolean orNothing = false;
        for (Object branch : list.subList(1, 3)) {
            Object value = value(branch);
            if (value instanceof TemplateQuery.Choice inner) {
                options.addAll(inner.options());
                orNothing |= inner.orNothing();
            } else if (value == NO_VALUE) {
                orNothing = true;
            } else {
                options.add(value);
            }
        }
        if (options.size() > CHOICES) {
            return "${If " + list.get(0) + "}";
        }
        return options.isEmpty() ? NO_VALUE : new TemplateQuery.Choice(options, orNothing);
    }

    private Object found(Object argument) {
        if (!(argument instanceof List<?> list) || list.size() < 3) {
            return null;
        }
        List<Object> level = new ArrayList<>(List.of(mappings));
        for (Object key : list.subList(0, 3)) {
            String name = value(key) instanceof String text && !isUnknown(text) ? text : null;
            var next = new ArrayList<Object>();
            for (Object one : level) {
                // An unknown key can be any of them.
                Map<String, Object> members = TemplateQuery.map(one);
                if (name == null) {
                    next.addAll(members.values());
                } else if (members.containsKey(name)) {
                    next.add(members.get(name));
                }
            }
            level = next;
        }
        List<Object> distinct = List.copyOf(new java.util.LinkedHashSet<>(level));
        if (distinct.isEmpty() || distinct.size() > CHOICES) {
            return unknown("Fn::FindInMap", argument);
        }
        return distinct.size() == 1 ? distinct.get(0) : new TemplateQuery.Choice(distinct);
    }

    private Object selected(Object argument) {
        if (argument instanceof List<?> list
                && list.size() == 2
                && value(list.get(0)) instanceof String index
                && value(list.get(1)) instanceof List<?> items
                && index.matches("[0-9]{1,6}")
                && Integer.parseInt(index) < items.size()) {
            return items.get(Integer.parseInt(index));
        }
        return unknown("Fn::Select", argument);
    }

    private Object split(Object argument) {
        if (argument instanceof List<?> list
                && list.size() == 2
                && list.get(0) instanceof String by
                && value(list.get(1)) instanceof String text
                && !by.isEmpty()
                && !isUnknown(text)) {
            return new ArrayList<Object>(Arrays.asList(text.split(Pattern.quote(by), -1)));
        }
        return unknown("Fn::Split", argument);
    }

    /** Whether a text contains something that only AWS knows. */
    static boolean isUnknown(String text) {
        return text.contains("${") || text.contains("{{resolve:");
    }

    /** Whether a condition of the template is true. */
    Truth condition(String name) {
        return holds(name, 0);
    }

    /** The value of a condition. */
    enum Truth {
        YES,
        NO,
        /** The condition cannot be decided. */
        OPEN;

        private static Truth of(boolean value) {
            return value ? YES : NO;
        }

        private Truth not() {
            return this == OPEN ? OPEN : of(this == NO);
        }

        private static Truth all(Stream<Truth> values) {
            Set<Truth> found = values.collect(Collectors.toSet());
            return found.contains(NO) ? NO : found.contains(OPEN) ? OPEN : YES;
        }
    }

    private Truth holds(Object condition, int depth) {
        if (depth > DEEPEST_CONDITION) {
            return Truth.OPEN;
        }
        if (condition instanceof String name) {
            Truth known = decided.putIfAbsent(name, Truth.OPEN);
            if (known == null && conditions.containsKey(name)) {
                known = holds(conditions.get(name), depth + 1);
                decided.put(name, known);
            }
            return known == null ? Truth.OPEN : known;
        }
        Map<String, Object> map = TemplateQuery.map(condition);
        if (map.size() != 1) {
            return Truth.OPEN;
        }
        var only = map.entrySet().iterator().next();
        List<?> operands = only.getValue() instanceof List<?> list ? list : List.of(only.getValue());
        Stream<Truth> values = operands.stream().map(o -> holds(o, depth + 1));
        return switch (only.getKey()) {
            case "Condition" -> only.getValue() instanceof String name ? holds(name, depth + 1) : Truth.OPEN;
            case "Fn::Not" -> operands.size() == 1 ? Truth.all(values).not() : Truth.OPEN;
            case "Fn::And" -> Truth.all(values);
            case "Fn::Or" -> Truth.all(values.map(Truth::not)).not();
            case "Fn::Equals" ->
                operands.size() == 2 ? equal(value(operands.get(0)), value(operands.get(1))) : Truth.OPEN;
            default -> Truth.OPEN;
        };
    }

    private static Truth equal(Object a, Object b) {
        if (!(a instanceof String left) || !(b instanceof String right)) {
            return Truth.OPEN;
        }
        return !left.equals(right) && (isUnknown(left) || isUnknown(right)) ? Truth.OPEN : Truth.of(left.equals(right));
    }
}
