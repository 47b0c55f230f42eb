package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.Locale;
import java.util.Map;

/** S3: tells operations by method and query, buckets by path or by host. */
final class S3Service implements Service {
    static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static final Map<String, String> BUCKET_PARTS = Map.of(
            "location", "BucketLocation",
            "versioning", "BucketVersioning",
            "policy", "BucketPolicy",
            "policyStatus", "BucketPolicyStatus",
            "object-lock", "ObjectLockConfiguration",
            "publicAccessBlock", "PublicAccessBlock",
            "encryption", "BucketEncryption",
            "tagging", "BucketTagging",
            "lifecycle", "BucketLifecycleConfiguration",
            "acl", "BucketAcl");
    private static final Map<String, String> VERBS =
            Map.of("GET", "Get", "PUT", "Put", "DELETE", "Delete", "HEAD", "Head", "POST", "Post");

    private final S3Buckets buckets = new S3Buckets();
    private final S3Objects objects = new S3Objects();
    private final S3Copy copy = new S3Copy();
    private final S3Multipart multipart = new S3Multipart();
    private final S3Listing listing = new S3Listing();

    /** Bucket and key of a request. */
    record Target(String bucket, String key) {
        static Target of(Call call) {
            String host = call.header("Host");
            host = host == null ? "" : host.toLowerCase(Locale.ROOT).replaceAll(":[0-9]+$", "");
            String path = call.rawPath.substring(1);
            if (host.endsWith(".localhost")) {
                return new Target(host.substring(0, host.length() - ".localhost".length()), Call.decodePath(path));
            }
            int slash = path.indexOf('/');
            return slash < 0
                    ? new Target(Call.decodePath(path), "")
                    : new Target(Call.decodePath(path.substring(0, slash)), Call.decodePath(path.substring(slash + 1)));
        }
    }

    @Override
    public void name(Call call) {
        Target target = Target.of(call);
        call.resource = target.bucket() + (target.key().isEmpty() ? "" : "/" + target.key());
        call.operation = target.bucket().isEmpty()
                ? "ListBuckets"
                : target.key().isEmpty() ? bucketOperation(call) : objectOperation(call);
        for (String noted : new String[] {
            "x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner", "x-amz-copy-source", "If-None-Match",
            "If-Match", "x-amz-checksum-sha256", "x-amz-checksum-algorithm", "x-amz-object-lock-mode",
            "x-amz-object-lock-retain-until-date"
        }) {
            if (call.header(noted) != null) {
                call.noted.put(noted, call.header(noted));
            }
        }
        if (call.query.containsKey("versionId")) {
            call.noted.put("versionId", call.query.get("versionId"));
        }
    }

    private static String bucketOperation(Call call) {
        for (Map.Entry<String, String> part : BUCKET_PARTS.entrySet()) {
            if (call.query.containsKey(part.getKey())) {
                return VERBS.getOrDefault(call.method, call.method) + part.getValue();
            }
        }
        return switch (call.method) {
            case "GET" ->
                call.query.containsKey("versions")
                        ? "ListObjectVersions"
                        : call.query.containsKey("uploads")
                                ? "ListMultipartUploads"
                                : "2".equals(call.query.get("list-type")) ? "ListObjectsV2" : "ListObjects";
            case "PUT" -> "CreateBucket";
            case "HEAD" -> "HeadBucket";
            case "DELETE" -> "DeleteBucket";
            case "POST" -> call.query.containsKey("delete") ? "DeleteObjects" : "PostObject";
            default -> call.method;
        };
    }

    private static String objectOperation(Call call) {
        Map<String, String> query = call.query;
        boolean upload = query.containsKey("uploadId");
        boolean copies = call.header("x-amz-copy-source") != null;
        for (String part : new String[] {"retention", "legal-hold", "tagging", "acl"}) {
            if (query.containsKey(part)) {
                String name = part.equals("legal-hold")
                        ? "LegalHold"
                        : Character.toUpperCase(part.charAt(0)) + part.substring(1);
                return VERBS.getOrDefault(call.method, call.method) + "Object" + name;
            }
        }
        return switch (call.method) {
            case "GET" -> upload ? "ListParts" : query.containsKey("attributes") ? "GetObjectAttributes" : "GetObject";
            case "HEAD" -> "HeadObject";
            case "PUT" -> upload ? copies ? "UploadPartCopy" : "UploadPart" : copies ? "CopyObject" : "PutObject";
            case "POST" ->
                query.containsKey("uploads")
                        ? "CreateMultipartUpload"
                        : upload ? "CompleteMultipartUpload" : "PostObject";
            case "DELETE" -> upload ? "AbortMultipartUpload" : "DeleteObject";
            default -> call.method;
        };
    }

    @Override
    public Reply handle(Call call) {
        Target target = Target.of(call);
        String name = target.bucket();
        if (call.operation.equals("ListBuckets")) {
            return buckets.list(call);
        }
        if (call.operation.equals("CreateBucket")) {
            return buckets.create(call, name);
        }
        Bucket bucket = S3Access.bucket(call, name);
        String key = target.key();
        return switch (call.operation) {
            case "PutObject" -> objects.put(call, bucket, key);
            case "GetObject", "HeadObject" -> objects.get(call, bucket, key);
            case "GetObjectAttributes" -> objects.attributes(call, bucket, key);
            case "DeleteObject" -> objects.delete(call, bucket, key);
            case "DeleteObjects" -> objects.deleteMany(call, bucket);
            case "GetObjectRetention", "PutObjectRetention", "GetObjectLegalHold", "PutObjectLegalHold" ->
                S3Lock.handle(call, bucket, key);
            case "CopyObject" -> copy.copy(call, bucket, key);
            case "CreateMultipartUpload",
                    "UploadPart",
                    "UploadPartCopy",
                    "CompleteMultipartUpload",
                    "AbortMultipartUpload",
                    "ListParts",
                    "ListMultipartUploads" -> multipart.handle(call, bucket, key);
            case "ListObjectsV2", "ListObjects" -> listing.objects(call, bucket);
            case "ListObjectVersions" -> listing.versions(call, bucket);
            default -> buckets.handle(call, bucket);
        };
    }

    @Override
    public Reply error(Call call, AwsError error) {
        if (error.status == 304 || call.method.equals("HEAD")) {
            String region = error.code.equals("AuthorizationHeaderMalformed") ? expectedRegion(error) : null;
            return new Reply(error.status).header("x-amz-bucket-region", region);
        }
        Xml xml = Xml.document()
                .open("Error")
                .text("Code", error.code)
                .text("Message", error.getMessage())
                .text("Resource", call.rawPath);
        if (error.code.equals("AuthorizationHeaderMalformed")) {
            xml.text("Region", expectedRegion(error));
        }
        return Reply.xml(
                        error.status,
                        xml.text("RequestId", call.requestId)
                                .text("HostId", call.requestId)
                                .close("Error")
                                .toString())
                .header("Content-Type", "application/xml");
    }

    private static String expectedRegion(AwsError error) {
        String message = error.getMessage();
        int start = message.indexOf("expecting '") + "expecting '".length();
        return message.substring(start, message.indexOf('\'', start));
    }

    @Override
    public AwsError throttled() {
        return new AwsError(503, "SlowDown", "Please reduce your request rate.");
    }
}
