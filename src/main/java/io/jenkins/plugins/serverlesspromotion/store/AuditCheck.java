package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Checkpoint;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.audit.NoteVerifier;
import io.jenkins.plugins.serverlesspromotion.engine.audit.SignedNote;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Reads one audit export from its first line to the first error, or to its end. */
final class AuditCheck {
    /** Limit of lines at the end: a checkpoint with its signatures does not have more. */
    private static final int MOST_NOTE_LINES = 200;

    private static final String NUMBER = "0|[1-9][0-9]{0,17}";

    private final LineReader lines;
    private final Codec codec;
    private final NoteVerifier expected;
    private final List<Checkpoint> known;

    private int format;
    private long withheld;
    private String origin;
    private long from;
    private long to;
    private MerkleTree tree = new MerkleTree();
    private boolean signed;
    private boolean badSignature;
    private long lastLine;

    AuditCheck(InputStream in, Codec codec, NoteVerifier expected, List<Checkpoint> known) {
        this.lines = new LineReader(in, 0, 0, JournalLine.LONGEST);
        this.codec = codec;
        this.expected = expected;
        this.known = known;
    }

    ExportVerification exportVerification() throws IOException {
        try {
            header();
            while (tree.size() < to) {
                block();
            }
            end();
            return new ExportVerification(from, to - from, rootOf(tree), signature(), null, withheld);
        } catch (AuditBlock.Bad e) {
            long good =
                    e.finding().seq() < 0 ? tree.size() : Math.min(e.finding().seq(), tree.size() + AuditFormat.BLOCK);
            return new ExportVerification(from, Math.max(0, good - from), null, signature(), e.finding(), withheld);
        }
    }

    private ExportVerification.Signature signature() {
        if (badSignature) {
            return ExportVerification.Signature.INVALID;
        } else if (!signed) {
            return ExportVerification.Signature.UNSIGNED;
        }
        return expected == null ? ExportVerification.Signature.NOT_CHECKED : ExportVerification.Signature.VALID;
    }

    private LineReader.Line next() throws IOException {
        LineReader.Line line = lines.next();
        lastLine = line == null ? lastLine + 1 : line.number();
        return line;
    }

    /** The words of a line of this format, null when the line is not complete. */
    private static String[] words(LineReader.Line line) {
        return line == null || !line.terminated()
                ? null
                : new String(line.bytes(), StandardCharsets.UTF_8).split(" ", -1);
    }

    private void header() throws IOException, AuditBlock.Bad {
        String[] words = words(next());
        if (words == null
                || words.length < 2
                || !words[0].equals(AuditFormat.MAGIC)
                || !words[1].matches("[1-9][0-9]{0,8}")) {
            throw new AuditBlock.Bad(-1, 1, "this is not an audit export; one begins with " + AuditFormat.MAGIC);
        }
        if (Integer.parseInt(words[1]) > AuditFormat.FORMAT) {
            throw new AuditBlock.Bad(
                    -1,
                    1,
                    "this export has format " + words[1] + " and this program knows " + AuditFormat.FORMAT
                            + "; check it with a newer version");
        }
        format = Integer.parseInt(words[1]);
        if (words.length != 5
                || !Checkpoint.isOrigin(words[2])
                || !words[3].matches(NUMBER)
                || !words[4].matches(NUMBER)
                || Long.parseLong(words[3]) >= Long.parseLong(words[4])) {
            throw new AuditBlock.Bad(-1, 1, "the first line must name the log and the entries it has");
        }
        origin = words[2];
        from = Long.parseLong(words[3]);
        to = Long.parseLong(words[4]);
        for (Checkpoint checkpoint : known) {
            if (!checkpoint.origin().equals(origin)) {
                throw new AuditBlock.Bad(
                        -1,
                        1,
                        "this is an export of " + origin + ", but a known checkpoint is of " + checkpoint.origin());
            } else if (checkpoint.size() > to) {
                throw new AuditBlock.Bad(
                        -1,
                        1,
                        "this export ends before entry " + to + ", but by a known checkpoint the log has "
                                + checkpoint.size() + " entries");
            }
        }
        if (from > 0) {
            before();
        }
    }

    /** Reads the hashes that represent the entries before the first one. */
    private void before() throws IOException, AuditBlock.Bad {
        List<byte[]> peaks = hashes(words(next()), AuditFormat.BEFORE);
        if (peaks == null || peaks.size() != Long.bitCount(from)) {
            throw new AuditBlock.Bad(
                    -1, lastLine, "the hashes of the entries before " + from + " are missing or changed");
        }
        tree = MerkleTree.of(from, peaks);
        Stated checkpoint = checkpoint("");
        if (!checkpoint.fits(tree) || !checkpoint.vouched()) {
            throw new AuditBlock.Bad(
                    -1,
                    lastLine,
                    "the hashes of the entries before " + from + " were changed, or their checkpoint was");
        }
        compareWithKnown(List.of());
    }

    private AuditBlock.Seen entry(LineReader.Line line) {
        return AuditBlock.Seen.of(line, codec, format);
    }

    /** A checkpoint inside the export. */
    private record Stated(long size, String root, boolean vouched) {
        boolean fits(MerkleTree tree) {
            return size == tree.size() && rootOf(tree).equals(root);
        }
    }

    private static String rootOf(MerkleTree tree) {
        return HexFormat.of().formatHex(tree.root());
    }

    /**
     * The checkpoint in the next line; {@code vouched} unless an expected key is given and did not sign it.
     *
     * @param shown the signed representation of the partly withheld entries before it
     */
    private Stated checkpoint(String shown) throws IOException, AuditBlock.Bad {
        String[] words = words(next());
        if (words == null
                || words.length != 4
                || !words[0].equals(AuditFormat.CHECKPOINT)
                || !words[1].matches(NUMBER)
                || !words[2].matches("[0-9a-f]{64}")) {
            throw new AuditBlock.Bad(-1, lastLine, "a checkpoint is missing or changed here");
        }
        var checkpoint = new Checkpoint(origin, Long.parseLong(words[1]), words[2]);
        boolean vouched = expected == null;
        if (!words[3].equals(AuditFormat.UNSIGNED)) {
            signed = true;
            if (expected != null) {
                try {
                    var signature = new SignedNote.Signature(expected.name(), words[3]);
                    vouched = new SignedNote(AuditFormat.blockText(checkpoint, to, shown), List.of(signature))
                                    .check(expected)
                            == SignedNote.State.VALID;
                } catch (IllegalArgumentException e) {
                    vouched = false;
                }
            }
        }
        badSignature |= !vouched;
        return new Stated(checkpoint.size(), checkpoint.root(), vouched);
    }

    /** The hashes after the word {@code kind}, null when the line does not have this form. */
    private static List<byte[]> hashes(String[] words, String kind) {
        if (words == null || !words[0].equals(kind)) {
            return null;
        }
        var hashes = new ArrayList<byte[]>();
        for (String word : Arrays.asList(words).subList(1, words.length)) {
            if (!word.matches("[0-9a-f]{64}")) {
                return null;
            }
            hashes.add(HexFormat.of().parseHex(word));
        }
        return hashes;
    }

    private static boolean startsWith(LineReader.Line line, String word) {
        return new String(line.bytes(), 0, Math.min(line.bytes().length, word.length() + 1), StandardCharsets.US_ASCII)
                .equals(word + " ");
    }

    private void block() throws IOException, AuditBlock.Bad {
        long start = tree.size();
        int count = (int) (Math.min(to, (start / AuditFormat.BLOCK + 1) * AuditFormat.BLOCK) - start);
        var seen = new ArrayList<AuditBlock.Seen>();
        LineReader.Line line = next();
        while (line != null
                && line.bytes().length > 0
                && !startsWith(line, AuditFormat.LEAVES)
                && !startsWith(line, AuditFormat.CHECKPOINT)
                && seen.size() <= 2 * AuditFormat.BLOCK) {
            seen.add(entry(line));
            line = next();
        }
        List<byte[]> leaves = line == null ? null : hashes(words(line), AuditFormat.LEAVES);
        if (line == null || !startsWith(line, AuditFormat.LEAVES)) {
            throw incomplete(start, count, seen);
        }
        long leavesLine = lastLine;
        Stated checkpoint;
        try {
            checkpoint = checkpoint(seen.stream().map(AuditBlock.Seen::withheld).collect(Collectors.joining()));
        } catch (AuditBlock.Bad e) {
            AuditBlock.Bad alone = AuditBlock.alone(start, seen);
            throw alone == null ? e : alone;
        }
        AuditBlock.Bad bad = compare(start, count, seen, leaves, checkpoint, leavesLine);
        if (bad != null) {
            throw bad;
        }
        withheld += seen.stream().filter(entry -> !entry.withheld().isEmpty()).count();
        compareWithKnown(leaves);
    }

    /** The block has no list of hashes: the file ends in the block, or that line was lost. */
    private AuditBlock.Bad incomplete(long start, int count, List<AuditBlock.Seen> seen) {
        AuditBlock.Bad alone = AuditBlock.alone(start, seen);
        if (alone != null) {
            return alone;
        }
        return seen.size() < count
                ? new AuditBlock.Bad(
                        start + seen.size(),
                        lastLine,
                        "the export stops before this entry; it should continue up to " + (to - 1))
                : new AuditBlock.Bad(-1, lastLine, "the hashes of the entries from " + start + " on are missing");
    }

    private AuditBlock.Bad compare(
            long start,
            int count,
            List<AuditBlock.Seen> seen,
            List<byte[]> leaves,
            Stated checkpoint,
            long leavesLine) {
        if (leaves != null && leaves.size() == count && checkpoint.vouched() && checkpoint.fits(with(leaves))) {
            return AuditBlock.against(start, seen, leaves, leavesLine);
        }
        AuditBlock.Bad alone = AuditBlock.alone(start, seen);
        if (alone != null) {
            return alone;
        }
        List<byte[]> own = seen.stream().map(AuditBlock.Seen::leaf).toList();
        if (own.size() == count && checkpoint.vouched() && checkpoint.fits(with(own)) && expected != null) {
            return new AuditBlock.Bad(
                    -1, leavesLine, "the list of hashes was changed; the entries themselves are proved");
        }
        for (int i = 0; i < seen.size() && leaves != null; i++) {
            if (i >= leaves.size() || !MessageDigest.isEqual(own.get(i), leaves.get(i))) {
                return new AuditBlock.Bad(
                        start + i,
                        seen.get(i).line(),
                        "the list of hashes that follows has another entry here, and the checkpoint proves "
                                + (checkpoint.vouched() ? "neither" : "nothing"));
            }
        }
        if (seen.size() < count) {
            return new AuditBlock.Bad(start + seen.size(), leavesLine, "this entry is missing");
        }
        String why = checkpoint.vouched() ? "does not fit them" : "is not signed by " + expected.name();
        return new AuditBlock.Bad(
                start,
                lastLine,
                "nothing proves the entries " + start + " to " + (start + count - 1) + ": their checkpoint " + why);
    }

    private MerkleTree with(List<byte[]> leaves) {
        MerkleTree more = tree.copy();
        leaves.forEach(more::append);
        return more;
    }

    /** Adds proved leaves to the tree, and compares it with known checkpoints on the way. */
    private void compareWithKnown(List<byte[]> leaves) throws AuditBlock.Bad {
        for (int i = 0; i <= leaves.size(); i++) {
            if (i > 0) {
                tree.append(leaves.get(i - 1));
            }
            for (Checkpoint checkpoint : known) {
                if (checkpoint.size() == tree.size() && !checkpoint.root().equals(rootOf(tree))) {
                    throw new AuditBlock.Bad(
                            -1,
                            lastLine,
                            "the first " + tree.size()
                                    + " entries are not those of the known checkpoint of that size: the log was"
                                    + " rewritten");
                }
            }
        }
    }

    private void end() throws IOException, AuditBlock.Bad {
        LineReader.Line line = next();
        if (line == null) {
            throw new AuditBlock.Bad(-1, lastLine, "the checkpoint at the end is missing");
        } else if (line.bytes().length > 0 || !line.terminated()) {
            throw new AuditBlock.Bad(-1, lastLine, "this line was inserted; the entries end before it");
        }
        long noteLine = lastLine + 1;
        var text = new StringBuilder();
        for (line = next(); line != null; line = next()) {
            text.append(new String(line.bytes(), StandardCharsets.UTF_8)).append(line.terminated() ? "\n" : "");
            if (line.number() - noteLine > MOST_NOTE_LINES) {
                throw new AuditBlock.Bad(-1, lastLine, "too much follows the checkpoint at the end");
            }
        }
        String stated = text.toString();
        String computed = Checkpoint.of(origin, tree).text();
        if (stated.equals(computed)) {
            badSignature |= expected != null;
            if (expected != null) {
                throw new AuditBlock.Bad(
                        -1, noteLine, "the checkpoint at the end is not signed; " + expected.name() + " should have");
            } else if (signed) {
                throw new AuditBlock.Bad(-1, noteLine, "the signature of the checkpoint at the end is missing");
            }
            return;
        }
        SignedNote note;
        try {
            note = SignedNote.parse(stated);
        } catch (IllegalArgumentException e) {
            throw new AuditBlock.Bad(-1, noteLine, "the checkpoint at the end was changed: " + e.getMessage());
        }
        if (!note.text().equals(computed)) {
            throw new AuditBlock.Bad(-1, noteLine, "the checkpoint at the end is not that of these entries");
        }
        signed = true;
        if (expected != null && note.check(expected) != SignedNote.State.VALID) {
            badSignature = true;
            throw new AuditBlock.Bad(-1, noteLine, "the checkpoint at the end is not signed by " + expected.name());
        }
    }
}
