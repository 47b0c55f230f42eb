package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes, changes and deletes the resources of a stack, as its execution role or its caller. */
final class Provisioner {
    /** Actions that are not named after the type. */
    private static final Map<String, String> ACTIONS = Map.of(
            "AWS::Lambda::Permission", "lambda:AddPermission",
            "AWS::Lambda::Version", "lambda:PublishVersion",
            "AWS::Lambda::Url", "lambda:CreateFunctionUrlConfig",
            "AWS::CloudWatch::Alarm", "cloudwatch:PutMetricAlarm",
            "AWS::Events::Rule", "events:PutRule",
            "AWS::S3::BucketPolicy", "s3:PutBucketPolicy",
            "AWS::SSM::Parameter", "ssm:PutParameter",
            "AWS::IAM::Policy", "iam:PutRolePolicy");

    /** What one resource is given: its properties with references resolved, and where it is. */
    static final class Work {
        final World world;
        final Region region;
        final Stack stack;
        final Actor actor;
        final Stack.Resource resource;
        final JsonNode properties;
        /** Before an update; null otherwise. */
        final JsonNode before;

        Work(World world, Stack stack, Actor actor, Stack.Resource resource, JsonNode properties, JsonNode before) {
            this.world = world;
            this.region = world.region(stack.account, stack.region);
            this.stack = stack;
            this.actor = actor;
            this.resource = resource;
            this.properties = properties;
            this.before = before;
        }

        String text(String property) {
            return SandboxJson.text(properties, property);
        }

        /** Gives the resource its name, physical id and attributes. */
        String identify() {
            String name = ResourceTypes.nameOf(world, stack, resource, properties);
            ResourceTypes.identify(world, region, resource, name);
            return name;
        }

        Account account() {
            return world.account(region.account);
        }
    }

    private final World world;
    private final Stack stack;
    private final Actor actor;

    Provisioner(World world, Stack stack, Actor actor) {
        this.world = world;
        this.stack = stack;
        this.actor = actor;
    }

    /** The text events show for a refusal by a service. */
    static String handlerText(World world, AwsError e) {
        String code =
                switch (e.code) {
                    case "AccessDenied", "AccessDeniedException" -> "AccessDenied";
                    case "ResourceConflictException",
                            "BucketAlreadyExists",
                            "BucketAlreadyOwnedByYou",
                            "AlreadyExists" -> "AlreadyExists";
                    case "ResourceNotFoundException", "NoSuchBucket" -> "NotFound";
                    case "InvalidParameterValueException", "ValidationException", "ValidationError" -> "InvalidRequest";
                    default -> "GeneralServiceException";
                };
        return "Resource handler returned message: \"" + e.getMessage() + "\" (RequestToken: " + world.uuid()
                + ", HandlerErrorCode: " + code + ")";
    }

    void create(Stack.Resource resource) {
        authorize(resource, "Create");
        String formerId = resource.physicalId;
        Map<String, String> formerAttributes = resource.attributes;
        resource.attributes = new LinkedHashMap<>();
        try {
            apply(resource, null, "create");
        } catch (AwsError e) {
            // A name that was taken must not make a rollback delete what has it.
            resource.physicalId = formerId;
            resource.attributes = formerAttributes;
            throw e;
        }
    }

    void update(Stack.Resource resource, Stack.Resource before) {
        authorize(resource, "Update");
        apply(resource, before.properties, "update");
    }

    private void apply(Stack.Resource resource, JsonNode before, String what) {
        JsonNode properties = DynamicReferences.resolve(
                world, actor.principal(), world.region(stack.account, stack.region), resource.properties);
        Work work = new Work(world, stack, actor, resource, properties, before);
        String type = resource.type;
        if (LambdaResources.handles(type)) {
            LambdaResources.apply(work);
        } else if (OtherResources.handles(type)) {
            OtherResources.apply(work);
        } else if (type.equals(NestedStacks.TYPE)) {
            NestedStacks.apply(work);
        } else if (type.startsWith("Custom::") || type.equals("AWS::CloudFormation::CustomResource")) {
            custom(work);
        } else {
            S3Contents.read(work);
            record(work);
        }
        world.changed(
                actor,
                work.region,
                "cloudformation:resource",
                stack.name + "/" + resource.logicalId,
                what,
                resource.physicalId + StackDiff.canonical(resource.properties));
    }

    /** The resource exists in name only. */
    static void record(Work work) {
        if (work.before == null) {
            String name = work.identify();
            String key = work.resource.type + "|" + name;
            if (ResourceTypes.of(work.resource.type).nameProperty() != null && work.region.others.containsKey(key)) {
                throw new AwsError(400, "AlreadyExists", name + " already exists");
            }
            work.resource.attributes.put("SandboxKey", key);
        }
        work.region.others.put(work.resource.attributes.get("SandboxKey"), work.properties);
    }

    private void custom(Work work) {
        Map<String, String> attributes = world.customResources.get(work.resource.type);
        if (attributes == null) {
            throw new AwsError(
                    400,
                    "GeneralServiceException",
                    "Received response status [FAILED] from custom resource. Message returned: the sandbox is not "
                            + "configured to answer for " + work.resource.type);
        }
        if (work.before == null) {
            work.identify();
        }
        work.resource.attributes.putAll(attributes);
    }

    void delete(Stack.Resource resource) {
        if (resource.physicalId == null) {
            return;
        }
        authorize(resource, "Delete");
        Work work = new Work(world, stack, actor, resource, resource.properties, null);
        if (LambdaResources.handles(resource.type)) {
            LambdaResources.delete(work);
        } else if (OtherResources.handles(resource.type)) {
            OtherResources.delete(work);
        } else if (resource.type.equals(NestedStacks.TYPE)) {
            NestedStacks.delete(work);
        } else {
            work.region.others.remove(String.valueOf(resource.attributes.get("SandboxKey")));
        }
        world.changed(
                actor, work.region, "cloudformation:resource", stack.name + "/" + resource.logicalId, "delete", null);
    }

    private void authorize(Stack.Resource resource, String verb) {
        String[] parts = resource.type.split("::");
        if (parts.length < 3 || parts[1].equals("CloudFormation") || parts[1].equals("CDK")) {
            return;
        }
        String service =
                switch (parts[1]) {
                    case "ApiGatewayV2", "ApiGateway" -> "apigateway";
                    case "StepFunctions" -> "states";
                    case "Cognito" -> "cognito-idp";
                    default -> parts[1].toLowerCase(java.util.Locale.ROOT);
                };
        String own = ACTIONS.get(resource.type);
        String action = own != null && verb.equals("Create") ? own : service + ":" + verb + parts[2];
        String name = resource.physicalId != null
                ? resource.physicalId
                : String.valueOf(SandboxJson.text(
                        resource.properties,
                        String.valueOf(ResourceTypes.of(resource.type).nameProperty())));
        String arn = name.startsWith("arn:")
                ? name
                : "arn:aws:" + service + ":" + stack.region + ":" + stack.account + ":" + name;
        String boundary = SandboxJson.text(resource.properties, "PermissionsBoundary");
        world.authorize(
                actor.principal(),
                "AccessDenied",
                action,
                arn,
                boundary == null ? Map.of() : Map.of("iam:PermissionsBoundary", boundary));
    }
}
