package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** The checksum algorithms of S3, base64 as in its headers. */
final class Checksums {
    static final List<String> ALGORITHMS = List.of("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256");
    private static final long[] CRC64 = new long[256];

    static {
        for (int i = 0; i < 256; i++) {
            long crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x9A6C9329AC4BC9B5L : crc >>> 1;
            }
            CRC64[i] = crc;
        }
    }

    private Checksums() {}

    static String of(String algorithm, byte[] bytes) {
        return Base64.getEncoder().encodeToString(raw(algorithm, bytes));
    }

    private static byte[] raw(String algorithm, byte[] bytes) {
        return switch (algorithm) {
            case "CRC32" -> crc(new CRC32(), bytes);
            case "CRC32C" -> crc(new CRC32C(), bytes);
            case "CRC64NVME" -> crc64(bytes);
            case "SHA1" -> digest("SHA-1", bytes);
            case "SHA256" -> digest("SHA-256", bytes);
            default ->
                throw new AwsError(
                        400,
                        "InvalidRequest",
                        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
        };
    }

    private static byte[] crc(Checksum checksum, byte[] bytes) {
        checksum.update(bytes, 0, bytes.length);
        return ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array();
    }

    private static byte[] crc64(byte[] bytes) {
        long crc = ~0L;
        for (byte b : bytes) {
            crc = CRC64[(int) ((crc ^ b) & 0xff)] ^ crc >>> 8;
        }
        return ByteBuffer.allocate(8).putLong(~crc).array();
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Checks every checksum the request carries, in headers or trailers.
     *
     * @return the checksums by algorithm; the requested algorithm is computed when no value came with it
     * @throws AwsError BadDigest for a wrong one, InvalidRequest for an unknown algorithm
     */
    static Map<String, String> verify(Call call) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String algorithm : ALGORITHMS) {
            String name = "x-amz-checksum-" + algorithm.toLowerCase(java.util.Locale.ROOT);
            String given = call.header(name) != null ? call.header(name) : call.trailers.get(name);
            if (given != null) {
                if (!of(algorithm, call.body).equals(given)) {
                    throw new AwsError(
                            400,
                            "BadDigest",
                            "The " + algorithm + " you specified did not match the calculated checksum.");
                }
                found.put(algorithm, given);
            }
        }
        String md5 = call.header("Content-MD5");
        if (md5 != null && !SandboxJson.hex(Base64.getDecoder().decode(md5)).equals(SandboxJson.md5(call.body))) {
            throw new AwsError(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
        }
        String asked = call.header("x-amz-sdk-checksum-algorithm");
        if (asked != null && found.isEmpty() && call.header("x-amz-trailer") == null) {
            throw new AwsError(
                    400,
                    "InvalidRequest",
                    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
                            + "x-amz-trailer headers were found.");
        }
        return found;
    }

    /** The checksum of a multipart object: the checksum of the parts' checksums, and their number. */
    static String composite(String algorithm, List<String> parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        parts.forEach(part -> all.writeBytes(Base64.getDecoder().decode(part)));
        return of(algorithm, all.toByteArray()) + "-" + parts.size();
    }
}
