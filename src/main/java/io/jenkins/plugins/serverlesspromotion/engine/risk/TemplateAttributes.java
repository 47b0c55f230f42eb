package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values of a template that a change set gives without a value, or does not name at all.
 *
 * @param stack those of the template itself, by path: {@code /Outputs/Url}
 * @param resources attributes of resources besides their properties, by logical id and path: {@code /DeletionPolicy}
 * @param given parameters that a nested stack is given, by its logical id; null for a value that only AWS knows
 */
public record TemplateAttributes(
        Map<String, String> stack, Map<String, Map<String, String>> resources, Map<String, Map<String, String>> given) {
    public static final TemplateAttributes NONE = new TemplateAttributes(Map.of(), Map.of(), Map.of());

    private static final List<String> OF_RESOURCES = List.of(
            "Condition",
            "CreationPolicy",
            "DeletionPolicy",
            "DependsOn",
            "Metadata",
            "UpdatePolicy",
            "UpdateReplacePolicy");

    /**
     * @param version null when there is no template
     * @param pseudo values of pseudo parameters by name
     * @return null when the template cannot be read, or becomes too large when its functions are filled in
     */
    public static TemplateAttributes of(TemplateChange.Version version, Map<String, String> pseudo) {
        if (version == null || version.unreadable() != null) {
            return null;
        }
        try {
            return read(version, pseudo);
        } catch (Growth.TooLargeException e) {
            return null;
        }
    }

    private static TemplateAttributes read(TemplateChange.Version version, Map<String, String> pseudo) {
        Map<String, Object> template = version.template();
        var intrinsics = new Intrinsics(template, version.parameters(), pseudo);
        var loops = new Loops(intrinsics);
        var stack = new TreeMap<String, String>();
        for (String section : List.of("Description", "Hooks", "Metadata", "Transform")) {
            put(stack, "/" + section, template.get(section));
        }
        TemplateQuery.map(loops.unroll(TemplateQuery.map(template.get("Outputs"))))
                .forEach((name, written) -> {
                    Map<String, Object> output = TemplateQuery.map(intrinsics.resolve(written));
                    if (isLeftOut(output, intrinsics)) {
                        return;
                    }
                    put(stack, "/Outputs/" + name, output.get("Value"));
                    put(stack, "/Outputs/" + name + "/Description", output.get("Description"));
                    put(stack, "/Outputs/" + name + "/Export", TemplateQuery.at(output, "Export", "Name"));
                });
        var resources = new HashMap<String, Map<String, String>>();
        var given = new TreeMap<String, Map<String, String>>();
        TemplateQuery.map(loops.unroll(TemplateQuery.map(template.get("Resources"))))
                .forEach((id, written) -> {
                    Map<String, Object> resource = TemplateQuery.map(intrinsics.resolve(written));
                    if (isLeftOut(resource, intrinsics)) {
                        return;
                    }
                    var attributes = new TreeMap<String, String>();
                    OF_RESOURCES.forEach(name -> put(attributes, "/" + name, resource.get(name)));
                    resources.put(id, attributes);
                    if (TemplateChange.isNested(String.valueOf(resource.get("Type")))) {
                        var known = new TreeMap<String, String>();
                        TemplateQuery.map(TemplateQuery.at(resource, "Properties", "Parameters"))
                                .forEach((name, value) -> known.put(
                                        name,
                                        value instanceof String text && !Intrinsics.isUnknown(text) ? text : null));
                        given.put(id, known);
                    }
                });
        return new TemplateAttributes(stack, resources, given);
    }

    private static boolean isLeftOut(Map<String, Object> definition, Intrinsics intrinsics) {
        return definition.get("Condition") instanceof String name && intrinsics.condition(name) == Intrinsics.Truth.NO;
    }

    private static void put(Map<String, String> into, String path, Object value) {
        if (value instanceof String text) {
            into.put(path, text);
        } else if (value != null) {
            into.put(path, TemplateQuery.key(value));
        }
    }
}
