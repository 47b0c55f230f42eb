package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Secrets with version ids and staging labels. */
final class SecretsManagerService extends JsonService {
    @Override
    String id(JsonNode request) {
        return request.has("SecretId")
                ? request.path("SecretId").asText()
                : request.path("Name").asText();
    }

    @Override
    public Reply handle(Call call) {
        JsonNode request = call.json();
        if (call.operation.equals("CreateSecret")) {
            return create(call, request);
        }
        Secret secret = call.operation.equals("DescribeSecret")
                        || call.operation.equals("GetSecretValue")
                        || call.operation.equals("PutSecretValue")
                        || call.operation.equals("ListSecretVersionIds")
                ? find(call.here(), required(request, "SecretId"))
                : null;
        if (secret == null) {
            throw AwsError.unknownOperation("secretsmanager", call.operation);
        }
        call.authorize("AccessDeniedException", "secretsmanager:" + call.operation, secret.arn);
        return switch (call.operation) {
            case "DescribeSecret" -> describe(secret);
            case "GetSecretValue" -> value(secret, request);
            case "PutSecretValue" -> put(call, secret, request);
            default -> versions(secret);
        };
    }

    /** A secret by name, ARN or ARN without the random suffix. */
    static Secret find(Region region, String id) {
        for (Secret secret : region.secrets.values()) {
            if (secret.name.equals(id)
                    || secret.arn.equals(id)
                    || secret.arn.startsWith(id + "-") && id.startsWith("arn:")) {
                return secret;
            }
        }
        throw new AwsError(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }

    private static Reply create(Call call, JsonNode request) {
        String name = required(request, "Name");
        Region region = call.here();
        String arn = region.arn(
                "secretsmanager", "secret:" + name + "-" + call.world().letters(6));
        call.authorize("AccessDeniedException", "secretsmanager:CreateSecret", arn);
        if (region.secrets.containsKey(name)) {
            throw new AwsError(
                    400,
                    "ResourceExistsException",
                    "The operation failed because the secret " + name + " already exists.");
        }
        Secret secret = new Secret(name, arn);
        region.secrets.put(name, secret);
        String version = token(call, request);
        secret.put(
                version,
                SandboxJson.text(request, "SecretString"),
                SandboxJson.text(request, "SecretBinary"),
                List.of("AWSCURRENT"));
        call.world().changed(call.actor(), region, "secretsmanager:secret", name, "create", version);
        return reply(SandboxJson.map("ARN", arn, "Name", name, "VersionId", version));
    }

    private static String token(Call call, JsonNode request) {
        String token = SandboxJson.text(request, "ClientRequestToken");
        return token == null ? call.world().uuid() : token;
    }

    private static Reply describe(Secret secret) {
        Map<String, Object> stages = new TreeMap<>();
        secret.versions.values().stream()
                .filter(version -> !version.stages.isEmpty())
                .forEach(version -> stages.put(version.id, version.stages));
        return reply(SandboxJson.map(
                "ARN",
                secret.arn,
                "Name",
                secret.name,
                "CreatedDate",
                secret.created.toEpochMilli() / 1000.0,
                "VersionIdsToStages",
                stages));
    }

    private static Reply versions(Secret secret) {
        return reply(SandboxJson.map(
                "ARN", secret.arn,
                "Name", secret.name,
                "Versions",
                        secret.versions.values().stream()
                                .map(version ->
                                        SandboxJson.map("VersionId", version.id, "VersionStages", version.stages))
                                .toList()));
    }

    private static Reply value(Secret secret, JsonNode request) {
        Secret.Version version =
                secret.version(SandboxJson.text(request, "VersionId"), SandboxJson.text(request, "VersionStage"));
        return reply(SandboxJson.map(
                "ARN", secret.arn,
                "Name", secret.name,
                "VersionId", version.id,
                "SecretString", version.text,
                "SecretBinary", version.binary,
                "VersionStages", version.stages,
                "CreatedDate", version.created.toEpochMilli() / 1000.0));
    }

    private static Reply put(Call call, Secret secret, JsonNode request) {
        String id = token(call, request);
        String text = SandboxJson.text(request, "SecretString");
        String binary = SandboxJson.text(request, "SecretBinary");
        Secret.Version same = secret.versions.get(id);
        if (same != null) {
            if (!String.valueOf(text).equals(String.valueOf(same.text))) {
                throw new AwsError(
                        400,
                        "ResourceExistsException",
                        "You can't use ClientRequestToken " + id + " because that value is already in use for a "
                                + "version of secret " + secret.arn + ".");
            }
        } else {
            List<String> stages = IamPolicy.strings(request.get("VersionStages"));
            secret.put(id, text, binary, stages.isEmpty() ? List.of("AWSCURRENT") : stages);
            call.world().changed(call.actor(), call.here(), "secretsmanager:secret", secret.name, "put", id);
        }
        return reply(SandboxJson.map(
                "ARN", secret.arn,
                "Name", secret.name,
                "VersionId", id,
                "VersionStages", secret.versions.get(id).stages));
    }
}
