package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** ListObjects, ListObjectsV2 and ListObjectVersions: prefix, delimiter, pages. */
final class S3Listing {
    Reply objects(Call call, Bucket bucket) {
        S3Access.require(call.world(), call.principal, bucket, "s3:ListBucket", null);
        boolean v2 = call.operation.equals("ListObjectsV2");
        String prefix = call.query.getOrDefault("prefix", "");
        String delimiter = call.query.getOrDefault("delimiter", "");
        boolean encode = "url".equals(call.query.get("encoding-type"));
        int limit = Math.min(1000, Integer.parseInt(call.query.getOrDefault("max-keys", "1000")));
        String token = call.query.get("continuation-token");
        String after = token != null ? token(token) : call.query.getOrDefault(v2 ? "start-after" : "marker", "");
        Xml contents = new Xml();
        Xml prefixes = new Xml();
        int count = 0;
        String last = after;
        boolean truncated = false;
        for (Map.Entry<String, List<Bucket.Version>> entry :
                bucket.objects.tailMap(prefix).entrySet()) {
            String key = entry.getKey();
            if (!key.startsWith(prefix)) {
                break;
            }
            Bucket.Version version = bucket.current(key);
            String group = group(key, prefix, delimiter);
            String item = group == null ? key : group;
            if (version == null || item.compareTo(after) <= 0 || group != null && group.equals(last)) {
                continue;
            }
            if (count == limit) {
                truncated = true;
                break;
            }
            count++;
            last = item;
            if (group != null) {
                prefixes.open("CommonPrefixes")
                        .text("Prefix", encoded(group, encode))
                        .close("CommonPrefixes");
            } else {
                contents.open("Contents")
                        .text("Key", encoded(key, encode))
                        .text("LastModified", version.modified)
                        .text("ETag", version.etag);
                version.checksums.keySet().forEach(name -> contents.text("ChecksumAlgorithm", name));
                contents.text("Size", version.bytes.length)
                        .text("StorageClass", "STANDARD")
                        .close("Contents");
            }
        }
        Xml xml = Xml.document()
                .open("ListBucketResult", S3Service.NAMESPACE)
                .text("Name", bucket.name)
                .text("Prefix", encoded(prefix, encode))
                .text("Delimiter", delimiter.isEmpty() ? null : encoded(delimiter, encode))
                .text("MaxKeys", limit)
                .text("EncodingType", encode ? "url" : null)
                .text("IsTruncated", truncated);
        if (v2) {
            xml.text("KeyCount", count)
                    .text("ContinuationToken", token)
                    .text("NextContinuationToken", truncated ? tokenOf(last) : null);
        } else {
            xml.text("Marker", encoded(after, encode)).text("NextMarker", truncated ? encoded(last, encode) : null);
        }
        return S3Buckets.xml(raw(xml, contents, prefixes, "ListBucketResult"));
    }

    private static Xml raw(Xml start, Xml first, Xml second, String name) {
        return start.raw(first).raw(second).close(name);
    }

    Reply versions(Call call, Bucket bucket) {
        S3Access.require(call.world(), call.principal, bucket, "s3:ListBucketVersions", null);
        String prefix = call.query.getOrDefault("prefix", "");
        boolean encode = "url".equals(call.query.get("encoding-type"));
        int limit = Math.min(1000, Integer.parseInt(call.query.getOrDefault("max-keys", "1000")));
        String keyMarker = call.query.getOrDefault("key-marker", "");
        String idMarker = call.query.get("version-id-marker");
        Xml items = new Xml();
        int count = 0;
        String lastKey = null;
        String lastId = null;
        boolean truncated = false;
        boolean skipping = idMarker != null;
        for (Map.Entry<String, List<Bucket.Version>> entry :
                bucket.objects.tailMap(prefix).entrySet()) {
            String key = entry.getKey();
            if (!key.startsWith(prefix) || truncated) {
                break;
            }
            int order = key.compareTo(keyMarker);
            if (order < 0 || order == 0 && idMarker == null && !keyMarker.isEmpty()) {
                continue;
            }
            List<Bucket.Version> versions = entry.getValue();
            for (int i = versions.size() - 1; i >= 0; i--) {
                Bucket.Version version = versions.get(i);
                if (skipping && order == 0) {
                    skipping = !version.id.equals(idMarker);
                    continue;
                }
                if (count == limit) {
                    truncated = true;
                    break;
                }
                count++;
                lastKey = key;
                lastId = version.id;
                item(items, version, i == versions.size() - 1, encode);
            }
        }
        Xml xml = Xml.document()
                .open("ListVersionsResult", S3Service.NAMESPACE)
                .text("Name", bucket.name)
                .text("Prefix", encoded(prefix, encode))
                .text("KeyMarker", encoded(keyMarker, encode))
                .text("MaxKeys", limit)
                .text("EncodingType", encode ? "url" : null)
                .text("IsTruncated", truncated)
                .text("NextKeyMarker", truncated ? encoded(lastKey, encode) : null)
                .text("NextVersionIdMarker", truncated ? lastId : null);
        return S3Buckets.xml(raw(xml, items, new Xml(), "ListVersionsResult"));
    }

    private static void item(Xml xml, Bucket.Version version, boolean latest, boolean encode) {
        String name = version.deleteMarker ? "DeleteMarker" : "Version";
        xml.open(name)
                .text("Key", encoded(version.key, encode))
                .text("VersionId", version.id)
                .text("IsLatest", latest)
                .text("LastModified", version.modified);
        if (!version.deleteMarker) {
            xml.text("ETag", version.etag).text("Size", version.bytes.length).text("StorageClass", "STANDARD");
        }
        xml.close(name);
    }

    private static String group(String key, String prefix, String delimiter) {
        int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        return end < 0 ? null : key.substring(0, end + delimiter.length());
    }

    private static String encoded(String text, boolean encode) {
        return encode ? SigV4.encode(text, true) : text;
    }

    private static String tokenOf(String key) {
        return Base64.getUrlEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String token(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new AwsError(400, "InvalidArgument", "The continuation token provided is incorrect");
        }
    }
}
