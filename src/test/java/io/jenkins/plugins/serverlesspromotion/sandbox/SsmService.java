package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Parameter Store: get with version selectors, put, by path, delete. */
final class SsmService extends JsonService {
    @Override
    String id(JsonNode request) {
        return request.has("Name")
                ? request.path("Name").asText()
                : request.has("Path")
                        ? request.path("Path").asText()
                        : String.join(",", IamPolicy.strings(request.get("Names")));
    }

    @Override
    public Reply handle(Call call) {
        JsonNode request = call.json();
        switch (call.operation) {
            case "GetParameter":
                return reply(Map.of("Parameter", get(call, required(request, "Name"), request)));
            case "GetParameters":
                return getAll(call, request);
            case "GetParametersByPath":
                return byPath(call, request);
            case "PutParameter":
                return put(call, request);
            case "DeleteParameter":
                Parameter removed = find(call.here(), required(request, "Name"));
                authorize(call, "ssm:DeleteParameter", removed.name);
                call.here().parameters.remove(removed.name);
                call.world().changed(call.actor(), call.here(), "ssm:parameter", removed.name, "delete", null);
                return reply(Map.of());
            default:
                throw AwsError.unknownOperation("ssm", call.operation);
        }
    }

    private static void authorize(Call call, String action, String name) {
        call.authorize(
                "AccessDeniedException",
                action,
                call.here().arn("ssm", "parameter" + (name.startsWith("/") ? name : "/" + name)));
    }

    /** A parameter by name or ARN. */
    static Parameter find(Region region, String name) {
        String plain = name.startsWith("arn:") ? name.substring(name.indexOf(":parameter") + 10) : name;
        Parameter parameter = region.parameters.get(plain);
        if (parameter == null && plain.startsWith("/")) {
            parameter = region.parameters.get(plain.substring(1));
        }
        if (parameter == null) {
            throw new AwsError(400, "ParameterNotFound", "Parameter " + name + " not found.");
        }
        return parameter;
    }

    /** Splits the selector off a name; ARNs have colons of their own. */
    private static String[] split(String given) {
        int colon = given.startsWith("arn:") ? given.indexOf(':', given.indexOf(":parameter") + 1) : given.indexOf(':');
        return colon < 0
                ? new String[] {given, null}
                : new String[] {given.substring(0, colon), given.substring(colon + 1)};
    }

    private static Map<String, Object> get(Call call, String given, JsonNode request) {
        String[] name = split(given);
        authorize(
                call,
                "ssm:GetParameter",
                name[0].startsWith("arn:") ? name[0].replaceAll(".*:parameter", "") : name[0]);
        Parameter parameter = find(call.here(), name[0]);
        return describe(
                call.here(), parameter, name[1], request.path("WithDecryption").asBoolean());
    }

    private static Map<String, Object> describe(Region region, Parameter parameter, String selector, boolean decrypt) {
        Parameter.Version version = parameter.version(selector);
        boolean hidden = parameter.type.equals("SecureString") && !decrypt;
        return SandboxJson.map(
                "Name",
                parameter.name,
                "Type",
                parameter.type,
                "Value",
                hidden ? SandboxJson.base64(SandboxJson.sha256(version.value().getBytes())) : version.value(),
                "Version",
                selector == null ? parameter.versions.size() : Integer.parseInt(selector),
                "Selector",
                selector == null ? null : ":" + selector,
                "LastModifiedDate",
                version.at().toEpochMilli() / 1000.0,
                "ARN",
                region.arn("ssm", "parameter" + (parameter.name.startsWith("/") ? "" : "/") + parameter.name),
                "DataType",
                "text");
    }

    private static Reply getAll(Call call, JsonNode request) {
        List<Object> found = new ArrayList<>();
        List<String> invalid = new ArrayList<>();
        List<String> names = IamPolicy.strings(request.get("Names"));
        if (names.isEmpty() || names.size() > 10) {
            throw new AwsError(
                    400,
                    "ValidationException",
                    "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have "
                            + "length less than or equal to 10");
        }
        for (String given : names) {
            String[] name = split(given);
            authorize(call, "ssm:GetParameters", name[0]);
            try {
                found.add(describe(
                        call.here(),
                        find(call.here(), name[0]),
                        name[1],
                        request.path("WithDecryption").asBoolean()));
            } catch (AwsError e) {
                invalid.add(given);
            }
        }
        return reply(Map.of("Parameters", found, "InvalidParameters", invalid));
    }

    private static Reply byPath(Call call, JsonNode request) {
        String path = required(request, "Path");
        authorize(call, "ssm:GetParametersByPath", path);
        String prefix = path.endsWith("/") ? path : path + "/";
        boolean deep = request.path("Recursive").asBoolean();
        List<Object> found = new ArrayList<>();
        for (Parameter parameter : call.here().parameters.values()) {
            if (parameter.name.startsWith(prefix) && (deep || parameter.name.indexOf('/', prefix.length()) < 0)) {
                found.add(describe(
                        call.here(),
                        parameter,
                        null,
                        request.path("WithDecryption").asBoolean()));
            }
        }
        return reply(Map.of("Parameters", found));
    }

    private static Reply put(Call call, JsonNode request) {
        String name = required(request, "Name");
        authorize(call, "ssm:PutParameter", name);
        Parameter parameter = call.here().parameters.get(name);
        if (parameter != null && !request.path("Overwrite").asBoolean()) {
            throw new AwsError(
                    400,
                    "ParameterAlreadyExists",
                    "The parameter already exists. To overwrite this value, set the overwrite option in the request "
                            + "to true.");
        }
        String value = required(request, "Value");
        if (parameter == null) {
            parameter = new Parameter(name, request.path("Type").asText("String"));
            call.here().parameters.put(name, parameter);
        }
        long version = parameter.add(value);
        call.world().changed(call.actor(), call.here(), "ssm:parameter", name, "put", version + value);
        return reply(SandboxJson.map("Version", version, "Tier", "Standard"));
    }
}
