package io.jenkins.plugins.serverlesspromotion.store;

import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.CODEC;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.STEP;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Checkpoint;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteSigner;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteVerifier;
import io.jenkins.plugins.serverlesspromotion.engine.audit.SignedNote;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class AuditExportTest {
    private static final int ENTRIES = 150;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final NoteSigner signer = NoteSigner.generate("example.org/release", new SecureRandom());
    private final NoteVerifier key = signer.verifier();
    private Path root;
    private Checkpoint checkpoint;

    @Before
    public void journal() throws Exception {
        root = temporary.getRoot().toPath().resolve("home");
        try (FileStore store = FileStore.open(
                root, Product.CLI, CODEC, new FileStore.Options(StoreLab.CLOCK, 5000, new QuickDisk()))) {
            StoreLab.append(store, 1, ENTRIES - 1);
            checkpoint = store.checkpoint();
        }
    }

    private String export(long from, long to, NoteSigner by) throws IOException {
        var out = new ByteArrayOutputStream();
        try (FileStore store = StoreLab.openReadOnly(root)) {
            AuditExport.export(store, from, to, by, out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static ExportVerification verify(String export, NoteVerifier by, Checkpoint... known) throws IOException {
        return AuditExport.verify(
                new ByteArrayInputStream(export.getBytes(StandardCharsets.UTF_8)), CODEC, by, List.of(known));
    }

    private static List<String> lines(String export) {
        return new ArrayList<>(List.of(export.split("\n", -1)));
    }

    /** Index among {@code lines} of the entry {@code seq}, in an export that starts with entry 0. */
    private static int at(int seq) {
        return 1 + seq + 2 * (seq / AuditFormat.BLOCK);
    }

    private static void assertFirstBad(String why, int seq, int line, ExportVerification exportVerification) {
        assertNotNull(why, exportVerification.finding());
        assertFalse(why, exportVerification.isValid());
        assertNull(why, exportVerification.root());
        assertEquals(
                exportVerification.finding().toString(),
                why,
                exportVerification.finding().why());
        assertEquals(why, seq, exportVerification.finding().seq());
        assertEquals(why, line, exportVerification.finding().line());
        assertEquals(why, seq, exportVerification.entries());
    }

    @Test
    public void anUntouchedExportHolds() throws Exception {
        String signed = export(0, ENTRIES, signer);
        assertEquals(
                new ExportVerification(0, ENTRIES, checkpoint.root(), ExportVerification.Signature.VALID, null),
                verify(signed, key, checkpoint));
        assertEquals(
                ExportVerification.Signature.NOT_CHECKED, verify(signed, null).signature());
        assertTrue(verify(signed, null).isValid());
        assertEquals(
                new ExportVerification(0, ENTRIES, checkpoint.root(), ExportVerification.Signature.UNSIGNED, null),
                verify(export(0, ENTRIES, null), null));
    }

    @Test
    public void itsEndIsANoteThatOtherToolsCanRead() throws Exception {
        String signed = export(0, ENTRIES, signer);
        String note = signed.substring(signed.indexOf("\n\n") + 2);
        assertEquals(SignedNote.State.VALID, SignedNote.parse(note).check(key));
        assertEquals(checkpoint, Checkpoint.parse(SignedNote.parse(note).text()));
    }

    @Test
    public void anyRangeHolds() throws Exception {
        for (int from = 0; from < ENTRIES; from += 7) {
            for (int to : new int[] {from + 1, (from + ENTRIES + 1) / 2, ENTRIES}) {
                if (to > from) {
                    Checkpoint end;
                    try (FileStore store = StoreLab.openReadOnly(root)) {
                        end = store.checkpoint(to);
                    }
                    ExportVerification exportVerification = verify(export(from, to, signer), key, end);
                    assertEquals(
                            from + " to " + to,
                            new ExportVerification(
                                    from, to - from, end.root(), ExportVerification.Signature.VALID, null),
                            exportVerification);
                }
            }
        }
        assertThrows(IllegalArgumentException.class, () -> export(3, 3, null));
        assertThrows(IllegalArgumentException.class, () -> export(3, ENTRIES + 1, null));
    }

    @Test
    public void anyChangedByteIsNoticedWithAndWithoutKey() throws Exception {
        byte[] signed = export(63, 65, signer).getBytes(StandardCharsets.UTF_8);
        byte[] unsigned = export(63, 65, null).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < signed.length; i += STEP) {
            byte[] changed = signed.clone();
            changed[i] ^= 1;
            ExportVerification exportVerification = AuditExport.verify(new ByteArrayInputStream(changed), CODEC, key);
            assertFalse("byte " + i + " of the signed export", exportVerification.isValid());
        }
        for (int i = 0; i < unsigned.length; i += STEP) {
            byte[] changed = unsigned.clone();
            changed[i] ^= 1;
            ExportVerification exportVerification = AuditExport.verify(new ByteArrayInputStream(changed), CODEC, null);
            assertFalse("byte " + i + " of the unsigned export", exportVerification.isValid());
        }
    }

    @Test
    public void anyChangedByteOfAnEntryIsNamed() throws Exception {
        for (NoteSigner by : new NoteSigner[] {signer, null}) {
            // The end of one block and the start of the next.
            List<String> lines = lines(export(62, 66, by));
            for (int seq = 62; seq < 66; seq++) {
                int at = 3 + seq - 62 + (seq < AuditFormat.BLOCK ? 0 : 2);
                String line = lines.get(at);
                for (int i = 0; i < line.length(); i += STEP) {
                    var changed = new ArrayList<>(lines);
                    changed.set(at, line.substring(0, i) + (char) (line.charAt(i) ^ 1) + line.substring(i + 1));
                    ExportVerification exportVerification = verify(String.join("\n", changed), by == null ? null : key);
                    String when = "byte " + i + " of entry " + seq + ": " + exportVerification.finding();
                    assertEquals(when, seq, exportVerification.finding().seq());
                    assertEquals(when, at + 1, exportVerification.finding().line());
                    assertEquals(when, seq - 62, exportVerification.entries());
                }
            }
        }
    }

    @Test
    public void theKindOfAForgeryIsTold() throws Exception {
        for (NoteSigner by : new NoteSigner[] {signer, null}) {
            NoteVerifier expected = by == null ? null : key;
            for (int seq : new int[] {1, 62, 64, 90, 148}) {
                int at = at(seq);
                List<String> lines = lines(export(0, ENTRIES, by));
                String line = lines.get(at);

                var changed = new ArrayList<>(lines);
                changed.set(at, line.replace("bob", "eve"));
                assertFirstBad("its bytes were changed", seq, at + 1, verify(String.join("\n", changed), expected));

                var hash = new ArrayList<>(lines);
                hash.set(at, (line.charAt(0) == '0' ? "1" : "0") + line.substring(1));
                assertFirstBad(
                        "the hash before it was changed; the entry itself is intact",
                        seq,
                        at + 1,
                        verify(String.join("\n", hash), expected));

                var anew = new ArrayList<>(lines);
                anew.set(at, hashed(line.substring(65).replace("bob", "eve")));
                assertFirstBad(
                        "its bytes were changed and their hash computed again",
                        seq,
                        at + 1,
                        verify(String.join("\n", anew), expected));

                var removed = new ArrayList<>(lines);
                removed.remove(at);
                assertFirstBad(
                        "it was removed; entry " + (seq + 1) + " follows",
                        seq,
                        at + 1,
                        verify(String.join("\n", removed), expected));

                var swapped = new ArrayList<>(lines);
                Collections.swap(swapped, at, at + 1);
                assertFirstBad(
                        "entry " + (seq + 1) + " stands in its place, out of order",
                        seq,
                        at + 1,
                        verify(String.join("\n", swapped), expected));

                var repeated = new ArrayList<>(lines);
                repeated.add(at + 1, line);
                assertFirstBad(
                        "entry " + seq + " stands here a second time",
                        seq + 1,
                        at + 2,
                        verify(String.join("\n", repeated), expected));

                var inserted = new ArrayList<>(lines);
                inserted.add(at, hashed(line.substring(65).replace("bob", "eve")));
                assertFirstBad(
                        "this line was inserted before it", seq, at + 1, verify(String.join("\n", inserted), expected));

                var cut = new ArrayList<>(lines.subList(0, at));
                ExportVerification truncated = verify(String.join("\n", cut) + "\n", expected);
                assertFirstBad(
                        "the export stops before this entry; it should continue up to 149", seq, at + 1, truncated);
            }
        }
    }

    private static String hashed(String json) {
        return HexFormat.of().formatHex(MerkleTree.leafHash(json.getBytes(StandardCharsets.UTF_8))) + " " + json;
    }

    @Test
    public void theLastEntryOfABlockAndOfTheExportCanBeMissedToo() throws Exception {
        for (int seq : new int[] {63, 127, 149}) {
            List<String> lines = lines(export(0, ENTRIES, signer));
            lines.remove(at(seq));
            assertFirstBad("this entry is missing", seq, at(seq) + 1, verify(String.join("\n", lines), key));
        }
        List<String> lines = lines(export(0, ENTRIES, signer));
        lines.add(at(127) + 1, hashed("{}"));
        assertFirstBad(
                "this line was inserted; no entry belongs here",
                128,
                at(127) + 2,
                verify(String.join("\n", lines), key));
        Collections.swap(lines, at(127) + 1, at(20));
        assertFirstBad(
                "its bytes were changed and their hash computed again",
                20,
                at(20) + 1,
                verify(String.join("\n", lines), key));
    }

    @Test
    public void entriesOfDifferentBlocksThatWereSwappedAreNamed() throws Exception {
        List<String> lines = lines(export(0, ENTRIES, signer));
        Collections.swap(lines, at(20), at(100));
        assertFirstBad("entry 100 stands in its place", 20, at(20) + 1, verify(String.join("\n", lines), key));
    }

    /** Somebody with a text editor, a hash program and time, but without the key. */
    private String rewritten(int seq, NoteSigner by) throws IOException {
        Path forged = temporary.newFolder().toPath().resolve("forged");
        StoreLab.copy(root, forged);
        var tree = new MerkleTree();
        var lines = new ArrayList<String>();
        List<String> leaves = new ArrayList<>();
        for (String line : lines(export(0, ENTRIES, by))) {
            if (line.startsWith(AuditFormat.LEAVES)) {
                lines.add(AuditFormat.LEAVES + " " + String.join(" ", leaves));
                leaves.clear();
            } else if (line.startsWith(AuditFormat.CHECKPOINT)) {
                String signature = line.substring(line.lastIndexOf(' ') + 1);
                lines.add(AuditFormat.CHECKPOINT + " " + tree.size() + " "
                        + HexFormat.of().formatHex(tree.root()) + " " + signature);
            } else if (line.matches("[0-9a-f]{64} .*")) {
                String entry = tree.size() == seq ? hashed(line.substring(65).replace("bob", "eve")) : line;
                leaves.add(entry.substring(0, 64));
                tree.append(HexFormat.of().parseHex(entry.substring(0, 64)));
                lines.add(entry);
            } else {
                lines.add(line);
            }
        }
        int end = lines.indexOf("");
        String own = Checkpoint.of(checkpoint.origin(), tree).text();
        lines.set(end + 3, own.split("\n")[2]);
        return String.join("\n", lines);
    }

    @Test
    public void aSignedExportThatWasRewrittenThroughoutIsNarrowedToItsBlock() throws Exception {
        ExportVerification exportVerification = verify(rewritten(100, signer), key);
        assertEquals(
                "nothing proves the entries 64 to 127: their checkpoint is not signed by example.org/release",
                exportVerification.finding().why());
        assertEquals(64, exportVerification.finding().seq());
        assertEquals(ExportVerification.Signature.INVALID, exportVerification.signature());
    }

    @Test
    public void takingTheSignatureOutOfABlockDoesNotHideThatItWasRewritten() throws Exception {
        List<String> lines = lines(rewritten(100, signer));
        int at = at(127) + 2;
        lines.set(at, lines.get(at).replaceFirst(" [^ ]*$", " -"));
        ExportVerification exportVerification = verify(String.join("\n", lines), key);
        assertEquals(
                exportVerification.finding().toString(),
                64,
                exportVerification.finding().seq());
        assertEquals(ExportVerification.Signature.INVALID, exportVerification.signature());
    }

    /** The honest limit, which the documentation states. */
    @Test
    public void anUnsignedExportThatWasRewrittenThroughoutHoldsUnlessACheckpointIsKnown() throws Exception {
        String forged = rewritten(100, null);
        assertTrue(verify(forged, null).isValid());
        assertEquals(ExportVerification.Signature.UNSIGNED, verify(forged, null).signature());
        ExportVerification exportVerification = verify(forged, null, checkpoint);
        assertFalse(exportVerification.isValid());
        assertTrue(
                exportVerification.finding().why(),
                exportVerification.finding().why().contains("the log was rewritten"));
    }

    @Test
    public void aChangedListOfHashesIsToldFromChangedEntries() throws Exception {
        List<String> lines = lines(export(0, ENTRIES, signer));
        int at = at(63) + 1;
        lines.set(
                at,
                lines.get(at).substring(0, 200)
                        + (lines.get(at).charAt(200) == '0' ? "1" : "0")
                        + lines.get(at).substring(201));
        ExportVerification exportVerification = verify(String.join("\n", lines), key);
        assertEquals(
                "the list of hashes was changed; the entries themselves are proved",
                exportVerification.finding().why());
        assertEquals(-1, exportVerification.finding().seq());
    }

    @Test
    public void aBlocksCheckpointCannotStandForAShorterExport() throws Exception {
        List<String> lines = lines(export(0, ENTRIES, signer));
        String[] words = lines.get(at(63) + 2).split(" ");
        var shorter = new ArrayList<>(lines.subList(0, at(63) + 3));
        shorter.set(0, shorter.get(0).replace(" 150", " 64"));
        var end = new Checkpoint(checkpoint.origin(), 64, words[2]);
        shorter.add("");
        String text = String.join("\n", shorter) + "\n" + end.text();
        assertFalse(verify(text, key).isValid());
        assertFalse(
                verify(text + "\n— " + key.name() + " " + words[3] + "\n", key).isValid());
    }

    @Test
    public void aShorterExportIsNoticedByAKnownCheckpoint() throws Exception {
        String shorter = export(0, 100, signer);
        assertTrue("in itself it is genuine", verify(shorter, key).isValid());
        ExportVerification exportVerification = verify(shorter, key, checkpoint);
        assertEquals(
                "this export ends before entry 100, but by a known checkpoint the log has 150 entries",
                exportVerification.finding().why());
        var other = new Checkpoint("serverless-promotion/other", 3, checkpoint.root());
        assertTrue(verify(shorter, key, other).finding().why().contains("a known checkpoint is of"));
    }

    @Test
    public void anotherKeyOrNoneIsNotEnough() throws Exception {
        NoteSigner other = NoteSigner.generate("example.org/release", new SecureRandom());
        ExportVerification exportVerification = verify(export(0, ENTRIES, other), key);
        assertEquals(ExportVerification.Signature.INVALID, exportVerification.signature());
        assertFalse(exportVerification.isValid());
        exportVerification = verify(export(0, ENTRIES, null), key);
        assertEquals(ExportVerification.Signature.INVALID, exportVerification.signature());
        assertFalse(exportVerification.isValid());
        String signed = export(0, ENTRIES, signer);
        exportVerification = verify(signed.substring(0, signed.lastIndexOf("\n—")), key);
        assertFalse("the last signature was cut off", exportVerification.isValid());
        assertFalse(verify(signed.substring(0, signed.lastIndexOf("\n—")), null).isValid());
    }

    @Test
    public void whatIsNoExportIsToldInTheFirstLine() throws Exception {
        for (String text :
                List.of("", "\n", "hello", "serverless-promotion-audit\n", "serverless-promotion-audit 1 o 5 5\n")) {
            assertEquals(text, 1, verify(text, null).finding().line());
        }
        assertTrue(verify("serverless-promotion-audit 3 o 0 1\n", null)
                .finding()
                .why()
                .contains("newer version"));
    }

    /** Every word of every line, with its first and last letter, whatever else is sampled. */
    @Test
    public void anyChangedWordAndAnyLineTooManyOrTooFewIsNoticed() throws Exception {
        for (NoteSigner by : new NoteSigner[] {signer, null}) {
            NoteVerifier with = by == null ? null : key;
            List<String> lines = lines(export(62, 66, by));
            assertTrue(verify(String.join("\n", lines), with).isValid());
            for (int at = 0; at < lines.size(); at++) {
                String line = lines.get(at);
                for (int i = 0; i < line.length(); i++) {
                    boolean edge =
                            i == 0 || i == line.length() - 1 || line.charAt(i - 1) == ' ' || line.charAt(i + 1) == ' ';
                    if (edge) {
                        var changed = new ArrayList<>(lines);
                        changed.set(at, line.substring(0, i) + (char) (line.charAt(i) ^ 1) + line.substring(i + 1));
                        assertNoticed("letter " + i + " of line " + (at + 1), changed, with);
                    }
                }
                if (!line.isEmpty()) {
                    var less = new ArrayList<>(lines);
                    less.remove(at);
                    assertNoticed("without line " + (at + 1), less, with);
                    // The same signature twice is one more signature, which a note may have.
                    if (!line.startsWith("— ")) {
                        var more = new ArrayList<>(lines);
                        more.add(at, line);
                        assertNoticed("with line " + (at + 1) + " twice", more, with);
                    }
                }
            }
        }
    }

    private static void assertNoticed(String what, List<String> lines, NoteVerifier by) throws IOException {
        ExportVerification exportVerification = verify(String.join("\n", lines), by);
        assertFalse(what, exportVerification.isValid());
    }

    @Test
    public void anExportCutAnywhereDoesNotHold() throws Exception {
        String signed = export(63, 65, signer);
        for (int i = 0; i < signed.length(); i += STEP) {
            assertFalse("cut at " + i, verify(signed.substring(0, i), key).isValid());
        }
        assertFalse(verify(signed + "more\n", key).isValid());
    }

    /** Whatever a hostile file holds, the answer is a verdict. */
    @Test
    public void anyFileGetsAVerdict() throws Exception {
        byte[] signed = export(63, 65, signer).getBytes(StandardCharsets.UTF_8);
        var chance = new Random(3);
        for (int round = 0; round < 3000; round += STEP) {
            var changed = new ByteArrayOutputStream();
            int from = chance.nextInt(signed.length);
            int gone = chance.nextInt(4) == 0 ? chance.nextInt(80) : chance.nextInt(2);
            byte[] put = new byte[chance.nextInt(3)];
            chance.nextBytes(put);
            changed.write(signed, 0, from);
            changed.writeBytes(put);
            int rest = Math.min(signed.length, from + gone);
            changed.write(signed, rest, signed.length - rest);
            ExportVerification exportVerification =
                    AuditExport.verify(new ByteArrayInputStream(changed.toByteArray()), CODEC, key);
            assertEquals(
                    "round " + round,
                    java.util.Arrays.equals(signed, changed.toByteArray()),
                    exportVerification.isValid());
        }
        for (String origin : List.of("\t", "\u0001", "")) {
            assertEquals(
                    1,
                    verify("serverless-promotion-audit 1 " + origin + " 0 1\n", null)
                            .finding()
                            .line());
        }
    }

    @Test
    public void theFirstEntryIsTheStoresCreation() throws Exception {
        try (FileStore store = StoreLab.openReadOnly(root)) {
            assertTrue(store.records(r -> r.seq() == 0).get(0).entry() instanceof Entry.StoreCreated);
            assertTrue(export(0, 1, null)
                    .startsWith("serverless-promotion-audit 1 serverless-promotion/" + store.id() + " 0 1\n"));
        }
    }
}
