package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The landscape of the design: a tools account with the artifact bucket and the base identity, and three accounts to
 * release into, each with the roles promotion-plan, promotion-deploy, promotion-cfn and promotion-test.
 */
final class ThreeAccounts {
    static final String TOOLS = "111111111111";
    static final List<String> TARGETS = List.of("222222222222", "333333333333", "444444444444");
    static final List<String> NAMES = List.of("orders-dev", "orders-staging", "orders-prod");
    static final String BASE = "arn:aws:iam::111111111111:user/release-base";
    static final String ACCESS_KEY = "AKIAIOSFODNN7SANDBOX";
    static final String SECRET_KEY = "sandbox-secret-of-release-base";
    static final String EXTERNAL_ID = "acme";

    private ThreeAccounts() {}

    static SandboxConfig config() {
        SandboxConfig config = new SandboxConfig();
        config.accounts.add(tools());
        for (int i = 0; i < TARGETS.size(); i++) {
            config.accounts.add(target(TARGETS.get(i), NAMES.get(i)));
        }
        return config;
    }

    private static SandboxConfig.AccountConfig tools() {
        SandboxConfig.AccountConfig account = new SandboxConfig.AccountConfig();
        account.id = TOOLS;
        account.name = "tools";
        JsonNode base = document(
                allow(List.of("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"), roles("promotion-*")),
                allow(List.of("s3:*"), List.of("arn:aws:s3:::acme-releases", "arn:aws:s3:::acme-releases/*")));
        account.users.add(user("release-base", ACCESS_KEY, SECRET_KEY, base));
        account.users.add(admin(TOOLS));
        List<String> readers = new ArrayList<>();
        for (String role : List.of("promotion-plan", "promotion-deploy")) {
            readers.addAll(roles(role));
        }
        SandboxConfig.BucketConfig releases = bucket("acme-releases", "eu-west-1");
        releases.policy = document(SandboxJson.map(
                "Effect", "Allow",
                "Principal", Map.of("AWS", readers),
                "Action",
                        List.of(
                                "s3:GetObject",
                                "s3:GetObjectVersion",
                                "s3:GetObjectAttributes",
                                "s3:GetObjectVersionAttributes",
                                "s3:ListBucket",
                                "s3:GetBucketLocation"),
                "Resource", List.of("arn:aws:s3:::acme-releases", "arn:aws:s3:::acme-releases/*")));
        account.buckets.add(releases);
        return account;
    }

    private static SandboxConfig.AccountConfig target(String id, String name) {
        SandboxConfig.AccountConfig account = new SandboxConfig.AccountConfig();
        account.id = id;
        account.name = name;
        account.users.add(admin(id));
        List<String> staging = new ArrayList<>();
        for (String region : List.of("eu-west-1", "us-east-1", "us-west-2")) {
            String bucket = "serverless-promotion-" + id + "-" + region;
            account.buckets.add(bucket(bucket, region));
            staging.add("arn:aws:s3:::" + bucket);
            staging.add("arn:aws:s3:::" + bucket + "/*");
        }
        List<String> artifacts = new ArrayList<>(staging);
        artifacts.addAll(List.of("arn:aws:s3:::acme-releases", "arn:aws:s3:::acme-releases/*"));
        Map<String, Object> read = allow(
                List.of(
                        "cloudformation:Describe*",
                        "cloudformation:Get*",
                        "cloudformation:List*",
                        "cloudformation:ValidateTemplate",
                        "lambda:Get*",
                        "lambda:List*",
                        "cloudfront:Get*",
                        "cloudfront:List*",
                        "cloudwatch:Describe*",
                        "cloudwatch:GetMetricData",
                        "ssm:GetParameter",
                        "ssm:GetParameters",
                        "ssm:GetParametersByPath",
                        "secretsmanager:DescribeSecret"),
                List.of("*"));
        Map<String, Object> artifactRead =
                allow(List.of("s3:GetObject*", "s3:GetBucket*", "s3:ListBucket*"), List.of("*"));
        Map<String, Object> changeSets = allow(
                List.of(
                        "cloudformation:CreateChangeSet",
                        "cloudformation:DeleteChangeSet",
                        "cloudformation:SetStackPolicy"),
                List.of("arn:aws:cloudformation:*:" + id + ":stack/*"));
        Map<String, Object> pass =
                allow(List.of("iam:PassRole"), List.of("arn:aws:iam::" + id + ":role/promotion-cfn"));
        account.roles.add(role("promotion-plan", id, document(read, artifactRead, changeSets, pass)));
        account.roles.add(role(
                "promotion-deploy",
                id,
                document(
                        read,
                        artifactRead,
                        changeSets,
                        pass,
                        allow(List.of("s3:PutObject*", "s3:DeleteObject*", "s3:AbortMultipartUpload"), List.of("*")),
                        allow(List.of("cloudformation:*"), List.of("arn:aws:cloudformation:*:" + id + ":stack/*")),
                        allow(
                                List.of(
                                        "lambda:UpdateFunctionCode",
                                        "lambda:UpdateFunctionConfiguration",
                                        "lambda:PublishVersion",
                                        "lambda:CreateAlias",
                                        "lambda:UpdateAlias"),
                                List.of("arn:aws:lambda:*:" + id + ":function:*")),
                        allow(
                                List.of("cloudfront:CreateInvalidation"),
                                List.of("arn:aws:cloudfront::" + id + ":distribution/*")))));
        SandboxConfig.RoleConfig execution = new SandboxConfig.RoleConfig();
        execution.name = "promotion-cfn";
        execution.trust = document(SandboxJson.map(
                "Effect", "Allow",
                "Principal", Map.of("Service", "cloudformation.amazonaws.com"),
                "Action", "sts:AssumeRole"));
        execution.policy = document(allow(
                List.of(
                        "lambda:*",
                        "iam:*",
                        "sqs:*",
                        "sns:*",
                        "dynamodb:*",
                        "s3:*",
                        "logs:*",
                        "cloudfront:*",
                        "cloudwatch:*",
                        "ssm:*",
                        "secretsmanager:GetSecretValue",
                        "apigateway:*",
                        "events:*",
                        "states:*",
                        "cloudformation:*",
                        "kms:*",
                        "route53:*",
                        "acm:*",
                        "kinesis:*",
                        "cognito-idp:*",
                        "appsync:*",
                        "glue:*"),
                List.of("*")));
        account.roles.add(execution);
        account.roles.add(role(
                "promotion-test",
                id,
                document(
                        allow(
                                List.of("lambda:InvokeFunction"),
                                List.of("arn:aws:lambda:*:" + id + ":function:*-smoke*")),
                        allow(List.of("lambda:GetFunction*", "cloudwatch:DescribeAlarms"), List.of("*")))));
        return account;
    }

    private static SandboxConfig.UserConfig admin(String account) {
        return user(
                "admin",
                "AKIA" + account + "ADMI",
                "sandbox-secret-of-admin",
                document(allow(List.of("*"), List.of("*"))));
    }

    private static SandboxConfig.UserConfig user(String name, String accessKey, String secretKey, JsonNode policy) {
        SandboxConfig.UserConfig user = new SandboxConfig.UserConfig();
        user.name = name;
        user.accessKey = accessKey;
        user.secretKey = secretKey;
        user.policy = policy;
        return user;
    }

    private static SandboxConfig.RoleConfig role(String name, String account, JsonNode policy) {
        SandboxConfig.RoleConfig role = new SandboxConfig.RoleConfig();
        role.name = name;
        role.trust = document(
                SandboxJson.map(
                        "Effect",
                        "Allow",
                        "Principal",
                        Map.of("AWS", BASE),
                        "Action",
                        "sts:AssumeRole",
                        "Condition",
                        Map.of("StringEquals", Map.of("sts:ExternalId", EXTERNAL_ID))),
                SandboxJson.map(
                        "Effect", "Allow",
                        "Principal", Map.of("AWS", BASE),
                        "Action", List.of("sts:TagSession", "sts:SetSourceIdentity")));
        role.policy = policy;
        return role;
    }

    private static SandboxConfig.BucketConfig bucket(String name, String region) {
        SandboxConfig.BucketConfig bucket = new SandboxConfig.BucketConfig();
        bucket.name = name;
        bucket.region = region;
        bucket.versioned = true;
        return bucket;
    }

    private static List<String> roles(String name) {
        return TARGETS.stream()
                .map(id -> "arn:aws:iam::" + id + ":role/" + name)
                .toList();
    }

    private static Map<String, Object> allow(List<String> actions, List<String> resources) {
        return SandboxJson.map("Effect", "Allow", "Action", actions, "Resource", resources);
    }

    private static JsonNode document(Object... statements) {
        return SandboxJson.tree(Map.of("Version", "2012-10-17", "Statement", statements));
    }
}
