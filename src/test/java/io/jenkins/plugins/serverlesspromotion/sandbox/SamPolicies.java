package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** SAM's policy templates that teams use most; AWS SAM documentation, "SAM policy templates". */
final class SamPolicies {
    /** Template to service, actions and the pattern of the resource over its parameter. */
    private record Kind(String parameter, String resource, List<String> actions) {}

    private static final String TABLE = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${X}";
    private static final String BUCKET = "arn:${AWS::Partition}:s3:::${X}/*";
    private static final Map<String, Kind> KINDS = Map.of(
            "DynamoDBCrudPolicy",
            new Kind(
                    "TableName",
                    TABLE,
                    List.of("dynamodb:*Item", "dynamodb:Scan", "dynamodb:Query", "dynamodb:DescribeTable")),
            "DynamoDBReadPolicy",
            new Kind(
                    "TableName",
                    TABLE,
                    List.of("dynamodb:GetItem", "dynamodb:Scan", "dynamodb:Query", "dynamodb:DescribeTable")),
            "DynamoDBWritePolicy",
            new Kind("TableName", TABLE, List.of("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem")),
            "SQSSendMessagePolicy",
            new Kind(
                    "QueueName",
                    "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${X}",
                    List.of("sqs:SendMessage*")),
            "SQSPollerPolicy",
            new Kind(
                    "QueueName",
                    "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${X}",
                    List.of("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")),
            "SNSPublishMessagePolicy",
            new Kind(
                    "TopicName",
                    "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${X}",
                    List.of("sns:Publish")),
            "S3ReadPolicy",
            new Kind("BucketName", BUCKET, List.of("s3:GetObject*", "s3:ListBucket")),
            "S3CrudPolicy",
            new Kind("BucketName", BUCKET, List.of("s3:*Object*", "s3:ListBucket")),
            "SSMParameterReadPolicy",
            new Kind(
                    "ParameterName",
                    "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${X}",
                    List.of("ssm:GetParameter*")),
            "LambdaInvokePolicy",
            new Kind(
                    "FunctionName",
                    "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${X}*",
                    List.of("lambda:InvokeFunction")));

    private SamPolicies() {}

    /** A policy document as it is, or the one a template stands for. */
    static JsonNode document(String role, JsonNode policy) {
        if (policy.has("Statement")) {
            return policy;
        }
        String name = policy.fieldNames().hasNext() ? policy.fieldNames().next() : "";
        Kind kind = KINDS.get(name);
        if (kind == null) {
            throw AwsError.validation(
                    "The sandbox does not support the SAM policy template " + name + " (" + role + ").");
        }
        ObjectNode document = SandboxJson.object().put("Version", "2012-10-17");
        ObjectNode statement = document.putArray("Statement").addObject().put("Effect", "Allow");
        ArrayNode actions = statement.putArray("Action");
        kind.actions().forEach(actions::add);
        ArrayNode sub = SandboxJson.array().add(kind.resource());
        sub.addObject().set("X", policy.get(name).path(kind.parameter()));
        statement.putObject("Resource").set("Fn::Sub", sub);
        return document;
    }
}
