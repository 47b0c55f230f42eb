package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Reads a journal from its first byte, proves every line, and reports the place from which it is not valid. */
final class JournalScan {
    /** The amount that all processors together decode at a time. */
    private static final int BATCH_LINES = 1024;

    private static final int BATCH_BYTES = 4 << 20;

    private final JournalIndex index = new JournalIndex();
    private final MerkleTree tree = new MerkleTree();
    private final Codec codec;
    private final Consumer<JournalRecord> each;
    private final Skip skip;
    private boolean skipped;
    private JournalFault fault;

    private JournalScan(Codec codec, Skip skip, Consumer<JournalRecord> each) {
        this.codec = codec;
        this.skip = skip;
        this.skipped = skip.size() == 0;
        this.each = each;
    }

    /**
     * The records that need no decoding, if the journal begins with the records from which this was derived.
     *
     * @param size of the journal from which this was derived; 0 to decode everything
     * @param root of its Merkle tree
     * @param needed the records among them that must still be decoded, sorted
     */
    record Skip(long size, String root, long[] needed) {
        static final Skip NOTHING = new Skip(0, "", new long[0]);

        boolean skips(long seq) {
            return seq < size && Arrays.binarySearch(needed, seq) < 0;
        }
    }

    /**
     * @param folder the segments' folder
     * @param each receives every decoded record before the first fault, in order
     */
    static JournalScan of(Path folder, Codec codec, Skip skip, Consumer<JournalRecord> each) throws IOException {
        var scan = new JournalScan(codec, skip, each);
        List<Path> segments = segments(folder);
        for (int i = 0; i < segments.size() && scan.fault == null; i++) {
            scan.segment(segments.get(i), i == segments.size() - 1);
        }
        return scan;
    }

    /** Whether the journal begins with the records from which {@code skip} was derived; if not, scan without it. */
    boolean skipped() {
        return skipped;
    }

    /** The places of all valid records. */
    JournalIndex index() {
        return index;
    }

    /** The tree of the valid records. */
    MerkleTree tree() {
        return tree;
    }

    /** The fault after the last valid record, null when there is none. */
    JournalFault fault() {
        return fault;
    }

    /** {@code 00000000000000004711.log}: the segment that starts with that record. */
    static String name(long first) {
        return String.format("%020d.log", first);
    }

    private static List<Path> segments(Path folder) throws IOException {
        var segments = new ArrayList<Path>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (file.getFileName().toString().matches("[0-9]{20}\\.log")) {
                    segments.add(file);
                }
            }
        }
        segments.sort(null);
        return segments;
    }

    private void segment(Path file, boolean last) throws IOException {
        long size = Files.size(file);
        if (!file.getFileName().toString().equals(name(index.size()))) {
            fault = JournalFault.damage(
                    file,
                    1,
                    0,
                    "it should start with entry " + index.size()
                            + ", the next after the file before it: a file is missing or was put there");
            return;
        }
        if (size > JournalIndex.LARGEST_SEGMENT) {
            fault = JournalFault.damage(file, 1, 0, "it has " + size + " bytes, more than this program ever writes");
            return;
        }
        index.begin(file);
        try (var in = new FileInputStream(file.toFile())) {
            var lines = new LineReader(in, 0, 0, JournalLine.LONGEST);
            boolean more = true;
            while (more && fault == null) {
                var batch = new ArrayList<LineReader.Line>();
                int bytes = 0;
                while (more && batch.size() < BATCH_LINES && bytes < BATCH_BYTES) {
                    LineReader.Line line = lines.next();
                    more = line != null;
                    if (more) {
                        batch.add(line);
                        bytes += line.length();
                    }
                }
                // Hashing and decoding is nearly all the work of opening a store, and each line is independent.
                long first = index.size();
                List<Checked> checked = IntStream.range(0, batch.size())
                        .parallel()
                        .mapToObj(i -> check(batch.get(i), skip.skips(first + i)))
                        .toList();
                for (Checked line : checked) {
                    accept(file, last, size, line);
                    if (fault != null) {
                        return;
                    }
                }
            }
        }
    }

    /**
     * @param record null when it was skipped
     * @param problem null when the line is valid by itself
     */
    private record Checked(LineReader.Line line, byte[] leaf, JournalRecord record, String problem) {}

    private Checked check(LineReader.Line line, boolean skipped) {
        JournalLine parsed = line.terminated() ? JournalLine.parse(line.bytes()) : null;
        if (!line.terminated()) {
            return new Checked(line, null, null, "it has no end");
        } else if (parsed == null) {
            return new Checked(line, null, null, "it is not a hash and a record");
        } else if (!parsed.intact()) {
            return new Checked(line, null, null, "its bytes do not have the hash that stands before them");
        }
        if (skipped) {
            return new Checked(line, parsed.leaf(), null, null);
        }
        try {
            return new Checked(line, parsed.leaf(), codec.decode(parsed.json()), null);
        } catch (RuntimeException e) {
            return new Checked(
                    line, parsed.leaf(), null, "it is intact but this version cannot read it: " + message(e));
        }
    }

    private static String message(RuntimeException e) {
        return Shown.sentence(e.getMessage() == null ? e.toString() : e.getMessage());
    }

    private void accept(Path file, boolean last, long size, Checked checked) {
        LineReader.Line line = checked.line();
        String problem = checked.problem();
        if (problem == null && checked.record() != null) {
            problem = disorder(checked.record());
        }
        if (problem == null && checked.record() != null) {
            try {
                each.accept(checked.record());
            } catch (IllegalArgumentException e) {
                problem = message(e);
            } catch (RuntimeException e) {
                // A view fails at the first missing member. Opening must name the line instead of failing too.
                problem = "it is intact but lacks what every record of its kind has (" + message(e) + ")";
            }
        }
        if (problem == null) {
            tree.append(checked.leaf());
            index.add(line.length());
            if (index.size() == skip.size()) {
                skipped = HexFormat.of().formatHex(tree.root()).equals(skip.root());
            }
        } else if (checked.leaf() == null && last && TornTail.couldBe(line, size)) {
            fault = JournalFault.torn(file, line.number(), line.offset(), size);
        } else {
            fault = JournalFault.damage(file, line.number(), line.offset(), problem);
        }
    }

    private String disorder(JournalRecord record) {
        if (record.seq() != index.size()) {
            return "it is numbered as entry " + record.seq() + " but stands where entry " + index.size() + " belongs";
        }
        if (record.entry() instanceof Entry.StoreCreated != (record.seq() == 0)) {
            return "the record that a store was created must be the first and only the first";
        }
        return null;
    }
}
