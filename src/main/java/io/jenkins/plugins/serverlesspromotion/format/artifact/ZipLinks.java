package io.jenkins.plugins.serverlesspromotion.format.artifact;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * Reads the names of the symbolic links of a ZIP. Only the directory at its end shows which entries are links, in the
 * Unix mode of their external attributes (PKWARE APPNOTE 4.4.15 and 4.4.2). {@code java.util.zip} does not report them.
 */
final class ZipLinks {
    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_SIZE = 20;
    private static final int END_64 = 0x06064b50;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_SIZE = 46;
    private static final int MOST_COMMENT = 0xFFFF;
    private static final int TYPE_MASK = 0xF000;
    private static final int LINK = 0xA000;

    private ZipLinks() {}

    /** @throws ZipException when the directory cannot be found or read */
    static Set<String> names(Path zip) throws IOException {
        try (var file = new RandomAccessFile(zip.toFile(), "r")) {
            int tail = (int) Math.min(file.length(), END_SIZE + MOST_COMMENT + LOCATOR_64_SIZE);
            long base = file.length() - tail;
            ByteBuffer end = read(file, base, tail);
            int at = tail - END_SIZE;
            while (at >= 0 && !isEnd(end, at, tail)) {
                at--;
            }
            if (at < 0) {
                throw new ZipException("it has no directory");
            }
            long size = end.getInt(at + 12) & 0xFFFFFFFFL;
            long offset = end.getInt(at + 16) & 0xFFFFFFFFL;
            if (at >= LOCATOR_64_SIZE && end.getInt(at - LOCATOR_64_SIZE) == LOCATOR_64) {
                ByteBuffer large = read(file, end.getLong(at - LOCATOR_64_SIZE + 8), 56);
                if (large.getInt(0) != END_64) {
                    throw new ZipException("its ZIP64 directory cannot be found");
                }
                size = large.getLong(40);
                offset = large.getLong(48);
            }
            if (size < 0 || size > Integer.MAX_VALUE - 8) {
                throw new ZipException("its directory is too large");
            }
            return links(read(file, offset, (int) size));
        }
    }

    /** The record ends with a comment whose length matches exactly; a signature inside a comment does not match. */
    private static boolean isEnd(ByteBuffer tail, int at, int length) {
        return tail.getInt(at) == END && at + END_SIZE + (tail.getShort(at + 20) & 0xFFFF) == length;
    }

    private static ByteBuffer read(RandomAccessFile file, long offset, int length) throws IOException {
        if (offset < 0 || offset + length > file.length()) {
            throw new ZipException("its directory lies outside of it");
        }
        byte[] bytes = new byte[length];
        file.seek(offset);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Set<String> links(ByteBuffer directory) throws ZipException {
        var names = new HashSet<String>();
        int at = 0;
        while (at + ENTRY_SIZE <= directory.limit()) {
            if (directory.getInt(at) != ENTRY) {
                throw new ZipException("its directory is damaged");
            }
            int name = directory.getShort(at + 28) & 0xFFFF;
            int extra = directory.getShort(at + 30) & 0xFFFF;
            int comment = directory.getShort(at + 32) & 0xFFFF;
            int mode = directory.getInt(at + 38) >>> 16;
            if (at + ENTRY_SIZE + name > directory.limit()) {
                throw new ZipException("its directory is damaged");
            }
            if ((mode & TYPE_MASK) == LINK) {
                names.add(new String(directory.array(), at + ENTRY_SIZE, name, StandardCharsets.UTF_8));
            }
            at += ENTRY_SIZE + name + extra + comment;
        }
        return names;
    }
}
