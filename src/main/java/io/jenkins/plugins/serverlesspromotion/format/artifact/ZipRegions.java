package io.jenkins.plugins.serverlesspromotion.format.artifact;

import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * Compares the entries of the directory with the headers in front of their contents (PKWARE APPNOTE 6.3.10, sections
 * 4.3.7 and 4.3.9). Entries must follow each other without a gap from the beginning of the file to its directory, so that
 * a program which reads from the beginning finds the same entries.
 */
final class ZipRegions {
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_SIZE = 30;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int ENCRYPTED = 1;
    private static final int IN_DESCRIPTOR = 1 << 3;
    private static final int UTF_8_NAME = 1 << 11;
    private static final int HIDDEN_HEADER = 1 << 13;
    private static final long IN_ZIP64 = 0xFFFFFFFFL;
    private static final int ZIP64 = 1;

    /** Sizes of a descriptor: with or without signature, with sizes of 8 or of 4 bytes. Tools write all four. */
    private static final int[] DESCRIPTORS = {24, 16, 20, 12};

    private static final int LARGEST_DESCRIPTOR = 24;

    private final FileChannel file;
    private final long directory;

    /** @param directory offset of the directory */
    ZipRegions(FileChannel file, long directory) {
        this.file = file;
        this.directory = directory;
    }

    /**
     * @param entries in the order of their headers
     * @throws IllegalArgumentException with the problem, as the rest of a sentence
     */
    void check(List<ZipArchiveEntry> entries) throws IOException {
        long at = 0;
        for (ZipArchiveEntry entry : entries) {
            if (entry.getLocalHeaderOffset() > at) {
                throw gap(at, entry.getLocalHeaderOffset());
            }
            if (entry.getLocalHeaderOffset() < at) {
                throw disagree(entry.getName());
            }
            at = end(entry, at);
        }
        if (at != directory) {
            throw gap(at, directory);
        }
    }

    /** The offset behind an entry, after its header was compared. */
    private long end(ZipArchiveEntry entry, long at) throws IOException {
        if (at + LOCAL_SIZE > directory) {
            throw disagree(entry.getName());
        }
        ByteBuffer header = ZipDirectory.read(file, at, LOCAL_SIZE);
        int name = header.getShort(26) & 0xFFFF;
        int extra = header.getShort(28) & 0xFFFF;
        long content = at + LOCAL_SIZE + name + extra;
        if (header.getInt(0) != LOCAL
                || entry.getCompressedSize() < 0
                || entry.getCompressedSize() > directory - content) {
            throw disagree(entry.getName());
        }
        ByteBuffer rest = ZipDirectory.read(file, at + LOCAL_SIZE, name + extra);
        int flags = header.getShort(6);
        int flagsThere = entry.getRawFlag();
        if (((flags | flagsThere) & (ENCRYPTED | HIDDEN_HEADER)) != 0) {
            throw new IllegalArgumentException("holds the encrypted entry '" + TypedReader.shown(entry.getName())
                    + "'; pack it without a password");
        }
        int method = header.getShort(8) & 0xFFFF;
        if (!MessageDigest.isEqual(Arrays.copyOf(rest.array(), name), entry.getRawName())
                || (((flags ^ flagsThere) & UTF_8_NAME) != 0 && !isAscii(entry.getRawName()))
                || method != entry.getMethod()) {
            throw disagree(entry.getName());
        }
        if (method != ZipEntry.STORED && method != ZipEntry.DEFLATED) {
            throw new IllegalArgumentException("holds '" + TypedReader.shown(entry.getName()) + "', packed by method "
                    + method + "; pack it with the method deflate");
        }
        boolean descriptor = (flags & IN_DESCRIPTOR) != 0;
        sizes(entry, header, rest.position(name).slice().order(header.order()), descriptor);
        long end = content + entry.getCompressedSize();
        return descriptor ? end + descriptor(entry, end) : end;
    }

    private void sizes(ZipArchiveEntry entry, ByteBuffer header, ByteBuffer extra, boolean descriptor) {
        long packed = header.getInt(18) & IN_ZIP64;
        long unpacked = header.getInt(22) & IN_ZIP64;
        if (packed == IN_ZIP64 || unpacked == IN_ZIP64) {
            ByteBuffer large = zip64(extra);
            // The extra field holds only the sizes whose short form has the mark, in this order.
            if (unpacked == IN_ZIP64 && large.remaining() >= Long.BYTES) {
                unpacked = large.getLong();
            }
            if (packed == IN_ZIP64 && large.remaining() >= Long.BYTES) {
                packed = large.getLong();
            }
        }
        if (differs(header.getInt(14) & 0xFFFFFFFFL, entry.getCrc(), descriptor)
                || differs(packed, entry.getCompressedSize(), descriptor)
                || differs(unpacked, entry.getSize(), descriptor)) {
            throw disagree(entry.getName());
        }
    }

    /** With a descriptor, the header may leave the value open: nothing, or the mark of ZIP64 without its field. */
    private static boolean differs(long here, long there, boolean descriptor) {
        return here != there && !(descriptor && (here == 0 || here == IN_ZIP64));
    }

    /** The content of the extra field of ZIP64; empty when there is none. */
    private static ByteBuffer zip64(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort() & 0xFFFF;
            int size = extra.getShort() & 0xFFFF;
            if (size > extra.remaining()) {
                break;
            }
            if (id == ZIP64) {
                return extra.slice(extra.position(), size).order(extra.order());
            }
            extra.position(extra.position() + size);
        }
        return ByteBuffer.allocate(0);
    }

    private static boolean isAscii(byte[] name) {
        for (byte b : name) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    /** The length of the descriptor at {@code at}, which must repeat the values of the directory. */
    private int descriptor(ZipArchiveEntry entry, long at) throws IOException {
        int most = (int) Math.min(LARGEST_DESCRIPTOR, directory - at);
        ByteBuffer bytes = ZipDirectory.read(file, at, most);
        int found = 0;
        for (int length : DESCRIPTORS) {
            if (length <= most && matches(bytes, length, entry)) {
                // Where two forms match, the next bytes decide.
                if (at + length == directory || startsEntry(at + length)) {
                    return length;
                }
                found = length;
            }
        }
        if (found == 0) {
            throw disagree(entry.getName());
        }
        return found;
    }

    private static boolean matches(ByteBuffer bytes, int length, ZipArchiveEntry entry) {
        boolean signed = length == 24 || length == 16;
        boolean large = length >= 20;
        int at = signed ? 4 : 0;
        if (signed && bytes.getInt(0) != DESCRIPTOR) {
            return false;
        }
        long packed = large ? bytes.getLong(at + 4) : bytes.getInt(at + 4) & 0xFFFFFFFFL;
        long unpacked = large ? bytes.getLong(at + 12) : bytes.getInt(at + 8) & 0xFFFFFFFFL;
        return (bytes.getInt(at) & 0xFFFFFFFFL) == entry.getCrc()
                && packed == entry.getCompressedSize()
                && unpacked == entry.getSize();
    }

    private boolean startsEntry(long at) throws IOException {
        return at + LOCAL_SIZE <= directory
                && ZipDirectory.read(file, at, Integer.BYTES).getInt(0) == LOCAL;
    }

    private IllegalArgumentException gap(long from, long to) throws IOException {
        if (!startsEntry(from)) {
            return new IllegalArgumentException(
                    "is a ZIP with " + (to - from) + " bytes at " + from + " that belong to no entry; pack it again");
        }
        int length = ZipDirectory.read(file, from, LOCAL_SIZE).getShort(26) & 0xFFFF;
        if (from + LOCAL_SIZE + length > directory) {
            throw new ZipException("it ends too early");
        }
        byte[] name = ZipDirectory.read(file, from + LOCAL_SIZE, length).array();
        return disagree(new String(name, StandardCharsets.UTF_8));
    }

    static IllegalArgumentException disagree(String name) {
        return new IllegalArgumentException(
                "is a ZIP whose directory and content disagree about '" + TypedReader.shown(name) + "'; pack it again");
    }
}
