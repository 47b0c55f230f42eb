package io.jenkins.plugins.serverlesspromotion.format.importers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a template as maps, lists and texts. */
final class PlainTree {
    static final String LOOP = "Fn::ForEach::";

    private PlainTree() {}

    static String type(Object resource) {
        return map(resource).get("Type") instanceof String type ? type : "";
    }

    /** Empty for anything but a map. */
    static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** The members of a map and of the loops in it: {@code Fn::ForEach::Name: [ variable, values, { … } ]}. */
    static List<Map.Entry<String, Object>> members(Object value) {
        var members = new ArrayList<Map.Entry<String, Object>>();
        map(value).forEach((key, member) -> {
            if (!String.valueOf(key).startsWith(LOOP)) {
                members.add(Map.entry(String.valueOf(key), member));
            } else if (member instanceof List<?> loop && loop.size() == 3) {
                members.addAll(members(loop.get(2)));
            }
        });
        return members;
    }
}
