package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.util.FormValidation;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.PolicyCompiler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges one field of a form by the compiler itself: the field's part is put into a policy that is right otherwise, and
 * what is said about this field is shown. What only the whole policy can tell, such as whether a role exists, is told
 * after saving.
 */
final class FieldCheck {
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
        for (String line : Lines.split(value)) {
            FormValidation one = account(key, line);
            if (one.kind != FormValidation.Kind.OK) {
                return one;
            }
        }
        return account(key, null);
    }

    /** Of an approval gate. */
    static FormValidation approval(String key, String value) {
        var approval = new LinkedHashMap<String, Object>();
        approval.put("require", List.of(Map.of("role", Policy.Role.SERVICE_OWNER)));
        approval.put(key, value);
        var environment = new LinkedHashMap<String, Object>(part("environment"));
        environment.put("gates", List.of(Map.of("approval", approval)));
        return compiled(Map.of("environments", List.of(environment)), key, value);
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

    private static FormValidation check(String list, String name, String key, String value) {
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

    private static FormValidation compiled(Map<String, Object> changed, String key, String value) {
        PolicyPart.PartDescriptor.checkMayConfigure();
        if (value == null || value.isBlank()) {
            return FormValidation.ok(); // the whole policy says whether it may be left out
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
                if (problem.where().path().endsWith("." + key)) {
                    return FormValidation.error(problem.text());
                }
            }
        }
        return FormValidation.ok();
    }
}
