package io.jenkins.plugins.serverlesspromotion.fuzz;

import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A line of a journal, behind the one with which every journal begins; the store is opened with it. */
public final class JournalLineFuzz {
    private static final int HEX = 64;
    private static final JournalCodec CODEC = new JournalCodec();
    private static final Path ROOT = root();
    private static final Path SEGMENT = ROOT.resolve("journal").resolve("00000000000000000000.log");
    private static final byte[] FIRST = first();

    private JournalLineFuzz() {}

    private static Path root() {
        try {
            return Files.createTempDirectory("fuzz-journal");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] first() {
        try {
            FileStore.open(ROOT, Product.CLI, CODEC).close();
            Files.deleteIfExists(ROOT.resolve("views"));
            // With one key, a hidden value has the same fingerprint whenever the folder is opened.
            Files.write(ROOT.resolve("fingerprint-key"), new byte[32]);
            try (var files = Files.walk(ROOT)) {
                files.forEach(file -> file.toFile().deleteOnExit());
            }
            return Files.readAllBytes(SEGMENT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param data the JSON of a record, which gets its hash here; or a whole line, where it begins with a hash */
    public static void fuzzerTestOneInput(byte[] data) {
        Expect.withinMemory(() -> {
            boolean hashed = data.length > HEX && data[HEX] == ' ' && isHex(data);
            List<JournalRecord> read = opened(hashed ? data : line(data));
            if (read.size() == 2) {
                JournalRecord record = read.get(1);
                byte[] written = CODEC.encode(record);
                Expect.that(record.equals(CODEC.decode(written)), "is read otherwise than it is written: " + record);
                byte[] line = line(written);
                Expect.that(
                        opened(line).equals(read)
                                && Arrays.equals(
                                        written, CODEC.encode(opened(line).get(1))),
                        "was written again, and is another record: " + record);
            }
        });
    }

    private static boolean isHex(byte[] data) {
        for (int i = 0; i < HEX; i++) {
            if (Character.digit(data[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The records of a journal whose second line this is. */
    private static List<JournalRecord> opened(byte[] line) throws IOException {
        var segment = new ByteArrayOutputStream();
        segment.writeBytes(FIRST);
        segment.writeBytes(line);
        Files.write(SEGMENT, segment.toByteArray());
        try (FileStore store = FileStore.openReadOnly(ROOT, Product.CLI, CODEC)) {
            List<JournalRecord> records = store.records(record -> true);
            store.services();
            store.policy();
            store.decidedOwners();
            store.lanes().forEach(store::promotions);
            if (records.size() == 1 && line.length > 0) {
                Expect.that(store.damage().isPresent(), "a line was passed over in silence");
            }
            store.damage().ifPresent(Expect::sentence);
            return records;
        }
    }

    /** As docs/developer/journal-format.md has it: the hash of the leaf, a space, the record, a line feed. */
    private static byte[] line(byte[] json) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((byte) 0);
            sha256.update(json);
            var line = new ByteArrayOutputStream();
            line.writeBytes(HexFormat.of().formatHex(sha256.digest()).getBytes(StandardCharsets.US_ASCII));
            line.write(' ');
            line.writeBytes(json);
            line.write('\n');
            return line.toByteArray();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
