package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {{resolve:ssm:…}}, {{resolve:ssm-secure:…}} and {{resolve:secretsmanager:…}} when a stack operation runs. */
final class DynamicReferences {
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)}}");

    private DynamicReferences() {}

    /**
     * The properties with all references resolved.
     *
     * @throws AwsError when a value does not exist or the principal may not read it
     */
    static JsonNode resolve(World world, Principal principal, Region region, JsonNode node) {
        if (node.isTextual()) {
            Matcher matcher = REFERENCE.matcher(node.asText());
            StringBuilder out = new StringBuilder();
            while (matcher.find()) {
                String value = matcher.group(1).equals("secretsmanager")
                        ? secret(world, principal, region, matcher.group(2))
                        : parameter(world, principal, region, matcher.group(2));
                matcher.appendReplacement(out, Matcher.quoteReplacement(value));
            }
            return SandboxJson.tree(matcher.appendTail(out).toString());
        }
        if (node.isArray()) {
            ArrayNode array = SandboxJson.array();
            node.forEach(item -> array.add(resolve(world, principal, region, item)));
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = SandboxJson.object();
            node.properties()
                    .forEach(field -> object.set(field.getKey(), resolve(world, principal, region, field.getValue())));
            return object;
        }
        return node;
    }

    private static String parameter(World world, Principal principal, Region region, String reference) {
        String[] parts = reference.split(":");
        String arn = region.arn("ssm", "parameter" + (parts[0].startsWith("/") ? "" : "/") + parts[0]);
        world.authorize(principal, "AccessDenied", "ssm:GetParameters", arn);
        return SsmService.find(region, parts[0])
                .version(parts.length > 1 ? parts[1] : null)
                .value();
    }

    /** {@code id:SecretString:jsonKey:stage:versionId}; an id that is an ARN has six colons of its own. */
    private static String secret(World world, Principal principal, Region region, String reference) {
        String id = reference;
        String rest = "";
        int marker = reference.indexOf(":SecretString");
        if (marker >= 0) {
            id = reference.substring(0, marker);
            rest = reference.substring(marker + ":SecretString".length());
        } else if (!reference.startsWith("arn:") && reference.contains(":")) {
            id = reference.substring(0, reference.indexOf(':'));
        }
        String[] parts = (rest.startsWith(":") ? rest.substring(1) : rest).split(":", -1);
        Secret secret = SecretsManagerService.find(region, id);
        world.authorize(principal, "AccessDenied", "secretsmanager:GetSecretValue", secret.arn);
        String stage = parts.length > 1 && !parts[1].isEmpty() ? parts[1] : null;
        String version = parts.length > 2 && !parts[2].isEmpty() ? parts[2] : null;
        String text = secret.version(version, stage).text;
        if (parts[0].isEmpty()) {
            return text;
        }
        JsonNode value = SandboxJson.read(text).get(parts[0]);
        if (value == null) {
            throw AwsError.validation("Could not find a value associated with JSONKey in SecretString");
        }
        return value.asText();
    }
}
