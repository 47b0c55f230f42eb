package io.jenkins.plugins.serverlesspromotion.engine.audit;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An Ed25519 public key that verifies notes, written {@code NAME+ID+BASE64} (C2SP signed-note, "Verifier keys").
 */
public final class NoteVerifier {
    /** Identifies Ed25519 among the signature types. */
    static final byte ED25519 = 0x01;

    static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 4;

    private final String name;
    private final byte[] encoded;
    private final byte[] id;
    private final PublicKey key;

    private NoteVerifier(String name, byte[] encoded) throws GeneralSecurityException {
        this.name = name;
        this.encoded = encoded.clone();
        this.id = id(name, encoded);
        this.key = decode(encoded);
    }

    /** @throws IllegalArgumentException when {@code text} is not a verifier key, or its parts do not belong together */
    public static NoteVerifier parse(String text) {
        // Base64 may itself contain a plus: only the first two are separators.
        String[] parts = text.strip().split("\\+", 3);
        if (parts.length != 3 || !NoteSyntax.isName(parts[0]) || !parts[1].matches("[0-9a-f]{8}")) {
            throw new IllegalArgumentException("a verifier key reads NAME+8 HEXADECIMAL DIGITS+BASE64");
        }
        byte[] data = NoteSyntax.base64(parts[2]);
        if (data == null || data.length != 1 + KEY_BYTES || data[0] != ED25519) {
            throw new IllegalArgumentException("the verifier key '" + parts[0] + "' is not an Ed25519 key");
        }
        NoteVerifier verifier = of(parts[0], Arrays.copyOfRange(data, 1, data.length));
        if (!HexFormat.of().formatHex(verifier.id).equals(parts[1])) {
            throw new IllegalArgumentException(
                    "the verifier key '" + parts[0] + "' is damaged: its id and its key do not belong together");
        }
        return verifier;
    }

    static NoteVerifier of(String name, byte[] encoded) {
        try {
            return new NoteVerifier(name, encoded);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the verifier key '" + name + "' is not an Ed25519 key", e);
        }
    }

    static NoteVerifier of(String name, PublicKey key) {
        return of(name, encode(((EdECPublicKey) key).getPoint()));
    }

    public String name() {
        return name;
    }

    /** The form that {@link #parse} reads, for auditors. */
    public String text() {
        byte[] data =
                ByteBuffer.allocate(1 + KEY_BYTES).put(ED25519).put(encoded).array();
        return name + "+" + HexFormat.of().formatHex(id) + "+"
                + Base64.getEncoder().encodeToString(data);
    }

    byte[] id() {
        return id.clone();
    }

    boolean hasId(byte[] signature) {
        return signature.length > ID_BYTES && MessageDigest.isEqual(Arrays.copyOf(signature, ID_BYTES), id);
    }

    /** @param signature key id and signature, as in a signature line */
    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(text);
            return ed25519.verify(signature, ID_BYTES, signature.length - ID_BYTES);
        } catch (GeneralSecurityException e) {
            // A signature of the wrong length or form is not valid.
            return false;
        }
    }

    /** {@code SHA-256(name || 0x0A || 0x01 || public key)[:4]} */
    private static byte[] id(String name, byte[] encoded) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        digest.update(ED25519);
        digest.update(encoded);
        return Arrays.copyOf(digest.digest(), ID_BYTES);
    }

    /** RFC 8032 section 5.1.2: y in 255 bits, little-endian, and the lowest bit of x on top. */
    private static byte[] encode(EdECPoint point) {
        byte[] big = point.getY().toByteArray();
        byte[] little = new byte[KEY_BYTES];
        for (int i = 0; i < Math.min(big.length, KEY_BYTES); i++) {
            little[i] = big[big.length - 1 - i];
        }
        if (point.isXOdd()) {
            little[KEY_BYTES - 1] |= (byte) 0x80;
        }
        return little;
    }

    private static PublicKey decode(byte[] encoded) throws GeneralSecurityException {
        byte[] big = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            big[i] = encoded[KEY_BYTES - 1 - i];
        }
        boolean odd = (big[0] & 0x80) != 0;
        big[0] &= 0x7f;
        var point = new EdECPoint(odd, new BigInteger(1, big));
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }
}
