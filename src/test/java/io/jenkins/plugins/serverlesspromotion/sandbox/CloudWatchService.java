package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CloudWatch alarms, over the query protocol (AWS SDK for Java 2.38) and JSON 1.0 (newer AWS CLI). Metrics are not
 * kept: GetMetricData answers every query with an empty series.
 */
final class CloudWatchService implements Service {
    private static final String NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/";
    private static final List<String> PROPERTIES = List.of(
            "AlarmDescription",
            "MetricName",
            "Namespace",
            "Statistic",
            "Period",
            "EvaluationPeriods",
            "Threshold",
            "ComparisonOperator",
            "TreatMissingData",
            "DatapointsToAlarm",
            "AlarmActions",
            "OKActions",
            "Dimensions");

    private static boolean json(Call call) {
        return call.header("X-Amz-Target") != null;
    }

    @Override
    public void name(Call call) {
        String target = call.header("X-Amz-Target");
        call.operation =
                target != null ? target.substring(target.indexOf('.') + 1) : String.valueOf(call.param("Action"));
        if (target == null) {
            call.json(unflatten(call.form()));
        }
        JsonNode names = call.json().get("AlarmNames");
        call.resource = call.account() + "/" + call.region + "/"
                + (call.json().has("AlarmName")
                        ? call.json().get("AlarmName").asText()
                        : String.join(",", IamPolicy.strings(names)));
    }

    /** Turns {@code A.member.1.B=x} into nested objects and lists. */
    static ObjectNode unflatten(Map<String, String> form) {
        Map<String, Object> root = new LinkedHashMap<>();
        form.forEach((name, value) -> {
            Map<String, Object> at = root;
            String[] parts = name.split("\\.");
            for (int i = 0; i < parts.length - 1; i++) {
                Object next = at.computeIfAbsent(parts[i], key -> new LinkedHashMap<String, Object>());
                if (!(next instanceof Map)) {
                    return;
                }
                @SuppressWarnings("unchecked")
                Map<String, Object> map = (Map<String, Object>) next;
                at = map;
            }
            at.put(parts[parts.length - 1], value);
        });
        return (ObjectNode) SandboxJson.tree(lists(root));
    }

    private static Object lists(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        if (map.size() == 1 && map.get("member") instanceof Map<?, ?> members) {
            List<Object> list = new ArrayList<>();
            members.values().forEach(item -> list.add(lists(item)));
            return list;
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, item) -> copy.put((String) key, lists(item)));
        return copy;
    }

    @Override
    public Reply handle(Call call) {
        JsonNode request = call.json();
        Region region = call.here();
        return switch (call.operation) {
            case "DescribeAlarms" -> {
                authorize(call, "*");
                yield answer(call, describe(region, request));
            }
            case "DescribeAlarmHistory" -> {
                authorize(call, request.path("AlarmName").asText("*"));
                yield answer(call, history(region, request));
            }
            case "PutMetricAlarm", "PutCompositeAlarm" -> {
                String name = required(request, "AlarmName");
                authorize(call, name);
                if (call.operation.equals("PutCompositeAlarm")) {
                    required(request, "AlarmRule");
                }
                put(call.world(), call.actor(), region, name, (ObjectNode) request);
                yield answer(call, null);
            }
            case "SetAlarmState" -> {
                Alarm alarm = region.alarms.get(required(request, "AlarmName"));
                authorize(call, request.path("AlarmName").asText());
                if (alarm == null) {
                    throw new AwsError(404, "ResourceNotFound", "Unknown alarm");
                }
                alarm.turn(required(request, "StateValue"), required(request, "StateReason"));
                call.world().changed(call.actor(), region, "cloudwatch:alarm", alarm.name, "state", alarm.state);
                yield answer(call, null);
            }
            case "DeleteAlarms" -> {
                for (String name : IamPolicy.strings(request.get("AlarmNames"))) {
                    authorize(call, name);
                    region.alarms.remove(name);
                    call.world().changed(call.actor(), region, "cloudwatch:alarm", name, "delete", null);
                }
                yield answer(call, null);
            }
            case "GetMetricData" -> {
                authorize(call, "*");
                List<Object> results = new ArrayList<>();
                request.path("MetricDataQueries")
                        .forEach(query -> results.add(SandboxJson.map(
                                "Id", query.path("Id").asText(),
                                "Label", query.path("Id").asText(),
                                "Timestamps", List.of(),
                                "Values", List.of(),
                                "StatusCode", "Complete")));
                yield answer(call, Map.of("MetricDataResults", results));
            }
            default -> throw AwsError.unknownOperation("cloudwatch", call.operation);
        };
    }

    private static String required(JsonNode request, String field) {
        String value = SandboxJson.text(request, field);
        if (value == null) {
            throw AwsError.validation("The parameter " + field + " is required.");
        }
        return value;
    }

    private static void authorize(Call call, String alarm) {
        call.authorize(
                json(call) ? "AccessDeniedException" : "AccessDenied",
                "cloudwatch:" + call.operation,
                call.here().arn("cloudwatch", "alarm:" + alarm));
    }

    /** Makes or replaces an alarm; its state survives a change. */
    static void put(World world, Actor actor, Region region, String name, ObjectNode properties) {
        Alarm alarm = region.alarms.computeIfAbsent(name, key -> new Alarm(key, properties));
        alarm.properties = properties;
        world.changed(actor, region, "cloudwatch:alarm", name, "put", properties);
    }

    private static Map<String, Object> describe(Region region, JsonNode request) {
        List<String> names = IamPolicy.strings(request.get("AlarmNames"));
        String prefix = request.path("AlarmNamePrefix").asText("");
        String state = request.path("StateValue").asText("");
        if (names.size() > 100) {
            throw AwsError.validation("AlarmNames must hold at most 100 names");
        }
        // Without types, only metric alarms are answered, whatever the names.
        List<String> types = IamPolicy.strings(request.get("AlarmTypes"));
        Map<Boolean, List<Object>> byKind = Map.of(false, new ArrayList<>(), true, new ArrayList<>());
        for (Alarm alarm : region.alarms.values()) {
            boolean wanted = alarm.composite()
                    ? types.contains("CompositeAlarm")
                    : types.isEmpty() || types.contains("MetricAlarm");
            List<Object> found = byKind.get(alarm.composite());
            if (wanted
                    && (names.isEmpty() || names.contains(alarm.name))
                    && alarm.name.startsWith(prefix)
                    && (state.isEmpty() || alarm.state.equals(state))) {
                Map<String, Object> described = SandboxJson.map(
                        "AlarmName", alarm.name,
                        "AlarmArn", region.arn("cloudwatch", "alarm:" + alarm.name),
                        "ActionsEnabled", true,
                        "StateValue", alarm.state,
                        "StateReason", alarm.reason,
                        "StateUpdatedTimestamp", alarm.updated);
                for (String property : PROPERTIES) {
                    if (alarm.properties.has(property)) {
                        described.put(property, plain(alarm.properties.get(property)));
                    }
                }
                found.add(described);
            }
        }
        return Map.of("MetricAlarms", byKind.get(false), "CompositeAlarms", byKind.get(true));
    }

    private static Map<String, Object> history(Region region, JsonNode request) {
        Alarm alarm = region.alarms.get(request.path("AlarmName").asText());
        String from = request.path("StartDate").asText("");
        String type = request.path("HistoryItemType").asText("StateUpdate");
        List<Object> items = new ArrayList<>();
        if (alarm != null && type.equals("StateUpdate")) {
            for (Alarm.Change change : alarm.changes) {
                if (from.isEmpty() || !change.at().isBefore(Instant.parse(from))) {
                    items.add(SandboxJson.map(
                            "AlarmName",
                            alarm.name,
                            "AlarmType",
                            alarm.composite() ? "CompositeAlarm" : "MetricAlarm",
                            "Timestamp",
                            change.at(),
                            "HistoryItemType",
                            "StateUpdate",
                            "HistorySummary",
                            change.summary()));
                }
            }
        }
        if (!request.path("ScanBy").asText().equals("TimestampAscending")) {
            java.util.Collections.reverse(items);
        }
        return Map.of("AlarmHistoryItems", items);
    }

    private static Object plain(JsonNode node) {
        return SandboxJson.MAPPER.convertValue(node, Object.class);
    }

    private static Reply answer(Call call, Map<String, Object> result) {
        if (json(call)) {
            return Reply.json(200, result == null ? Map.of() : seconds(result))
                    .header("Content-Type", "application/x-amz-json-1.0");
        }
        return call.queryReply(NAMESPACE, result);
    }

    private static Object seconds(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(key, seconds(item)));
            return copy;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(CloudWatchService::seconds).toList();
        }
        return value instanceof Instant instant ? (Object) (instant.toEpochMilli() / 1000.0) : value;
    }

    @Override
    public Reply error(Call call, AwsError error) {
        return json(call)
                ? Reply.json(error.status, SandboxJson.map("__type", error.code, "message", error.getMessage()))
                        .header("x-amzn-ErrorType", error.code)
                        .header("Content-Type", "application/x-amz-json-1.0")
                : call.queryError(NAMESPACE, error);
    }
}
