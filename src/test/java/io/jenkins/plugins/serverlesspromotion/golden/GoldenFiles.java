package io.jenkins.plugins.serverlesspromotion.golden;

import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The golden files: where they are, and what they hold. See docs/developer/journal-format.md. */
public final class GoldenFiles {
    private static final int HASH = 65;

    /** What a digest is computed from, by the first part of the file's name. */
    static final Map<String, Class<?>> DIGESTED = Map.of(
            "release", Release.class,
            "plan", Plan.class,
            "rules", LaneRules.class,
            "policy", Policy.class);

    private GoldenFiles() {}

    /** The folder {@code golden} of the test resources. */
    public static Path root() {
        try {
            return Path.of(GoldenFiles.class.getResource("/golden/digests.txt").toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The folders of stores whose journals are frozen, the complete ones and those of an installation. */
    public static List<Path> stores() {
        return sorted(root(), "**/owner").stream().map(Path::getParent).toList();
    }

    /** Every journal file of a store, in order. */
    static List<Path> segments(Path store) {
        return sorted(store.resolve("journal"), "**.log");
    }

    /** The lines of a journal as they are on disk, each without its hash and line feed. */
    static List<byte[]> lines(Path store) {
        var lines = new ArrayList<byte[]>();
        for (Path segment : segments(store)) {
            for (String line : text(segment).split("\n")) {
                lines.add(line.substring(HASH).getBytes(StandardCharsets.UTF_8));
            }
        }
        return lines;
    }

    /** Every record of every frozen journal. */
    public static List<JournalRecord> records() {
        var codec = new JournalCodec();
        return stores().stream()
                .flatMap(store -> lines(store).stream())
                .map(codec::decode)
                .toList();
    }

    /** The files that digests are frozen of. */
    static List<Path> digested() {
        return sorted(root().resolve("digests"), "**.json");
    }

    /** What a file of {@link #digested} holds. */
    public static List<Object> digestedObjects() {
        return digested().stream().map(GoldenFiles::digestedObject).toList();
    }

    static Object digestedObject(Path file) {
        return Json.read(text(file).getBytes(StandardCharsets.UTF_8), DIGESTED.get(kind(file)));
    }

    static String kind(Path file) {
        return file.getFileName().toString().replaceAll("-.*", "");
    }

    /** The digest of today's code. */
    static String digest(Object value) {
        var digests = new CanonicalDigests();
        if (value instanceof Release release) {
            return digests.release(release);
        } else if (value instanceof Plan plan) {
            return digests.plan(plan.targets());
        } else if (value instanceof LaneRules rules) {
            return digests.rules(rules);
        }
        return digests.policy((Policy) value);
    }

    /** What the views of a store amount to, as JSON. */
    static String folded(Path store, Product product) throws IOException {
        try (var opened = FileStore.openReadOnly(store, product, new JournalCodec())) {
            List<Lane> lanes = opened.lanes().stream().map(opened::lane).toList();
            return Json.pretty(new JsonObject()
                            .with("lanes", lanes)
                            .with(
                                    "promotions",
                                    opened.lanes().stream()
                                            .flatMap(lane -> opened.promotions(lane).stream())
                                            .map(p -> p.id() + " " + Json.pretty(p.state()))
                                            .toList())
                            .with(
                                    "releases",
                                    opened.services().stream()
                                            .flatMap(service -> opened.releases(service).stream())
                                            .map(p -> p.ref())
                                            .toList())
                            .with("pauses", opened.pauses())
                            .with(
                                    "proposals",
                                    opened.proposals().stream().map(p -> p.id()).toList())
                            .with("policy", opened.policy().map(p -> p.digest()).orElse(null)))
                    + "\n";
        }
    }

    static Product product(Path store) {
        return text(store.resolve("owner")).contains("product cli\n") ? Product.CLI : Product.CONTROLLER;
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sorted(Path folder, String glob) {
        var matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(matcher::matches).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a golden file that does not exist yet, below the class path; it is to be copied to the sources. */
    public static void writeNew(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    }

    /** Copies a folder, so that a store can be opened for writing. */
    public static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.sorted().toList()) {
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
