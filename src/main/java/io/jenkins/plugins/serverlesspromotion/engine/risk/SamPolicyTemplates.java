package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The expansions of the AWS SAM policy templates that teams use most (AWS SAM documentation, "Policy template list").
 * Other templates are compared by their names and parameters alone.
 */
final class SamPolicyTemplates {
    private record Kind(String parameter, List<String> resources, List<String> actions) {}

    private static final String HERE = ":${AWS::Region}:${AWS::AccountId}:";

    private static final Map<String, Kind> KINDS = new TreeMap<>();

    static {
        table("DynamoDBReadPolicy", "GetItem", "Scan", "Query", "BatchGetItem", "DescribeTable");
        table("DynamoDBWritePolicy", "PutItem", "UpdateItem", "BatchWriteItem");
        table(
                "DynamoDBCrudPolicy",
                "GetItem",
                "DeleteItem",
                "PutItem",
                "Scan",
                "Query",
                "UpdateItem",
                "BatchWriteItem",
                "BatchGetItem",
                "DescribeTable",
                "ConditionCheckItem");
        table("DynamoDBReconfigurePolicy", "UpdateTable");
        bucket(
                "S3ReadPolicy",
                "GetObject",
                "ListBucket",
                "GetBucketLocation",
                "GetObjectVersion",
                "GetLifecycleConfiguration");
        bucket("S3WritePolicy", "PutObject", "PutObjectAcl", "PutLifecycleConfiguration");
        bucket(
                "S3CrudPolicy",
                "GetObject",
                "ListBucket",
                "GetBucketLocation",
                "GetObjectVersion",
                "PutObject",
                "PutObjectAcl",
                "GetLifecycleConfiguration",
                "PutLifecycleConfiguration",
                "DeleteObject");
        one("SQSSendMessagePolicy", "QueueName", "sqs", "", "SendMessage*");
        one(
                "SQSPollerPolicy",
                "QueueName",
                "sqs",
                "",
                "ChangeMessageVisibility",
                "ChangeMessageVisibilityBatch",
                "DeleteMessage",
                "DeleteMessageBatch",
                "GetQueueAttributes",
                "ReceiveMessage");
        one("SNSPublishMessagePolicy", "TopicName", "sns", "", "Publish");
        one("LambdaInvokePolicy", "FunctionName", "lambda", "function:", "InvokeFunction");
        one("StepFunctionsExecutionPolicy", "StateMachineName", "states", "stateMachine:", "StartExecution");
        one("EventBridgePutEventsPolicy", "EventBusName", "events", "event-bus/", "PutEvents");
        one("KMSDecryptPolicy", "KeyId", "kms", "key/", "Decrypt");
        one("KMSEncryptPolicy", "KeyId", "kms", "key/", "Encrypt");
        one(
                "KinesisStreamReadPolicy",
                "StreamName",
                "kinesis",
                "stream/",
                "ListStreams",
                "DescribeLimits",
                "DescribeStream",
                "DescribeStreamSummary",
                "GetRecords",
                "GetShardIterator");
        one(
                "SSMParameterReadPolicy",
                "ParameterName",
                "ssm",
                "parameter/",
                "GetParameters",
                "GetParameter",
                "GetParametersByPath");
        KINDS.put(
                "AWSSecretsManagerGetSecretValuePolicy",
                new Kind("SecretArn", List.of("%s"), List.of("secretsmanager:GetSecretValue")));
    }

    private SamPolicyTemplates() {}

    private static void table(String name, String... actions) {
        one(name, "TableName", "dynamodb", "table/", actions);
        Kind alone = KINDS.get(name);
        String table = alone.resources().get(0);
        KINDS.put(name, new Kind(alone.parameter(), List.of(table, table + "/index/*"), alone.actions()));
    }

    private static void bucket(String name, String... actions) {
        String bucket = "arn:${AWS::Partition}:s3:::%s";
        KINDS.put(name, new Kind("BucketName", List.of(bucket, bucket + "/*"), actions("s3", actions)));
    }

    private static void one(String name, String parameter, String service, String kind, String... actions) {
        KINDS.put(
                name,
                new Kind(
                        parameter,
                        List.of("arn:${AWS::Partition}:" + service + HERE + kind + "%s"),
                        actions(service, actions)));
    }

    private static List<String> actions(String service, String... names) {
        return List.of(names).stream().map(a -> service + ":" + a).toList();
    }

    /**
     * @param pseudo values of pseudo parameters
     * @param path where the template is used
     * @return empty when the template is not in this list
     */
    static Optional<IamStatement> statement(
            String name, Map<String, Object> parameters, Map<String, String> pseudo, String path) {
        Kind kind = KINDS.get(name);
        if (kind == null) {
            return Optional.empty();
        }
        var resources = new TreeSet<String>();
        for (String value : TemplateQuery.texts(parameters.get(kind.parameter()))) {
            for (String pattern : kind.resources()) {
                String resource = pattern.formatted(value);
                for (var known : pseudo.entrySet()) {
                    resource = resource.replace("${" + known.getKey() + "}", known.getValue());
                }
                resources.add(resource);
                // A reference to a resource of the template is its ARN, whatever form the pattern uses.
                if (value.matches("\\$\\{[A-Za-z0-9]+}")) {
                    int end = resource.indexOf(value) + value.length();
                    resources.remove(resource);
                    resources.add("${" + value.substring(2, value.length() - 1) + ".Arn}" + resource.substring(end));
                }
            }
        }
        Set<String> actions = new LinkedHashSet<>(kind.actions());
        return Optional.of(new IamStatement(path, true, actions, false, resources, false, Set.of(), false, Map.of()));
    }
}
