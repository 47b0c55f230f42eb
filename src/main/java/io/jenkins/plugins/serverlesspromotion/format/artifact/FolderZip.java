package io.jenkins.plugins.serverlesspromotion.format.artifact;

import io.jenkins.plugins.serverlesspromotion.format.input.DanglingLink;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Packs a folder into a ZIP of Lambda code: entries in order of their names, without times. Each has a Unix mode with
 * which Lambda can read and execute it, whatever its mode in the folder is: 0755 for files that their owner may execute
 * and for {@code bootstrap}, 0644 otherwise.
 * {@code java.util.zip} writes no modes, so this class writes the format itself (PKWARE APPNOTE 6.3.9, sections 4.3.7
 * to 4.3.16).
 */
public final class FolderZip {
    /** A larger file needs ZIP64, and is far above Lambda's limit. */
    private static final int MOST_FILES = 65_535;

    private static final int LOCAL = 0x04034b50;
    private static final int ENTRY = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final short VERSION = 20;
    /** The system that defines the mode in the external attributes: 3 is Unix. */
    private static final short MADE_BY_UNIX = 3 << 8 | VERSION;

    private static final short UTF_8_NAMES = 1 << 11;
    private static final short DEFLATED = 8;
    /** 1980-01-01, the earliest day that a ZIP can store. */
    private static final short NO_DATE = 1 << 5 | 1;

    private static final int FILE = 0100644;
    private static final int PROGRAM = 0100755;

    /** The file that a custom runtime executes. */
    private static final String BOOTSTRAP = "bootstrap";

    private final Path folder;
    private final Path realRoot;
    private final Set<String> without;
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private long offset;
    private long unpacked;

    private FolderZip(Path folder, Path root, Set<String> without) throws IOException {
        this.folder = folder;
        this.without = without;
        this.realRoot = root.toRealPath();
    }

    /**
     * Links are followed as long as they stay below {@code root}; empty folders are left out.
     *
     * @param root the folder outside of which nothing may be read
     * @throws IllegalArgumentException with the problem of the folder, as the rest of a sentence
     */
    public static void pack(Path folder, Path root, Path zip) throws IOException {
        pack(folder, root, zip, Set.of());
    }

    /** @param without names of files and folders directly in {@code folder} that are left out */
    public static void pack(Path folder, Path root, Path zip, Set<String> without) throws IOException {
        var packing = new FolderZip(folder, root, without);
        Map<String, Path> files = packing.files();
        try (OutputStream out = Files.newOutputStream(zip)) {
            for (var file : files.entrySet()) {
                packing.add(file.getKey(), file.getValue(), out);
            }
            packing.end(files.size(), out);
        }
    }

    /** By their names in the ZIP. */
    private Map<String, Path> files() throws IOException {
        var files = new TreeMap<String, Path>();
        List<Path> all;
        try (var walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            all = walk.limit(4L * MOST_FILES).toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof FileSystemLoopException loop) {
                throw new IllegalArgumentException(
                        "holds the link '" + shown(Path.of(loop.getFile()))
                                + "', which leads in a circle; replace it by files",
                        e);
            }
            throw e.getCause();
        }
        for (Path path : all) {
            Optional<String> dangling = DanglingLink.on(folder, path);
            if (dangling.isPresent()) {
                throw new IllegalArgumentException("holds '" + shown(path) + "', which " + dangling.get());
            }
            if (!path.toRealPath().startsWith(realRoot)) {
                throw new IllegalArgumentException(
                        "holds a link, " + shown(path) + ", that leaves the folder of the project; copy the file");
            }
            if (Files.isRegularFile(path)
                    && !without.contains(folder.relativize(path).getName(0).toString())) {
                files.put(inZip(path), path);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("holds no file; build it again");
        }
        if (files.size() > MOST_FILES) {
            throw new IllegalArgumentException("holds more than " + MOST_FILES + " files; make the function smaller");
        }
        return files;
    }

    private String inZip(Path path) {
        return folder.relativize(path).toString().replace('\\', '/');
    }

    private String shown(Path path) {
        return TypedReader.shown(inZip(path));
    }

    /** A folder of a custom runtime is often written on Windows, or taken from a repository that keeps no modes. */
    private static boolean isProgram(String name, Path file) {
        return Files.isExecutable(file) || name.equals(BOOTSTRAP);
    }

    private void add(String name, Path file, OutputStream out) throws IOException {
        unpacked += Files.size(file);
        if (unpacked > ZipCheck.MOST_BYTES) {
            throw new IllegalArgumentException("is larger than " + (ZipCheck.MOST_BYTES >> 20)
                    + " MiB, the most that Lambda unpacks; make the function smaller");
        }
        byte[] content = Files.readAllBytes(file);
        byte[] packed = deflate(content);
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        var crc = new CRC32();
        crc.update(content);
        ByteBuffer common = little(26)
                .putShort(VERSION)
                .putShort(UTF_8_NAMES)
                .putShort(DEFLATED)
                .putShort((short) 0)
                .putShort(NO_DATE)
                .putInt((int) crc.getValue())
                .putInt(packed.length)
                .putInt(content.length)
                .putShort((short) nameBytes.length)
                .putShort((short) 0);
        byte[] local = little(30).putInt(LOCAL).put(common.array()).array();
        out.write(local);
        out.write(nameBytes);
        out.write(packed);
        directory.writeBytes(little(46)
                .putInt(ENTRY)
                .putShort(MADE_BY_UNIX)
                .put(common.array())
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt((isProgram(name, file) ? PROGRAM : FILE) << 16)
                .putInt((int) offset)
                .array());
        directory.writeBytes(nameBytes);
        offset += local.length + nameBytes.length + packed.length;
    }

    private void end(int entries, OutputStream out) throws IOException {
        directory.writeTo(out);
        out.write(little(22)
                .putInt(END)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) entries)
                .putShort((short) entries)
                .putInt(directory.size())
                .putInt((int) offset)
                .putShort((short) 0)
                .array());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] deflate(byte[] content) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            var out = new ByteArrayOutputStream(content.length / 2 + 64);
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
