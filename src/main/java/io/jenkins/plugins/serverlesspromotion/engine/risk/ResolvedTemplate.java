package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A template with its parameters: its current or future resources.
 *
 * @param resources by logical id, without those whose condition is false
 * @param transforms macros of the whole template, by name
 * @param loops names of loops that could not be unrolled
 */
record ResolvedTemplate(Map<String, Resource> resources, List<String> transforms, List<String> loops) {
    private static final String SAM = "AWS::Serverless-2016-10-31";

    /** Sections of SAM's {@code Globals} by the type they apply to. */
    private static final Map<String, String> GLOBALS = Map.of(
            "AWS::Serverless::Function", "Function",
            "AWS::Serverless::Api", "Api",
            "AWS::Serverless::HttpApi", "HttpApi",
            "AWS::Serverless::SimpleTable", "SimpleTable",
            "AWS::Serverless::StateMachine", "StateMachine");

    /** APIs that SAM creates for functions that name none. */
    private static final Map<String, String> IMPLICIT =
            Map.of("ServerlessRestApi", "AWS::Serverless::Api", "ServerlessHttpApi", "AWS::Serverless::HttpApi");

    /**
     * @param maybe whether its condition cannot be decided
     * @param attributes all attributes, with values filled in
     */
    record Resource(String id, String type, boolean maybe, Map<String, Object> attributes) {
        Map<String, Object> properties() {
            return TemplateQuery.map(attributes.get("Properties"));
        }

        Object property(String... path) {
            return TemplateQuery.at(attributes.get("Properties"), path);
        }

        /** The name that people use for it. */
        String named() {
            return id + " (" + type + ")";
        }

        /** The place of a property in the template. */
        String path(String property) {
            return "Resources." + id + ".Properties." + property;
        }

        String attribute(String name) {
            return attributes.get(name) instanceof String text ? text : null;
        }
    }

    /** @param version null when there is no template */
    static ResolvedTemplate of(TemplateChange.Version version, Map<String, String> pseudo) {
        if (version == null) {
            return new ResolvedTemplate(Map.of(), List.of(), List.of());
        }
        Map<String, Object> template = version.template();
        var intrinsics = new Intrinsics(template, version.parameters(), pseudo);
        var loops = new Loops(intrinsics);
        List<String> transforms = transforms(template.get("Transform"));
        Map<String, Object> globals = transforms.contains(SAM)
                ? TemplateQuery.map(intrinsics.resolve(loops.unroll(TemplateQuery.map(template.get("Globals")))))
                : Map.of();
        var resources = new LinkedHashMap<String, Resource>();
        IMPLICIT.forEach((id, type) -> {
            if (globals.containsKey(GLOBALS.get(type))) {
                resources.put(
                        id,
                        new Resource(
                                id,
                                type,
                                false,
                                withGlobals(type, Map.of("Type", type), globals, intrinsics.growth())));
            }
        });
        TemplateQuery.map(loops.unroll(TemplateQuery.map(template.get("Resources"))))
                .forEach((id, written) -> {
                    Map<String, Object> attributes = TemplateQuery.map(intrinsics.resolve(written));
                    if (!(attributes.get("Type") instanceof String type)) {
                        return;
                    }
                    Intrinsics.Truth holds = attributes.get("Condition") instanceof String name
                            ? intrinsics.condition(name)
                            : Intrinsics.Truth.YES;
                    if (holds != Intrinsics.Truth.NO) {
                        resources.put(
                                id,
                                new Resource(
                                        id,
                                        type,
                                        holds == Intrinsics.Truth.OPEN,
                                        withGlobals(type, attributes, globals, intrinsics.growth())));
                    }
                });
        return new ResolvedTemplate(resources, transforms, loops.unreadable());
    }

    private static List<String> transforms(Object written) {
        var names = new ArrayList<String>(TemplateQuery.texts(written));
        TemplateQuery.maps(written).forEach(m -> names.addAll(TemplateQuery.texts(m.get("Name"))));
        return names;
    }

    private static Map<String, Object> withGlobals(
            String type, Map<String, Object> attributes, Map<String, Object> globals, Growth growth) {
        Object shared = GLOBALS.containsKey(type) ? globals.get(GLOBALS.get(type)) : null;
        if (shared == null) {
            return attributes;
        }
        growth.add(shared);
        var all = new LinkedHashMap<>(attributes);
        Object own = attributes.getOrDefault("Properties", Map.of());
        all.put("Properties", merged(shared, own));
        return all;
    }

    /**
     * Merges like SAM: maps member by member, lists one after the other. For anything else the resource's own value
     * wins.
     */
    private static Object merged(Object shared, Object own) {
        if (shared instanceof Map<?, ?> && own instanceof Map<?, ?>) {
            var all = new LinkedHashMap<>(TemplateQuery.map(shared));
            TemplateQuery.map(own)
                    .forEach((key, value) -> all.put(key, all.containsKey(key) ? merged(all.get(key), value) : value));
            return all;
        }
        if (shared instanceof List<?> first && own instanceof List<?> second) {
            var all = new ArrayList<Object>(first);
            all.addAll(second);
            return all;
        }
        return own;
    }
}
