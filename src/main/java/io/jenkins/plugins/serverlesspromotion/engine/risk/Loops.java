package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Unrolls {@code Fn::ForEach} of the transform AWS::LanguageExtensions. */
final class Loops {
    static final String PREFIX = "Fn::ForEach::";

    /** Limit of members that all loops together may create. CloudFormation itself accepts 500 resources. */
    private static final int MOST = 10_000;

    private final Intrinsics intrinsics;
    private final List<String> unreadable = new ArrayList<>();
    private int made;

    Loops(Intrinsics intrinsics) {
        this.intrinsics = intrinsics;
    }

    /** Names of loops over an unknown collection. */
    List<String> unreadable() {
        return unreadable;
    }

    Object unroll(Object node) {
        if (node instanceof List<?> list) {
            return list.stream().map(this::unroll).toList();
        }
        if (!(node instanceof Map<?, ?>)) {
            return node;
        }
        var members = new LinkedHashMap<String, Object>();
        TemplateQuery.map(node).forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                members.putAll(loop(key.substring(PREFIX.length()), value));
            } else {
                members.put(key, unroll(value));
            }
        });
        return members;
    }

    private Map<String, Object> loop(String name, Object value) {
        if (value instanceof List<?> parts
                && parts.size() == 3
                && parts.get(0) instanceof String variable
                && intrinsics.resolve(parts.get(1)) instanceof List<?> values
                && values.stream().allMatch(v -> v instanceof String text && !Intrinsics.isUnknown(text))) {
            var members = new LinkedHashMap<String, Object>();
            for (Object each : values) {
                made += TemplateQuery.map(parts.get(2)).size();
                if (made > MOST) {
                    break;
                }
                members.putAll(TemplateQuery.map(unroll(filled(parts.get(2), variable, (String) each))));
            }
            if (made <= MOST) {
                return members;
            }
        }
        unreadable.add(name);
        return Map.of();
    }

    private Object filled(Object node, String variable, String value) {
        if (node instanceof String text) {
            intrinsics.growth().add(text.length() + value.length());
            return text.replace("${" + variable + "}", value).replace("&{" + variable + "}", clean(value));
        }
        if (node instanceof List<?> list) {
            return list.stream().map(item -> filled(item, variable, value)).toList();
        }
        Map<String, Object> map = TemplateQuery.map(node);
        if (map.size() == 1 && variable.equals(map.get("Ref"))) {
            return value;
        }
        var members = new LinkedHashMap<String, Object>();
        intrinsics.growth().add(map.size());
        map.forEach((key, member) -> members.put(
                key.replace("${" + variable + "}", value).replace("&{" + variable + "}", clean(value)),
                filled(member, variable, value)));
        return members;
    }

    /** <code>&{x}</code> removes characters that a logical id cannot have. */
    private static String clean(String value) {
        return value.replaceAll("[^A-Za-z0-9]", "");
    }
}
