package io.jenkins.plugins.serverlesspromotion.engine.audit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.junit.Test;

public class SignedNoteTest {
    /** From the documentation of golang.org/x/mod/sumdb/note. */
    private static final String SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    private static final String VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
    private static final String TEXT =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private static final String PETER =
            "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
                    + "KvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    private static final String ENOCH_SIGNATURE = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF"
            + "1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    @Test
    public void theReferenceKeysAreReadAndWritten() {
        NoteSigner signer = NoteSigner.parse(SKEY + "\n");
        assertEquals(SKEY, signer.text());
        assertEquals(VKEY, signer.verifier().text());
        assertEquals(VKEY, NoteVerifier.parse(VKEY).text());
        assertEquals("PeterNeumann", NoteVerifier.parse(VKEY).name());
        assertFalse("a signer never shows its secret", signer.toString().contains("AYEKFAL"));
    }

    @Test
    public void theReferenceNoteComesOutByteForByte() {
        SignedNote note = NoteSigner.parse(SKEY).sign(new SignedNote(TEXT, List.of()));
        assertEquals(TEXT + "\n" + PETER, note.note());
        assertEquals(note, SignedNote.parse(TEXT + "\n" + PETER));
        assertEquals(SignedNote.State.VALID, note.check(NoteVerifier.parse(VKEY)));
        assertEquals(SignedNote.State.ABSENT, note.check(NoteVerifier.parse(ENOCH)));
        SignedNote both = SignedNote.parse(TEXT + "\n" + PETER + ENOCH_SIGNATURE);
        assertEquals(SignedNote.State.VALID, both.check(NoteVerifier.parse(ENOCH)));
        assertEquals(SignedNote.State.VALID, both.check(NoteVerifier.parse(VKEY)));
    }

    @Test
    public void theSpecificationsExampleVerifies() {
        SignedNote note =
                SignedNote.parse("This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnag"
                        + "v1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n");
        assertEquals(
                SignedNote.State.VALID,
                note.check(
                        NoteVerifier.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")));
    }

    @Test
    public void anyChangedByteOfANoteIsNoticed() {
        byte[] note = (TEXT + "\n" + PETER).getBytes(StandardCharsets.UTF_8);
        NoteVerifier key = NoteVerifier.parse(VKEY);
        for (int i = 0; i < note.length; i++) {
            byte[] changed = note.clone();
            changed[i] ^= 1;
            SignedNote.State state;
            try {
                state = SignedNote.parse(new String(changed, StandardCharsets.UTF_8))
                        .check(key);
            } catch (IllegalArgumentException e) {
                state = SignedNote.State.INVALID;
            }
            assertNotEquals("byte " + i, SignedNote.State.VALID, state);
        }
    }

    @Test
    public void mangledKeysAreRefused() {
        for (String key : List.of(VKEY, SKEY)) {
            for (int from = 0; from <= key.length(); from++) {
                for (int to = from; to <= key.length(); to++) {
                    if (from != 0 || to != key.length()) {
                        assertNotAKey(key.substring(from, to));
                    }
                }
            }
            for (int i = 0; i < key.length(); i++) {
                assertNotAKey(key.substring(0, i) + (char) (key.charAt(i) + 1) + key.substring(i + 1));
            }
        }
        // Wrong length and unknown algorithm, with ids that fit (from the tests of golang.org/x/mod/sumdb/note).
        assertNotAKey("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==");
        assertNotAKey("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    }

    private static void assertNotAKey(String text) {
        assertThrows(text, IllegalArgumentException.class, () -> NoteVerifier.parse(text));
        var refused = assertThrows(text, IllegalArgumentException.class, () -> NoteSigner.parse(text));
        assertFalse("messages do not repeat secrets", refused.getMessage().contains("AYEKFALVFGyNhPJEMzD1QIDr"));
    }

    @Test
    public void newKeysSignAndVerify() {
        for (int i = 0; i < 20; i++) {
            NoteSigner signer = NoteSigner.generate("serverless-promotion/" + i, new SecureRandom());
            NoteSigner again = NoteSigner.parse(signer.text());
            NoteVerifier verifier = NoteVerifier.parse(signer.verifier().text());
            var checkpoint = new Checkpoint("serverless-promotion/" + i, i, "ab".repeat(32));
            SignedNote note = SignedNote.parse(again.sign(checkpoint).note());
            assertEquals(signer.sign(checkpoint), note);
            assertEquals(SignedNote.State.VALID, note.check(verifier));
            assertEquals(checkpoint, Checkpoint.parse(note.text()));
        }
        for (String name : List.of("", "a b", "a+b", "a\tb", "a\u2003b", "a\nb", "\ud800")) {
            assertThrows(name, IllegalArgumentException.class, () -> NoteSigner.generate(name, new SecureRandom()));
        }
    }

    @Test
    public void aFailingSignatureOfTheKeySpoilsTheNote() {
        SignedNote good = SignedNote.parse(TEXT + "\n" + PETER);
        SignedNote other = NoteSigner.parse(SKEY).sign(new SignedNote("another text\n", List.of()));
        var both = new SignedNote(
                TEXT, List.of(good.signatures().get(0), other.signatures().get(0)));
        assertEquals(SignedNote.State.INVALID, both.check(NoteVerifier.parse(VKEY)));
    }

    @Test
    public void whatIsNoNoteIsRefused() {
        for (String note : List.of(
                "",
                TEXT,
                TEXT + "\n",
                TEXT + PETER,
                TEXT + "\n" + PETER.strip(),
                TEXT + "\n- PeterNeumann x08go/ZJ\n",
                TEXT + "\n— PeterNeumann\n",
                TEXT + "\n— Peter Neumann x08go/ZJ\n",
                TEXT + "\n— PeterNeumann x08go\n",
                "bell\u0007\n\n" + PETER,
                TEXT + "\n" + PETER.repeat(101))) {
            assertThrows(note, IllegalArgumentException.class, () -> SignedNote.parse(note));
        }
    }

    @Test
    public void aNoteMayHaveAHundredSignatures() {
        SignedNote most = SignedNote.parse(TEXT + "\n" + PETER.repeat(100));
        assertEquals(100, most.signatures().size());
        assertEquals(SignedNote.State.VALID, most.check(NoteVerifier.parse(VKEY)));
    }

    /** As specified, a text may be nothing but a line feed. */
    @Test
    public void theTextMayBeAnEmptyLine() {
        SignedNote note = NoteSigner.parse(SKEY).sign(new SignedNote("\n", List.of()));
        assertEquals(SignedNote.State.VALID, SignedNote.parse(note.note()).check(NoteVerifier.parse(VKEY)));
    }

    @Test
    public void aSignerShownSomewhereShowsItsPublicKeyOnly() {
        assertEquals("signer of " + VKEY, NoteSigner.parse(SKEY).toString());
    }

    @Test
    public void anOriginIsOneLine() {
        assertTrue(Checkpoint.isOrigin("example.com/log"));
        for (String wrong : List.of("", "\n", "\na", "a\nb", "a\n", "a\tb")) {
            assertFalse(wrong, Checkpoint.isOrigin(wrong));
        }
    }

    @Test
    public void theTextMayHaveEmptyLines() {
        SignedNote note = NoteSigner.parse(SKEY).sign(new SignedNote("one\n\ntwo\n", List.of()));
        assertEquals("one\n\ntwo\n", SignedNote.parse(note.note()).text());
        assertEquals(SignedNote.State.VALID, SignedNote.parse(note.note()).check(NoteVerifier.parse(VKEY)));
    }

    @Test
    public void checkpointsAreReadAndWritten() {
        String text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        Checkpoint checkpoint = Checkpoint.parse(text);
        assertEquals(20852163, checkpoint.size());
        assertEquals("example.com/behind-the-sofa", checkpoint.origin());
        assertTrue(checkpoint.root().startsWith("0ac5186a91863e8e"));
        assertEquals(text, checkpoint.text());
        assertEquals("extension lines are ignored", checkpoint, Checkpoint.parse(text + "extension\n"));
    }

    @Test
    public void whatIsNoCheckpointIsRefused() {
        String root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        for (String text : List.of(
                "",
                "a\n1\n",
                "a\n1\n" + root,
                "\n1\n" + root + "\n",
                "a\n01\n" + root + "\n",
                "a\n-1\n" + root + "\n",
                "a\n+1\n" + root + "\n",
                "a\n9999999999999999999\n" + root + "\n",
                "a\n1\n" + root.replace("2I=", "2J=") + "\n",
                "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
                "a\n1\n" + root + "\n\n")) {
            assertThrows(text, IllegalArgumentException.class, () -> Checkpoint.parse(text));
        }
    }
}
