package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The body of a request: its declared hash is checked, an aws-chunked one is decoded and its chunk and trailer
 * signatures are checked. Rules: S3 "Signature Calculations for the Authorization Header: Transferring Payload in
 * Multiple Chunks" and "Including Trailing Headers".
 */
final class Payload {
    private static final String EMPTY = SandboxJson.hex(SandboxJson.sha256(new byte[0]));

    private final Call call;
    private final byte[] raw;
    private final boolean signed;
    private final ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    private String previous;
    private int at;

    private Payload(Call call, boolean signed) {
        this.call = call;
        this.raw = call.body;
        this.signed = signed;
        this.previous = call.signature == null ? "" : call.signature.seed();
    }

    /**
     * Replaces the body of the call by what it stands for.
     *
     * @throws AwsError when a hash, a chunk or a length is wrong
     */
    static void check(Call call) {
        String declared = call.header("x-amz-content-sha256");
        if (declared == null || declared.equals("UNSIGNED-PAYLOAD")) {
            return;
        }
        if (declared.startsWith("STREAMING-")) {
            boolean signed = declared.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
            if (!signed && !declared.equals("STREAMING-UNSIGNED-PAYLOAD-TRAILER")) {
                throw new AwsError(400, "InvalidRequest", "Unsupported x-amz-content-sha256: " + declared);
            }
            new Payload(call, signed).decode();
            return;
        }
        String actual = SandboxJson.hex(SandboxJson.sha256(call.body));
        if (!actual.equals(declared)) {
            throw new AwsError(
                    400,
                    "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.");
        }
    }

    private void decode() {
        while (true) {
            String[] head = line().split(";");
            int size = Integer.parseInt(head[0].trim(), 16);
            if (size > raw.length - at) {
                throw incomplete();
            }
            byte[] chunk = new byte[size];
            System.arraycopy(raw, at, chunk, 0, size);
            at += size;
            if (signed) {
                String given = head.length > 1
                        ? head[1].replace("chunk-signature=", "").trim()
                        : "";
                expect(given, "AWS4-HMAC-SHA256-PAYLOAD", EMPTY, SandboxJson.hex(SandboxJson.sha256(chunk)));
            }
            decoded.writeBytes(chunk);
            if (size == 0) {
                break;
            }
            line();
        }
        trailers();
        String length = call.header("x-amz-decoded-content-length");
        if (length == null || Long.parseLong(length) != decoded.size()) {
            throw incomplete();
        }
        call.body = decoded.toByteArray();
    }

    private void trailers() {
        StringBuilder canonical = new StringBuilder();
        String signature = null;
        while (at < raw.length) {
            String line = line();
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).trim().toLowerCase(Locale.ROOT);
                String value = line.substring(colon + 1).trim();
                if (name.equals("x-amz-trailer-signature")) {
                    signature = value;
                } else {
                    canonical.append(name).append(':').append(value).append('\n');
                    call.trailers.put(name, value);
                }
            }
        }
        String announced = call.header("x-amz-trailer");
        if (announced != null && !call.trailers.containsKey(announced.trim().toLowerCase(Locale.ROOT))) {
            throw new AwsError(
                    400, "MalformedTrailerError", "The request contained trailing data that was not well-formed");
        }
        if (signed && canonical.length() > 0) {
            expect(signature, "AWS4-HMAC-SHA256-TRAILER", SandboxJson.digest(canonical.toString()));
        }
    }

    private void expect(String given, String algorithm, String... hashes) {
        if (call.signature == null) {
            throw new AwsError(403, "AccessDenied", "A signed chunk needs a signed request");
        }
        String wanted = call.signature.chunk(algorithm, previous, hashes);
        if (!wanted.equals(given)) {
            throw new AwsError(403, "SignatureDoesNotMatch", "The chunk signature does not match");
        }
        previous = wanted;
    }

    private String line() {
        int start = at;
        while (at + 1 < raw.length && !(raw[at] == '\r' && raw[at + 1] == '\n')) {
            at++;
        }
        if (at + 1 >= raw.length) {
            throw incomplete();
        }
        String line = new String(raw, start, at - start, StandardCharsets.US_ASCII);
        at += 2;
        return line;
    }

    private static AwsError incomplete() {
        return new AwsError(
                400,
                "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP header");
    }
}
