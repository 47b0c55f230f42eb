package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.release.NoEchoParameters;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a template that CloudFormation acts on, with given parameters. Two templates with the same meaning deploy
 * the same: they may differ in descriptions, comments, form, parameters and mappings that nothing uses, resources whose
 * condition is false, and the notes of tools. A template with a macro has no such parts, because the macro gets all of
 * it.
 */
public final class TemplateMeaning {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{!?([^}]*)}");

    /** Metadata of a resource that only tools read which never see the stack. */
    private static final Set<String> NOTES = Set.of(
            "AWS::CloudFormation::Designer",
            "SamResourceId",
            "SamNormalized",
            "SamTransformMetrics",
            "BuildMethod",
            "BuildProperties",
            "Dockerfile",
            "DockerContext",
            "DockerTag",
            "DockerBuildArgs",
            "DockerBuildTarget",
            "cfn-lint",
            "cfn_nag",
            "cdk_nag",
            "checkov",
            "guard");

    private static final List<String> NOTE_PREFIXES = List.of("aws:cdk:", "aws:asset:");

    /** Sections that affect resources, besides those that are read one by one. */
    private static final List<String> WHOLE_SECTIONS = List.of("Transform", "Globals", "Hooks");

    private final Map<String, Object> effective;
    private final Set<String> parameters;

    private TemplateMeaning(Map<String, Object> effective, Set<String> parameters) {
        this.effective = effective;
        this.parameters = parameters;
    }

    /** @param pseudo values of pseudo parameters by name */
    public static TemplateMeaning of(TemplateChange.Version version, Map<String, String> pseudo) {
        Map<String, Object> template = version.template();
        if (!isForeseeable(template)) {
            return new TemplateMeaning(
                    template, TemplateQuery.map(template.get("Parameters")).keySet());
        }
        Conditions conditions = new Conditions(template, version.parameters(), pseudo);
        var effective = new TreeMap<String, Object>();
        for (String section : WHOLE_SECTIONS) {
            if (template.containsKey(section)) {
                effective.put(section, template.get(section));
            }
        }
        effective.put("Resources", resources(TemplateQuery.map(template.get("Resources")), conditions));
        effective.put("Outputs", outputs(TemplateQuery.map(template.get("Outputs")), conditions));
        Set<String> named = new TreeSet<>();
        effective.values().forEach(part -> names(part, named));
        for (String section : List.of("Conditions", "Mappings")) {
            effective.put(section, used(TemplateQuery.map(template.get(section)), named));
        }
        var declared = new TreeMap<String, Object>();
        TemplateQuery.map(template.get("Parameters")).forEach((name, declaration) -> {
            if (named.contains(name)) {
                Map<String, Object> of = TemplateQuery.map(declaration);
                declared.put(
                        name, List.of(String.valueOf(of.get("Type")), String.valueOf(NoEchoParameters.isNoEcho(of))));
            }
        });
        effective.put("Parameters", declared);
        return new TemplateMeaning(effective, declared.keySet());
    }

    public boolean isSame(TemplateMeaning other) {
        return TemplateQuery.key(effective).equals(TemplateQuery.key(other.effective));
    }

    /** Names of the declared parameters that affect anything. */
    public Set<String> parameters() {
        return Set.copyOf(parameters);
    }

    /** Whether the template alone determines the result of its transforms. */
    private static boolean isForeseeable(Map<String, Object> template) {
        Object written = template.get("Transform");
        var names = new TreeSet<>(TemplateQuery.texts(written));
        TemplateQuery.maps(written).forEach(m -> names.addAll(TemplateQuery.texts(m.get("Name"))));
        return names.stream().allMatch(UnanalyzableRules::isForeseeable)
                && !TemplateQuery.key(template).contains("Fn::Transform");
    }

    private static Map<String, Object> resources(Map<String, Object> written, Conditions conditions) {
        var resources = new TreeMap<String, Object>();
        written.forEach((id, definition) -> {
            // A loop is no resource and has no condition.
            if (!(definition instanceof Map<?, ?>)) {
                resources.put(id, definition);
                return;
            }
            Map<String, Object> attributes = conditions.applied(TemplateQuery.map(definition));
            if (attributes == null) {
                return;
            }
            // The order of work has no lasting effect.
            attributes.remove("DependsOn");
            var metadata = new TreeMap<>(TemplateQuery.map(attributes.remove("Metadata")));
            metadata.keySet()
                    .removeIf(
                            key -> NOTES.contains(key) || NOTE_PREFIXES.stream().anyMatch(key::startsWith));
            if (!metadata.isEmpty()) {
                attributes.put("Metadata", metadata);
            }
            if (TemplateQuery.map(attributes.get("Properties")).isEmpty()
                    && !(attributes.get("Properties") instanceof Collection<?>)) {
                attributes.remove("Properties");
            }
            resources.put(id, attributes);
        });
        return resources;
    }

    private static Map<String, Object> outputs(Map<String, Object> written, Conditions conditions) {
        var outputs = new TreeMap<String, Object>();
        written.forEach((name, definition) -> {
            if (!(definition instanceof Map<?, ?>)) {
                outputs.put(name, definition);
                return;
            }
            Map<String, Object> attributes = conditions.applied(TemplateQuery.map(definition));
            if (attributes != null) {
                attributes.remove("Description");
                outputs.put(name, attributes);
            }
        });
        return outputs;
    }

    /** The members of {@code section} that something in {@code named} uses; what those use is added to it. */
    private static Map<String, Object> used(Map<String, Object> section, Set<String> named) {
        var used = new TreeMap<String, Object>();
        boolean more = true;
        while (more) {
            more = false;
            for (var member : section.entrySet()) {
                if (named.contains(member.getKey()) && !used.containsKey(member.getKey())) {
                    used.put(member.getKey(), member.getValue());
                    names(member.getValue(), named);
                    more = true;
                }
            }
        }
        return used;
    }

    /**
     * Every text in {@code node}, and every variable in a text: whatever it may refer to is among them. A part that is
     * not used may be found too, and then it is compared.
     */
    private static void names(Object node, Set<String> into) {
        if (node instanceof Map<?, ?> map) {
            map.values().forEach(value -> names(value, into));
        } else if (node instanceof Collection<?> list) {
            list.forEach(item -> names(item, into));
        } else if (node instanceof String text) {
            into.add(text);
            Matcher variable = VARIABLE.matcher(text).region(0, text.lastIndexOf('}') + 1);
            while (variable.find()) {
                into.add(variable.group(1).strip());
            }
        }
    }

    /** Evaluates the conditions of one template. */
    private static final class Conditions {
        private final Intrinsics intrinsics;

        Conditions(Map<String, Object> template, Map<String, String> given, Map<String, String> pseudo) {
            this.intrinsics = new Intrinsics(template, given, pseudo);
        }

        /** A copy without a condition that is true; null when the condition is false. */
        Map<String, Object> applied(Map<String, Object> definition) {
            var applied = new LinkedHashMap<>(definition);
            if (definition.get("Condition") instanceof String name) {
                Intrinsics.Truth truth = truth(name);
                if (truth == Intrinsics.Truth.NO) {
                    return null;
                }
                if (truth == Intrinsics.Truth.YES) {
                    applied.remove("Condition");
                }
            }
            return applied;
        }

        private Intrinsics.Truth truth(String name) {
            try {
                return intrinsics.condition(name);
            } catch (Growth.TooLargeException e) {
                return Intrinsics.Truth.OPEN;
            }
        }
    }
}
