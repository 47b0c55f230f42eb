package io.jenkins.plugins.serverlesspromotion.format.artifact;

import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import io.jenkins.plugins.serverlesspromotion.format.template.CodeUse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.AbstractUnicodeExtraField;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Checks a ZIP of Lambda code. It is read by its directory, and must give the same result to a program that reads it from
 * its beginning. It must be within Lambda's limits, no entry may be unpacked outside its folder, and Lambda must be
 * allowed to read and execute what it needs.
 */
public final class ZipCheck {
    /** Lambda: 250 MB unzipped; a ZIP from S3 has no other limit, so it cannot usefully be larger than that. */
    public static final long MOST_BYTES = 250L << 20;

    private static final int MOST_LINK = 4_096;
    private static final int BUFFER = 1 << 16;
    private static final int LOCAL = 0x04034b50;
    private static final int END = 0x06054b50;

    private final ZipFile zip;
    private final FileChannel file;
    private final long most;

    private ZipCheck(ZipFile zip, FileChannel file, long most) {
        this.zip = zip;
        this.file = file;
        this.most = most;
    }

    /**
     * @param use what Lambda does with the code
     * @throws IllegalArgumentException with the problem, as the rest of a sentence
     * @throws IOException when the file cannot be read
     */
    static void check(Path file, CodeUse use) throws IOException {
        check(file, use, MOST_BYTES);
    }

    /** @param mostUnzipped bytes of all entries together */
    static void check(Path file, CodeUse use, long mostUnzipped) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            start(channel);
            ZipDirectory directory = ZipDirectory.of(channel);
            try (ZipFile zip = open(file)) {
                new ZipCheck(zip, channel, mostUnzipped).entries(directory, use);
            }
        } catch (ZipException e) {
            throw new IllegalArgumentException(
                    "is not a ZIP that can be read: " + e.getMessage() + "; pack it again", e);
        } catch (EOFException e) {
            throw new IllegalArgumentException("is a ZIP that ends too early; pack it again", e);
        }
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return ZipFile.builder()
                    .setPath(file)
                    .setCharset(StandardCharsets.UTF_8)
                    // Both are compared here, with a message that names the entry.
                    .setUseUnicodeExtraFields(false)
                    .setIgnoreLocalFileHeader(true)
                    .get();
        } catch (IOException e) {
            // The library wraps its reason, and only the outer message has the path of the file.
            Throwable reason = e.getCause() instanceof IOException inner ? inner : e;
            var refused = new ZipException(TypedReader.shown(String.valueOf(reason.getMessage())));
            refused.initCause(e);
            throw refused;
        }
    }

    private static void start(FileChannel file) throws IOException {
        int first = file.size() < Integer.BYTES
                ? 0
                : ZipDirectory.read(file, 0, Integer.BYTES).getInt(0);
        if (first == END) {
            throw new IllegalArgumentException("is a ZIP without any file; build it again");
        }
        if (first != LOCAL) {
            throw new IllegalArgumentException("is not a ZIP; pack the code into one");
        }
    }

    private void entries(ZipDirectory directory, CodeUse use) throws IOException {
        List<ZipArchiveEntry> entries = new ArrayList<>(Collections.list(zip.getEntries()));
        if (entries.size() != directory.entries()) {
            throw new ZipException("its directory is damaged");
        }
        var names = new HashSet<String>();
        for (ZipArchiveEntry entry : entries) {
            name(entry);
            if (!names.add(entry.getName())) {
                throw new IllegalArgumentException(
                        "holds '" + TypedReader.shown(entry.getName()) + "' twice; pack it again");
            }
        }
        entries.sort(Comparator.comparingLong(ZipArchiveEntry::getLocalHeaderOffset));
        new ZipRegions(file, directory.start()).check(entries);
        contents(entries);
        links(entries);
        ZipModes.check(entries, use);
    }

    private static void name(ZipArchiveEntry entry) throws IOException {
        byte[] raw = entry.getRawName();
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("holds a name that is not UTF-8; rename the file and pack again", e);
        }
        // The library replaces a \ by a / in some ZIPs.
        name(name);
        if (!name.equals(entry.getName())) {
            throw ZipRegions.disagree(name);
        }
        if (entry.getExtraField(UnicodePathExtraField.UPATH_ID) instanceof AbstractUnicodeExtraField other
                && !MessageDigest.isEqual(other.getUnicodeName(), raw)) {
            throw new IllegalArgumentException(
                    "holds '" + TypedReader.shown(name) + "' under two names; rename the file and pack again");
        }
    }

    private static void name(String name) {
        String why = null;
        if (name.isEmpty() || name.codePoints().anyMatch(Character::isISOControl)) {
            why = "has no proper name";
        } else if (name.startsWith("/") || name.matches("[A-Za-z]:.*") || name.indexOf('\\') >= 0) {
            why = "is not a relative path with /";
        } else if (("/" + name + "/").contains("/../")) {
            why = "leaves the folder that it is unpacked to";
        }
        if (why != null) {
            throw new IllegalArgumentException(
                    "holds the entry '" + TypedReader.shown(name) + "', which " + why + "; pack it again");
        }
    }

    private void contents(List<ZipArchiveEntry> entries) throws IOException {
        long left = most;
        for (ZipArchiveEntry entry : entries) {
            if (entry.getSize() > left) {
                throw new IllegalArgumentException(
                        "unpacks to more than " + (most >> 20) + " MiB, the most that Lambda takes; make it smaller");
            }
            left -= entry.getSize();
            if (!isAsStated(entry)) {
                throw ZipRegions.disagree(entry.getName());
            }
        }
    }

    /** Whether the content has the size and checksum that are stated, and uses all bytes that belong to the entry. */
    private boolean isAsStated(ZipArchiveEntry entry) throws IOException {
        var crc = new CRC32();
        boolean whole;
        try (InputStream in = zip.getRawInputStream(entry)) {
            whole = entry.getMethod() == ZipEntry.STORED ? stored(entry, in, crc) : inflated(entry, in, crc);
        }
        return whole && crc.getValue() == entry.getCrc();
    }

    private static boolean stored(ZipArchiveEntry entry, InputStream in, CRC32 crc) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            crc.update(buffer, 0, n);
            size += n;
        }
        return size == entry.getSize() && size == entry.getCompressedSize();
    }

    /** Stops as soon as there is more than what is stated. */
    private static boolean inflated(ZipArchiveEntry entry, InputStream in, CRC32 crc) throws IOException {
        byte[] packed = new byte[BUFFER];
        byte[] unpacked = new byte[BUFFER];
        var inflater = new Inflater(true);
        try {
            while (!inflater.finished()
                    && !inflater.needsDictionary()
                    && inflater.getBytesWritten() <= entry.getSize()) {
                if (inflater.needsInput()) {
                    int n = in.read(packed);
                    if (n < 0) {
                        return false;
                    }
                    inflater.setInput(packed, 0, n);
                }
                crc.update(unpacked, 0, inflater.inflate(unpacked));
            }
            return inflater.finished()
                    && inflater.getBytesWritten() == entry.getSize()
                    && inflater.getBytesRead() == entry.getCompressedSize();
        } catch (DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
    }

    private void links(List<ZipArchiveEntry> entries) throws IOException {
        var links = new HashSet<String>();
        for (ZipArchiveEntry entry : entries) {
            if (ZipModes.isLink(entry)) {
                links.add(entry.getName());
                link(entry);
            }
        }
        entries.forEach(entry -> belowLink(entry.getName(), links));
    }

    /** A link that stays inside is allowed: bundled native libraries contain chains of links. */
    private void link(ZipArchiveEntry entry) throws IOException {
        String target;
        try (InputStream in = zip.getInputStream(entry)) {
            target = new String(in.readNBytes(MOST_LINK), StandardCharsets.UTF_8);
        }
        int depth = entry.getName().split("/").length - 1;
        boolean out = target.startsWith("/") || target.isEmpty();
        boolean inside = false;
        for (String part : target.split("/")) {
            if (part.equals("..")) {
                depth--;
                // An earlier part may itself be a link, and then its real parent differs from the parent in the path.
                out |= inside || depth < 0;
            } else if (!part.isEmpty() && !part.equals(".")) {
                inside = true;
            }
        }
        if (out) {
            throw new IllegalArgumentException("holds the link '" + TypedReader.shown(entry.getName()) + "' to '"
                    + TypedReader.shown(target) + "', which leads out of it; pack the file itself");
        }
    }

    /** Refuses an entry below a link, because it would be unpacked at the target of the link. */
    private static void belowLink(String name, Set<String> links) {
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            if (links.contains(name.substring(0, slash))) {
                throw new IllegalArgumentException(
                        "holds the entry '" + TypedReader.shown(name) + "' below a link; pack the folder itself");
            }
        }
    }
}
