package io.jenkins.plugins.serverlesspromotion.aws.call;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/** SHA-256 in its two formats: hexadecimal in manifests, Base64 in S3's headers. */
public final class Sha256 {
    private Sha256() {}

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** {@code sha256:…} of a text. */
    public static String of(String text) {
        return "sha256:" + hex(text.getBytes(StandardCharsets.UTF_8));
    }

    public static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    /**
     * {@code sha256:…} of S3's ChecksumSHA256, or an explanation when there is none or it covers parts: such a checksum
     * is not that of the file.
     */
    public static String shown(String base64) {
        if (base64 == null) {
            return "no SHA-256 checksum";
        }
        try {
            return "sha256:" + HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return "a checksum of parts";
        }
    }

    /** Names the algorithm in addition to the checksum: some S3-compatible stores keep the checksum only then. */
    public static void named(AwsRequestOverrideConfiguration.Builder request) {
        request.putHeader("x-amz-sdk-checksum-algorithm", "SHA256");
    }

    /** Key of the object with these bytes, in each of our buckets. */
    public static String key(String hex) {
        return "sha256/" + hex.substring(0, 2) + "/" + hex;
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
