package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Lambda API (REST JSON): functions, versions and the calling of them. */
final class LambdaService implements Service {
    private final LambdaAliases aliases = new LambdaAliases();
    private final LambdaRunner runner = new LambdaRunner();

    /** What a path names: a function, what of it, and the item of that. */
    record Target(String function, String qualifier, String part, String item) {
        static Target of(Call call) {
            String[] parts = call.rawPath.split("/");
            if (parts.length < 3 || !parts[2].equals("functions")) {
                return new Target(
                        "", null, parts.length > 2 ? parts[2] : "", parts.length > 3 ? Call.decodePath(parts[3]) : "");
            }
            String given = parts.length > 3 ? Call.decodePath(parts[3]) : "";
            String name = given.replaceFirst("^arn:aws:lambda:[^:]+:[0-9]{12}:function:", "")
                    .replaceFirst("^([0-9]{12}:)?function:", "");
            int colon = name.indexOf(':');
            String qualifier = call.query.get("Qualifier");
            if (colon >= 0) {
                String own = name.substring(colon + 1);
                if (qualifier != null && !qualifier.equals(own)) {
                    throw Functions.invalid(
                            "The derived qualifier from the function name does not match the specified qualifier.");
                }
                qualifier = own;
                name = name.substring(0, colon);
            }
            return new Target(
                    name,
                    qualifier,
                    parts.length > 4 ? parts[4] : "",
                    parts.length > 5 ? Call.decodePath(parts[5]) : "");
        }
    }

    @Override
    public void name(Call call) {
        Target target = Target.of(call);
        String key = call.method + " " + (target.function().isEmpty() ? "" : "f") + "/" + target.part()
                + (target.item().isEmpty() ? "" : "/i");
        call.operation = switch (key) {
            case "POST /" -> "CreateFunction";
            case "GET /" -> "ListFunctions";
            case "GET f/" -> "GetFunction";
            case "DELETE f/" -> "DeleteFunction";
            case "GET f/configuration" -> "GetFunctionConfiguration";
            case "PUT f/configuration" -> "UpdateFunctionConfiguration";
            case "PUT f/code" -> "UpdateFunctionCode";
            case "POST f/versions" -> "PublishVersion";
            case "GET f/versions" -> "ListVersionsByFunction";
            case "POST f/aliases" -> "CreateAlias";
            case "GET f/aliases" -> "ListAliases";
            case "GET f/aliases/i" -> "GetAlias";
            case "PUT f/aliases/i" -> "UpdateAlias";
            case "DELETE f/aliases/i" -> "DeleteAlias";
            case "POST f/invocations" ->
                "DryRun".equals(call.header("X-Amz-Invocation-Type")) ? "InvokeDryRun" : "Invoke";
            case "GET f/policy" -> "GetPolicy";
            case "POST f/policy" -> "AddPermission";
            case "DELETE f/policy/i" -> "RemovePermission";
            case "GET f/url" -> "GetFunctionUrlConfig";
            case "GET f/provisioned-concurrency" ->
                call.query.containsKey("List")
                        ? "ListProvisionedConcurrencyConfigs"
                        : "GetProvisionedConcurrencyConfig";
            case "PUT f/provisioned-concurrency" -> "PutProvisionedConcurrencyConfig";
            case "DELETE f/provisioned-concurrency" -> "DeleteProvisionedConcurrencyConfig";
            case "GET /tags/i" -> "ListTags";
            default -> call.method + " " + call.rawPath;
        };
        String name = call.operation.equals("CreateFunction")
                ? call.json().path("FunctionName").asText()
                : target.function().isEmpty() ? target.item() : target.function();
        String qualifier = target.part().equals("aliases") && !target.item().isEmpty()
                ? target.item()
                : call.operation.equals("CreateAlias")
                        ? call.json().path("Name").asText()
                        : target.qualifier();
        call.resource = call.account() + "/" + call.region + "/" + name + (qualifier == null ? "" : ":" + qualifier);
        if (!call.operation.startsWith("Invoke") && call.body.length > 0 && call.body.length < 1_000_000) {
            for (String noted : List.of(
                    "RevisionId", "CodeSha256", "FunctionVersion", "S3Key", "S3ObjectVersion", "Publish", "DryRun")) {
                if (call.json().hasNonNull(noted)) {
                    call.noted.put(noted, call.json().get(noted).asText());
                }
            }
            if (call.json().has("RoutingConfig")) {
                call.noted.put("RoutingConfig", SandboxJson.write(call.json().get("RoutingConfig")));
            }
        }
    }

    @Override
    public boolean unlocked(Call call) {
        return call.operation.startsWith("Invoke");
    }

    @Override
    public Reply handle(Call call) {
        if (call.signature == null) {
            throw new AwsError(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        }
        Target target = Target.of(call);
        if (call.operation.startsWith("Invoke")) {
            return runner.invoke(call, target);
        }
        if (call.operation.contains(" ")) {
            throw AwsError.unknownOperation("lambda", call.operation);
        }
        if (call.operation.equals("CreateFunction")) {
            return create(call);
        }
        if (call.operation.equals("ListFunctions")) {
            call.authorize("AccessDeniedException", "lambda:ListFunctions", "*");
            List<Object> all = new ArrayList<>();
            call.here().functions.values().forEach(each -> all.add(each.describe(each.latest, false)));
            return Reply.json(200, Map.of("Functions", all));
        }
        if (call.operation.equals("ListTags")) {
            String name = target.item().substring(target.item().lastIndexOf(':') + 1);
            authorize(call, name);
            return Reply.json(200, Map.of("Tags", function(call, name).tags));
        }
        authorize(call, target.function());
        Function function = function(call, target.function());
        return switch (call.operation) {
            case "GetFunction" -> get(call, function, target.qualifier());
            case "GetFunctionConfiguration" ->
                Reply.json(
                        200,
                        Functions.described(
                                call.world(),
                                function,
                                function.qualified(target.qualifier()),
                                target.qualifier() != null));
            case "UpdateFunctionCode" -> updateCode(call, function);
            case "UpdateFunctionConfiguration" -> updateConfiguration(call, function);
            case "PublishVersion" -> {
                JsonNode request = call.json();
                Function.Version version = Functions.publish(
                        call.world(),
                        call.actor(),
                        function,
                        SandboxJson.text(request, "CodeSha256"),
                        SandboxJson.text(request, "RevisionId"),
                        SandboxJson.text(request, "Description"));
                yield Reply.json(201, function.describe(version, true));
            }
            case "ListVersionsByFunction" -> versions(call, function);
            case "DeleteFunction" -> delete(call, function, target.qualifier());
            default -> aliases.handle(call, function, target);
        };
    }

    static void authorize(Call call, String name) {
        call.authorize(
                "AccessDeniedException", "lambda:" + call.operation, call.here().arn("lambda", "function:" + name));
    }

    static Function function(Call call, String name) {
        Function function = call.here().functions.get(name);
        if (function == null) {
            throw new AwsError(
                    404,
                    "ResourceNotFoundException",
                    "Function not found: " + call.here().arn("lambda", "function:" + name));
        }
        return function;
    }

    private static void passRole(Call call, String role) {
        call.world()
                .authorize(
                        call.principal,
                        "AccessDeniedException",
                        "iam:PassRole",
                        role,
                        Map.of("iam:PassedToService", "lambda.amazonaws.com"));
    }

    private static Reply create(Call call) {
        JsonNode request = call.json();
        String name = JsonService.required(request, "FunctionName").replaceFirst("^arn:.*:function:", "");
        authorize(call, name);
        passRole(call, JsonService.required(request, "Role"));
        World world = call.world();
        byte[] code = Functions.code(world, call.principal, call.here(), request.path("Code"));
        Function function =
                Functions.create(world, call.actor(), call.here(), name, Functions.settings(request, null), code);
        request.path("Tags")
                .properties()
                .forEach(tag -> function.tags.put(tag.getKey(), tag.getValue().asText()));
        ObjectNode answer = null;
        if (request.path("Publish").asBoolean()) {
            answer = function.describe(Functions.publish(world, call.actor(), function, null, null, null), false);
        }
        function.latest.state = "Pending";
        function.latest.update = "InProgress";
        settleLater(call, function);
        return Reply.json(201, answer == null ? function.describe(function.latest, false) : answer);
    }

    private static void settleLater(Call call, Function function) {
        World world = call.world();
        world.later(
                world.durations.lambdaMillis,
                new Functions.Settled(function.account, function.region, function.name, function.latest.revision));
    }

    private static Reply get(Call call, Function function, String qualifier) {
        Function.Version version = function.qualified(qualifier);
        ObjectNode answer = SandboxJson.object();
        answer.set("Configuration", Functions.described(call.world(), function, version, qualifier != null));
        answer.putObject("Code")
                .put("RepositoryType", "S3")
                .put(
                        "Location",
                        call.sandbox.endpoint() + "/_sandbox/code?account=" + function.account + "&region="
                                + function.region + "&function=" + function.name + "&version="
                                + version.number.replace("$", "%24"));
        if (!function.tags.isEmpty()) {
            answer.set("Tags", SandboxJson.tree(function.tags));
        }
        return Reply.json(200, answer);
    }

    private static Reply updateCode(Call call, Function function) {
        JsonNode request = call.json();
        revision(request, function);
        if (function.busy()) {
            throw Functions.conflict(function);
        }
        World world = call.world();
        byte[] code = Functions.code(world, call.principal, call.here(), request);
        if (request.path("DryRun").asBoolean()) {
            Function.Version preview = function.latest.copy();
            preview.code = code;
            preview.sha = SandboxJson.base64(SandboxJson.sha256(code));
            return Reply.json(200, function.describe(preview, false));
        }
        Functions.update(world, call.actor(), function, null, code);
        ObjectNode published = null;
        if (request.path("Publish").asBoolean()) {
            published = function.describe(Functions.publish(world, call.actor(), function, null, null, null), false);
        }
        function.latest.update = "InProgress";
        settleLater(call, function);
        return Reply.json(200, published == null ? function.describe(function.latest, false) : published);
    }

    private static Reply updateConfiguration(Call call, Function function) {
        JsonNode request = call.json();
        revision(request, function);
        if (request.hasNonNull("Role")) {
            passRole(call, request.get("Role").asText());
        }
        Functions.update(
                call.world(), call.actor(), function, Functions.settings(request, function.latest.config), null);
        function.latest.update = "InProgress";
        settleLater(call, function);
        return Reply.json(200, function.describe(function.latest, false));
    }

    private static void revision(JsonNode request, Function function) {
        String revision = SandboxJson.text(request, "RevisionId");
        if (revision != null && !revision.equals(function.latest.revision)) {
            throw Functions.stale();
        }
    }

    private static Reply versions(Call call, Function function) {
        int limit = Math.min(50, Integer.parseInt(call.query.getOrDefault("MaxItems", "50")));
        int from = Integer.parseInt(call.query.getOrDefault("Marker", "0"));
        List<Function.Version> all = new ArrayList<>();
        all.add(function.latest);
        all.addAll(function.versions.values());
        int to = Math.min(all.size(), from + limit);
        List<Object> page = new ArrayList<>();
        all.subList(Math.min(from, to), to).forEach(version -> page.add(function.describe(version, true)));
        return Reply.json(
                200, SandboxJson.map("Versions", page, "NextMarker", to < all.size() ? String.valueOf(to) : null));
    }

    private static Reply delete(Call call, Function function, String qualifier) {
        if (qualifier == null) {
            Functions.delete(call.world(), call.actor(), call.here(), function);
            return new Reply(204);
        }
        Function.Version version = function.version(qualifier);
        for (Function.Alias alias : function.aliases.values()) {
            if (alias.version.equals(version.number) || alias.weights.containsKey(version.number)) {
                throw new AwsError(
                        409,
                        "ResourceConflictException",
                        "Version " + version.number + " is still referenced by the alias " + alias.name);
            }
        }
        if (version == function.latest) {
            throw Functions.invalid("$LATEST version cannot be deleted without deleting the function.");
        }
        function.versions.remove(Integer.valueOf(version.number));
        call.world()
                .changed(
                        call.actor(),
                        call.here(),
                        "lambda:version",
                        function.name + ":" + version.number,
                        "delete",
                        null);
        return new Reply(204);
    }

    @Override
    public Reply error(Call call, AwsError error) {
        return Reply.json(
                        error.status,
                        SandboxJson.map(
                                "Type", error.status < 500 ? "User" : "Service",
                                "Message", error.getMessage(),
                                "message", error.getMessage()))
                .header("x-amzn-ErrorType", error.code);
    }

    @Override
    public AwsError throttled() {
        return new AwsError(429, "TooManyRequestsException", "Rate exceeded");
    }
}
