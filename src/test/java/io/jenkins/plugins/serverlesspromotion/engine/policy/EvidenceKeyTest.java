package io.jenkins.plugins.serverlesspromotion.engine.policy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.Test;

/** Which keys a policy may name, and whose signature counts as their word. */
public class EvidenceKeyTest {
    private static final byte[] STATEMENT = "tests of orders@1.4.2 passed".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANOTHER = "tests of orders@1.4.3 passed".getBytes(StandardCharsets.UTF_8);
    private static final String REFUSED =
            "is no Ed25519 or ECDSA P-256 public key; write what stands between -----BEGIN"
                    + " PUBLIC KEY----- and -----END PUBLIC KEY-----, or all of it";

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    private static KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static String base64(KeyPair pair) {
        return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static byte[] signed(String algorithm, KeyPair pair) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(pair.getPrivate());
        signer.update(STATEMENT);
        return signer.sign();
    }

    private static String refused(String text) {
        return assertThrows(text, IllegalArgumentException.class, () -> EvidenceKey.of("ci", text))
                .getMessage();
    }

    @Test
    public void asToolsWriteItAndAsOneLineIsTheSameKey() throws GeneralSecurityException {
        for (KeyPair pair : List.of(pair("Ed25519"), ec("secp256r1"))) {
            EvidenceKey key = EvidenceKey.of("ci", base64(pair));
            assertEquals(base64(pair), key.publicKey());
            assertEquals(key, EvidenceKey.of("ci", pem(pair)));
            assertEquals(key, EvidenceKey.of("ci", "\n  " + pem(pair).replace("\n", "\r\n  ")));
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
            assertEquals("sha256:" + HexFormat.of().formatHex(digest), key.fingerprint());
        }
        assertNotEquals(
                EvidenceKey.of("ci", base64(pair("Ed25519"))).fingerprint(),
                EvidenceKey.of("ci", base64(pair("Ed25519"))).fingerprint());
    }

    @Test
    public void aSignatureCountsUnderExactlyTheKeyAndTheStatementThatItWasMadeFor() throws GeneralSecurityException {
        KeyPair ed = pair("Ed25519");
        KeyPair p256 = ec("secp256r1");
        record Row(KeyPair pair, String algorithm, EvidenceKey stranger) {}
        for (Row row : List.of(
                new Row(ed, "Ed25519", EvidenceKey.of("ci", base64(pair("Ed25519")))),
                new Row(p256, "SHA256withECDSA", EvidenceKey.of("ci", base64(ec("secp256r1")))),
                new Row(p256, "SHA256withECDSAinP1363Format", EvidenceKey.of("ci", base64(ec("secp256r1")))))) {
            EvidenceKey key = EvidenceKey.of("ci", base64(row.pair()));
            byte[] signature = signed(row.algorithm(), row.pair());
            assertTrue(row.algorithm(), key.verifies(STATEMENT, signature));
            assertFalse(row.algorithm() + ", another statement", key.verifies(ANOTHER, signature));
            assertFalse(row.algorithm() + ", another key", row.stranger().verifies(STATEMENT, signature));
            for (byte[] torn : List.of(
                    new byte[0], new byte[] {1, 2, 3}, Arrays.copyOf(signature, signature.length - 1), new byte[64])) {
                assertFalse(row.algorithm() + ", " + torn.length + " bytes", key.verifies(STATEMENT, torn));
            }
        }
        assertFalse("of the other kind", EvidenceKey.of("ci", base64(p256)).verifies(STATEMENT, signed("Ed25519", ed)));
        assertFalse(
                "of the other kind",
                EvidenceKey.of("ci", base64(ed)).verifies(STATEMENT, signed("SHA256withECDSA", p256)));
    }

    @Test
    public void keysOfOtherKindsAreRefused() throws GeneralSecurityException {
        for (KeyPair other : List.of(ec("secp384r1"), ec("secp521r1"), pair("Ed448"), pair("X25519"), pair("RSA"))) {
            assertEquals(REFUSED, refused(pem(other)));
        }
    }

    @Test
    public void whatIsNoKeyIsRefusedInWordsThatHelp() throws GeneralSecurityException {
        String key = base64(pair("Ed25519"));
        for (String wrong : List.of(
                "",
                "AAAA",
                "not base64!",
                key.substring(4),
                "-----BEGIN PUBLIC KEY-----" + key,
                key + "-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----")) {
            assertEquals(wrong, REFUSED, refused(wrong));
        }
    }

    @Test
    public void whoeverPastesAPrivateKeyIsToldThatItIsBurnt() throws GeneralSecurityException {
        KeyPair pair = pair("Ed25519");
        String text = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()) + "\n-----END PRIVATE KEY-----\n";
        assertEquals(
                "is a private key, which everyone who reads this now knows; make a new pair, and write its public key"
                        + " here",
                refused(text));
    }

    @Test
    public void aThousandCharactersAreRoomEnoughAndNoMoreAreRead() throws GeneralSecurityException {
        String key = base64(ec("secp256r1"));
        String padded = key.substring(0, 10) + " ".repeat(1_000 - key.length()) + key.substring(10);
        assertEquals(key, EvidenceKey.of("ci", padded).publicKey());
        assertEquals("is too long for a public key", refused(padded.replace("  ", "   ")));
        assertEquals(
                "is too long for a public key", refused(" " + padded.substring(0, 10) + " " + padded.substring(10)));
    }
}
