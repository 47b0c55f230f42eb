package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/** CopyObject, across accounts and regions: one identity reads the source and writes the target. */
final class S3Copy {
    /** What a copy reads. */
    record Source(Bucket bucket, Bucket.Version version) {}

    Reply copy(Call call, Bucket bucket, String key) {
        Source source = source(call);
        S3Access.require(call.world(), call.principal, bucket, "s3:PutObject", key);
        S3Objects.preconditions(call, bucket, key);
        Bucket.Version from = source.version();
        boolean replace = "REPLACE".equalsIgnoreCase(call.header("x-amz-metadata-directive"));
        if (source.bucket() == bucket && from.key.equals(key) && !replace && from == bucket.current(key)) {
            throw new AwsError(
                    400,
                    "InvalidRequest",
                    "This copy request is illegal because it is trying to copy an object to itself without changing "
                            + "the object's metadata, storage class, website redirect location or encryption "
                            + "attributes.");
        }
        Bucket.Version version = new Bucket.Version();
        version.key = key;
        version.bytes = from.bytes;
        version.etag = "\"" + SandboxJson.md5(from.bytes) + "\"";
        version.headers.putAll(replace ? S3Objects.metadata(call) : from.headers);
        version.checksums = checksums(call, from);
        S3Lock.apply(call, bucket, version);
        S3Objects.add(call, bucket, version, "copy");
        Xml xml = Xml.document()
                .open("CopyObjectResult", S3Service.NAMESPACE)
                .text("ETag", version.etag)
                .text("LastModified", version.modified);
        version.checksums.forEach((algorithm, value) -> xml.text("Checksum" + algorithm, value));
        xml.text("ChecksumType", version.checksumType).close("CopyObjectResult");
        Reply reply = S3Buckets.xml(xml)
                .header("x-amz-copy-source-version-id", source.bucket().versioning == null ? null : from.id);
        S3Objects.stored(reply, bucket, version);
        return reply;
    }

    /** A copy is written in one part, so composite checksums become whole ones. */
    private static Map<String, String> checksums(Call call, Bucket.Version from) {
        Map<String, String> checksums = new LinkedHashMap<>();
        String asked = call.header("x-amz-checksum-algorithm");
        if (asked != null) {
            checksums.put(asked, Checksums.of(asked, from.bytes));
        } else {
            from.checksums.keySet().forEach(name -> checksums.put(name, Checksums.of(name, from.bytes)));
        }
        return checksums;
    }

    /**
     * Finds and authorises what x-amz-copy-source names.
     *
     * @throws AwsError for a wrong expected owner, a missing source or a precondition that does not hold
     */
    static Source source(Call call) {
        String header = call.header("x-amz-copy-source");
        header = header.startsWith("/") ? header.substring(1) : header;
        String versionId = null;
        int query = header.indexOf("?versionId=");
        if (query >= 0) {
            versionId = header.substring(query + "?versionId=".length());
            header = header.substring(0, query);
        }
        String path = Call.decodePath(header);
        int slash = path.indexOf('/');
        if (slash < 1 || slash == path.length() - 1) {
            throw new AwsError(
                    400,
                    "InvalidArgument",
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        }
        Bucket bucket = call.world().buckets.get(path.substring(0, slash));
        if (bucket == null) {
            throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        S3Access.owner(bucket, call.header("x-amz-source-expected-bucket-owner"));
        Bucket.Version version =
                S3Access.read(call.world(), call.principal, bucket, path.substring(slash + 1), versionId);
        String match = call.header("x-amz-copy-source-if-match");
        String none = call.header("x-amz-copy-source-if-none-match");
        if (match != null && !match.replace("\"", "").equals(version.etag.replace("\"", ""))
                || none != null && none.replace("\"", "").equals(version.etag.replace("\"", ""))) {
            throw S3Objects.failed();
        }
        return new Source(bucket, version);
    }
}
