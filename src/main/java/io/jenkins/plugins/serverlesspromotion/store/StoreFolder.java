package io.jenkins.plugins.serverlesspromotion.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The folder of a store except its records: {@code format} (the format version) and {@code owner} (the product it
 * belongs to). The order of creation is format, journal with its first record, owner. So a crash leaves either no store
 * yet or a complete one. A folder with an owner but without records has lost its records.
 */
final class StoreFolder {
    /** The newest format of the journal that this program knows. */
    static final int FORMAT = 2;

    /** The format of a new store: older programs can read it while it needs no newer one. */
    private static final int FIRST = 1;

    static final String JOURNAL = "journal";
    private static final String FORMAT_FILE = "format";
    private static final String OWNER_FILE = "owner";

    private final Path root;

    StoreFolder(Path root) {
        this.root = root;
    }

    /** The product a store belongs to; a copy of its first record, for programs that must not read further. */
    record Owner(Product product, String store, Instant created) {
        private String text() {
            return "product " + product.word() + "\nstore " + store + "\ncreated " + created + "\n";
        }
    }

    Path root() {
        return root;
    }

    Path journal() {
        return root.resolve(JOURNAL);
    }

    /** A cache; deleting it only makes the next opening slower. */
    Path views() {
        return root.resolve("views");
    }

    /** Size and root of the journal as of the last record that was confirmed. */
    Path checkpoint() {
        return root.resolve("checkpoint");
    }

    /** Makes the folder with its parents, each of them durably. */
    void create(Disk disk) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path folder = root.toAbsolutePath().normalize();
                folder != null && !Files.isDirectory(folder);
                folder = folder.getParent()) {
            missing.push(folder);
        }
        for (Path folder : missing) {
            disk.createDirectory(folder);
            disk.forceDirectory(folder.getParent());
        }
    }

    /** Creates the files that must exist before the first record. Must be called under the lock. */
    void prepare(Disk disk) throws IOException {
        if (!Files.exists(root.resolve(FORMAT_FILE))) {
            if (Files.exists(journal())) {
                throw new IOException(
                        root + " has a journal but its file 'format' is missing; restore it from a backup");
            }
            write(disk, FORMAT_FILE, FIRST + "\n");
        }
        disk.createDirectory(journal());
        disk.forceDirectory(root);
    }

    /**
     * Records durably that older programs cannot open the store any more, before a record of that format is written.
     */
    void raiseFormat(Disk disk, int format) throws IOException {
        write(disk, FORMAT_FILE, format + "\n");
    }

    /** @throws IOException when a newer program wrote the folder, or the file is not readable */
    void requireKnownFormat() throws IOException {
        int format = format();
        if (format > FORMAT) {
            throw new IOException(root + " was written by a newer version (format " + format + ", this one knows "
                    + FORMAT + "); upgrade this program, or open the store read-only");
        }
    }

    /** The number of the format; that of a new store when there is no folder yet. */
    int format() throws IOException {
        String text;
        try {
            text = Files.readString(root.resolve(FORMAT_FILE)).strip();
        } catch (NoSuchFileException e) {
            return FIRST;
        }
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new IOException(root.resolve(FORMAT_FILE) + " must contain one number; restore it from a backup");
        }
        return Integer.parseInt(text);
    }

    /** @throws IOException when the folder belongs to another product */
    void requireOwner(Product product) throws IOException {
        Owner owner = owner();
        if (owner != null && owner.product() != product) {
            throw new IOException(root + " is the store of " + owner.product().described() + ", and "
                    + product.described() + " never opens that; use another folder");
        }
    }

    /** Null when there is none (yet). */
    Owner owner() throws IOException {
        Path file = root.resolve(OWNER_FILE);
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        }
        String[] lines = text.split("\n", -1);
        try {
            if (lines.length >= 3
                    && lines[0].startsWith("product ")
                    && lines[1].startsWith("store ")
                    && lines[2].startsWith("created ")) {
                return new Owner(
                        Product.ofWord(lines[0].substring("product ".length())),
                        lines[1].substring("store ".length()),
                        Instant.parse(lines[2].substring("created ".length())));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IOException(file + " is damaged (" + e.getMessage() + "); restore it from a backup", e);
        }
        throw new IOException(file + " is damaged; restore it from a backup");
    }

    void write(Disk disk, Owner owner) throws IOException {
        write(disk, OWNER_FILE, owner.text());
    }

    private void write(Disk disk, String name, String text) throws IOException {
        Path draft = root.resolve(name + ".new");
        if (Files.exists(draft)) {
            disk.delete(draft);
        }
        try (Disk.Output out = disk.create(draft)) {
            out.write(0, text.getBytes(StandardCharsets.UTF_8));
            out.force();
        }
        disk.rename(draft, root.resolve(name));
        disk.forceDirectory(root);
    }
}
