package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.w3c.dom.Element;

/** Multipart uploads: parts of at least 5 MiB, composite checksums except CRC64NVME. */
final class S3Multipart {
    private static final int SMALLEST = 5 * 1024 * 1024;

    Reply handle(Call call, Bucket bucket, String key) {
        return switch (call.operation) {
            case "CreateMultipartUpload" -> create(call, bucket, key);
            case "ListMultipartUploads" -> uploads(call, bucket);
            case "UploadPart" -> {
                S3Access.require(call.world(), call.principal, bucket, "s3:PutObject", key);
                yield part(call, upload(call, bucket, key), call.body, Checksums.verify(call));
            }
            case "UploadPartCopy" -> copy(call, bucket, key);
            case "CompleteMultipartUpload" -> complete(call, bucket, upload(call, bucket, key));
            case "ListParts" -> parts(call, bucket, upload(call, bucket, key));
            default -> {
                S3Access.require(call.world(), call.principal, bucket, "s3:AbortMultipartUpload", key);
                bucket.uploads.remove(upload(call, bucket, key).id);
                yield new Reply(204);
            }
        };
    }

    private static Bucket.Upload upload(Call call, Bucket bucket, String key) {
        Bucket.Upload upload = bucket.uploads.get(call.query.get("uploadId"));
        if (upload == null || !upload.target.key.equals(key)) {
            throw new AwsError(
                    404,
                    "NoSuchUpload",
                    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
                            + "aborted or completed.");
        }
        return upload;
    }

    private static Reply create(Call call, Bucket bucket, String key) {
        S3Access.require(call.world(), call.principal, bucket, "s3:PutObject", key);
        Bucket.Version target = new Bucket.Version();
        target.key = key;
        target.headers.putAll(S3Objects.metadata(call));
        S3Lock.apply(call, bucket, target);
        String algorithm = call.header("x-amz-checksum-algorithm");
        String type = call.header("x-amz-checksum-type");
        target.checksumType = type != null ? type : "CRC64NVME".equals(algorithm) ? "FULL_OBJECT" : "COMPOSITE";
        if (target.checksumType.equals("FULL_OBJECT") && algorithm != null && algorithm.startsWith("SHA")) {
            throw new AwsError(
                    400,
                    "InvalidRequest",
                    "The FULL_OBJECT checksum type cannot be used with the " + algorithm + " checksum algorithm.");
        }
        Bucket.Upload upload = new Bucket.Upload(call.world().letters(40), target, algorithm);
        bucket.uploads.put(upload.id, upload);
        return S3Buckets.xml(Xml.document()
                        .open("InitiateMultipartUploadResult", S3Service.NAMESPACE)
                        .text("Bucket", bucket.name)
                        .text("Key", key)
                        .text("UploadId", upload.id)
                        .close("InitiateMultipartUploadResult"))
                .header("x-amz-checksum-algorithm", algorithm)
                .header("x-amz-checksum-type", algorithm == null ? null : target.checksumType);
    }

    private static Reply part(Call call, Bucket.Upload upload, byte[] bytes, Map<String, String> given) {
        Bucket.Part part = store(call, upload, bytes, given);
        Reply reply = new Reply(200).header("ETag", part.etag());
        given.forEach((name, value) -> reply.header("x-amz-checksum-" + name.toLowerCase(Locale.ROOT), value));
        if (upload.algorithm != null) {
            reply.header("x-amz-checksum-" + upload.algorithm.toLowerCase(Locale.ROOT), part.checksum());
        }
        return reply;
    }

    private static Bucket.Part store(Call call, Bucket.Upload upload, byte[] bytes, Map<String, String> given) {
        int number;
        try {
            number = Integer.parseInt(call.query.getOrDefault("partNumber", ""));
        } catch (NumberFormatException e) {
            number = 0;
        }
        if (number < 1 || number > 10000) {
            throw new AwsError(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
        }
        if (upload.algorithm != null && !given.isEmpty() && !given.containsKey(upload.algorithm)) {
            throw new AwsError(
                    400,
                    "InvalidRequest",
                    "Checksum Type mismatch occurred, expected checksum Type: "
                            + upload.algorithm.toLowerCase(Locale.ROOT) + ", actual checksum Type: "
                            + given.keySet().iterator().next().toLowerCase(Locale.ROOT));
        }
        Bucket.Part part = new Bucket.Part(
                bytes,
                "\"" + SandboxJson.md5(bytes) + "\"",
                upload.algorithm == null ? null : Checksums.of(upload.algorithm, bytes));
        upload.parts.put(number, part);
        return part;
    }

    private static Reply copy(Call call, Bucket bucket, String key) {
        S3Copy.Source source = S3Copy.source(call);
        S3Access.require(call.world(), call.principal, bucket, "s3:PutObject", key);
        byte[] bytes = source.version().bytes;
        String range = call.header("x-amz-copy-source-range");
        if (range != null) {
            String[] bounds = range.replace("bytes=", "").split("-");
            int from = Integer.parseInt(bounds[0]);
            int to = Integer.parseInt(bounds[1]);
            if (to >= bytes.length || from > to) {
                throw new AwsError(400, "InvalidRange", "The requested range is not satisfiable");
            }
            bytes = java.util.Arrays.copyOfRange(bytes, from, to + 1);
        }
        Bucket.Upload upload = upload(call, bucket, key);
        Bucket.Part part = store(call, upload, bytes, Map.of());
        Xml xml = Xml.document()
                .open("CopyPartResult", S3Service.NAMESPACE)
                .text("ETag", part.etag())
                .text("LastModified", java.time.Instant.now());
        if (upload.algorithm != null) {
            xml.text("Checksum" + upload.algorithm, part.checksum());
        }
        return S3Buckets.xml(xml.close("CopyPartResult"));
    }

    private static Reply complete(Call call, Bucket bucket, Bucket.Upload upload) {
        Bucket.Version target = upload.target;
        S3Access.require(call.world(), call.principal, bucket, "s3:PutObject", target.key);
        S3Objects.preconditions(call, bucket, target.key);
        List<Bucket.Part> parts = chosen(call, upload);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        List<String> checksums = new ArrayList<>();
        for (Bucket.Part part : parts) {
            all.writeBytes(part.bytes());
            digests.writeBytes(HexFormat.of().parseHex(part.etag().replace("\"", "")));
            checksums.add(part.checksum());
            target.partSizes.add(part.bytes().length);
        }
        target.bytes = all.toByteArray();
        target.etag = "\"" + SandboxJson.md5(digests.toByteArray()) + "-" + parts.size() + "\"";
        target.modified = java.time.Instant.now();
        String algorithm = upload.algorithm == null ? "CRC64NVME" : upload.algorithm;
        boolean whole = upload.algorithm == null || target.checksumType.equals("FULL_OBJECT");
        target.checksumType = whole ? "FULL_OBJECT" : "COMPOSITE";
        target.checksums.put(
                algorithm, whole ? Checksums.of(algorithm, target.bytes) : Checksums.composite(algorithm, checksums));
        String header = "x-amz-checksum-" + algorithm.toLowerCase(Locale.ROOT);
        String expected = call.header(header);
        if (expected != null
                && !expected.replaceAll("-[0-9]+$", "")
                        .equals(target.checksums.get(algorithm).replaceAll("-[0-9]+$", ""))) {
            target.partSizes.clear();
            throw new AwsError(
                    400, "BadDigest", "The " + algorithm + " you specified did not match the calculated checksum.");
        }
        bucket.uploads.remove(upload.id);
        S3Objects.add(call, bucket, target, "put");
        Reply reply = S3Buckets.xml(Xml.document()
                .open("CompleteMultipartUploadResult", S3Service.NAMESPACE)
                .text("Location", "http://" + call.header("Host") + call.rawPath)
                .text("Bucket", bucket.name)
                .text("Key", target.key)
                .text("ETag", target.etag)
                .text("Checksum" + algorithm, target.checksums.get(algorithm))
                .text("ChecksumType", target.checksumType)
                .close("CompleteMultipartUploadResult"));
        S3Objects.stored(reply, bucket, target);
        return reply;
    }

    private static List<Bucket.Part> chosen(Call call, Bucket.Upload upload) {
        List<Bucket.Part> parts = new ArrayList<>();
        int last = 0;
        List<Element> given = Xml.children(Xml.parse(call.body), "Part");
        if (given.isEmpty()) {
            throw new AwsError(400, "MalformedXML", "You must specify at least one part");
        }
        for (Element element : given) {
            int number = Integer.parseInt(Xml.value(element, "PartNumber"));
            if (number <= last) {
                throw new AwsError(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
            }
            last = number;
            Bucket.Part part = upload.parts.get(number);
            String etag = String.valueOf(Xml.value(element, "ETag")).replace("\"", "");
            String checksum = upload.algorithm == null ? null : Xml.value(element, "Checksum" + upload.algorithm);
            if (part == null
                    || !part.etag().replace("\"", "").equals(etag)
                    || checksum != null && !checksum.equals(part.checksum())) {
                throw new AwsError(
                        400,
                        "InvalidPart",
                        "One or more of the specified parts could not be found.  The part may not have been uploaded, "
                                + "or the specified entity tag may not match the part's entity tag.");
            }
            parts.add(part);
        }
        for (Bucket.Part part : parts.subList(0, parts.size() - 1)) {
            if (part.bytes().length < SMALLEST) {
                throw new AwsError(
                        400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
            }
        }
        return parts;
    }

    private static Reply parts(Call call, Bucket bucket, Bucket.Upload upload) {
        S3Access.require(call.world(), call.principal, bucket, "s3:ListMultipartUploadParts", upload.target.key);
        Xml xml = Xml.document()
                .open("ListPartsResult", S3Service.NAMESPACE)
                .text("Bucket", bucket.name)
                .text("Key", upload.target.key)
                .text("UploadId", upload.id)
                .text("IsTruncated", false);
        upload.parts.forEach((number, part) -> {
            xml.open("Part")
                    .text("PartNumber", number)
                    .text("ETag", part.etag())
                    .text("Size", part.bytes().length);
            if (upload.algorithm != null) {
                xml.text("Checksum" + upload.algorithm, part.checksum());
            }
            xml.close("Part");
        });
        return S3Buckets.xml(xml.close("ListPartsResult"));
    }

    private static Reply uploads(Call call, Bucket bucket) {
        S3Access.require(call.world(), call.principal, bucket, "s3:ListBucketMultipartUploads", null);
        Xml xml = Xml.document()
                .open("ListMultipartUploadsResult", S3Service.NAMESPACE)
                .text("Bucket", bucket.name)
                .text("IsTruncated", false);
        bucket.uploads
                .values()
                .forEach(upload -> xml.open("Upload")
                        .text("Key", upload.target.key)
                        .text("UploadId", upload.id)
                        .close("Upload"));
        return S3Buckets.xml(xml.close("ListMultipartUploadsResult"));
    }
}
