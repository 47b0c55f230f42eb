package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;

/** What the services of the JSON 1.1 protocol share. */
abstract class JsonService implements Service {
    @Override
    public void name(Call call) {
        String target = String.valueOf(call.header("X-Amz-Target"));
        call.operation = target.substring(target.indexOf('.') + 1);
        String id = id(call.json());
        call.resource = call.account() + "/" + call.region + "/" + id;
    }

    /** The resource a request names. */
    abstract String id(JsonNode request);

    static Reply reply(Object tree) {
        return Reply.json(200, tree).header("Content-Type", "application/x-amz-json-1.1");
    }

    static String required(JsonNode request, String field) {
        String value = SandboxJson.text(request, field);
        if (value == null || value.isEmpty()) {
            throw new AwsError(
                    400,
                    "ValidationException",
                    "1 validation error detected: Value null at '" + Character.toLowerCase(field.charAt(0))
                            + field.substring(1) + "' failed to satisfy constraint: Member must not be null");
        }
        return value;
    }

    @Override
    public Reply error(Call call, AwsError error) {
        return Reply.json(
                        error.code.equals("AccessDeniedException") ? 400 : error.status,
                        SandboxJson.map("__type", error.code, "message", error.getMessage()))
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("x-amzn-ErrorType", error.code);
    }

    @Override
    public AwsError throttled() {
        return new AwsError(400, "ThrottlingException", "Rate exceeded");
    }
}
