package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** AWS::Lambda::Function, Version, Alias, Permission and Url. */
final class LambdaResources {
    private static final Set<String> TYPES = Set.of(
            "AWS::Lambda::Function",
            "AWS::Lambda::Version",
            "AWS::Lambda::Alias",
            "AWS::Lambda::Permission",
            "AWS::Lambda::Url");

    private LambdaResources() {}

    static boolean handles(String type) {
        return TYPES.contains(type);
    }

    static void apply(Provisioner.Work work) {
        switch (work.resource.type) {
            case "AWS::Lambda::Function" -> function(work);
            case "AWS::Lambda::Version" -> version(work);
            case "AWS::Lambda::Alias" -> alias(work);
            case "AWS::Lambda::Permission" -> permission(work);
            default -> url(work);
        }
    }

    static void delete(Provisioner.Work work) {
        String id = work.resource.physicalId;
        Region region = work.region;
        switch (work.resource.type) {
            case "AWS::Lambda::Function" -> {
                Function function = region.functions.get(id);
                if (function != null) {
                    Functions.delete(work.world, work.actor, region, function);
                }
            }
            case "AWS::Lambda::Version" -> deleteVersion(work, id);
            case "AWS::Lambda::Alias" -> {
                Function function = find(region, id.substring(0, id.lastIndexOf(':')));
                String name = id.substring(id.lastIndexOf(':') + 1);
                if (function != null && function.aliases.remove(name) != null) {
                    work.world.changed(work.actor, region, "lambda:alias", function.name + ":" + name, "delete", null);
                }
            }
            case "AWS::Lambda::Permission" ->
                region.functions
                        .values()
                        .forEach(function -> function.permissions.keySet().removeIf(key -> key.endsWith("|" + id)));
            default -> {
                Function function = find(region, id);
                if (function != null) {
                    function.url = null;
                }
            }
        }
    }

    private static void deleteVersion(Provisioner.Work work, String id) {
        Function function = find(work.region, id.substring(0, id.lastIndexOf(':')));
        String number = id.substring(id.lastIndexOf(':') + 1);
        if (function == null || function.versions.get(Integer.valueOf(number)) == null) {
            return;
        }
        for (Function.Alias alias : function.aliases.values()) {
            if (alias.version.equals(number) || alias.weights.containsKey(number)) {
                throw new AwsError(
                        409,
                        "ResourceConflictException",
                        "Version " + number + " is still referenced by the alias " + alias.name);
            }
        }
        function.versions.remove(Integer.valueOf(number));
        work.world.changed(work.actor, work.region, "lambda:version", function.name + ":" + number, "delete", null);
    }

    /** A function by name or by an ARN with or without qualifier; null when there is none. */
    private static Function find(Region region, String given) {
        String name = given.replaceFirst("^arn:aws:lambda:[^:]+:[0-9]{12}:function:", "");
        int colon = name.indexOf(':');
        return region.functions.get(colon < 0 ? name : name.substring(0, colon));
    }

    private static Function required(Region region, String given) {
        Function function = find(region, String.valueOf(given));
        if (function == null) {
            throw new AwsError(
                    404,
                    "ResourceNotFoundException",
                    "Function not found: " + region.arn("lambda", "function:" + given));
        }
        return function;
    }

    private static void function(Provisioner.Work work) {
        World world = work.world;
        JsonNode properties = work.properties;
        world.authorize(
                work.actor.principal(),
                "AccessDenied",
                "iam:PassRole",
                String.valueOf(work.text("Role")),
                Map.of("iam:PassedToService", "lambda.amazonaws.com"));
        if (work.before == null) {
            byte[] code = code(work);
            String name = work.identify();
            if (!properties.hasNonNull("FunctionName") && name.length() > 64) {
                name = name.substring(name.length() - 64);
                ResourceTypes.identify(world, work.region, work.resource, name);
            }
            Function function =
                    Functions.create(world, work.actor, work.region, name, Functions.settings(properties, null), code);
            function.running = function.latest;
            return;
        }
        Function function = required(work.region, work.resource.physicalId);
        boolean codeChanged =
                !StackDiff.canonical(properties.get("Code")).equals(StackDiff.canonical(work.before.get("Code")));
        ObjectNode config = Functions.settings(properties, null);
        boolean configChanged =
                !StackDiff.canonical(config).equals(StackDiff.canonical(Functions.settings(work.before, null)));
        if (codeChanged) {
            Functions.update(world, work.actor, function, null, code(work));
        }
        if (configChanged) {
            Functions.update(world, work.actor, function, config, null);
        }
        // The operation waits for the function itself, so that what follows finds it settled.
        function.running = function.latest;
    }

    private static byte[] code(Provisioner.Work work) {
        JsonNode code = work.properties.path("Code");
        if (code.hasNonNull("ZipFile")) {
            String handler = String.valueOf(work.text("Handler"));
            boolean python = String.valueOf(work.text("Runtime")).startsWith("python");
            String module = handler.contains(".") ? handler.substring(0, handler.indexOf('.')) : "index";
            return zip(module + (python ? ".py" : ".js"), code.get("ZipFile").asText());
        }
        return Functions.code(work.world, work.actor.principal(), work.region, code);
    }

    /** A ZIP that is the same for the same text. */
    static byte[] zip(String name, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry(name);
            entry.setTime(315_532_800_000L);
            out.putNextEntry(entry);
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void version(Provisioner.Work work) {
        Function function = required(work.region, work.text("FunctionName"));
        if (work.before != null) {
            return;
        }
        int last = function.lastVersion;
        Function.Version version = Functions.publish(
                work.world, work.actor, function, work.text("CodeSha256"), null, work.text("Description"));
        if (function.lastVersion == last) {
            throw new AwsError(
                    409,
                    "ResourceConflictException",
                    "A version for this Lambda function exists ( " + version.number
                            + " ). Modify the function to create a new version .");
        }
        work.resource.physicalId = function.arn + ":" + version.number;
        work.resource.attributes.put("Version", version.number);
        work.resource.attributes.put("FunctionArn", function.arn + ":" + version.number);
    }

    private static void alias(Provisioner.Work work) {
        Function function = required(work.region, work.text("FunctionName"));
        String name = work.text("Name");
        Function.Alias existing = work.before == null ? null : function.aliases.get(name);
        if (work.before == null && function.aliases.containsKey(name)) {
            throw new AwsError(409, "ResourceConflictException", "Alias already exists: " + function.arn + ":" + name);
        }
        ObjectNode routing = SandboxJson.object();
        ObjectNode weights = routing.putObject("AdditionalVersionWeights");
        work.properties
                .path("RoutingConfig")
                .path("AdditionalVersionWeights")
                .forEach(weight -> weights.put(
                        weight.path("FunctionVersion").asText(),
                        weight.path("FunctionWeight").asDouble()));
        Functions.alias(
                work.world,
                work.actor,
                function,
                existing,
                name,
                work.text("FunctionVersion"),
                routing,
                work.text("Description"));
        work.resource.physicalId = function.arn + ":" + name;
        work.resource.attributes.put("AliasArn", function.arn + ":" + name);
        JsonNode provisioned = work.properties.path("ProvisionedConcurrencyConfig");
        if (provisioned.has("ProvisionedConcurrentExecutions")) {
            function.provisioned.put(
                    name, provisioned.get("ProvisionedConcurrentExecutions").asInt());
            function.provisionedStatus.put(name, "READY");
        } else {
            function.provisioned.remove(name);
            function.provisionedStatus.remove(name);
        }
    }

    private static void permission(Provisioner.Work work) {
        String given = work.text("FunctionName");
        Function function = required(work.region, given);
        String tail = given.replaceFirst("^arn:aws:lambda:[^:]+:[0-9]{12}:function:", "");
        String qualifier = tail.contains(":") ? tail.substring(tail.indexOf(':') + 1) : "";
        function.qualified(qualifier.isEmpty() ? null : qualifier);
        if (work.before == null) {
            String id = work.identify();
            LambdaAliases.permit(work.world, work.actor, function, qualifier, id, work.properties);
        }
    }

    private static void url(Provisioner.Work work) {
        Function function = required(work.region, work.text("TargetFunctionArn"));
        String url = "https://" + SandboxJson.digest(function.arn).substring(0, 32) + ".lambda-url." + function.region
                + ".on.aws/";
        function.url = SandboxJson.tree(SandboxJson.map(
                "FunctionUrl", url,
                "FunctionArn", function.arn,
                "AuthType", work.text("AuthType"),
                "CreationTime", java.time.Instant.now().toString(),
                "LastModifiedTime", java.time.Instant.now().toString()));
        work.resource.physicalId = function.arn;
        work.resource.attributes.put("FunctionUrl", url);
        work.resource.attributes.put("FunctionArn", function.arn);
    }
}
