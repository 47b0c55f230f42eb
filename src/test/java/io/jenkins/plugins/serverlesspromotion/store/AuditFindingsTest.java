package io.jenkins.plugins.serverlesspromotion.store;

import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.CODEC;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteSigner;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteVerifier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is reported about an export whose hashes, checkpoints or end do not prove its entries: exactly where and why. */
public class AuditFindingsTest {
    private static final int ENTRIES = 70;
    /** Indices among the lines of the whole export. */
    private static final int LEAVES_1 = 65;

    private static final int CHECKPOINT_1 = 66;
    private static final int FIRST_OF_2 = 67;
    private static final int LEAVES_2 = 73;
    private static final int CHECKPOINT_2 = 74;
    private static final int EMPTY = 75;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final NoteSigner signer = NoteSigner.generate("example.org/release", new SecureRandom());
    private final NoteVerifier key = signer.verifier();
    private Path root;

    @Before
    public void journal() throws Exception {
        root = temporary.getRoot().toPath().resolve("home");
        try (FileStore store = FileStore.open(root, Product.CLI, CODEC, StoreLab.options(new QuickDisk()))) {
            StoreLab.append(store, 1, ENTRIES - 1);
        }
    }

    private List<String> export(int to, NoteSigner by) throws IOException {
        var out = new ByteArrayOutputStream();
        try (FileStore store = StoreLab.openReadOnly(root)) {
            assertEquals(store.checkpoint(to), AuditExport.export(store, 0, to, by, out));
        }
        return new ArrayList<>(List.of(out.toString(StandardCharsets.UTF_8).split("\n", -1)));
    }

    private List<String> export(NoteSigner by) throws IOException {
        return export(ENTRIES, by);
    }

    private static ExportVerification verify(String text, NoteVerifier by) throws IOException {
        return AuditExport.verify(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), CODEC, by);
    }

    private static void assertFound(
            long seq,
            int index,
            String why,
            long entries,
            ExportVerification.Signature signature,
            ExportVerification exportVerification) {
        assertEquals(
                new ExportVerification(
                        0, entries, null, signature, new ExportVerification.Finding(seq, index + 1, why)),
                exportVerification);
    }

    private void assertFound(
            long seq,
            int index,
            String why,
            long entries,
            ExportVerification.Signature signature,
            List<String> lines,
            boolean by)
            throws IOException {
        assertFound(seq, index, why, entries, signature, verify(String.join("\n", lines), by ? key : null));
    }

    private static String hashed(String json) {
        return HexFormat.of().formatHex(MerkleTree.leafHash(json.getBytes(StandardCharsets.UTF_8))) + " " + json;
    }

    private static String withoutLastWord(String line) {
        return line.substring(0, line.lastIndexOf(' '));
    }

    /** With another root, so that it fits nothing; a signature no longer belongs to it. */
    private static void breakCheckpoint(List<String> lines, int at) {
        String[] words = lines.get(at).split(" ");
        words[2] = "0".repeat(64);
        lines.set(at, String.join(" ", words));
    }

    @Test
    public void theFirstLineNamesTheFormat() throws Exception {
        ExportVerification.Signature none = ExportVerification.Signature.UNSIGNED;
        String no = "this is not an audit export; one begins with serverless-promotion-audit";
        for (String text : List.of(
                "",
                "serverless-promotion-audit",
                "serverless-promotion-audit\n",
                "x 1\n",
                "serverless-promotion-audit 0\n",
                "serverless-promotion-audit 2 o 0 1")) {
            assertFound(-1, 0, no, 0, none, verify(text, null));
        }
        assertFound(
                -1,
                0,
                "this export has format 3 and this program knows 2; check it with a newer version",
                0,
                none,
                verify("serverless-promotion-audit 3\n", null));
        String unnamed = "the first line must name the log and the entries it has";
        for (String rest : List.of("", " o 0", " o 0 1 2", " o 01 2", " o 0 x", " o 1 1", " o 2 1")) {
            assertFound(-1, 0, unnamed, 0, none, verify("serverless-promotion-audit 1" + rest + "\n", null));
        }
    }

    @Test
    public void anExportOfEverythingReturnsTheCheckpointAtItsEnd() throws Exception {
        var out = new ByteArrayOutputStream();
        try (FileStore store = StoreLab.openReadOnly(root)) {
            assertEquals(store.checkpoint(), AuditExport.export(store, null, out));
        }
        assertEquals(String.join("\n", export(null)), out.toString(StandardCharsets.UTF_8));
    }

    @Test
    public void aFindingSaysWhichLineAndEntry() {
        assertEquals("line 2, entry 0: it is gone", new ExportVerification.Finding(0, 2, "it is gone").toString());
        assertEquals("line 2: it is gone", new ExportVerification.Finding(-1, 2, "it is gone").toString());
    }

    @Test
    public void aChangedListOfHashesInALaterBlockLeavesTheEarlierEntriesProved() throws Exception {
        List<String> lines = export(signer);
        lines.set(LEAVES_2, withoutLastWord(lines.get(LEAVES_2)));
        assertFound(
                -1,
                LEAVES_2,
                "the list of hashes was changed; the entries themselves are proved",
                64,
                ExportVerification.Signature.VALID,
                lines,
                true);
    }

    @Test
    public void withoutAKeyAListOfHashesThatIsNoneProvesNothing() throws Exception {
        List<String> lines = export(null);
        lines.set(LEAVES_2, lines.get(LEAVES_2) + "x");
        assertFound(
                64,
                CHECKPOINT_2,
                "nothing proves the entries 64 to 69: their checkpoint does not fit them",
                64,
                ExportVerification.Signature.UNSIGNED,
                lines,
                false);
    }

    @Test
    public void aMissingListOfHashesIsReportedAfterAnyBadEntry() throws Exception {
        List<String> lines = export(null);
        lines.remove(LEAVES_2);
        assertFound(
                -1,
                LEAVES_2,
                "the hashes of the entries from 64 on are missing",
                64,
                ExportVerification.Signature.UNSIGNED,
                lines,
                false);
        lines.set(FIRST_OF_2 + 2, lines.get(FIRST_OF_2 + 2).replace("bob", "eve"));
        assertFound(
                66,
                FIRST_OF_2 + 2,
                "its bytes do not have the hash that stands before them",
                66,
                ExportVerification.Signature.UNSIGNED,
                lines,
                false);
        lines.set(FIRST_OF_2 + 1, "");
        assertFound(
                65,
                FIRST_OF_2 + 1,
                "the export stops before this entry; it should continue up to 69",
                65,
                ExportVerification.Signature.UNSIGNED,
                lines,
                false);
    }

    @Test
    public void aMissingCheckpointIsReportedAfterAnyBadEntry() throws Exception {
        List<String> lines = export(null);
        lines.remove(CHECKPOINT_2);
        assertFound(
                -1,
                CHECKPOINT_2,
                "a checkpoint is missing or changed here",
                64,
                ExportVerification.Signature.UNSIGNED,
                lines,
                false);
        lines.set(FIRST_OF_2 + 1, lines.get(FIRST_OF_2));
        assertFound(
                65,
                FIRST_OF_2 + 1,
                "entry 64 stands in its place",
                65,
                ExportVerification.Signature.UNSIGNED,
                lines,
                false);
    }

    @Test
    public void whereACheckpointProvesNothingTheFirstDifferenceIsNamed() throws Exception {
        for (boolean by : new boolean[] {true, false}) {
            ExportVerification.Signature signature =
                    by ? ExportVerification.Signature.INVALID : ExportVerification.Signature.UNSIGNED;
            String proves = "the list of hashes that follows has another entry here, and the checkpoint proves "
                    + (by ? "nothing" : "neither");

            List<String> own = export(by ? signer : null);
            breakCheckpoint(own, CHECKPOINT_2);
            assertFound(
                    64,
                    CHECKPOINT_2,
                    "nothing proves the entries 64 to 69: their checkpoint "
                            + (by ? "is not signed by example.org/release" : "does not fit them"),
                    64,
                    signature,
                    own,
                    by);

            var changed = new ArrayList<>(own);
            changed.set(
                    FIRST_OF_2 + 3, hashed(own.get(FIRST_OF_2 + 3).substring(65).replace("bob", "eve")));
            assertFound(67, FIRST_OF_2 + 3, proves, 67, signature, changed, by);
            changed.set(FIRST_OF_2 + 1, own.get(FIRST_OF_2 + 1).replace("bob", "eve"));
            assertFound(
                    65,
                    FIRST_OF_2 + 1,
                    "its bytes do not have the hash that stands before them",
                    65,
                    signature,
                    changed,
                    by);

            var shorter = new ArrayList<>(own);
            shorter.set(LEAVES_2, withoutLastWord(own.get(LEAVES_2)));
            assertFound(69, LEAVES_2 - 1, proves, 69, signature, shorter, by);
            shorter.remove(LEAVES_2 - 1);
            assertFound(69, LEAVES_2 - 1, "this entry is missing", 69, signature, shorter, by);
        }
    }

    @Test
    public void theEndIsWhereTheEntriesEnd() throws Exception {
        for (boolean by : new boolean[] {true, false}) {
            ExportVerification.Signature signature =
                    by ? ExportVerification.Signature.VALID : ExportVerification.Signature.UNSIGNED;
            List<String> lines = export(by ? signer : null);
            assertFound(
                    -1,
                    EMPTY,
                    "the checkpoint at the end is missing",
                    ENTRIES,
                    signature,
                    verify(String.join("\n", lines.subList(0, EMPTY)) + "\n", by ? key : null));
            lines.add(EMPTY, "more");
            assertFound(-1, EMPTY, "this line was inserted; the entries end before it", ENTRIES, signature, lines, by);
        }
    }

    /** Otherwise a genuine note about other entries would stand for these. */
    @Test
    public void theEndIsThatOfTheseEntries() throws Exception {
        List<String> lines = export(signer);
        List<String> other = export(ENTRIES - 1, signer);
        var mixed = new ArrayList<>(lines.subList(0, EMPTY));
        mixed.addAll(other.subList(other.indexOf(""), other.size()));
        String why = "the checkpoint at the end is not that of these entries";
        assertFound(-1, EMPTY + 1, why, ENTRIES, ExportVerification.Signature.VALID, mixed, true);
        assertFound(-1, EMPTY + 1, why, ENTRIES, ExportVerification.Signature.NOT_CHECKED, mixed, false);
    }

    @Test
    public void theEndIsSignedWhereTheBlocksAre() throws Exception {
        List<String> lines = export(signer);
        String unsigned = String.join("\n", lines.subList(0, EMPTY + 4)) + "\n";
        assertFound(
                -1,
                EMPTY + 1,
                "the checkpoint at the end is not signed; example.org/release should have",
                ENTRIES,
                ExportVerification.Signature.INVALID,
                verify(unsigned, key));
        assertFound(
                -1,
                EMPTY + 1,
                "the signature of the checkpoint at the end is missing",
                ENTRIES,
                ExportVerification.Signature.NOT_CHECKED,
                verify(unsigned, null));
        List<String> other = export(NoteSigner.generate("example.org/release", new SecureRandom()));
        var mixed = new ArrayList<>(lines.subList(0, EMPTY));
        mixed.addAll(other.subList(EMPTY, other.size()));
        assertFound(
                -1,
                EMPTY + 1,
                "the checkpoint at the end is not signed by example.org/release",
                ENTRIES,
                ExportVerification.Signature.INVALID,
                mixed,
                true);
    }

    /** Otherwise a file without end would be read into memory. */
    @Test
    public void aNoteHasTwoHundredLinesAndNotManyMore() throws Exception {
        List<String> lines = export(null);
        String text = String.join("\n", lines);
        String changed = "the checkpoint at the end was changed: ";
        ExportVerification most = verify(text + "x\n".repeat(198), null);
        assertEquals(EMPTY + 2, most.finding().line());
        assertEquals(changed, most.finding().why().substring(0, changed.length()));
        assertFound(
                -1,
                EMPTY + 202,
                "too much follows the checkpoint at the end",
                ENTRIES,
                ExportVerification.Signature.UNSIGNED,
                verify(text + "x\n".repeat(199), null));
    }

    @Test
    public void aBrokenFirstBlockProvesNoEntry() throws Exception {
        List<String> lines = export(signer);
        breakCheckpoint(lines, CHECKPOINT_1);
        assertFound(
                0,
                CHECKPOINT_1,
                "nothing proves the entries 0 to 63: their checkpoint is not signed by example.org/release",
                0,
                ExportVerification.Signature.INVALID,
                lines,
                true);
        lines = export(signer);
        lines.remove(LEAVES_1);
        assertFound(
                -1,
                LEAVES_1,
                "the hashes of the entries from 0 on are missing",
                0,
                ExportVerification.Signature.UNSIGNED,
                lines,
                true);
    }
}
