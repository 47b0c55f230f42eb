package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signature Version 4 as the server sees it: what a request claims, and whether the signature proves it. Rules: AWS
 * General Reference, "Create a signed AWS API request"; S3 "Authenticating Requests: Using Query Parameters".
 */
final class SigV4 {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration SKEW = Duration.ofMinutes(15);

    final String accessKey;
    final String scope;
    final String region;
    final String service;
    final String token;
    final boolean presigned;
    private final List<String> signedHeaders;
    private final String signature;
    private final String stamp;
    private final String expires;
    private byte[] signingKey;

    private SigV4(
            String credential, String signedHeaders, String signature, String stamp, String token, String expires) {
        String[] parts = credential.split("/");
        if (parts.length != 5 || !parts[4].equals("aws4_request")) {
            throw new AwsError(400, "IncompleteSignature", "Credential must have exactly 5 slash-delimited elements");
        }
        this.accessKey = parts[0];
        this.scope = credential.substring(parts[0].length() + 1);
        this.region = parts[2];
        this.service = parts[3];
        this.signedHeaders = List.of(signedHeaders.split(";"));
        this.signature = signature;
        this.stamp = stamp;
        this.token = token;
        this.expires = expires;
        this.presigned = expires != null;
    }

    /** What a request claims; null when it is not signed at all. */
    static SigV4 of(Call call) {
        String authorization = call.header("Authorization");
        if (authorization != null && authorization.startsWith("AWS4-HMAC-SHA256 ")) {
            Map<String, String> parts = new HashMap<>();
            for (String part : authorization.substring(17).split(",")) {
                int equals = part.indexOf('=');
                parts.put(
                        part.substring(0, equals).trim(),
                        part.substring(equals + 1).trim());
            }
            if (!parts.keySet().containsAll(List.of("Credential", "SignedHeaders", "Signature"))) {
                throw new AwsError(400, "IncompleteSignature", "Authorization header lacks a required part");
            }
            return new SigV4(
                    parts.get("Credential"),
                    parts.get("SignedHeaders"),
                    parts.get("Signature"),
                    call.header("X-Amz-Date"),
                    call.header("X-Amz-Security-Token"),
                    null);
        }
        if (call.query.containsKey("X-Amz-Credential")) {
            return new SigV4(
                    call.query.get("X-Amz-Credential"),
                    call.query.getOrDefault("X-Amz-SignedHeaders", ""),
                    call.query.getOrDefault("X-Amz-Signature", ""),
                    call.query.get("X-Amz-Date"),
                    call.query.get("X-Amz-Security-Token"),
                    call.query.getOrDefault("X-Amz-Expires", "0"));
        }
        return null;
    }

    /**
     * Proves the claim and says who it is.
     *
     * @throws AwsError unknown key, wrong or expired token, expired request, or wrong signature
     */
    Principal verify(Call call) {
        boolean s3 = service.equals("s3");
        Account.Key key = call.world().keys.get(accessKey);
        if (key == null) {
            throw new AwsError(
                    403,
                    s3 ? "InvalidAccessKeyId" : "InvalidClientTokenId",
                    s3
                            ? "The AWS Access Key Id you provided does not exist in our records."
                            : "The security token included in the request is invalid.");
        }
        if (key.token == null ? token != null : !key.token.equals(token)) {
            throw new AwsError(
                    s3 ? 400 : 403,
                    s3 ? "InvalidToken" : "InvalidClientTokenId",
                    s3
                            ? "The provided token is malformed or otherwise invalid."
                            : "The security token included in the request is invalid.");
        }
        if (key.expires != 0 && key.expires <= System.currentTimeMillis()) {
            throw new AwsError(
                    s3 ? 400 : 403,
                    s3 ? "ExpiredToken" : expiredCode(),
                    s3 ? "The provided token has expired." : "The security token included in the request is expired");
        }
        checkTime(s3);
        signingKey = key(key.secret);
        String wanted = SandboxJson.hex(hmac(
                signingKey,
                "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + SandboxJson.digest(canonical(call, s3))));
        if (!MessageDigest.isEqual(
                wanted.getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.US_ASCII))) {
            throw new AwsError(
                    403,
                    s3 || service.equals("cloudfront") || isQuery()
                            ? "SignatureDoesNotMatch"
                            : "InvalidSignatureException",
                    "The request signature we calculated does not match the signature you provided. "
                            + "Check your AWS Secret Access Key and signing method.");
        }
        return key.principal;
    }

    private boolean isQuery() {
        return service.equals("sts") || service.equals("cloudformation") || service.equals("monitoring");
    }

    private String expiredCode() {
        return isQuery() || service.equals("cloudfront") ? "ExpiredToken" : "ExpiredTokenException";
    }

    private void checkTime(boolean s3) {
        Instant signed;
        try {
            signed = Instant.from(STAMP.parse(stamp == null ? "" : stamp));
        } catch (DateTimeParseException e) {
            throw new AwsError(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
        }
        Instant now = Instant.now();
        if (!scope.startsWith(stamp.substring(0, 8))) {
            throw new AwsError(403, "SignatureDoesNotMatch", "Date in Credential scope does not match X-Amz-Date");
        }
        if (presigned) {
            long seconds = expires.matches("[0-9]{1,6}") ? Long.parseLong(expires) : -1;
            if (seconds < 1 || seconds > 604800) {
                throw new AwsError(
                        400, "AuthorizationQueryParametersError", "X-Amz-Expires must be between 1 and 604800 seconds");
            }
            if (now.isAfter(signed.plusSeconds(seconds)) || now.isBefore(signed.minus(SKEW))) {
                throw new AwsError(403, "AccessDenied", "Request has expired");
            }
        } else if (Duration.between(signed, now).abs().compareTo(SKEW) > 0) {
            throw new AwsError(
                    403,
                    s3 ? "RequestTimeTooSkewed" : "SignatureDoesNotMatch",
                    "The difference between the request time and the current time is too large.");
        }
    }

    private String canonical(Call call, boolean s3) {
        if (!signedHeaders.contains("host")) {
            throw new AwsError(403, "SignatureDoesNotMatch", "'Host' must be a 'SignedHeader' in the request.");
        }
        StringBuilder headers = new StringBuilder();
        for (String name : signedHeaders) {
            List<String> values = call.headers.get(name);
            headers.append(name).append(':');
            if (values != null) {
                List<String> trimmed = new ArrayList<>();
                values.forEach(value -> trimmed.add(value.trim().replaceAll(" +", " ")));
                headers.append(String.join(",", trimmed));
            }
            headers.append('\n');
        }
        for (String name : call.headers.keySet()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-amz-") && !signedHeaders.contains(lower) && !lower.equals("x-amz-content-sha256")) {
                throw new AwsError(
                        403,
                        "AccessDenied",
                        "There were headers present in the request which were not signed: " + lower);
            }
        }
        String path = s3 ? encode(Call.decodePath(call.rawPath), true) : encode(call.rawPath, true);
        String declared = call.header("x-amz-content-sha256");
        String hash = presigned && declared == null
                ? "UNSIGNED-PAYLOAD"
                : declared != null ? declared : SandboxJson.hex(SandboxJson.sha256(call.body));
        return call.method + "\n" + path + "\n" + canonicalQuery(call) + "\n" + headers + "\n"
                + String.join(";", signedHeaders) + "\n" + hash;
    }

    private static String canonicalQuery(Call call) {
        List<String> pairs = new ArrayList<>();
        for (String pair : call.rawQuery.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = Call.decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : Call.decode(pair.substring(equals + 1));
                if (!name.equals("X-Amz-Signature")) {
                    pairs.add(encode(name, false) + "=" + encode(value, false));
                }
            }
        }
        Collections.sort(pairs);
        return String.join("&", pairs);
    }

    static String encode(String text, boolean keepSlash) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0 || keepSlash && c == '/') {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    private byte[] key(String secret) {
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        return key;
    }

    /** The signature of the headers, with which the chain of chunk signatures begins. */
    String seed() {
        return signature;
    }

    /** Signs a chunk or a trailer of an aws-chunked body; {@code verify} must have succeeded. */
    String chunk(String algorithm, String previous, String... hashes) {
        return SandboxJson.hex(hmac(
                signingKey,
                algorithm + "\n" + stamp + "\n" + scope + "\n" + previous + "\n"
                        + String.join("\n", Arrays.asList(hashes))));
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
