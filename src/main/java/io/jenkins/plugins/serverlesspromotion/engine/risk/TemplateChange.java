package io.jenkins.plugins.serverlesspromotion.engine.risk;

import io.jenkins.plugins.serverlesspromotion.engine.port.Templates;
import java.util.Map;
import java.util.TreeMap;

/**
 * The live template and the next one.
 *
 * @param before null when there is no stack yet
 * @param after null when the stack is deleted
 * @param pseudo values of pseudo parameters by name ({@code AWS::Region}); those left out are unknown
 * @param nested what happens to nested stacks, by logical id; those left out are unknown
 * @param bucket of the account's staged files, whose keys are digests of their content; null where there is none
 */
public record TemplateChange(
        Version before, Version after, Map<String, String> pseudo, Map<String, TemplateChange> nested, String bucket) {
    public TemplateChange(
            Version before, Version after, Map<String, String> pseudo, Map<String, TemplateChange> nested) {
        this(before, after, pseudo, nested, null);
    }

    public TemplateChange {
        pseudo = new TreeMap<>(pseudo);
        nested = new TreeMap<>(nested);
    }

    /** Whether a resource of this type is a separate stack. */
    static boolean isNested(String type) {
        return type.equals("AWS::CloudFormation::Stack") || type.equals("AWS::Serverless::Application");
    }

    /**
     * A template and its parameters.
     *
     * @param template as {@link Templates#tree} gives it; empty when it cannot be read
     * @param parameters values as people see them, those with NoEcho as {@code ****}; defaults may be left out
     * @param unreadable why it cannot be read, null when it can
     */
    public record Version(Map<String, Object> template, Map<String, String> parameters, String unreadable) {
        public Version {
            parameters = new TreeMap<>(parameters);
        }

        /** Whether it has nested stacks. */
        public boolean nests() {
            return TemplateQuery.map(template.get("Resources")).values().stream()
                    .anyMatch(r -> isNested(String.valueOf(TemplateQuery.at(r, "Type"))));
        }

        /** Never throws: the live template may have been written by another tool. */
        public static Version read(Templates templates, String name, byte[] text, Map<String, String> parameters) {
            try {
                Map<String, Object> tree = TemplateQuery.map(templates.tree(name, text));
                String missing = tree.get("Resources") instanceof Map ? null : name + " has no map of Resources";
                return new Version(tree, parameters, missing);
            } catch (IllegalArgumentException e) {
                return new Version(Map.of(), parameters, e.getMessage());
            }
        }
    }
}
