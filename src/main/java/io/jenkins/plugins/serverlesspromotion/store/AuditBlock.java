package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/** Finds the first bad entry in a block of an audit export, and the kind of its change. */
final class AuditBlock {
    private AuditBlock() {}

    /** An error in an export; ends its reading. */
    static final class Bad extends Exception {
        private static final long serialVersionUID = 1;

        private final transient ExportVerification.Finding finding;

        Bad(long seq, long line, String why) {
            super(why, null, false, false);
            finding = new ExportVerification.Finding(seq, line, why);
        }

        ExportVerification.Finding finding() {
            return finding;
        }
    }

    /**
     * One entry of the export. {@code seq} -1: it cannot be read.
     *
     * @param leaf hash of the entry; for a partly withheld entry, the hash written before it
     * @param withheld its representation in the signed text, empty for a complete entry
     */
    record Seen(long line, byte[] stated, byte[] leaf, long seq, String withheld) {
        boolean intact() {
            return leaf != null && MessageDigest.isEqual(stated, leaf);
        }

        /** @param format of the export */
        static Seen of(LineReader.Line line, Codec codec, int format) {
            JournalLine parsed = line.terminated() ? JournalLine.parse(line.bytes()) : null;
            if (parsed == null) {
                return new Seen(line.number(), null, null, -1, "");
            }
            byte[] json = parsed.json();
            int mark = AuditFormat.WITHHELD.length();
            boolean whole = format == 1
                    || json.length < mark
                    || !AuditFormat.WITHHELD.equals(new String(json, 0, mark, StandardCharsets.ISO_8859_1));
            if (!whole) {
                json = Arrays.copyOfRange(json, mark, json.length);
            }
            long seq;
            try {
                seq = codec.decode(json).seq();
            } catch (RuntimeException e) {
                seq = -1;
            }
            return whole
                    ? new Seen(line.number(), parsed.stated(), parsed.leaf(), seq, "")
                    : new Seen(
                            line.number(), parsed.stated(), parsed.stated(), seq, AuditFormat.withheldText(seq, json));
        }
    }

    /** The first entry that is wrong independently of other entries, null when none is. */
    static Bad alone(long start, List<Seen> seen) {
        for (int i = 0; i < seen.size(); i++) {
            Seen entry = seen.get(i);
            if (entry.leaf() == null) {
                return new Bad(start + i, entry.line(), "the line is not a whole entry");
            } else if (!entry.intact()) {
                return new Bad(start + i, entry.line(), "its bytes do not have the hash that stands before them");
            } else if (entry.seq() != start + i) {
                return new Bad(start + i, entry.line(), misplaced(entry));
            }
        }
        return null;
    }

    private static String misplaced(Seen entry) {
        return entry.seq() < 0
                ? "it has the form of an entry but cannot be read as one"
                : "entry " + entry.seq() + " stands in its place";
    }

    /** Compares the entries with proved hashes. */
    static Bad against(long start, List<Seen> seen, List<byte[]> leaves, long leavesLine) {
        for (int i = 0; i < leaves.size(); i++) {
            if (i == seen.size()) {
                return new Bad(start + i, leavesLine, "this entry is missing");
            }
            Seen entry = seen.get(i);
            if (!MessageDigest.isEqual(entry.leaf(), leaves.get(i))) {
                return new Bad(start + i, entry.line(), difference(start, i, seen, leaves));
            } else if (!entry.intact()) {
                return new Bad(start + i, entry.line(), "the hash before it was changed; the entry itself is intact");
            } else if (entry.seq() != start + i) {
                return new Bad(start + i, entry.line(), misplaced(entry));
            }
        }
        if (seen.size() > leaves.size()) {
            return new Bad(
                    start + leaves.size(),
                    seen.get(leaves.size()).line(),
                    "this line was inserted; no entry belongs here");
        }
        return null;
    }

    private static String difference(long start, int i, List<Seen> seen, List<byte[]> leaves) {
        Seen entry = seen.get(i);
        if (entry.leaf() == null) {
            return "the line is not a whole entry";
        }
        if (MessageDigest.isEqual(entry.stated(), leaves.get(i))) {
            return "its bytes were changed";
        }
        boolean later =
                seen.stream().skip(i + 1L).anyMatch(other -> MessageDigest.isEqual(other.leaf(), leaves.get(i)));
        for (int k = 0; k < leaves.size(); k++) {
            if (MessageDigest.isEqual(entry.leaf(), leaves.get(k))) {
                if (k < i) {
                    return "entry " + (start + k) + " stands here a second time";
                }
                return later
                        ? "entry " + (start + k) + " stands in its place, out of order"
                        : "it was removed; entry " + (start + k) + " follows";
            }
        }
        if (i + 1 < seen.size() && MessageDigest.isEqual(seen.get(i + 1).leaf(), leaves.get(i))) {
            return "this line was inserted before it";
        }
        if (entry.intact() && entry.seq() >= 0 && entry.seq() != start + i) {
            return misplaced(entry);
        }
        return entry.intact()
                ? "its bytes were changed and their hash computed again"
                : "its bytes and the hash before them were changed";
    }
}
