package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Resource types outside Lambda that have an effect in the sandbox: S3, IAM, SSM, Secrets Manager, alarms, CloudFront. */
final class OtherResources {
    private static final Set<String> TYPES = Set.of(
            "AWS::S3::Bucket",
            "AWS::S3::BucketPolicy",
            "AWS::IAM::Role",
            "AWS::IAM::Policy",
            "AWS::IAM::ManagedPolicy",
            "AWS::SSM::Parameter",
            "AWS::SecretsManager::Secret",
            "AWS::CloudWatch::Alarm",
            "AWS::CloudFront::Distribution");

    private OtherResources() {}

    static boolean handles(String type) {
        return TYPES.contains(type);
    }

    static void apply(Provisioner.Work work) {
        switch (work.resource.type) {
            case "AWS::S3::Bucket" -> bucket(work);
            case "AWS::S3::BucketPolicy" -> bucketPolicy(work);
            case "AWS::IAM::Role" -> role(work);
            case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy" -> policy(work);
            case "AWS::SSM::Parameter" -> parameter(work);
            case "AWS::SecretsManager::Secret" -> secret(work);
            case "AWS::CloudWatch::Alarm" -> alarm(work);
            default -> distribution(work);
        }
    }

    static void delete(Provisioner.Work work) {
        String id = work.resource.physicalId;
        World world = work.world;
        Region region = work.region;
        switch (work.resource.type) {
            case "AWS::S3::Bucket" -> {
                Bucket bucket = world.buckets.get(id);
                if (bucket != null) {
                    S3Buckets.delete(world, work.actor, bucket);
                }
            }
            case "AWS::S3::BucketPolicy" -> {
                Bucket bucket = world.buckets.get(String.valueOf(work.text("Bucket")));
                if (bucket != null) {
                    bucket.policy = null;
                    world.changed(work.actor, bucket.account, bucket.region, "s3:bucket", bucket.name, "policy", null);
                }
            }
            case "AWS::IAM::Role" -> {
                work.account().roles.remove(id);
                world.changed(work.actor, region.account, "global", "iam:role", id, "delete", null);
            }
            case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy" -> {
                work.account().managedPolicies.remove(id);
                work.account().roles.values().forEach(role -> role.policies.remove(id));
            }
            case "AWS::SSM::Parameter" -> {
                region.parameters.remove(id);
                world.changed(work.actor, region, "ssm:parameter", id, "delete", null);
            }
            case "AWS::SecretsManager::Secret" -> region.secrets.values().removeIf(secret -> secret.arn.equals(id));
            case "AWS::CloudWatch::Alarm" -> {
                region.alarms.remove(id);
                world.changed(work.actor, region, "cloudwatch:alarm", id, "delete", null);
            }
            default -> {
                work.account().distributions.remove(id);
                world.changed(work.actor, region.account, "global", "cloudfront:distribution", id, "delete", null);
            }
        }
    }

    private static void bucket(Provisioner.Work work) {
        String name = work.before == null ? work.identify() : work.resource.physicalId;
        if (work.before == null) {
            Bucket bucket = S3Buckets.create(work.world, work.actor, name, work.region.name);
            if (work.properties.path("ObjectLockEnabled").asBoolean()) {
                bucket.objectLock = true;
                bucket.versioning = "Enabled";
                JsonNode retention = work.properties
                        .path("ObjectLockConfiguration")
                        .path("Rule")
                        .path("DefaultRetention");
                bucket.defaultLockMode = SandboxJson.text(retention, "Mode");
                bucket.defaultLockDays = retention.path("Days").asInt();
            }
        }
        Bucket bucket = work.world.buckets.get(name);
        if (bucket == null) {
            throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        String status = SandboxJson.text(work.properties.path("VersioningConfiguration"), "Status");
        if (status != null) {
            S3Buckets.versioning(bucket, status);
        }
    }

    private static void bucketPolicy(Provisioner.Work work) {
        String name = String.valueOf(work.text("Bucket"));
        Bucket bucket = work.world.buckets.get(name);
        if (bucket == null || !bucket.account.equals(work.region.account)) {
            throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        bucket.policy = S3Buckets.policy(SandboxJson.write(work.properties.path("PolicyDocument")));
        work.world.changed(work.actor, bucket.account, bucket.region, "s3:bucket", name, "policy", bucket.policy);
        if (work.before == null) {
            work.identify();
            work.resource.physicalId = name;
        }
    }

    private static void role(Provisioner.Work work) {
        Account account = work.account();
        JsonNode trust = work.properties.path("AssumeRolePolicyDocument");
        if (!trust.has("Statement")) {
            throw new AwsError(400, "ValidationException", "AssumeRolePolicyDocument is required");
        }
        Account.Role role;
        if (work.before == null) {
            String name = ResourceTypes.nameOf(work.world, work.stack, work.resource, work.properties);
            name = name.length() > 64 ? name.substring(name.length() - 64) : name;
            if (account.roles.containsKey(name)) {
                throw new AwsError(409, "AlreadyExists", "Role with name " + name + " already exists.");
            }
            ResourceTypes.identify(work.world, work.region, work.resource, name);
            role = new Account.Role(
                    name, work.resource.attributes.get("Arn"), work.resource.attributes.get("RoleId"), trust);
            account.roles.put(name, role);
        } else {
            role = account.roles.get(work.resource.physicalId);
            if (role == null) {
                throw new AwsError(
                        404, "ResourceNotFoundException", "Role " + work.resource.physicalId + " does not exist");
            }
            role.trust = trust;
            work.before
                    .path("Policies")
                    .forEach(policy ->
                            role.policies.remove(policy.path("PolicyName").asText()));
        }
        role.boundary = work.text("PermissionsBoundary");
        for (JsonNode policy : work.properties.path("Policies")) {
            role.policies.put(policy.path("PolicyName").asText(), policy.path("PolicyDocument"));
        }
        work.world.changed(
                work.actor,
                account.id,
                "global",
                "iam:role",
                role.name,
                work.before == null ? "create" : "update",
                StackDiff.canonical(work.properties));
    }

    private static void policy(Provisioner.Work work) {
        if (work.before == null) {
            work.identify();
        }
        String id = work.resource.physicalId;
        Account account = work.account();
        List<String> names = IamPolicy.strings(work.properties.get("Roles"));
        for (String name : names) {
            if (!account.roles.containsKey(name)) {
                throw new AwsError(
                        404, "ResourceNotFoundException", "The role with name " + name + " cannot be found.");
            }
        }
        if (work.resource.type.equals("AWS::IAM::ManagedPolicy")) {
            account.managedPolicies.put(id, work.properties.path("PolicyDocument"));
        }
        account.roles.values().forEach(role -> role.policies.remove(id));
        names.forEach(name -> account.roles.get(name).policies.put(id, work.properties.path("PolicyDocument")));
    }

    private static void parameter(Provisioner.Work work) {
        if (work.before == null) {
            String name = work.identify();
            if (work.region.parameters.containsKey(name)) {
                throw new AwsError(400, "AlreadyExists", "The parameter already exists: " + name);
            }
            work.region.parameters.put(name, new Parameter(name, String.valueOf(work.text("Type"))));
        }
        Parameter parameter = work.region.parameters.get(work.resource.physicalId);
        String value = String.valueOf(work.text("Value"));
        if (parameter.versions.isEmpty() || !parameter.version(null).value().equals(value)) {
            parameter.add(value);
        }
        work.resource.attributes.put("Value", value);
        work.resource.attributes.put("Type", parameter.type);
        work.world.changed(
                work.actor, work.region, "ssm:parameter", parameter.name, "put", parameter.versions.size() + value);
    }

    private static void secret(Provisioner.Work work) {
        if (work.before == null) {
            String name = work.identify();
            if (work.region.secrets.containsKey(name)) {
                throw new AwsError(
                        400, "AlreadyExists", "The operation failed because the secret " + name + " already exists.");
            }
            work.region.secrets.put(name, new Secret(name, work.resource.physicalId));
        }
        Secret secret = SecretsManagerService.find(work.region, work.resource.physicalId);
        String text = work.text("SecretString");
        if (text == null && secret.versions.isEmpty()) {
            text = work.world.letters(32);
        }
        if (text != null) {
            secret.put(work.world.uuid(), text, null, List.of("AWSCURRENT"));
        }
    }

    private static void alarm(Provisioner.Work work) {
        String name = work.before == null ? work.identify() : work.resource.physicalId;
        CloudWatchService.put(work.world, work.actor, work.region, name, (ObjectNode) work.properties);
    }

    private static void distribution(Provisioner.Work work) {
        Account account = work.account();
        JsonNode config = work.properties.path("DistributionConfig");
        if (!config.path("Origins").isArray() || config.path("Origins").isEmpty()) {
            throw new AwsError(400, "ValidationException", "The parameter Origins is required.");
        }
        if (work.before == null) {
            work.identify();
            Distribution distribution = new Distribution(work.resource.physicalId, account.id, config);
            work.resource.attributes.put("DomainName", distribution.domain());
            account.distributions.put(distribution.id, distribution);
        } else {
            account.distributions.get(work.resource.physicalId).update(config);
        }
        work.world.changed(
                work.actor, account.id, "global", "cloudfront:distribution", work.resource.physicalId, "put", config);
    }
}
