package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Content in S3 that handlers of CloudFormation read when they make or change a resource, as the execution role. The
 * history has the bytes ({@code sandbox:content}), so that a test can compare them. A Glue job reads its script at each
 * run, as its own role, which the sandbox does not imitate.
 */
final class S3Contents {
    private static final List<String> OBJECT = List.of("Bucket", "Key", "Version");
    private static final List<String> CODE = List.of("S3Bucket", "S3Key", "S3ObjectVersion");
    private static final List<String> BUNDLE = List.of("S3Bucket", "S3Key");
    private static final List<String> ADDRESS = List.of();

    /** Members of the property by type and name; none for a text {@code s3://…}. */
    private static final Map<String, Map<String, List<String>>> READ = Map.of(
            "AWS::ApiGateway::RestApi", Map.of("BodyS3Location", OBJECT),
            "AWS::ApiGatewayV2::Api", Map.of("BodyS3Location", OBJECT),
            "AWS::StepFunctions::StateMachine", Map.of("DefinitionS3Location", OBJECT),
            "AWS::Lambda::LayerVersion", Map.of("Content", CODE),
            "AWS::ElasticBeanstalk::ApplicationVersion", Map.of("SourceBundle", BUNDLE),
            "AWS::AppSync::GraphQLSchema", Map.of("DefinitionS3Location", ADDRESS),
            "AWS::AppSync::Resolver", appSync(),
            "AWS::AppSync::FunctionConfiguration", appSync());

    private S3Contents() {}

    private static Map<String, List<String>> appSync() {
        Map<String, List<String>> read = new LinkedHashMap<>();
        for (String name :
                List.of("CodeS3Location", "RequestMappingTemplateS3Location", "ResponseMappingTemplateS3Location")) {
            read.put(name, ADDRESS);
        }
        return read;
    }

    /** @throws AwsError ValidationException for another form of the property, or what S3 answers */
    static void read(Provisioner.Work work) {
        READ.getOrDefault(work.resource.type, Map.of()).forEach((name, members) -> {
            JsonNode value = work.properties.get(name);
            if (value == null) {
                return;
            }
            byte[] bytes = members.isEmpty() ? address(work, name, value) : object(work, name, value, members);
            work.world.changed(
                    work.actor,
                    work.region,
                    "sandbox:content",
                    work.stack.name + "/" + work.resource.logicalId + "." + name,
                    "read",
                    bytes);
        });
    }

    private static AwsError invalid(Provisioner.Work work, String name) {
        return new AwsError(
                400,
                "ValidationException",
                "Properties validation failed for resource " + work.resource.logicalId + " with message: #/" + name
                        + ": failed validation");
    }

    private static byte[] object(Provisioner.Work work, String name, JsonNode value, List<String> members) {
        String bucket = SandboxJson.text(value, members.get(0));
        String key = SandboxJson.text(value, members.get(1));
        if (!value.isObject() || bucket == null || key == null) {
            throw invalid(work, name);
        }
        value.fieldNames().forEachRemaining(member -> {
            if (!members.contains(member)) {
                throw invalid(work, name);
            }
        });
        return get(work, bucket, key, members.size() == 3 ? SandboxJson.text(value, members.get(2)) : null);
    }

    private static byte[] address(Provisioner.Work work, String name, JsonNode value) {
        String text = value.asText();
        int slash = text.indexOf('/', 5);
        if (!value.isTextual() || !text.startsWith("s3://") || slash < 0) {
            throw invalid(work, name);
        }
        return get(work, text.substring(5, slash), text.substring(slash + 1), null);
    }

    private static byte[] get(Provisioner.Work work, String name, String key, String version) {
        Bucket bucket = work.world.buckets.get(name);
        if (bucket == null) {
            throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        return S3Access.read(work.world, work.actor.principal(), bucket, key, version).bytes;
    }
}
