package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key that signs statements as the producer {@code key:NAME}.
 *
 * @param name as gates refer to it
 * @param publicKey an Ed25519 or ECDSA P-256 key: its SubjectPublicKeyInfo (RFC 5280) in Base64, on one line
 */
public record EvidenceKey(String name, String publicKey) {
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    /** Longer than any key of these kinds, with room for line breaks. */
    private static final int LONGEST = 1_000;

    /**
     * Reads a key as {@code openssl pkey -pubout} and {@code cosign public-key} write it, or the Base64 of it alone.
     *
     * @throws IllegalArgumentException when it is not a public key of a supported kind
     */
    public static EvidenceKey of(String name, String text) {
        String body = text.strip();
        if (body.length() > LONGEST) {
            throw new IllegalArgumentException("is too long for a public key");
        }
        if (body.contains("PRIVATE KEY")) {
            throw new IllegalArgumentException(
                    "is a private key, which everyone who reads this now knows; make a new pair, and write its public"
                            + " key here");
        }
        // Searched only after BEGIN, because the two markers may share their hyphens.
        if (body.startsWith(BEGIN) && body.substring(BEGIN.length()).endsWith(END)) {
            body = body.substring(BEGIN.length(), body.length() - END.length());
        }
        try {
            byte[] der = Base64.getDecoder().decode(body.replaceAll("\\s", ""));
            var key = new EvidenceKey(name, Base64.getEncoder().encodeToString(der));
            key.decoded();
            return key;
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "is no Ed25519 or ECDSA P-256 public key; write what stands between -----BEGIN PUBLIC KEY----- and"
                            + " -----END PUBLIC KEY-----, or all of it",
                    e);
        }
    }

    private byte[] der() {
        return Base64.getDecoder().decode(publicKey);
    }

    private PublicKey decoded() throws GeneralSecurityException {
        var spec = new X509EncodedKeySpec(der());
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(spec);
        } catch (InvalidKeySpecException notEd25519) {
            var key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec);
            if (!isP256(key.getParams())) {
                throw new InvalidKeySpecException("neither Ed25519 nor ECDSA P-256");
            }
            return key;
        }
    }

    private static boolean isP256(ECParameterSpec curve) throws GeneralSecurityException {
        AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
        named.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec p256 = named.getParameterSpec(ECParameterSpec.class);
        return curve.getCurve().equals(p256.getCurve())
                && curve.getGenerator().equals(p256.getGenerator())
                && curve.getOrder().equals(p256.getOrder())
                && curve.getCofactor() == p256.getCofactor();
    }

    /** SHA-256 of the SubjectPublicKeyInfo, {@code sha256:…}: distinguishes two keys of the same name. */
    public String fingerprint() {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(der()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Whether {@code signature} is a signature of {@code message} by this key. Ed25519 follows RFC 8032. ECDSA uses
     * SHA-256; the signature is in DER as most tools write it, or the two numbers alone as in the example of the DSSE
     * protocol.
     */
    public boolean verifies(byte[] message, byte[] signature) {
        try {
            PublicKey key = decoded();
            if (key instanceof EdECPublicKey) {
                return verifies("Ed25519", key, message, signature);
            }
            return verifies("SHA256withECDSA", key, message, signature)
                    || verifies("SHA256withECDSAinP1363Format", key, message, signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key " + name + " was read before and cannot be read now", e);
        }
    }

    private static boolean verifies(String algorithm, PublicKey key, byte[] message, byte[] signature)
            throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key);
        verifier.update(message);
        try {
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false; // does not have the form of a signature
        }
    }
}
