package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Aliases, resource policies, URLs and provisioned concurrency of functions. */
final class LambdaAliases {
    Reply handle(Call call, Function function, LambdaService.Target target) {
        JsonNode request =
                call.method.equals("GET") || call.method.equals("DELETE") ? SandboxJson.object() : call.json();
        switch (call.operation) {
            case "CreateAlias":
                return create(call, function, request);
            case "UpdateAlias":
                Function.Alias alias = function.alias(target.item());
                String revision = SandboxJson.text(request, "RevisionId");
                if (revision != null && !revision.equals(alias.revision)) {
                    throw Functions.stale();
                }
                return update(call, function, alias, request);
            case "GetAlias":
                return Reply.json(200, describe(function, function.alias(target.item())));
            case "DeleteAlias":
                if (function.aliases.remove(target.item()) != null) {
                    call.world()
                            .changed(
                                    call.actor(),
                                    call.here(),
                                    "lambda:alias",
                                    function.name + ":" + target.item(),
                                    "delete",
                                    null);
                }
                return new Reply(204);
            case "ListAliases":
                List<Object> all = new ArrayList<>();
                String wanted = call.query.get("FunctionVersion");
                function.aliases.values().stream()
                        .filter(each -> wanted == null || each.version.equals(wanted))
                        .forEach(each -> all.add(describe(function, each)));
                return Reply.json(200, Map.of("Aliases", all));
            case "GetPolicy", "AddPermission", "RemovePermission":
                return permission(call, function, target, request);
            case "GetFunctionUrlConfig":
                if (function.url == null) {
                    throw new AwsError(404, "ResourceNotFoundException", "The resource you requested does not exist.");
                }
                return Reply.json(200, function.url);
            default:
                return provisioned(call, function, target.qualifier(), request);
        }
    }

    private static final String WEIGHTS = "Alias with weights can not be used with Provisioned Concurrency";

    private static Reply update(Call call, Function function, Function.Alias alias, JsonNode request) {
        boolean provisioned = function.provisioned.containsKey(alias.name);
        if (provisioned
                && !request.path("RoutingConfig")
                        .path("AdditionalVersionWeights")
                        .isEmpty()) {
            throw Functions.invalid(WEIGHTS);
        }
        String old = alias.version;
        World world = call.world();
        Functions.alias(
                world,
                call.actor(),
                function,
                alias,
                alias.name,
                SandboxJson.text(request, "FunctionVersion"),
                request.get("RoutingConfig"),
                SandboxJson.text(request, "Description"));
        if (provisioned && !old.equals(alias.version)) {
            // Lambda moves the calls itself, as instances of the new version get ready.
            alias.provisioning = true;
            alias.weights.put(old, 0.9);
            function.provisionedStatus.put(alias.name, "IN_PROGRESS");
            world.later(
                    world.durations.lambdaMillis,
                    new Functions.Ready(function.account, function.region, function.name, alias.name));
        }
        return Reply.json(200, describe(function, alias));
    }

    private static Reply create(Call call, Function function, JsonNode request) {
        String name = JsonService.required(request, "Name");
        String version = JsonService.required(request, "FunctionVersion");
        if (!name.matches("(?!^[0-9]+$)([a-zA-Z0-9-_]+)")) {
            throw new AwsError(
                    400, "ValidationException", "Value '" + name + "' at 'name' failed to satisfy constraint");
        }
        if (function.aliases.containsKey(name)) {
            throw new AwsError(409, "ResourceConflictException", "Alias already exists: " + function.arn + ":" + name);
        }
        Function.Alias alias = Functions.alias(
                call.world(),
                call.actor(),
                function,
                null,
                name,
                version,
                request.get("RoutingConfig"),
                SandboxJson.text(request, "Description"));
        return Reply.json(201, describe(function, alias));
    }

    static ObjectNode describe(Function function, Function.Alias alias) {
        ObjectNode out = SandboxJson.object()
                .put("AliasArn", function.arn + ":" + alias.name)
                .put("Name", alias.name)
                .put("FunctionVersion", alias.version)
                .put("Description", alias.description)
                .put("RevisionId", alias.revision);
        if (!alias.weights.isEmpty()) {
            out.putObject("RoutingConfig").set("AdditionalVersionWeights", SandboxJson.tree(alias.weights));
        }
        return out;
    }

    private static Reply permission(Call call, Function function, LambdaService.Target target, JsonNode request) {
        String qualifier = target.qualifier() == null ? "" : target.qualifier();
        function.qualified(target.qualifier());
        if (call.operation.equals("AddPermission")) {
            String id = JsonService.required(request, "StatementId");
            JsonNode statement = permit(call.world(), call.actor(), function, qualifier, id, request);
            return Reply.json(201, Map.of("Statement", SandboxJson.write(statement)));
        }
        if (call.operation.equals("RemovePermission")) {
            if (function.permissions.remove(qualifier + "|" + target.item()) == null) {
                throw new AwsError(
                        404,
                        "ResourceNotFoundException",
                        "Statement " + target.item() + " is not found in resource policy.");
            }
            return new Reply(204);
        }
        List<JsonNode> statements = new ArrayList<>();
        function.permissions.forEach((key, statement) -> {
            if (key.startsWith(qualifier + "|")) {
                statements.add(statement);
            }
        });
        if (statements.isEmpty()) {
            throw new AwsError(404, "ResourceNotFoundException", "The resource you requested does not exist.");
        }
        return Reply.json(
                200,
                Map.of(
                        "Policy",
                        SandboxJson.write(Map.of("Version", "2012-10-17", "Id", "default", "Statement", statements)),
                        "RevisionId",
                        function.latest.revision));
    }

    /** Adds a statement to the resource policy. */
    static JsonNode permit(World world, Actor actor, Function function, String qualifier, String id, JsonNode request) {
        String key = qualifier + "|" + id;
        if (function.permissions.containsKey(key)) {
            throw new AwsError(
                    409,
                    "ResourceConflictException",
                    "The statement id (" + id
                            + ") provided already exists. Please provide a new statement id, or remove the existing statement.");
        }
        String who = request.path("Principal").asText();
        ObjectNode statement = SandboxJson.object();
        statement.put("Sid", id).put("Effect", "Allow");
        if (who.equals("*")) {
            statement.put("Principal", "*");
        } else {
            boolean service = who.endsWith(".amazonaws.com");
            String arn = who.matches("[0-9]{12}") ? "arn:aws:iam::" + who + ":root" : who;
            statement.putObject("Principal").put(service ? "Service" : "AWS", service ? who : arn);
        }
        statement.put("Action", request.path("Action").asText());
        statement.put("Resource", function.arn + (qualifier.isEmpty() ? "" : ":" + qualifier));
        if (request.hasNonNull("SourceArn")) {
            statement
                    .putObject("Condition")
                    .putObject("ArnLike")
                    .put("AWS:SourceArn", request.get("SourceArn").asText());
        }
        function.permissions.put(key, statement);
        world.changed(
                actor,
                function.account,
                function.region,
                "lambda:permission",
                function.name + "|" + key,
                "add",
                statement);
        return statement;
    }

    private static Reply provisioned(Call call, Function function, String qualifier, JsonNode request) {
        if (qualifier == null || qualifier.equals("$LATEST")) {
            throw Functions.invalid(
                    "Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
        }
        function.qualified(qualifier);
        World world = call.world();
        switch (call.operation) {
            case "PutProvisionedConcurrencyConfig" -> {
                if (function.aliases.containsKey(qualifier)
                        && !function.alias(qualifier).weights.isEmpty()) {
                    throw Functions.invalid(WEIGHTS);
                }
                function.provisioned.put(
                        qualifier,
                        request.path("ProvisionedConcurrentExecutions").asInt());
                function.provisionedStatus.put(qualifier, "IN_PROGRESS");
                world.later(
                        world.durations.lambdaMillis,
                        new Functions.Ready(function.account, function.region, function.name, qualifier));
                return Reply.json(202, describeProvisioned(function, qualifier));
            }
            case "DeleteProvisionedConcurrencyConfig" -> {
                function.provisioned.remove(qualifier);
                function.provisionedStatus.remove(qualifier);
                return new Reply(204);
            }
            case "GetProvisionedConcurrencyConfig" -> {
                if (!function.provisioned.containsKey(qualifier)) {
                    throw new AwsError(
                            404,
                            "ProvisionedConcurrencyConfigNotFoundException",
                            "No Provisioned Concurrency Config found for this function");
                }
                return Reply.json(200, describeProvisioned(function, qualifier));
            }
            default -> throw AwsError.unknownOperation("lambda", call.operation);
        }
    }

    private static Map<String, Object> describeProvisioned(Function function, String qualifier) {
        int wanted = function.provisioned.get(qualifier);
        String status = function.provisionedStatus.get(qualifier);
        int ready = status.equals("READY") ? wanted : 0;
        return SandboxJson.map(
                "RequestedProvisionedConcurrentExecutions", wanted,
                "AvailableProvisionedConcurrentExecutions", ready,
                "AllocatedProvisionedConcurrentExecutions", ready,
                "Status", status,
                "LastModified", java.time.Instant.now().toString());
    }
}
