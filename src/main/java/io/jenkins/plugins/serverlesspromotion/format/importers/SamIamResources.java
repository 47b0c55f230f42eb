package io.jenkins.plugins.serverlesspromotion.format.importers;

import static io.jenkins.plugins.serverlesspromotion.format.importers.PlainTree.map;
import static io.jenkins.plugins.serverlesspromotion.format.importers.PlainTree.members;
import static io.jenkins.plugins.serverlesspromotion.format.importers.PlainTree.type;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Determines whether AWS SAM makes IAM resources of a template (aws-sam-translator 1.115: {@code sam_resources.py}, the
 * events, connectors, deployment preferences and globals). Where the answer depends on a parameter, it is yes: another
 * environment may give another value. SAM never names an IAM resource.
 */
final class SamIamResources {
    private static final String SAM = "AWS::Serverless::";
    private static final String FUNCTION = SAM + "Function";
    private static final String STATE_MACHINE = SAM + "StateMachine";
    private static final String SCHEDULER = "ScheduleV2";

    /** What SAM makes of its own resources; only those that a connector may name. */
    private static final Map<String, String> MADE = Map.of(
            FUNCTION,
            "AWS::Lambda::Function",
            STATE_MACHINE,
            "AWS::StepFunctions::StateMachine",
            SAM + "Api",
            "AWS::ApiGateway::RestApi",
            SAM + "HttpApi",
            "AWS::ApiGatewayV2::Api",
            SAM + "WebSocketApi",
            "AWS::ApiGatewayV2::Api",
            SAM + "SimpleTable",
            "AWS::DynamoDB::Table",
            SAM + "GraphQLApi",
            "AWS::AppSync::GraphQLApi");

    /** The APIs that SAM makes of events without an API. */
    private static final Map<String, String> IMPLICIT =
            Map.of("ServerlessRestApi", "AWS::ApiGateway::RestApi", "ServerlessHttpApi", "AWS::ApiGatewayV2::Api");

    /** Connectors that become a permission or a policy of the destination, by destination; all others need a role. */
    private static final Map<String, Set<String>> WITHOUT_IAM = Map.of(
            "AWS::Lambda::Function",
            Set.of(
                    "AWS::ApiGateway::RestApi",
                    "AWS::ApiGatewayV2::Api",
                    "AWS::AppSync::GraphQLApi",
                    "AWS::Events::Rule",
                    "AWS::S3::Bucket",
                    "AWS::SNS::Topic"),
            "AWS::SNS::Topic",
            Set.of("AWS::Events::Rule"),
            "AWS::SQS::Queue",
            Set.of("AWS::Events::Rule", "AWS::SNS::Topic"));

    /** Texts that the translator reads as false ({@code pydantic}). */
    private static final Set<String> FALSE = Set.of("0", "off", "f", "false", "n", "no");

    private final Map<?, ?> globals;
    private final List<Map.Entry<String, Object>> resources;

    /** @param resources those of the template, with those of its loops */
    SamIamResources(Map<?, ?> template, List<Map.Entry<String, Object>> resources) {
        this.globals = map(template.get("Globals"));
        this.resources = resources;
    }

    boolean any() {
        return resources.stream().anyMatch(resource -> made(resource.getValue()) || attached(resource));
    }

    private boolean made(Object resource) {
        String type = type(resource);
        if (!type.startsWith(SAM)) {
            return false;
        }
        Map<?, ?> properties = properties(resource, type.substring(SAM.length()));
        return switch (type.substring(SAM.length())) {
            case "Function" ->
                functionRole(properties.get("Role"))
                        || deploymentRole(properties.get("DeploymentPreference"))
                        || events(properties).stream().anyMatch(SamIamResources::schedulerRole);
            case "StateMachine" ->
                !given(properties.get("Role"))
                        || events(properties).stream().anyMatch(SamIamResources::stateMachineEventRole);
            case "Connector" -> connector(properties.get("Source"), properties.get("Destination"));
            case "GraphQLApi" -> graphQlRole(properties);
            case "CapacityProvider", "NetworkConnector" -> !given(properties.get("OperatorRole"));
            case "MicrovmImage" -> !given(properties.get("BuildRoleArn"));
            case "WebFunction" -> !properties.containsKey("ExecutionRoleArn");
            default -> false;
        };
    }

    /** Without a role, and with a condition under which there is none. */
    private static boolean functionRole(Object role) {
        return role == null
                || map(role).get("Fn::If") instanceof List<?> choice
                        && choice.size() == 3
                        && (noValue(choice.get(1)) || noValue(choice.get(2)));
    }

    private static boolean noValue(Object value) {
        return "AWS::NoValue".equals(map(value).get("Ref"));
    }

    private static boolean deploymentRole(Object preference) {
        Object enabled = map(preference).get("Enabled");
        return given(preference)
                && !"false".equals(enabled)
                && !"False".equals(enabled)
                && !given(map(preference).get("Role"));
    }

    private static List<Object> events(Map<?, ?> properties) {
        return members(properties.get("Events")).stream()
                .map(Map.Entry::getValue)
                .toList();
    }

    private static boolean schedulerRole(Object event) {
        return type(event).equals(SCHEDULER)
                && !given(map(map(event).get("Properties")).get("RoleArn"));
    }

    private static boolean stateMachineEventRole(Object event) {
        return switch (type(event)) {
            case "Schedule" -> !map(map(event).get("Properties")).containsKey("RoleArn");
            case "CloudWatchEvent", "EventBridgeRule", "Api" -> true;
            default -> schedulerRole(event);
        };
    }

    private static boolean graphQlRole(Map<?, ?> properties) {
        Object logging = properties.get("Logging");
        boolean off = logging instanceof String text && FALSE.contains(text.toLowerCase(Locale.ROOT));
        Map<?, ?> sources = map(properties.get("DataSources"));
        return !off && !given(map(logging).get("CloudWatchLogsRoleArn"))
                || List.of("DynamoDb", "Lambda").stream()
                        .flatMap(kind -> members(sources.get(kind)).stream())
                        .anyMatch(source -> !given(map(source.getValue()).get("ServiceRoleArn")));
    }

    /** Connectors as an attribute of their source. */
    private boolean attached(Map.Entry<String, Object> resource) {
        return members(map(resource.getValue()).get("Connectors")).stream().anyMatch(connector -> {
            Map<?, ?> properties = map(map(connector.getValue()).get("Properties"));
            return connector(Map.of("Id", resource.getKey()), properties.get("Destination"));
        });
    }

    private boolean connector(Object source, Object destination) {
        List<?> all = destination instanceof List<?> list ? list : List.of(map(destination));
        return all.stream()
                .anyMatch(
                        to -> !WITHOUT_IAM.getOrDefault(connected(to), Set.of()).contains(connected(source)));
    }

    /** The type that a connector means; empty when it is not known. */
    private String connected(Object reference) {
        Object id = map(reference).get("Id");
        String type = id == null
                ? type(reference)
                : resources.stream()
                        .filter(r -> r.getKey().equals(id))
                        .map(r -> type(r.getValue()))
                        .findFirst()
                        .orElse(IMPLICIT.getOrDefault(String.valueOf(id), ""));
        return MADE.getOrDefault(type, type);
    }

    /** With those that Globals add, unless the resource ignores them. */
    private Map<?, ?> properties(Object resource, String section) {
        var common = new LinkedHashMap<Object, Object>(map(globals.get(section)));
        Object ignored = map(resource).get("IgnoreGlobals");
        if ("*".equals(ignored)) {
            common.clear();
        } else if (ignored instanceof List<?> keys) {
            keys.forEach(common::remove);
        }
        return (Map<?, ?>) merged(common, map(map(resource).get("Properties")));
    }

    private static Object merged(Object common, Object own) {
        if (common instanceof Map<?, ?> a && own instanceof Map<?, ?> b && !intrinsic(a) && !intrinsic(b)) {
            var all = new LinkedHashMap<Object, Object>(a);
            b.forEach((key, value) -> all.merge(key, value, SamIamResources::merged));
            return all;
        }
        if (common instanceof List<?> a && own instanceof List<?> b) {
            var all = new ArrayList<Object>(a);
            all.addAll(b);
            return all;
        }
        return own;
    }

    private static boolean intrinsic(Map<?, ?> map) {
        return map.size() == 1
                && map.keySet().stream()
                        .map(Objects::toString)
                        .anyMatch(key -> key.equals("Ref") || key.equals("Condition") || key.startsWith("Fn::"));
    }

    private static boolean given(Object value) {
        return value != null
                && !value.equals("")
                && !(value instanceof Map<?, ?> map && map.isEmpty())
                && !(value instanceof List<?> list && list.isEmpty());
    }
}
