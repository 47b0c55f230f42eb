package io.jenkins.plugins.serverlesspromotion.format.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.ZipException;

/**
 * Where the central directory of a ZIP is (PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16). Programs differ in how they
 * search for it, so a ZIP with two places where it could be is refused.
 *
 * @param start offset of the directory in the file
 * @param entries number of its entries, counted
 */
record ZipDirectory(long start, int entries) {
    /** More than any function has: FolderZip packs at most 65,535 files. */
    static final int MOST_ENTRIES = 100_000;

    /** For this many entries, 335 bytes for each: what their names and extra fields may take in memory. */
    static final int MOST_BYTES = 32 << 20;

    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_SIZE = 20;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_SIZE = 56;
    /** The size that the record states leaves out its first two fields. */
    private static final int END_64_UNCOUNTED = 12;

    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_SIZE = 46;
    private static final int MOST_COMMENT = 0xFFFF;
    private static final long IN_ZIP64 = 0xFFFFFFFFL;
    private static final int SHORT_IN_ZIP64 = 0xFFFF;

    /**
     * What an end record states, checked against the ZIP64 record where there is one.
     *
     * @param at offset of the first record that follows the directory
     */
    private record Stated(long at, long entries, long size, long start) {}

    /** @throws ZipException with what is wrong, when it cannot be found, or two programs could find different ones */
    static ZipDirectory of(FileChannel file) throws IOException {
        Stated stated = end(file);
        if (stated.entries() < 0 || stated.entries() > MOST_ENTRIES || stated.size() > MOST_BYTES) {
            throw new ZipException("it has more than " + MOST_ENTRIES + " entries, or a directory of more than "
                    + (MOST_BYTES >> 20) + " MiB");
        }
        if (stated.size() < 0 || stated.start() < 0 || stated.start() != stated.at() - stated.size()) {
            throw new ZipException("its directory is not where its end states");
        }
        int counted = count(read(file, stated.start(), (int) stated.size()));
        if (counted != stated.entries()) {
            throw new ZipException("its directory has another number of entries than its end states");
        }
        return new ZipDirectory(stated.start(), counted);
    }

    private static Stated end(FileChannel file) throws IOException {
        int length = (int) Math.min(file.size(), END_SIZE + MOST_COMMENT);
        ByteBuffer tail = read(file, file.size() - length, length);
        int at = length - END_SIZE;
        while (at >= 0 && tail.getInt(at) != END) {
            at--;
        }
        if (at < 0) {
            throw new ZipException("it has no directory");
        }
        // A program that ignores the length takes the last signature; one that compares it takes an earlier one.
        if (at + END_SIZE + (tail.getShort(at + 20) & 0xFFFF) != length) {
            throw new ZipException("something follows its end, or it is cut");
        }
        long offset = file.size() - length + at;
        var stated = new Stated(
                offset,
                tail.getShort(at + 10) & SHORT_IN_ZIP64,
                tail.getInt(at + 12) & IN_ZIP64,
                tail.getInt(at + 16) & IN_ZIP64);
        boolean oneDisk = tail.getShort(at + 8) == tail.getShort(at + 10)
                && isFirstDisk(tail.getShort(at + 4))
                && isFirstDisk(tail.getShort(at + 6));
        Stated large = large(file, offset);
        if (!oneDisk) {
            throw new ZipException("it is one part of several");
        }
        if (large == null) {
            return stated;
        }
        if (differ(stated.entries(), large.entries(), SHORT_IN_ZIP64)
                || differ(stated.size(), large.size(), IN_ZIP64)
                || differ(stated.start(), large.start(), IN_ZIP64)) {
            throw new ZipException("its two ends disagree");
        }
        return large;
    }

    private static boolean isFirstDisk(short number) {
        return number == 0 || (number & SHORT_IN_ZIP64) == SHORT_IN_ZIP64;
    }

    private static boolean differ(long old, long large, long elsewhere) {
        return old != elsewhere && old != large;
    }

    /** The ZIP64 record in front of an end, or null. */
    private static Stated large(FileChannel file, long end) throws IOException {
        if (end < LOCATOR_64_SIZE) {
            return null;
        }
        long at = end - LOCATOR_64_SIZE;
        ByteBuffer locator = read(file, at, LOCATOR_64_SIZE);
        if (locator.getInt(0) != LOCATOR_64) {
            return null;
        }
        long record = locator.getLong(8);
        if (record < 0 || record > at - END_64_SIZE) {
            throw new ZipException("its ZIP64 directory cannot be found");
        }
        ByteBuffer found = read(file, record, END_64_SIZE);
        if (found.getInt(0) != END_64 || found.getLong(4) != at - record - END_64_UNCOUNTED) {
            throw new ZipException("its ZIP64 directory cannot be found");
        }
        if (locator.getInt(4) != 0
                || locator.getInt(16) > 1
                || found.getInt(16) != 0
                || found.getInt(20) != 0
                || found.getLong(24) != found.getLong(32)) {
            throw new ZipException("it is one part of several");
        }
        return new Stated(record, found.getLong(32), found.getLong(40), found.getLong(48));
    }

    /** The number of entries that fill the directory exactly. */
    private static int count(ByteBuffer directory) throws ZipException {
        int entries = 0;
        int at = 0;
        while (at < directory.limit()) {
            if (at + ENTRY_SIZE > directory.limit() || directory.getInt(at) != ENTRY) {
                throw new ZipException("its directory is damaged");
            }
            at += ENTRY_SIZE
                    + (directory.getShort(at + 28) & 0xFFFF)
                    + (directory.getShort(at + 30) & 0xFFFF)
                    + (directory.getShort(at + 32) & 0xFFFF);
            entries++;
        }
        if (at != directory.limit()) {
            throw new ZipException("its directory is damaged");
        }
        return entries;
    }

    /** @throws ZipException when the file ends before */
    static ByteBuffer read(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw new ZipException("it ends too early");
            }
        }
        return bytes.flip();
    }
}
