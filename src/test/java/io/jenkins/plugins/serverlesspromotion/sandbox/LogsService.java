package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** CloudWatch Logs: only which log groups there are. */
final class LogsService extends JsonService {
    @Override
    String id(JsonNode request) {
        return request.path("logGroupName")
                .asText(request.path("logGroupNamePrefix").asText());
    }

    @Override
    public Reply handle(Call call) {
        if (!call.operation.equals("DescribeLogGroups")) {
            throw AwsError.unknownOperation("logs", call.operation);
        }
        call.authorize(
                "AccessDeniedException", "logs:DescribeLogGroups", call.here().arn("logs", "log-group:*"));
        String type = "AWS::Logs::LogGroup|";
        String prefix = call.json().path("logGroupNamePrefix").asText();
        List<Object> groups = new ArrayList<>();
        call.here().others.forEach((key, properties) -> {
            if (key.startsWith(type + prefix)) {
                String name = key.substring(type.length());
                groups.add(SandboxJson.map(
                        "logGroupName",
                        name,
                        "arn",
                        call.here().arn("logs", "log-group:" + name + ":*"),
                        "retentionInDays",
                        properties.has("RetentionInDays")
                                ? properties.get("RetentionInDays").asInt()
                                : null));
            }
        });
        return reply(Map.of("logGroups", groups));
    }
}
