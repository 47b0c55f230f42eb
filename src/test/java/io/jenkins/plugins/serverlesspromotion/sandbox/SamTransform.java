package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AWS::Serverless-2016-10-31 for functions, tables, HTTP and REST APIs and layers, with the logical ids of the AWS
 * SAM documentation, "Generated CloudFormation resources". Everything else of SAM is refused by name.
 */
final class SamTransform {
    private static final String NAME = "AWS::Serverless-2016-10-31";
    private static final List<String> COPIED = List.of(
            "FunctionName",
            "Description",
            "Handler",
            "Runtime",
            "MemorySize",
            "Timeout",
            "Environment",
            "Layers",
            "Architectures",
            "VpcConfig",
            "EphemeralStorage",
            "SnapStart",
            "LoggingConfig",
            "ReservedConcurrentExecutions",
            "PackageType");

    private final ObjectNode template;
    private final ObjectNode resources;
    private final Map<String, ObjectNode> made = new LinkedHashMap<>();
    private final Map<String, String> references = new LinkedHashMap<>();

    SamTransform(ObjectNode template) {
        this.template = template;
        this.resources = (ObjectNode) template.get("Resources");
    }

    /**
     * Replaces the template's resources by what they stand for.
     *
     * @throws AwsError ValidationError for a macro or a SAM feature the sandbox does not have
     */
    void apply() {
        for (String transform : IamPolicy.strings(template.get("Transform"))) {
            if (!transform.equals(NAME)) {
                throw AwsError.validation("No transform named " + transform + " found.");
            }
        }
        List<String> ids = new ArrayList<>();
        resources.fieldNames().forEachRemaining(ids::add);
        for (String id : ids) {
            ObjectNode resource = (ObjectNode) resources.get(id);
            String type = resource.path("Type").asText();
            switch (type) {
                case "AWS::Serverless::Function" -> function(id, resource);
                case "AWS::Serverless::SimpleTable" -> table(id, resource);
                case "AWS::Serverless::HttpApi" -> httpApi(id, resource.path("Properties"));
                case "AWS::Serverless::Api" -> restApi(id, resource.path("Properties"));
                case "AWS::Serverless::LayerVersion" -> layer(id, resource);
                case "AWS::Serverless::StateMachine" -> stateMachine(id, resource);
                default -> {
                    if (type.startsWith("AWS::Serverless::")) {
                        throw AwsError.validation("The sandbox does not support " + type + " (resource " + id + ").");
                    }
                }
            }
        }
        made.forEach(resources::set);
        template.remove("Globals");
        String text = SandboxJson.write(template);
        for (Map.Entry<String, String> reference : references.entrySet()) {
            text = text.replace(
                    "{\"Ref\":\"" + reference.getKey() + "\"}", "{\"Ref\":\"" + reference.getValue() + "\"}");
            text = text.replace("${" + reference.getKey() + "}", "${" + reference.getValue() + "}");
        }
        ObjectNode processed = (ObjectNode) SandboxJson.read(text);
        template.removeAll();
        template.setAll(processed);
    }

    private ObjectNode make(String id, String type) {
        ObjectNode resource = SandboxJson.object().put("Type", type);
        resource.putObject("Properties");
        made.put(id, resource);
        return (ObjectNode) resource.get("Properties");
    }

    private static JsonNode ref(String id) {
        return SandboxJson.object().put("Ref", id);
    }

    private static JsonNode attribute(String id, String name) {
        ObjectNode call = SandboxJson.object();
        call.putArray("Fn::GetAtt").add(id).add(name);
        return call;
    }

    /** Globals apply where the resource says nothing; maps are merged, lists are joined. */
    private ObjectNode withGlobals(ObjectNode resource, String section) {
        JsonNode globals = template.path("Globals").path(section);
        ObjectNode own = resource.path("Properties").isObject()
                ? resource.get("Properties").deepCopy()
                : SandboxJson.object();
        return globals.isObject() ? (ObjectNode) merge(globals, own) : own;
    }

    private static JsonNode merge(JsonNode global, JsonNode own) {
        if (global.isObject() && own.isObject()) {
            ObjectNode merged = ((ObjectNode) global).deepCopy();
            own.properties()
                    .forEach(field -> merged.set(
                            field.getKey(),
                            merged.has(field.getKey())
                                    ? merge(merged.get(field.getKey()), field.getValue())
                                    : field.getValue()));
            return merged;
        }
        if (global.isArray() && own.isArray()) {
            ArrayNode joined = ((ArrayNode) global).deepCopy();
            own.forEach(joined::add);
            return joined;
        }
        return own;
    }

    private void function(String id, ObjectNode resource) {
        ObjectNode properties = withGlobals(resource, "Function");
        ObjectNode function = make(id, "AWS::Lambda::Function");
        for (String name : List.of("Condition", "DependsOn", "Metadata", "DeletionPolicy")) {
            if (resource.has(name)) {
                made.get(id).set(name, resource.get(name));
            }
        }
        COPIED.stream().filter(properties::has).forEach(name -> function.set(name, properties.get(name)));
        function.set("Code", code(id, properties));
        if (properties.has("Tracing")) {
            function.putObject("TracingConfig").set("Mode", properties.get("Tracing"));
        }
        if (properties.has("Tags")) {
            ArrayNode tags = function.putArray("Tags");
            properties
                    .get("Tags")
                    .properties()
                    .forEach(tag -> tags.addObject().put("Key", tag.getKey()).set("Value", tag.getValue()));
        }
        if (properties.has("Role")) {
            function.set("Role", properties.get("Role"));
        } else {
            role(id + "Role", properties, "lambda.amazonaws.com");
            function.set("Role", attribute(id + "Role", "Arn"));
        }
        String target = id;
        if (properties.has("AutoPublishAlias")) {
            target = publish(id, properties, function.get("Code"));
        }
        if (properties.has("FunctionUrlConfig")) {
            ObjectNode url = make(id + "Url", "AWS::Lambda::Url");
            url.set("TargetFunctionArn", ref(target));
            url.set("AuthType", properties.get("FunctionUrlConfig").path("AuthType"));
        }
        for (Map.Entry<String, JsonNode> event : properties.path("Events").properties()) {
            event(id, target, event.getKey(), event.getValue());
        }
    }

    private static JsonNode code(String id, ObjectNode properties) {
        ObjectNode code = SandboxJson.object();
        JsonNode uri = properties.get("CodeUri");
        if (properties.has("InlineCode")) {
            code.set("ZipFile", properties.get("InlineCode"));
        } else if (uri != null && uri.isTextual() && uri.asText().startsWith("s3://")) {
            String path = uri.asText().substring(5);
            int slash = path.indexOf('/');
            code.put("S3Bucket", path.substring(0, slash)).put("S3Key", path.substring(slash + 1));
        } else if (uri != null && uri.isObject()) {
            code.set("S3Bucket", uri.get("Bucket"));
            code.set("S3Key", uri.get("Key"));
            if (uri.has("Version")) {
                code.set("S3ObjectVersion", uri.get("Version"));
            }
        } else {
            throw invalid(
                    id,
                    "'CodeUri' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.");
        }
        return code;
    }

    private static AwsError invalid(String id, String why) {
        return AwsError.validation("Transform " + NAME + " failed with: Invalid Serverless Application Specification "
                + "document. Number of errors found: 1. Resource with id [" + id + "] is invalid. " + why);
    }

    /** @param of the properties of the function or state machine that the role is for */
    private void role(String id, JsonNode of, String service) {
        JsonNode policies = of.get("Policies");
        ObjectNode role = make(id, "AWS::IAM::Role");
        if (of.has("PermissionsBoundary")) {
            role.set("PermissionsBoundary", of.get("PermissionsBoundary"));
        }
        ObjectNode trust = role.putObject("AssumeRolePolicyDocument").put("Version", "2012-10-17");
        trust.putArray("Statement")
                .addObject()
                .put("Effect", "Allow")
                .put("Action", "sts:AssumeRole")
                .putObject("Principal")
                .put("Service", service);
        ArrayNode managed = role.putArray("ManagedPolicyArns");
        managed.add("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
        ArrayNode inline = SandboxJson.array();
        if (policies != null) {
            Iterable<JsonNode> all = policies.isArray() ? policies : List.of(policies);
            for (JsonNode policy : all) {
                if (policy.isTextual()) {
                    managed.add(
                            policy.asText().startsWith("arn:")
                                    ? policy.asText()
                                    : "arn:aws:iam::aws:policy/" + policy.asText());
                } else {
                    inline.addObject()
                            .put("PolicyName", id + "Policy" + inline.size())
                            .set("PolicyDocument", SamPolicies.document(id, policy));
                }
            }
        }
        if (!inline.isEmpty()) {
            role.set("Policies", inline);
        }
    }

    /** Version and alias; the version's logical id follows the code, so new code makes a new version. */
    private String publish(String id, ObjectNode properties, JsonNode code) {
        String name = properties.get("AutoPublishAlias").asText();
        String version =
                id + "Version" + SandboxJson.digest(SandboxJson.write(code)).substring(0, 10);
        make(version, "AWS::Lambda::Version").set("FunctionName", ref(id));
        made.get(version).put("DeletionPolicy", "Retain");
        String aliasId = id + "Alias" + name.replaceAll("[^A-Za-z0-9]", "");
        ObjectNode alias = make(aliasId, "AWS::Lambda::Alias");
        alias.put("Name", name);
        alias.set("FunctionName", ref(id));
        alias.set("FunctionVersion", attribute(version, "Version"));
        if (properties.has("ProvisionedConcurrencyConfig")) {
            alias.set("ProvisionedConcurrencyConfig", properties.get("ProvisionedConcurrencyConfig"));
        }
        if (properties.has("DeploymentPreference")) {
            make("ServerlessDeploymentApplication", "AWS::CodeDeploy::Application")
                    .put("ComputePlatform", "Lambda");
            make(id + "DeploymentGroup", "AWS::CodeDeploy::DeploymentGroup")
                    .set("ApplicationName", ref("ServerlessDeploymentApplication"));
        }
        references.put(id + ".Version", version);
        references.put(id + ".Alias", aliasId);
        return aliasId;
    }

    private void event(String id, String target, String name, JsonNode event) {
        JsonNode properties = event.path("Properties");
        String generated = id + name;
        switch (event.path("Type").asText()) {
            case "HttpApi" -> {
                JsonNode api = api(properties.get("ApiId"), "ServerlessHttpApi", true);
                permission(generated + "Permission", target, "apigateway.amazonaws.com", null);
                ObjectNode integration = make(generated + "Integration", "AWS::ApiGatewayV2::Integration");
                integration.set("ApiId", api);
                integration.put("IntegrationType", "AWS_PROXY").put("PayloadFormatVersion", "2.0");
                integration.set("IntegrationUri", ref(target));
                ObjectNode route = make(generated + "Route", "AWS::ApiGatewayV2::Route");
                route.set("ApiId", api);
                route.put(
                        "RouteKey",
                        properties.path("Method").asText("ANY").toUpperCase(java.util.Locale.ROOT) + " "
                                + properties.path("Path").asText("/"));
                route.set("Target", ref(generated + "Integration"));
            }
            case "Api" -> {
                api(properties.get("RestApiId"), "ServerlessRestApi", false);
                permission(generated + "PermissionProd", target, "apigateway.amazonaws.com", null);
            }
            case "Schedule", "EventBridgeRule", "CloudWatchEvent" -> {
                ObjectNode rule = make(generated, "AWS::Events::Rule");
                if (properties.has("Schedule")) {
                    rule.set("ScheduleExpression", properties.get("Schedule"));
                }
                if (properties.has("Pattern")) {
                    rule.set("EventPattern", properties.get("Pattern"));
                }
                rule.putArray("Targets")
                        .addObject()
                        .put("Id", id + "LambdaTarget")
                        .set("Arn", target.equals(id) ? attribute(id, "Arn") : ref(target));
                permission(generated + "Permission", target, "events.amazonaws.com", attribute(generated, "Arn"));
            }
            case "SQS", "DynamoDB", "Kinesis" -> {
                ObjectNode mapping = make(generated, "AWS::Lambda::EventSourceMapping");
                mapping.set("FunctionName", ref(target));
                mapping.set("EventSourceArn", properties.path(properties.has("Queue") ? "Queue" : "Stream"));
                if (properties.has("BatchSize")) {
                    mapping.set("BatchSize", properties.get("BatchSize"));
                }
            }
            case "SNS" -> {
                ObjectNode subscription = make(generated, "AWS::SNS::Subscription");
                subscription.put("Protocol", "lambda");
                subscription.set("Endpoint", target.equals(id) ? attribute(id, "Arn") : ref(target));
                subscription.set("TopicArn", properties.get("Topic"));
                permission(generated + "Permission", target, "sns.amazonaws.com", properties.get("Topic"));
            }
            default ->
                throw AwsError.validation("The sandbox does not support SAM events of type "
                        + event.path("Type").asText() + " (" + id + "." + name + ").");
        }
    }

    private void permission(String id, String target, String principal, JsonNode source) {
        ObjectNode permission = make(id, "AWS::Lambda::Permission");
        permission.put("Action", "lambda:InvokeFunction").put("Principal", principal);
        permission.set("FunctionName", ref(target));
        if (source != null) {
            permission.set("SourceArn", source);
        }
    }

    /** The API an event belongs to; the implicit one is made when the event names none. */
    private JsonNode api(JsonNode given, String implicit, boolean http) {
        if (given != null) {
            return given;
        }
        if (!made.containsKey(implicit)) {
            JsonNode none = SandboxJson.object();
            if (http) {
                httpApi(implicit, none);
            } else {
                restApi(implicit, none);
            }
        }
        return ref(implicit);
    }

    private void httpApi(String id, JsonNode from) {
        ObjectNode api = make(id, "AWS::ApiGatewayV2::Api");
        api.put("ProtocolType", "HTTP");
        api.set("Name", from.has("Name") ? from.get("Name") : ref("AWS::StackName"));
        if (from.has("CorsConfiguration")) {
            api.set("CorsConfiguration", from.get("CorsConfiguration"));
        }
        ObjectNode stage = make(id + "ApiGatewayDefaultStage", "AWS::ApiGatewayV2::Stage");
        stage.set("ApiId", ref(id));
        stage.set("StageName", from.has("StageName") ? from.get("StageName") : SandboxJson.tree("$default"));
        stage.put("AutoDeploy", true);
    }

    private void restApi(String id, JsonNode from) {
        ObjectNode api = make(id, "AWS::ApiGateway::RestApi");
        api.set("Name", from.has("Name") ? from.get("Name") : ref("AWS::StackName"));
        String deployment =
                id + "Deployment" + SandboxJson.digest(SandboxJson.write(from)).substring(0, 10);
        make(deployment, "AWS::ApiGateway::Deployment").set("RestApiId", ref(id));
        JsonNode name = from.has("StageName") ? from.get("StageName") : SandboxJson.tree("Prod");
        String plain = name.isTextual() ? name.asText().replaceAll("[^A-Za-z0-9]", "") : "";
        ObjectNode stage = make(id + plain + "Stage", "AWS::ApiGateway::Stage");
        stage.set("RestApiId", ref(id));
        stage.set("DeploymentId", ref(deployment));
        stage.set("StageName", name);
    }

    private void table(String id, ObjectNode resource) {
        JsonNode from = resource.path("Properties");
        ObjectNode table = make(id, "AWS::DynamoDB::Table");
        String key = from.path("PrimaryKey").path("Name").asText("id");
        String type = from.path("PrimaryKey").path("Type").asText("String").substring(0, 1);
        table.putArray("AttributeDefinitions")
                .addObject()
                .put("AttributeName", key)
                .put("AttributeType", type);
        table.putArray("KeySchema").addObject().put("AttributeName", key).put("KeyType", "HASH");
        table.put("BillingMode", "PAY_PER_REQUEST");
        if (from.has("TableName")) {
            table.set("TableName", from.get("TableName"));
        }
        if (resource.has("DeletionPolicy")) {
            made.get(id).set("DeletionPolicy", resource.get("DeletionPolicy"));
        }
    }

    private void layer(String id, ObjectNode resource) {
        JsonNode from = resource.path("Properties");
        String versioned = id + SandboxJson.digest(SandboxJson.write(from)).substring(0, 10);
        ObjectNode layer = make(versioned, "AWS::Lambda::LayerVersion");
        from.properties().forEach(field -> {
            if (!field.getKey().equals("ContentUri") && !field.getKey().equals("RetentionPolicy")) {
                layer.set(field.getKey(), field.getValue());
            }
        });
        layer.set("Content", code(id, SandboxJson.object().set("CodeUri", from.get("ContentUri"))));
        made.get(versioned).put("DeletionPolicy", "Retain");
        resources.remove(id);
        references.put(id, versioned);
    }

    private void stateMachine(String id, ObjectNode resource) {
        JsonNode from = resource.path("Properties");
        ObjectNode machine = make(id, "AWS::StepFunctions::StateMachine");
        if (from.has("Name")) {
            machine.set("StateMachineName", from.get("Name"));
        }
        if (from.path("DefinitionUri").isObject()) {
            machine.set("DefinitionS3Location", from.get("DefinitionUri"));
        } else {
            machine.set("DefinitionString", SandboxJson.tree(SandboxJson.write(from.path("Definition"))));
        }
        if (from.has("Role")) {
            machine.set("RoleArn", from.get("Role"));
        } else {
            role(id + "Role", from, "states.amazonaws.com");
            machine.set("RoleArn", attribute(id + "Role", "Arn"));
        }
    }
}
