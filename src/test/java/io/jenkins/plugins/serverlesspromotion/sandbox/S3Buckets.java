package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.w3c.dom.Element;

/** Buckets themselves: create, versioning, policy, object lock. */
final class S3Buckets {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    Reply list(Call call) {
        call.authorize("AccessDenied", "s3:ListAllMyBuckets", "*");
        Xml xml = Xml.document()
                .open("ListAllMyBucketsResult", S3Service.NAMESPACE)
                .open("Owner")
                .text("ID", call.account())
                .close("Owner")
                .open("Buckets");
        for (Bucket bucket : call.world().buckets.values()) {
            if (bucket.account.equals(call.account())) {
                xml.open("Bucket")
                        .text("Name", bucket.name)
                        .text("CreationDate", bucket.created)
                        .text("BucketRegion", bucket.region)
                        .close("Bucket");
            }
        }
        return xml(xml.close("Buckets").close("ListAllMyBucketsResult"));
    }

    static Reply xml(Xml xml) {
        return Reply.xml(200, xml.toString()).header("Content-Type", "application/xml");
    }

    Reply create(Call call, String name) {
        call.authorize("AccessDenied", "s3:CreateBucket", "arn:aws:s3:::" + name);
        String region = "us-east-1";
        if (call.body.length > 0) {
            String constraint = Xml.value(Xml.parse(call.body), "LocationConstraint");
            region = constraint == null ? region : constraint;
        }
        if (!region.equals(call.region)) {
            throw new AwsError(
                    400,
                    "IllegalLocationConstraintException",
                    "The " + region + " location constraint is incompatible for the region specific endpoint this "
                            + "request was sent to.");
        }
        Bucket bucket = create(call.world(), call.actor(), name, region);
        if ("true".equalsIgnoreCase(call.header("x-amz-bucket-object-lock-enabled"))) {
            bucket.objectLock = true;
            bucket.versioning = "Enabled";
        }
        return new Reply(200).header("Location", "/" + name);
    }

    /** Makes a bucket for a caller or for a stack. */
    static Bucket create(World world, Actor actor, String name, String region) {
        if (!NAME.matcher(name).matches()) {
            throw new AwsError(400, "InvalidBucketName", "The specified bucket is not valid.");
        }
        Bucket existing = world.buckets.get(name);
        if (existing != null) {
            boolean own = existing.account.equals(actor.principal().account());
            throw new AwsError(
                    409,
                    own ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists",
                    own
                            ? "Your previous request to create the named bucket succeeded and you already own it."
                            : "The requested bucket name is not available.");
        }
        Bucket bucket = new Bucket(name, actor.principal().account(), region);
        world.buckets.put(name, bucket);
        world.changed(actor, bucket.account, region, "s3:bucket", name, "create", name);
        return bucket;
    }

    /**
     * Removes an empty bucket.
     *
     * @throws AwsError BucketNotEmpty when there is any version left
     */
    static void delete(World world, Actor actor, Bucket bucket) {
        if (!bucket.objects.isEmpty()) {
            throw new AwsError(
                    409,
                    "BucketNotEmpty",
                    "The bucket you tried to delete is not empty."
                            + (bucket.versioning == null ? "" : " You must delete all versions in the bucket."));
        }
        world.buckets.remove(bucket.name);
        world.changed(actor, bucket.account, bucket.region, "s3:bucket", bucket.name, "delete", null);
    }

    Reply handle(Call call, Bucket bucket) {
        World world = call.world();
        String action =
                switch (call.operation) {
                    case "HeadBucket" -> "ListBucket";
                    case "GetObjectLockConfiguration" -> "GetBucketObjectLockConfiguration";
                    case "PutObjectLockConfiguration" -> "PutBucketObjectLockConfiguration";
                    default -> call.operation;
                };
        S3Access.require(world, call.principal, bucket, "s3:" + action, null);
        switch (call.operation) {
            case "HeadBucket":
                return new Reply(200).header("x-amz-bucket-region", bucket.region);
            case "DeleteBucket":
                delete(world, call.actor(), bucket);
                return new Reply(204);
            case "GetBucketLocation":
                return xml(Xml.document()
                        .open("LocationConstraint", S3Service.NAMESPACE)
                        .toString()
                        .concat(bucket.region.equals("us-east-1") ? "" : bucket.region)
                        .concat("</LocationConstraint>"));
            case "GetBucketVersioning":
                return xml(Xml.document()
                        .open("VersioningConfiguration", S3Service.NAMESPACE)
                        .text("Status", bucket.versioning)
                        .close("VersioningConfiguration"));
            case "PutBucketVersioning":
                versioning(bucket, Xml.value(Xml.parse(call.body), "Status"));
                return changed(call, bucket, "versioning", bucket.versioning);
            case "GetBucketPolicy":
                if (bucket.policy == null) {
                    throw new AwsError(404, "NoSuchBucketPolicy", "The bucket policy does not exist");
                }
                return Reply.json(200, bucket.policy);
            case "GetBucketPolicyStatus":
                return xml(Xml.document()
                        .open("PolicyStatus", S3Service.NAMESPACE)
                        .text("IsPublic", isPublic(bucket.policy))
                        .close("PolicyStatus"));
            case "PutBucketPolicy":
                bucket.policy = policy(new String(call.body, StandardCharsets.UTF_8));
                return noContent(changed(call, bucket, "policy", bucket.policy));
            case "DeleteBucketPolicy":
                bucket.policy = null;
                return noContent(changed(call, bucket, "policy", null));
            case "GetObjectLockConfiguration", "PutObjectLockConfiguration":
                return lock(call, bucket);
            default:
                throw AwsError.unknownOperation("s3", call.operation);
        }
    }

    private static Reply xml(String text) {
        return Reply.xml(200, text).header("Content-Type", "application/xml");
    }

    static void versioning(Bucket bucket, String status) {
        if (!"Enabled".equals(status) && !"Suspended".equals(status)) {
            throw new AwsError(
                    400, "IllegalVersioningConfigurationException", "The Versioning element must be specified");
        }
        if (bucket.objectLock && status.equals("Suspended")) {
            throw new AwsError(
                    409,
                    "InvalidBucketState",
                    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
        }
        bucket.versioning = status;
    }

    static JsonNode policy(String text) {
        try {
            JsonNode policy = SandboxJson.read(text);
            if (!policy.has("Statement")) {
                throw new AwsError(400, "MalformedPolicy", "Missing required field Statement");
            }
            return policy;
        } catch (IllegalArgumentException e) {
            throw new AwsError(400, "MalformedPolicy", "This policy contains invalid Json");
        }
    }

    private static boolean isPublic(JsonNode policy) {
        if (policy != null) {
            for (JsonNode statement : policy.get("Statement")) {
                JsonNode principal = statement.path("Principal");
                if (statement.path("Effect").asText().equals("Allow")
                        && !statement.has("Condition")
                        && (principal.asText().equals("*")
                                || IamPolicy.strings(principal.get("AWS")).contains("*"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Reply lock(Call call, Bucket bucket) {
        if (call.method.equals("GET")) {
            if (!bucket.objectLock) {
                throw new AwsError(
                        404,
                        "ObjectLockConfigurationNotFoundError",
                        "Object Lock configuration does not exist for this bucket");
            }
            Xml xml = Xml.document()
                    .open("ObjectLockConfiguration", S3Service.NAMESPACE)
                    .text("ObjectLockEnabled", "Enabled");
            if (bucket.defaultLockMode != null) {
                xml.open("Rule")
                        .open("DefaultRetention")
                        .text("Mode", bucket.defaultLockMode)
                        .text("Days", bucket.defaultLockDays)
                        .close("DefaultRetention")
                        .close("Rule");
            }
            return xml(xml.close("ObjectLockConfiguration"));
        }
        if (!"Enabled".equals(bucket.versioning)) {
            throw new AwsError(
                    409,
                    "InvalidBucketState",
                    "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
        }
        Element retention = Xml.child(Xml.child(Xml.parse(call.body), "Rule"), "DefaultRetention");
        bucket.objectLock = true;
        if (retention != null) {
            String years = Xml.value(retention, "Years");
            bucket.defaultLockMode = Xml.value(retention, "Mode");
            bucket.defaultLockDays = years != null
                    ? 365 * Integer.parseInt(years)
                    : Integer.parseInt(String.valueOf(Xml.value(retention, "Days")));
        }
        return changed(call, bucket, "object-lock", bucket.defaultLockMode + bucket.defaultLockDays);
    }

    private static Reply changed(Call call, Bucket bucket, String what, Object content) {
        call.world().changed(call.actor(), bucket.account, bucket.region, "s3:bucket", bucket.name, what, content);
        return new Reply(200);
    }

    private static Reply noContent(Reply reply) {
        return new Reply(204);
    }
}
