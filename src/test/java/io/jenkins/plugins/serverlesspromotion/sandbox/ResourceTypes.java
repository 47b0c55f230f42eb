package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What CloudFormation does with each type of resource: its name, Ref, attributes, and the properties whose change
 * replaces it. From the "Return values" and "Update requires: Replacement" of the AWS resource reference.
 */
final class ResourceTypes {
    /** One type. {@code reference} and {@code attributes} are patterns over account, region, name and id. */
    record Type(
            String name,
            String nameProperty,
            String reference,
            Map<String, String> attributes,
            Set<String> replacing,
            boolean tagged) {}

    private static final Map<String, Type> TYPES = new TreeMap<>();

    /** type | property with the name | Ref | attributes | properties whose change replaces | whether stack tags reach it */
    private static final String TABLE = """
            AWS::Lambda::Function|FunctionName|{name}|Arn=arn:aws:lambda:{region}:{account}:function:{name}|FunctionName,PackageType|tags
            AWS::Lambda::Version||{id}||FunctionName,Description,CodeSha256,RuntimePolicy|
            AWS::Lambda::Alias|Name|{id}||FunctionName,Name|
            AWS::Lambda::Permission||{name}|Id={name}|FunctionName,Action,Principal,SourceArn,SourceAccount,FunctionUrlAuthType,EventSourceToken,PrincipalOrgID|
            AWS::Lambda::Url||{id}||TargetFunctionArn,Qualifier|
            AWS::Lambda::EventSourceMapping||{id}|Id={id},EventSourceMappingArn=arn:aws:lambda:{region}:{account}:event-source-mapping:{id}|EventSourceArn,StartingPosition,SelfManagedEventSource|tags
            AWS::Lambda::LayerVersion|LayerName|arn:aws:lambda:{region}:{account}:layer:{name}:1|LayerVersionArn=arn:aws:lambda:{region}:{account}:layer:{name}:1|LayerName,Content,Description,CompatibleRuntimes,CompatibleArchitectures,LicenseInfo|
            AWS::IAM::Role|RoleName|{name}|Arn=arn:aws:iam::{account}:role/{name},RoleId=AROA{id}|RoleName,Path|tags
            AWS::IAM::Policy||{name}|Id={name}||
            AWS::IAM::ManagedPolicy|ManagedPolicyName|arn:aws:iam::{account}:policy/{name}|PolicyArn=arn:aws:iam::{account}:policy/{name},PolicyId=ANPA{id}|ManagedPolicyName,Path,Description|
            AWS::IAM::User|UserName|{name}|Arn=arn:aws:iam::{account}:user/{name}|UserName|tags
            AWS::SQS::Queue|QueueName|https://sqs.{region}.amazonaws.com/{account}/{name}|Arn=arn:aws:sqs:{region}:{account}:{name},QueueName={name},QueueUrl=https://sqs.{region}.amazonaws.com/{account}/{name}|QueueName,FifoQueue|tags
            AWS::SQS::QueuePolicy||{name}|Id={name}||
            AWS::SNS::Topic|TopicName|arn:aws:sns:{region}:{account}:{name}|TopicArn=arn:aws:sns:{region}:{account}:{name},TopicName={name}|TopicName,FifoTopic|tags
            AWS::SNS::Subscription||arn:aws:sns:{region}:{account}:{name}|Arn=arn:aws:sns:{region}:{account}:{name}|TopicArn,Protocol,Endpoint|
            AWS::SNS::TopicPolicy||{name}|Id={name}||
            AWS::DynamoDB::Table|TableName|{name}|Arn=arn:aws:dynamodb:{region}:{account}:table/{name},StreamArn=arn:aws:dynamodb:{region}:{account}:table/{name}/stream/2026-01-01T00:00:00.000|TableName,KeySchema,LocalSecondaryIndexes,ImportSourceSpecification|tags
            AWS::DynamoDB::GlobalTable|TableName|{name}|Arn=arn:aws:dynamodb:{region}:{account}:table/{name},TableId={id}|TableName,KeySchema,LocalSecondaryIndexes|
            AWS::S3::Bucket|BucketName|{name}|Arn=arn:aws:s3:::{name},DomainName={name}.s3.amazonaws.com,RegionalDomainName={name}.s3.{region}.amazonaws.com,DualStackDomainName={name}.s3.dualstack.{region}.amazonaws.com,WebsiteURL=http://{name}.s3-website-{region}.amazonaws.com|BucketName|tags
            AWS::S3::BucketPolicy||{name}||Bucket|
            AWS::Logs::LogGroup|LogGroupName|{name}|Arn=arn:aws:logs:{region}:{account}:log-group:{name}:*|LogGroupName|tags
            AWS::Logs::MetricFilter|FilterName|{name}||LogGroupName,FilterName|
            AWS::Logs::SubscriptionFilter|FilterName|{name}||LogGroupName,FilterName|
            AWS::CloudFront::Distribution||E{id}|Id=E{id}||tags
            AWS::CloudFront::OriginAccessControl||E{id}|Id=E{id}||
            AWS::CloudFront::CachePolicy||{id}|Id={id}||
            AWS::CloudFront::Function|Name|arn:aws:cloudfront::{account}:function/{name}|FunctionARN=arn:aws:cloudfront::{account}:function/{name}|Name|
            AWS::CloudWatch::Alarm|AlarmName|{name}|Arn=arn:aws:cloudwatch:{region}:{account}:alarm:{name}|AlarmName|tags
            AWS::CloudWatch::Dashboard|DashboardName|{name}||DashboardName|
            AWS::SSM::Parameter|Name|{name}||Name,Type|tags
            AWS::SecretsManager::Secret|Name|arn:aws:secretsmanager:{region}:{account}:secret:{name}-{id6}|Id=arn:aws:secretsmanager:{region}:{account}:secret:{name}-{id6}|Name|tags
            AWS::ApiGatewayV2::Api||{id10}|ApiId={id10},ApiEndpoint=https://{id10}.execute-api.{region}.amazonaws.com|ProtocolType|tags
            AWS::ApiGatewayV2::Stage|StageName|{name}||ApiId,StageName|tags
            AWS::ApiGatewayV2::Integration||{id7}|IntegrationId={id7}|ApiId|
            AWS::ApiGatewayV2::Route||{id7}|RouteId={id7}|ApiId|
            AWS::ApiGatewayV2::Authorizer||{id7}|AuthorizerId={id7}|ApiId|
            AWS::ApiGatewayV2::Deployment||{id7}|DeploymentId={id7}|ApiId|
            AWS::ApiGateway::RestApi||{id10}|RootResourceId={id7},RestApiId={id10}|Name|tags
            AWS::ApiGateway::Resource||{id7}|ResourceId={id7}|ParentId,PathPart,RestApiId|
            AWS::ApiGateway::Method||{name}||HttpMethod,ResourceId,RestApiId|
            AWS::ApiGateway::Deployment||{id7}|DeploymentId={id7}|RestApiId,DeploymentCanarySettings|
            AWS::ApiGateway::Stage|StageName|{name}||RestApiId,StageName|tags
            AWS::Events::Rule|Name|{name}|Arn=arn:aws:events:{region}:{account}:rule/{name}|Name,EventBusName|tags
            AWS::Events::EventBus|Name|{name}|Arn=arn:aws:events:{region}:{account}:event-bus/{name},Name={name}|Name|tags
            AWS::Scheduler::Schedule|Name|{name}|Arn=arn:aws:scheduler:{region}:{account}:schedule/default/{name}|Name|
            AWS::StepFunctions::StateMachine|StateMachineName|arn:aws:states:{region}:{account}:stateMachine:{name}|Arn=arn:aws:states:{region}:{account}:stateMachine:{name},Name={name}|StateMachineName,StateMachineType|tags
            AWS::KMS::Key||{id}|Arn=arn:aws:kms:{region}:{account}:key/{id},KeyId={id}|KeySpec,KeyUsage|tags
            AWS::KMS::Alias|AliasName|{name}||AliasName|
            AWS::Kinesis::Stream|Name|{name}|Arn=arn:aws:kinesis:{region}:{account}:stream/{name}|Name|tags
            AWS::Cognito::UserPool||{region}_{id9}|Arn=arn:aws:cognito-idp:{region}:{account}:userpool/{region}_{id9},ProviderName=cognito-idp.{region}.amazonaws.com/{region}_{id9},UserPoolId={region}_{id9}||tags
            AWS::RDS::DBInstance|DBInstanceIdentifier|{name}|DBInstanceArn=arn:aws:rds:{region}:{account}:db:{name},Endpoint.Address={name}.{region}.rds.amazonaws.com,Endpoint.Port=5432|DBInstanceIdentifier,Engine,DBSubnetGroupName|tags
            AWS::CloudFormation::WaitConditionHandle||https://cloudformation-waitcondition-{region}.s3.amazonaws.com/{id}|||
            AWS::CDK::Metadata||{id}|||
            """;

    static {
        for (String line : TABLE.split("\n")) {
            String[] parts = line.split("\\|", -1);
            Map<String, String> attributes = new LinkedHashMap<>();
            for (String attribute : parts[3].split(",")) {
                int equals = attribute.indexOf('=');
                if (equals > 0) {
                    attributes.put(attribute.substring(0, equals), attribute.substring(equals + 1));
                }
            }
            TYPES.put(
                    parts[0],
                    new Type(
                            parts[0],
                            parts[1].isEmpty() ? null : parts[1],
                            parts[2],
                            attributes,
                            Set.copyOf(List.of(parts[4].split(","))),
                            parts[5].equals("tags")));
        }
    }

    private ResourceTypes() {}

    /** Known and unknown types alike; an unknown one has a generated name and an ARN made from it. */
    static Type of(String type) {
        Type known = TYPES.get(type);
        if (known != null) {
            return known;
        }
        String[] parts = type.split("::");
        String service = (parts.length > 1 ? parts[1] : "custom").toLowerCase(java.util.Locale.ROOT);
        return new Type(
                type,
                null,
                "{name}",
                Map.of("Arn", "arn:aws:" + service + ":{region}:{account}:{name}", "Id", "{name}"),
                Set.of("Name", "ServiceToken"),
                false);
    }

    static boolean replaces(String type, String property) {
        return of(type).replacing().contains(property);
    }

    /** The attribute of an existing resource; null when its type has no such attribute. */
    static String attribute(Stack.Resource resource, String name) {
        String value = resource.attributes.get(name);
        if (value == null && resource.properties.path(name).isValueNode()) {
            value = resource.properties.path(name).asText();
        }
        if (value == null && !TYPES.containsKey(resource.type)) {
            value = resource.physicalId + "." + name;
        }
        return value;
    }

    /** The name a resource gets: its own, or one made of stack, logical id and letters. */
    static String nameOf(World world, Stack stack, Stack.Resource resource, JsonNode properties) {
        String property = of(resource.type).nameProperty();
        String given = property == null ? null : SandboxJson.text(properties, property);
        if (given != null && !given.isEmpty()) {
            return given;
        }
        String generated = stack.name + "-" + resource.logicalId + "-" + world.letters(12);
        return resource.type.equals("AWS::S3::Bucket") ? generated.toLowerCase(java.util.Locale.ROOT) : generated;
    }

    /** Fills in physical id and attributes after the patterns of the type. */
    static void identify(World world, Region region, Stack.Resource resource, String name) {
        String id = world.letters(14);
        Type type = of(resource.type);
        resource.physicalId = fill(type.reference(), region, name, id);
        resource.attributes.clear();
        type.attributes().forEach((key, pattern) -> resource.attributes.put(key, fill(pattern, region, name, id)));
    }

    private static String fill(String pattern, Region region, String name, String id) {
        String lower = id.toLowerCase(java.util.Locale.ROOT);
        return pattern.replace("{account}", region.account)
                .replace("{region}", region.name)
                .replace("{name}", name)
                .replace("{id}", id)
                .replace("{id6}", id.substring(0, 6))
                .replace("{id7}", lower.substring(0, 7))
                .replace("{id9}", id.substring(0, 9))
                .replace("{id10}", lower.substring(0, 10));
    }
}
