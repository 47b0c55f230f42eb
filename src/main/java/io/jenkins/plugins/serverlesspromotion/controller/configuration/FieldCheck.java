package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.util.FormValidation;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyCompiler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Checks one field of a form with the policy compiler. It puts the field into an otherwise valid policy and shows the
 * errors of this field. Errors that need the whole policy, such as an unknown role, are shown after saving.
 */
final class FieldCheck {
    private static final Pattern ITEM = Pattern.compile("\\[[0-9]+]$");

    private FieldCheck() {}

    static FormValidation name(String what, String value) {
        PolicyPart.PartDescriptor.checkMayConfigure();
        try {
            Names.name(what, value);
            return FormValidation.ok();
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    static FormValidation store(String key, String value) {
        return check("artifactStores", "store", key, value);
    }

    static FormValidation account(String key, String value) {
        return check("accounts", "account", key, value);
    }

    /** @param value one item per line */
    static FormValidation accountLines(String key, String value) {
        return check("accounts", "account", key, Lines.split(value));
    }

    /** Of a gate whose other fields are valid. */
    static FormValidation gate(String kind, String key, Object value) {
        var gate = new LinkedHashMap<String, Object>(
                switch (kind) {
                    case "approval" -> Map.of("require", List.of(Map.of("role", Policy.Role.SERVICE_OWNER)));
                    case "evidence" -> Map.of("type", "tests", "from", "job:job");
                    case "soak" -> Map.of("environment", "environment", "for", "1h");
                    case "window" -> Map.of("days", "MON", "from", "09:00", "lastStart", "15:00", "zone", "UTC");
                    default -> Map.of();
                });
        gate.put(key, value);
        return environment("gates", List.of(Map.of(kind, gate)), key, value);
    }

    /** @param value one item per line */
    static FormValidation gateLines(String kind, String key, String value) {
        return gate(kind, key, Lines.split(value));
    }

    /** @param value items separated by spaces */
    static FormValidation gateWords(String kind, String key, String value) {
        return gate(kind, key, Lines.words(value));
    }

    static FormValidation breakGlass(String key, String value) {
        var breakGlass = new LinkedHashMap<String, Object>(Map.of(
                "require", List.of(Map.of("role", Policy.Role.SERVICE_OWNER)), "review", Policy.Role.SERVICE_OWNER));
        breakGlass.put(key, value);
        return environment("breakGlass", breakGlass, key, value);
    }

    private static FormValidation environment(String part, Object tree, String key, Object value) {
        var environment = new LinkedHashMap<String, Object>(part("environment"));
        environment.put(part, tree);
        return compiled(Map.of("environments", List.of(environment)), key, value);
    }

    static FormValidation freeze(String key, String value) {
        var freeze = new LinkedHashMap<String, Object>(
                Map.of("name", "freeze", "from", "0001-01-01", "until", "9999-12-31", "zone", "UTC"));
        freeze.put(key, value);
        return compiled(Map.of("freezes", List.of(freeze)), key, value);
    }

    static FormValidation evidenceKey(String key, String value) {
        return compiled(
                Map.of("evidenceKeys", List.of(Map.of("name", "key", key, value == null ? "" : value))), key, value);
    }

    /** @param value one item per line */
    static FormValidation mailDomains(String value) {
        return compiled(Map.of("mailDomains", Lines.split(value)), "mailDomains", Lines.split(value));
    }

    /** Of a service's placement. */
    static FormValidation placement(String key, String value) {
        var placement = new LinkedHashMap<String, Object>(Map.of("environment", "environment"));
        placement.put("places", List.of("account/eu-west-1"));
        placement.put(key, value);
        var service = new LinkedHashMap<String, Object>(part("service"));
        service.put("placements", List.of(placement));
        return compiled(Map.of("services", List.of(service)), key, value);
    }

    private static FormValidation check(String list, String name, String key, Object value) {
        var part = new LinkedHashMap<>(part(name));
        part.put(key, value);
        return compiled(Map.of(list, List.of(part)), key, value);
    }

    private static Map<String, Object> part(String name) {
        return switch (name) {
            case "store" -> Map.of("name", name, "bucket", "bucket", "region", "eu-west-1", "account", "account");
            case "account" -> Map.of("name", name, "id", "123456789012");
            default -> Map.of("name", name);
        };
    }

    private static FormValidation compiled(Map<String, Object> changed, String key, Object value) {
        PolicyPart.PartDescriptor.checkMayConfigure();
        if (value == null
                || value instanceof String text && text.isBlank()
                || List.of().equals(value)) {
            return FormValidation.ok(); // only the whole policy determines whether it may be left out
        }
        var tree = new LinkedHashMap<String, Object>();
        tree.put("artifactStores", List.of(part("store")));
        tree.put("accounts", List.of(part("account")));
        tree.put("environments", List.of(part("environment")));
        tree.putAll(changed);
        try {
            PolicyCompiler.compile(tree, "");
        } catch (InputException e) {
            for (InputException.Problem problem : e.problems()) {
                if (isAbout(problem.where().path(), key)) {
                    return FormValidation.error(problem.text());
                }
            }
        }
        return FormValidation.ok();
    }

    /** Whether a path ends with {@code key}, or with an item of it. */
    private static boolean isAbout(String path, String key) {
        return ("." + ITEM.matcher(path).replaceFirst("")).endsWith("." + key);
    }
}
