package io.jenkins.plugins.serverlesspromotion.format.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Statement;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A submitted signed statement: a DSSE envelope (secure-systems-lab/dsse, protocol 1.0) around an in-toto Statement.
 * Its content is not read before its signature is verified with a key that the policy trusts. The envelope's
 * {@code keyid} is not signed and is ignored: every trusted key is tried.
 *
 * @param payload the signed bytes of the statement
 */
public record Envelope(String payloadType, byte[] payload, List<byte[]> signatures) {
    /** Bytes; the journal stores the whole envelope. */
    public static final int LONGEST = 256 * 1024;

    static final String STATEMENT = "application/vnd.in-toto+json";
    private static final int MOST_SIGNATURES = 16;

    /** How far the signer's clock may be ahead of ours. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    public Envelope {
        payload = payload.clone();
        signatures = List.copyOf(signatures);
    }

    @Override
    public byte[] payload() {
        return payload.clone();
    }

    /**
     * The evidence in {@code envelope} about {@code release}.
     *
     * @param keys the keys that the policy trusts
     * @param by who or what submits it: {@code user:alice}
     * @throws IllegalArgumentException with the reason: it is not an envelope, no trusted key signed it, it is not
     *     about this release, or no gate can evaluate it
     */
    public static Evidence evidence(
            byte[] envelope, Published release, Collection<EvidenceKey> keys, String by, Instant now) {
        Envelope read = read(envelope);
        EvidenceKey key = read.signer(keys)
                .orElseThrow(() ->
                        new IllegalArgumentException("the envelope is signed by none of the keys that the policy trusts"
                                + (keys.isEmpty()
                                        ? ", which are none; name one under 'evidenceKeys'"
                                        : " (" + String.join(", ", names(keys)) + ")")));
        if (!read.payloadType.equals(STATEMENT)) {
            throw new IllegalArgumentException(
                    "the envelope holds '" + TypedReader.shown(read.payloadType) + "', not an in-toto statement");
        }
        Statement statement = StatementReader.read(read.payload);
        statement.whyNotAbout(release).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        if (statement.at() != null && statement.at().isAfter(now.plus(AHEAD))) {
            throw new IllegalArgumentException("the statement has the time " + statement.at()
                    + ", which is in the future; check the clock of its signer");
        }
        Instant at = statement.at() == null || statement.at().isAfter(now) ? now : statement.at();
        return new Evidence(
                release.ref().id(),
                statement.kind(),
                statement.result(),
                "key:" + key.name(),
                null,
                statement.detail(),
                at,
                new Evidence.Signed(digest(read.payload), key.fingerprint(), by));
    }

    private static List<String> names(Collection<EvidenceKey> keys) {
        return keys.stream().map(EvidenceKey::name).toList();
    }

    public static Envelope read(byte[] bytes) {
        if (bytes.length > LONGEST) {
            throw new IllegalArgumentException("the envelope is larger than " + LONGEST / 1024 + " KiB");
        }
        JsonNode root = EvidenceJson.object(bytes, "the envelope");
        var signatures = new ArrayList<byte[]>();
        for (JsonNode signature : root.path("signatures")) {
            signatures.add(base64(signature.path("sig"), "signature"));
        }
        if (signatures.isEmpty() || signatures.size() > MOST_SIGNATURES) {
            throw new IllegalArgumentException(
                    "a DSSE envelope has 1 to " + MOST_SIGNATURES + " entries in 'signatures', each with a 'sig'");
        }
        return new Envelope(
                EvidenceJson.text(root.path("payloadType"), "payloadType"),
                base64(root.path("payload"), "payload"),
                signatures);
    }

    /** Either alphabet, as the protocol requires of verifiers. */
    private static byte[] base64(JsonNode node, String key) {
        String text = EvidenceJson.text(node, key);
        try {
            return text.indexOf('-') >= 0 || text.indexOf('_') >= 0
                    ? Base64.getUrlDecoder().decode(text)
                    : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + key + "' of the envelope is not Base64", e);
        }
    }

    public Optional<EvidenceKey> signer(Collection<EvidenceKey> keys) {
        byte[] signed = preAuthenticationEncoding(payloadType, payload);
        return keys.stream()
                .filter(key -> signatures.stream().anyMatch(signature -> key.verifies(signed, signature)))
                .findFirst();
    }

    /** {@code PAE} of the DSSE protocol: the signed bytes, which keep the boundary of type and payload. */
    public static byte[] preAuthenticationEncoding(String type, byte[] payload) {
        byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        out.writeBytes(("DSSEv1 " + typeBytes.length + " ").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(typeBytes);
        out.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(payload);
        return out.toByteArray();
    }

    private static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
