package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Recognizes the part of a write that a crash left incomplete, and sets it aside.
 *
 * <p>Everything before that write was forced and is complete. The blocks of the write itself reach the disk in any
 * order, independent of the file's length. So the rest is the start of a line, or a line with zeros in place of blocks
 * that were never written, or only zeros. This happens on ext4 with delayed allocation, and on XFS beyond the extent
 * that was converted. It is never more than one line, because a record is one write with its only line feed at its end.
 * A complete line never contains a zero, because canonical JSON has none.
 */
final class TornTail {
    /** Disks write whole sectors: a gap is never smaller, except where the write began or ended inside a sector. */
    private static final int SECTOR = 512;

    private TornTail() {}

    /**
     * Whether a crash can have turned a record's line into this.
     *
     * @param line a line that is not a record, in the last segment
     * @param size of the file
     */
    static boolean couldBe(LineReader.Line line, long size) {
        if (line.offset() + line.length() != size) {
            return false;
        }
        // With its line feed the line has its full length. Unless a block is missing, its bytes were changed later.
        return !line.terminated() || hasHole(line);
    }

    private static boolean hasHole(LineReader.Line line) {
        byte[] bytes = line.bytes();
        int at = 0;
        while (at < bytes.length) {
            int end = (int) Math.min(bytes.length, at + SECTOR - (line.offset() + at) % SECTOR);
            int zeros = at;
            while (zeros < end && bytes[zeros] == 0) {
                zeros++;
            }
            if (zeros == end) {
                return true;
            }
            at = end;
        }
        return false;
    }

    /**
     * Moves the bytes from {@code fault} on into a separate file. A crash between any two steps leaves the tail in its
     * place, or in both places, and the next opening continues from there.
     *
     * @param next sequence number of the incomplete record
     */
    static void setAside(Disk disk, JournalFault fault, long next) throws IOException {
        byte[] tail;
        try (var in = new RandomAccessFile(fault.file().toFile(), "r")) {
            tail = new byte[Math.toIntExact(in.length() - fault.offset())];
            in.seek(fault.offset());
            in.readFully(tail);
        }
        Path folder = fault.file().toAbsolutePath().getParent();
        int number = 1;
        while (Files.exists(folder.resolve(name(next, number)))) {
            number++;
        }
        try (Disk.Output aside = disk.create(folder.resolve(name(next, number)))) {
            aside.write(0, tail);
            aside.force();
        }
        disk.forceDirectory(folder);
        try (Disk.Output segment = disk.open(fault.file())) {
            segment.truncate(fault.offset());
            segment.force();
        }
    }

    /** One entry for each file set aside that no entry in {@code reported} mentions, in order. */
    static List<Entry.StoreRepaired> unreported(Path folder, List<Entry.StoreRepaired> reported) throws IOException {
        var names = new TreeSet<String>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "torn-*.part")) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        names.removeIf(name -> reported.stream().anyMatch(r -> r.reports(name)));
        var entries = new ArrayList<Entry.StoreRepaired>();
        for (String name : names) {
            entries.add(new Entry.StoreRepaired(
                    "a crash cut a write short; what it left, " + Files.size(folder.resolve(name))
                            + " bytes that were never reported, is set aside in journal/" + name,
                    name));
        }
        return entries;
    }

    private static String name(long next, int number) {
        return "torn-" + next + "-" + number + ".part";
    }
}
