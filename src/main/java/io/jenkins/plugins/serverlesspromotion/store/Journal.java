package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The segments on disk: durable appends, and reads. Only one thread may append at a time. */
final class Journal implements Closeable {
    private final Path folder;
    private final Disk disk;
    private final long segmentBytes;
    private final JournalIndex index;

    /** The segment being written; null before the first one, and when nothing will be written. */
    private Disk.Output out;

    /**
     * @param index of the existing records
     * @param segmentBytes length after which a new segment begins
     */
    Journal(Path folder, Disk disk, long segmentBytes, JournalIndex index) {
        this.folder = folder;
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.index = index;
    }

    /**
     * Makes the journal writable and the records that were read durable. A killed process may have left a complete
     * record that was never forced. After a failed force, a disk does not repeat it. So the last record is written
     * again, with the same bytes in the same place, and forced.
     */
    void startWriting() throws IOException {
        disk.forceDirectory(folder);
        JournalIndex.Last last = index.last();
        if (last == null) {
            return;
        }
        out = disk.open(last.file());
        if (last.length() > 0) {
            byte[] line = line(index.size() - 1);
            out.write(last.length() - line.length, line);
        }
        out.force();
    }

    /**
     * Appends {@code line} and forces it. After an exception nothing more may be appended: the state of the disk is
     * unknown.
     *
     * @param line with its line feed
     */
    void append(byte[] line) throws IOException {
        JournalIndex.Last last = index.last();
        if (last == null || last.length() > 0 && last.length() + line.length > segmentBytes) {
            beginSegment();
            last = index.last();
        }
        out.write(last.length(), line);
        out.force();
        index.add(line.length);
    }

    /**
     * Makes the journal writable again after a failed {@link #append}: a part that the failed write left after the last
     * record is cut off, and the last record is written and forced again.
     *
     * @throws ChangedException when the last record differs from the confirmed one; nothing was written then
     * @throws IOException when the disk still fails; nothing may be appended then
     */
    void recover() throws IOException {
        close();
        JournalIndex.Last last = index.last();
        if (index.size() > 0) {
            line(index.size() - 1);
        }
        Path begun = folder.resolve(JournalScan.name(index.size()));
        if ((last == null || !begun.equals(last.file())) && Files.exists(begun)) {
            disk.delete(begun);
        }
        if (last != null) {
            try (Disk.Output segment = disk.open(last.file())) {
                segment.truncate(last.length());
                segment.force();
            }
        }
        startWriting();
    }

    private void beginSegment() throws IOException {
        Path file = folder.resolve(JournalScan.name(index.size()));
        Disk.Output next = disk.create(file);
        try {
            next.force();
            disk.forceDirectory(folder);
            close();
        } catch (IOException | RuntimeException e) {
            next.close();
            throw e;
        }
        out = next;
        index.begin(file);
    }

    /** The record {@code seq}, proved by its hash. */
    JournalLine read(long seq) throws IOException {
        return JournalLine.parse(withoutLineFeed(line(seq)));
    }

    /** Receives each record. */
    interface Visitor {
        /** @param line as in the journal, without its line feed */
        void visit(long seq, byte[] line, JournalLine parsed) throws IOException;
    }

    /** Like {@link Visitor}, and returns whether it needs the next record. */
    interface ChoosyVisitor {
        boolean visit(long seq, byte[] line, JournalLine parsed) throws IOException;
    }

    /** Reads the records {@code from} (inclusive) to {@code to} (exclusive) in order, each proved by its hash. */
    void read(long from, long to, Visitor visitor) throws IOException {
        readWhile(from, to, (seq, line, parsed) -> {
            visitor.visit(seq, line, parsed);
            return true;
        });
    }

    /** The same, until {@code visitor} stops. */
    void readWhile(long from, long to, ChoosyVisitor visitor) throws IOException {
        long seq = from;
        while (seq < to) {
            JournalIndex.Place place = index.place(seq);
            long start = seq;
            long end = Math.min(to, place.next());
            // A stream and not a channel: an interrupt must not make a reader see an error.
            try (var in = new FileInputStream(place.file().toFile())) {
                in.skipNBytes(place.offset());
                var lines = new LineReader(in, place.offset(), place.line() - 1, JournalLine.LONGEST);
                for (; seq < end; seq++) {
                    LineReader.Line line = lines.next();
                    byte[] bytes = line == null || !line.terminated() ? new byte[0] : line.bytes();
                    long number = place.line() + seq - start;
                    if (!visitor.visit(seq, bytes, proved(bytes, seq, place.file(), number))) {
                        return;
                    }
                }
            }
        }
    }

    /** The tree of the first {@code size} records. */
    MerkleTree tree(long size) throws IOException {
        var tree = new MerkleTree();
        read(0, size, (seq, line, parsed) -> tree.append(parsed.leaf()));
        return tree;
    }

    /** The line of the record {@code seq} with its line feed, proved by its hash. */
    private byte[] line(long seq) throws IOException {
        JournalIndex.Place place = index.place(seq);
        byte[] line = new byte[place.length()];
        try (var in = new RandomAccessFile(place.file().toFile(), "r")) {
            in.seek(place.offset());
            in.readFully(line);
        } catch (EOFException e) {
            throw changed(seq, place.file(), place.line());
        }
        if (line[line.length - 1] != '\n') {
            throw changed(seq, place.file(), place.line());
        }
        proved(withoutLineFeed(line), seq, place.file(), place.line());
        return line;
    }

    private static byte[] withoutLineFeed(byte[] line) {
        return Arrays.copyOf(line, line.length - 1);
    }

    /** A record differs from the one that was written: not a temporary failure of the disk. */
    static final class ChangedException extends IOException {
        private static final long serialVersionUID = 1;

        ChangedException(String message) {
            super(message);
        }
    }

    private static JournalLine proved(byte[] line, long seq, Path file, long number) throws IOException {
        JournalLine parsed = JournalLine.parse(line);
        if (parsed == null || !parsed.intact()) {
            throw changed(seq, file, number);
        }
        return parsed;
    }

    private static ChangedException changed(long seq, Path file, long number) {
        return new ChangedException(file + " line " + number + ": entry " + seq
                + " was changed on disk while the store was open; stop writing and compare with a backup");
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
    }
}
