package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.w3c.dom.Element;

/** Objects: put, get, head, attributes, delete. */
final class S3Objects {
    private static final List<String> KEPT = List.of(
            "content-type",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "expires",
            "x-amz-website-redirect-location",
            "x-amz-tagging");
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]*)-([0-9]*)");

    Reply put(Call call, Bucket bucket, String key) {
        S3Access.require(call.world(), call.principal, bucket, "s3:PutObject", key);
        preconditions(call, bucket, key);
        Map<String, String> checksums = Checksums.verify(call);
        if (checksums.isEmpty()) {
            checksums = new LinkedHashMap<>(Map.of("CRC64NVME", Checksums.of("CRC64NVME", call.body)));
        }
        Bucket.Version version = new Bucket.Version();
        version.key = key;
        version.bytes = call.body;
        version.etag = "\"" + SandboxJson.md5(call.body) + "\"";
        version.checksums = checksums;
        version.headers.putAll(metadata(call));
        S3Lock.apply(call, bucket, version);
        add(call, bucket, version, "put");
        Reply reply = new Reply(200).header("ETag", version.etag);
        stored(reply, bucket, version);
        checksums(reply, version);
        return reply;
    }

    static void add(Call call, Bucket bucket, Bucket.Version version, String what) {
        bucket.add(call.world(), version);
        call.world()
                .changed(
                        call.actor(),
                        bucket.account,
                        bucket.region,
                        "s3:object",
                        bucket.name + "/" + version.key,
                        what,
                        version.bytes);
    }

    static void stored(Reply reply, Bucket bucket, Bucket.Version version) {
        reply.header("x-amz-server-side-encryption", "AES256");
        if (bucket.versioning != null) {
            reply.header("x-amz-version-id", version.id);
        }
    }

    static void checksums(Reply reply, Bucket.Version version) {
        version.checksums.forEach(
                (algorithm, value) -> reply.header("x-amz-checksum-" + algorithm.toLowerCase(Locale.ROOT), value));
        if (!version.checksums.isEmpty()) {
            reply.header("x-amz-checksum-type", version.checksumType);
        }
    }

    /** The headers S3 keeps with an object. */
    static Map<String, String> metadata(Call call) {
        Map<String, String> kept = new LinkedHashMap<>();
        kept.put("content-type", "binary/octet-stream");
        call.headers.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (KEPT.contains(lower) || lower.startsWith("x-amz-meta-")) {
                kept.put(lower, String.join(",", values));
            }
        });
        String encoding = kept.get("content-encoding");
        if (encoding != null) {
            // aws-chunked describes the transfer, not the object.
            encoding = encoding.replaceAll("(^|,)\\s*aws-chunked\\s*,?", "").trim();
            if (encoding.isEmpty()) {
                kept.remove("content-encoding");
            } else {
                kept.put("content-encoding", encoding);
            }
        }
        return kept;
    }

    /**
     * Conditional writes: If-None-Match: * and If-Match with an ETag.
     *
     * @throws AwsError PreconditionFailed, or NoSuchKey for If-Match without an object, or ConditionalRequestConflict
     */
    static void preconditions(Call call, Bucket bucket, String key) {
        String none = call.header("If-None-Match");
        String match = call.header("If-Match");
        World world = call.world();
        if ((none != null || match != null)
                && world.is(Variant.CONDITIONAL_WRITES_CONFLICT)
                && world.conflicted.add(bucket.name + "/" + key)) {
            throw new AwsError(
                    409,
                    "ConditionalRequestConflict",
                    "The conditional request cannot succeed due to a conflicting operation against this resource.");
        }
        Bucket.Version current = bucket.current(key);
        if (none != null) {
            if (!none.trim().equals("*")) {
                throw new AwsError(
                        501, "NotImplemented", "A header you provided implies functionality that is not implemented");
            }
            if (current != null) {
                throw failed();
            }
        }
        if (match != null) {
            if (current == null) {
                throw new AwsError(404, "NoSuchKey", "The specified key does not exist.");
            }
            if (!quoted(match).equals(current.etag)) {
                throw failed();
            }
        }
    }

    static AwsError failed() {
        return new AwsError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
    }

    private static String quoted(String etag) {
        return etag.startsWith("\"") ? etag : "\"" + etag + "\"";
    }

    static String httpDate(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                instant.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
    }

    Reply get(Call call, Bucket bucket, String key) {
        Bucket.Version version;
        String id = call.query.get("versionId");
        try {
            version = S3Access.read(call.world(), call.principal, bucket, key, id);
        } catch (AwsError e) {
            if (e.status == 404 && call.method.equals("HEAD")) {
                throw new AwsError(404, "NotFound", "Not Found");
            }
            throw e;
        }
        conditions(call, version);
        int length = version.bytes.length;
        Reply reply;
        byte[] body = version.bytes;
        String range = call.header("Range");
        Matcher matcher = range == null ? null : RANGE.matcher(range);
        if (matcher != null && matcher.matches()) {
            long[] bounds = bounds(matcher, length);
            body = java.util.Arrays.copyOfRange(version.bytes, (int) bounds[0], (int) bounds[1] + 1);
            reply = new Reply(206).header("Content-Range", "bytes " + bounds[0] + "-" + bounds[1] + "/" + length);
        } else {
            reply = new Reply(200);
            if ("ENABLED".equalsIgnoreCase(call.header("x-amz-checksum-mode"))) {
                checksums(reply, version);
            }
        }
        reply.header("ETag", version.etag)
                .header("Last-Modified", httpDate(version.modified))
                .header("Accept-Ranges", "bytes")
                .header("x-amz-object-lock-mode", version.lockMode)
                .header(
                        "x-amz-object-lock-retain-until-date",
                        version.retainUntil == null ? null : Xml.stamp(version.retainUntil))
                .header("x-amz-object-lock-legal-hold", version.legalHold ? "ON" : null);
        if (version.etag.contains("-")) {
            reply.header(
                    "x-amz-mp-parts-count", call.query.containsKey("partNumber") ? version.partSizes.size() : null);
        }
        stored(reply, bucket, version);
        version.headers.forEach(reply::header);
        call.query.forEach((name, value) -> {
            if (name.startsWith("response-")) {
                reply.header(name.substring("response-".length()), value);
            }
        });
        if (call.method.equals("HEAD")) {
            return reply.header("Content-Length", body.length);
        }
        return reply.body(body);
    }

    private static void conditions(Call call, Bucket.Version version) {
        String match = call.header("If-Match");
        String none = call.header("If-None-Match");
        if (match != null && !match.equals("*") && !quoted(match).equals(version.etag)) {
            throw failed();
        }
        if (none != null && (none.equals("*") || quoted(none).equals(version.etag))) {
            throw new AwsError(304, "NotModified", "Not Modified");
        }
        String unmodified = call.header("If-Unmodified-Since");
        if (unmodified != null
                && version.modified.truncatedTo(ChronoUnit.SECONDS).isAfter(date(unmodified))) {
            throw failed();
        }
        String modified = call.header("If-Modified-Since");
        if (modified != null
                && none == null
                && !version.modified.truncatedTo(ChronoUnit.SECONDS).isAfter(date(modified))) {
            throw new AwsError(304, "NotModified", "Not Modified");
        }
    }

    private static Instant date(String text) {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
    }

    private static long[] bounds(Matcher range, int length) {
        String first = range.group(1);
        String last = range.group(2);
        long from = first.isEmpty() ? Math.max(0, length - Long.parseLong("0" + last)) : Long.parseLong(first);
        long to = first.isEmpty() || last.isEmpty() ? length - 1 : Math.min(length - 1, Long.parseLong(last));
        if (from > to || from >= length) {
            throw new AwsError(416, "InvalidRange", "The requested range is not satisfiable");
        }
        return new long[] {from, to};
    }

    Reply attributes(Call call, Bucket bucket, String key) {
        String id = call.query.get("versionId");
        Bucket.Version version = S3Access.read(call.world(), call.principal, bucket, key, id);
        S3Access.require(
                call.world(),
                call.principal,
                bucket,
                id == null ? "s3:GetObjectAttributes" : "s3:GetObjectVersionAttributes",
                key);
        List<String> asked = List.of(String.join(",", call.headers.getOrDefault("x-amz-object-attributes", List.of()))
                .replace(" ", "")
                .split(","));
        Xml xml = Xml.document().open("GetObjectAttributesResponse", S3Service.NAMESPACE);
        if (asked.contains("ETag")) {
            xml.text("ETag", version.etag.replace("\"", ""));
        }
        if (asked.contains("Checksum")) {
            xml.open("Checksum");
            version.checksums.forEach(
                    (algorithm, value) -> xml.text("Checksum" + algorithm, value.replaceAll("-[0-9]+$", "")));
            xml.text("ChecksumType", version.checksumType).close("Checksum");
        }
        if (asked.contains("ObjectParts") && !version.partSizes.isEmpty()) {
            xml.open("ObjectParts").text("PartsCount", version.partSizes.size()).close("ObjectParts");
        }
        if (asked.contains("StorageClass")) {
            xml.text("StorageClass", "STANDARD");
        }
        if (asked.contains("ObjectSize")) {
            xml.text("ObjectSize", version.bytes.length);
        }
        Reply reply = S3Buckets.xml(xml.close("GetObjectAttributesResponse"))
                .header("Last-Modified", httpDate(version.modified));
        stored(reply, bucket, version);
        return reply;
    }

    Reply delete(Call call, Bucket bucket, String key) {
        String match = call.header("If-Match");
        Bucket.Version current = bucket.current(key);
        if (match != null
                && current != null
                && !match.equals("*")
                && !quoted(match).equals(current.etag)) {
            throw failed();
        }
        Map<String, Object> deleted = delete(call, bucket, key, call.query.get("versionId"));
        return new Reply(204)
                .header("x-amz-version-id", deleted.get("version"))
                .header("x-amz-delete-marker", deleted.get("marker"));
    }

    private static Map<String, Object> delete(Call call, Bucket bucket, String key, String id) {
        World world = call.world();
        String name = bucket.name + "/" + key;
        if (id != null) {
            S3Access.require(world, call.principal, bucket, "s3:DeleteObjectVersion", key);
            Bucket.Version version = bucket.version(key, id);
            if (version == null) {
                return SandboxJson.map("version", id);
            }
            S3Lock.checkDelete(call, bucket, version);
            bucket.remove(version);
            world.changed(call.actor(), bucket.account, bucket.region, "s3:object", name, "delete-version", null);
            return SandboxJson.map("version", id, "marker", version.deleteMarker ? "true" : null);
        }
        S3Access.require(world, call.principal, bucket, "s3:DeleteObject", key);
        if (bucket.versioning == null) {
            Bucket.Version version = bucket.newest(key);
            if (version != null) {
                bucket.remove(version);
                world.changed(call.actor(), bucket.account, bucket.region, "s3:object", name, "delete", null);
            }
            return Map.of();
        }
        Bucket.Version marker = new Bucket.Version();
        marker.key = key;
        marker.deleteMarker = true;
        bucket.add(world, marker);
        world.changed(call.actor(), bucket.account, bucket.region, "s3:object", name, "delete-marker", null);
        return SandboxJson.map("version", marker.id, "marker", "true");
    }

    Reply deleteMany(Call call, Bucket bucket) {
        if (call.header("Content-MD5") == null && Checksums.verify(call).isEmpty()) {
            throw new AwsError(
                    400, "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
        Checksums.verify(call);
        Element request = Xml.parse(call.body);
        boolean quiet = "true".equals(Xml.value(request, "Quiet"));
        List<Element> objects = Xml.children(request, "Object");
        if (objects.size() > 1000) {
            throw new AwsError(400, "MalformedXML", "The XML you provided was not well-formed");
        }
        Xml xml = Xml.document().open("DeleteResult", S3Service.NAMESPACE);
        for (Element object : objects) {
            String key = Xml.child(object, "Key").getTextContent();
            String id = Xml.value(object, "VersionId");
            try {
                Map<String, Object> deleted = delete(call, bucket, key, id);
                if (!quiet) {
                    xml.open("Deleted").text("Key", key).text("VersionId", id);
                    if (deleted.containsKey("marker")) {
                        xml.text("DeleteMarker", true).text("DeleteMarkerVersionId", deleted.get("version"));
                    }
                    xml.close("Deleted");
                }
            } catch (AwsError e) {
                xml.open("Error")
                        .text("Key", key)
                        .text("VersionId", id)
                        .text("Code", e.code)
                        .text("Message", e.getMessage())
                        .close("Error");
            }
        }
        return S3Buckets.xml(xml.close("DeleteResult"));
    }
}
