package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.List;
import java.util.Map;

/**
 * Who may do what in S3. Within an account the caller's or the bucket's policy suffices, across accounts both must
 * allow; an explicit deny in either wins. Rule: S3 User Guide, "How Amazon S3 authorizes a request".
 */
final class S3Access {
    private S3Access() {}

    /**
     * The bucket, in the region the caller signed for, owned by whom the caller expects.
     *
     * @throws AwsError NoSuchBucket, AuthorizationHeaderMalformed or AccessDenied
     */
    static Bucket bucket(Call call, String name) {
        Bucket bucket = call.world().buckets.get(name);
        if (bucket == null) {
            throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        owner(bucket, call.header("x-amz-expected-bucket-owner"));
        if (call.signature != null && !bucket.region.equals(call.region)) {
            throw new AwsError(
                    400,
                    "AuthorizationHeaderMalformed",
                    "The authorization header is malformed; the region '" + call.region + "' is wrong; expecting '"
                            + bucket.region + "'");
        }
        return bucket;
    }

    static void owner(Bucket bucket, String expected) {
        if (expected != null && !expected.equals(bucket.account)) {
            throw new AwsError(403, "AccessDenied", "Access Denied");
        }
    }

    static void require(World world, Principal principal, Bucket bucket, String action, String key) {
        require(world, principal, bucket, action, key, Map.of());
    }

    static void require(
            World world, Principal principal, Bucket bucket, String action, String key, Map<String, String> more) {
        String arn = "arn:aws:s3:::" + bucket.name + (key == null ? "" : "/" + key);
        Map<String, String> context = World.context(principal);
        context.putAll(more);
        IamPolicy.Decision own = world.identityDecision(principal, action, arn, context);
        IamPolicy.Decision theirs = bucket.policy == null
                ? IamPolicy.Decision.NONE
                : IamPolicy.evaluate(List.of(bucket.policy), principal, action, arn, context);
        if (own == IamPolicy.Decision.DENY || theirs == IamPolicy.Decision.DENY) {
            throw AwsError.denied(
                    "AccessDenied",
                    principal.arn(),
                    action,
                    "\"" + arn + "\"",
                    true,
                    own == IamPolicy.Decision.DENY ? "identity-based" : "resource-based");
        }
        boolean same = principal.account().equals(bucket.account);
        boolean allowed = same
                ? own == IamPolicy.Decision.ALLOW || theirs == IamPolicy.Decision.ALLOW
                : theirs == IamPolicy.Decision.ALLOW
                        && (own == IamPolicy.Decision.ALLOW
                                || principal.account().isEmpty());
        if (!allowed) {
            if (principal == Principal.ANONYMOUS) {
                throw new AwsError(403, "AccessDenied", "Access Denied");
            }
            boolean missingOwn = own != IamPolicy.Decision.ALLOW;
            throw AwsError.denied(
                    "AccessDenied",
                    principal.arn(),
                    action,
                    "\"" + arn + "\"",
                    false,
                    missingOwn ? "identity-based" : "resource-based");
        }
    }

    static boolean may(World world, Principal principal, Bucket bucket, String action, String key) {
        try {
            require(world, principal, bucket, action, key);
            return true;
        } catch (AwsError e) {
            return false;
        }
    }

    /**
     * Reads an object as someone, with all checks: for S3 itself and for services that read on behalf of a caller.
     *
     * @param versionId null for the current version
     * @throws AwsError NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker) or AccessDenied
     */
    static Bucket.Version read(World world, Principal principal, Bucket bucket, String key, String versionId) {
        require(world, principal, bucket, versionId == null ? "s3:GetObject" : "s3:GetObjectVersion", key);
        Bucket.Version version = versionId == null ? bucket.newest(key) : bucket.version(key, versionId);
        if (version == null || version.deleteMarker && versionId == null) {
            // Whoever may not list must not learn whether the key exists.
            require(world, principal, bucket, "s3:ListBucket", null);
            throw versionId == null
                    ? new AwsError(404, "NoSuchKey", "The specified key does not exist.")
                    : new AwsError(404, "NoSuchVersion", "The specified version does not exist.");
        }
        if (version.deleteMarker) {
            throw new AwsError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
        }
        return version;
    }
}
