package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What the store's tests share. */
final class StoreLab {
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    /** Of tests that try every byte: only each of so many, for mutation testing, which runs them for every mutant. */
    static final int STEP = Integer.getInteger("promotion.step", 1);

    static final TextCodec CODEC = new TextCodec();

    private StoreLab() {}

    static FileStore.Options options(Disk disk) {
        return new FileStore.Options(CLOCK, 64L << 20, disk);
    }

    static FileStore open(Path root) throws IOException {
        return FileStore.open(root, Product.CLI, CODEC, options(new RealDisk()));
    }

    /** Small segments, so that a few records make several files. */
    static FileStore openRolling(Path root, long segmentBytes) throws IOException {
        return FileStore.open(root, Product.CLI, CODEC, new FileStore.Options(CLOCK, segmentBytes, new RealDisk()));
    }

    static FileStore openReadOnly(Path root) throws IOException {
        return FileStore.openReadOnly(root, Product.CLI, CODEC);
    }

    static Entry entry(int number) {
        return new Entry.Refused(
                "user:bob", "write down " + number, "number " + number + " of the test".repeat(number % 7));
    }

    /** A store with {@code count} entries beside its creation, closed. */
    static void fill(Path root, int count) throws IOException {
        try (FileStore store = open(root)) {
            append(store, 1, count);
        }
    }

    static void append(FileStore store, int from, int to) throws IOException {
        for (int i = from; i <= to; i++) {
            store.append(entry(i));
        }
    }

    static List<JournalRecord> all(FileStore store) throws IOException {
        return store.records(r -> true);
    }

    static List<Entry> entries(FileStore store) throws IOException {
        return all(store).stream().map(JournalRecord::entry).toList();
    }

    /** The files of the journal with that ending, in order of name. */
    static List<Path> files(Path root, String ending) throws IOException {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve("journal"), "*" + ending)) {
            files.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    static Path segment(Path root) throws IOException {
        List<Path> segments = files(root, ".log");
        return segments.get(segments.size() - 1);
    }

    /** Where each line of {@code bytes} starts, and where the last one ends. */
    static List<Integer> lineStarts(byte[] bytes) {
        var starts = new ArrayList<Integer>();
        starts.add(0);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                starts.add(i + 1);
            }
        }
        return starts;
    }

    static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
