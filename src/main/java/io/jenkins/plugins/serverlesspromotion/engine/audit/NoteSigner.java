package io.jenkins.plugins.serverlesspromotion.engine.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An Ed25519 private key that signs notes, written {@code PRIVATE+KEY+NAME+ID+BASE64} as golang.org/x/mod/sumdb/note
 * writes it. Anyone who has the text can sign: keep it like a password.
 */
public final class NoteSigner {
    private static final String PREFIX = "PRIVATE+KEY+";

    private final byte[] seed;
    private final PrivateKey key;
    private final NoteVerifier verifier;

    private NoteSigner(String name, byte[] seed) {
        this.seed = seed.clone();
        try {
            key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
            // The platform derives a public key only while it generates a pair, so it gets the seed as its source of
            // randomness.
            var pair = KeyPairGenerator.getInstance("Ed25519");
            pair.initialize(NamedParameterSpec.ED25519, new Seed(seed));
            verifier = NoteVerifier.of(name, pair.generateKeyPair().getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot sign with Ed25519: use Java 17 or later", e);
        }
        byte[] text = "self-test".getBytes(StandardCharsets.UTF_8);
        if (!verifier.verifies(text, signature(text))) {
            throw new IllegalStateException(
                    "the Ed25519 of this Java platform's first security provider does not derive public keys from"
                            + " seeds");
        }
    }

    /**
     * A new key.
     *
     * @param name the signer's name, best the origin of the log
     * @throws IllegalArgumentException when {@code name} is empty or contains white space or a plus
     */
    public static NoteSigner generate(String name, SecureRandom random) {
        if (!NoteSyntax.isName(name)) {
            throw new IllegalArgumentException("the name of a key must not be empty, nor hold white space or a plus");
        }
        byte[] seed = new byte[NoteVerifier.KEY_BYTES];
        random.nextBytes(seed);
        return new NoteSigner(name, seed);
    }

    /** @throws IllegalArgumentException when {@code text} is not a signing key; the message never repeats it */
    public static NoteSigner parse(String text) {
        String stripped = text.strip();
        String[] parts = stripped.startsWith(PREFIX)
                ? stripped.substring(PREFIX.length()).split("\\+", 3)
                : new String[0];
        byte[] data = parts.length == 3 ? NoteSyntax.base64(parts[2]) : null;
        if (data == null
                || data.length != 1 + NoteVerifier.KEY_BYTES
                || data[0] != NoteVerifier.ED25519
                || !NoteSyntax.isName(parts[0])) {
            throw new IllegalArgumentException(
                    "a signing key reads PRIVATE+KEY+NAME+8 HEXADECIMAL DIGITS+BASE64 and is an Ed25519 key");
        }
        var signer = new NoteSigner(parts[0], Arrays.copyOfRange(data, 1, data.length));
        if (!HexFormat.of().formatHex(signer.verifier.id()).equals(parts[1])) {
            throw new IllegalArgumentException(
                    "the signing key '" + parts[0] + "' is damaged: its id and its key do not belong together");
        }
        return signer;
    }

    /** The form that {@link #parse} reads. A secret. */
    public String text() {
        byte[] data = ByteBuffer.allocate(1 + seed.length)
                .put(NoteVerifier.ED25519)
                .put(seed)
                .array();
        return PREFIX + verifier.name() + "+" + HexFormat.of().formatHex(verifier.id()) + "+"
                + Base64.getEncoder().encodeToString(data);
    }

    /** The key that verifies what this one signs. */
    public NoteVerifier verifier() {
        return verifier;
    }

    /** The note with one more signature. */
    public SignedNote sign(SignedNote note) {
        var signatures = new ArrayList<>(note.signatures());
        signatures.add(new SignedNote.Signature(
                verifier.name(),
                Base64.getEncoder().encodeToString(signature(note.text().getBytes(StandardCharsets.UTF_8)))));
        return new SignedNote(note.text(), signatures);
    }

    public SignedNote sign(Checkpoint checkpoint) {
        return sign(new SignedNote(checkpoint.text(), java.util.List.of()));
    }

    private byte[] signature(byte[] text) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(key);
            ed25519.update(text);
            byte[] id = verifier.id();
            byte[] signature = ed25519.sign();
            return ByteBuffer.allocate(id.length + signature.length)
                    .put(id)
                    .put(signature)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing failed", e);
        }
    }

    @Override
    public String toString() {
        return "signer of " + verifier.text();
    }

    /** A source of randomness that returns the seed, once. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final transient byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("expected " + bytes.length + " bytes of a seed of " + seed.length);
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
