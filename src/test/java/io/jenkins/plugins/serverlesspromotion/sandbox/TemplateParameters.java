package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The parameters of a stack: given, previous or default, checked against their declarations. */
final class TemplateParameters {
    private TemplateParameters() {}

    /**
     * Values for all declared parameters, SSM parameter types still as names.
     *
     * @param previous the stack's values, for UsePreviousValue
     * @throws AwsError ValidationError in the words of CloudFormation
     */
    static Map<String, String> resolve(
            Template template, List<Map<String, String>> given, Map<String, String> previous) {
        Map<String, String> chosen = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        for (Map<String, String> parameter : given) {
            String key = parameter.get("ParameterKey");
            if (chosen.containsKey(key)) {
                throw AwsError.validation("Parameters: [" + key + "] is given more than once");
            }
            if (!template.parameters().containsKey(key)) {
                unknown.add(key);
            } else if ("true".equals(parameter.get("UsePreviousValue"))) {
                if (!previous.containsKey(key)) {
                    throw AwsError.validation(
                            "Invalid input for parameter key " + key
                                    + ". Cannot specify usePreviousValue as true for a parameter key not in the previous template");
                }
                chosen.put(key, previous.get(key));
            } else {
                chosen.put(key, parameter.getOrDefault("ParameterValue", ""));
            }
        }
        if (!unknown.isEmpty()) {
            throw AwsError.validation("Parameters: " + unknown + " do not exist in the template");
        }
        Map<String, String> values = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        template.parameters().forEach((name, declaration) -> {
            String value = chosen.containsKey(name) ? chosen.get(name) : SandboxJson.text(declaration, "Default");
            if (value == null) {
                missing.add(name);
            } else {
                values.put(name, value);
            }
        });
        if (!missing.isEmpty()) {
            throw AwsError.validation("Parameters: " + missing + " must have values");
        }
        values.forEach((name, value) -> check(name, value, template.parameters().get(name)));
        return values;
    }

    private static void check(String name, String value, JsonNode declaration) {
        String type = declaration.path("Type").asText("String");
        String own = SandboxJson.text(declaration, "ConstraintDescription");
        String failed = own == null ? null : "Parameter " + name + " failed to satisfy constraint: " + own;
        List<String> values = type.equals("CommaDelimitedList") || type.startsWith("List<")
                ? List.of(value.split(","))
                : List.of(value);
        if (declaration.has("AllowedValues")) {
            List<String> allowed = IamPolicy.strings(declaration.get("AllowedValues"));
            for (String each : values) {
                if (!allowed.contains(each.trim())) {
                    throw AwsError.validation(
                            failed != null ? failed : "Parameter '" + name + "' must be one of AllowedValues");
                }
            }
        }
        if (type.equals("Number") || type.equals("List<Number>")) {
            for (String each : values) {
                if (!each.trim().matches("-?[0-9]+(\\.[0-9]+)?")) {
                    throw AwsError.validation("Parameter '" + name + "' must be a number.");
                }
                double number = Double.parseDouble(each.trim());
                if (declaration.has("MinValue")
                                && number < declaration.get("MinValue").asDouble()
                        || declaration.has("MaxValue")
                                && number > declaration.get("MaxValue").asDouble()) {
                    throw AwsError.validation(
                            failed != null
                                    ? failed
                                    : "Parameter '" + name + "' must be a number not less than "
                                            + declaration.path("MinValue").asText() + " and not greater than "
                                            + declaration.path("MaxValue").asText());
                }
            }
        }
        String pattern = SandboxJson.text(declaration, "AllowedPattern");
        if (pattern != null && !Pattern.matches(pattern, value)) {
            throw AwsError.validation(
                    failed != null
                            ? failed
                            : "Parameter " + name + " failed to satisfy constraint: must match pattern " + pattern);
        }
        if (declaration.has("MinLength")
                        && value.length() < declaration.get("MinLength").asInt()
                || declaration.has("MaxLength")
                        && value.length() > declaration.get("MaxLength").asInt()) {
            throw AwsError.validation(
                    failed != null
                            ? failed
                            : "Parameter '" + name + "' must contain a number of characters within its limits");
        }
    }

    /** The same values with parameters of SSM types looked up, as the caller. */
    static Map<String, String> effective(
            World world, Principal principal, Region region, Template template, Map<String, String> values) {
        Map<String, String> effective = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            String type = template.parameters().get(name).path("Type").asText();
            if (type.startsWith("AWS::SSM::Parameter::Value")) {
                try {
                    world.authorize(
                            principal,
                            "AccessDenied",
                            "ssm:GetParameters",
                            region.arn("ssm", "parameter" + (value.startsWith("/") ? "" : "/") + value));
                    effective.put(
                            name, SsmService.find(region, value).version(null).value());
                } catch (AwsError e) {
                    throw e.code.equals("AccessDenied")
                            ? AwsError.validation(e.getMessage())
                            : AwsError.validation("Unable to fetch parameters [" + value
                                    + "] from parameter store for this account.");
                }
            } else {
                effective.put(name, value);
            }
        });
        return effective;
    }
}
