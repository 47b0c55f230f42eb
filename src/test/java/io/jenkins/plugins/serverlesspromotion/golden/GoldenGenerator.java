package io.jenkins.plugins.serverlesspromotion.golden;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import io.jenkins.plugins.serverlesspromotion.store.RealDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Writes golden files with the code as it is. It never changes a file that exists: for a new kind of entry, fact or
 * member it makes a new folder beside the old one. How to call it is in docs/developer/journal-format.md.
 */
public final class GoldenGenerator {
    static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    /** How often the short kinds are made, so that every constant of every enum has its turn. */
    private static final int ROUNDS = 5;

    private GoldenGenerator() {}

    /**
     * @param args the folder {@code src/test/resources/golden}; what to make: {@code journal NEW-FOLDER}, {@code digests},
     *     or {@code installation FOLDER}, which holds policy and manifests already and no store yet
     */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        switch (args[1]) {
            case "journal" -> journal(fresh(root.resolve(args[2])));
            case "digests" -> digests(root);
            case "installation" -> {
                Path folder = root.resolve(args[2]);
                for (Product product : Product.values()) {
                    Path store = fresh(folder.resolve("store-" + product.word()));
                    Installation.make(store, product, folder, "0123456789abcdef0123456" + product.ordinal());
                }
            }
            default -> throw new IllegalArgumentException("there is nothing called " + args[1] + " to make");
        }
        // Threads of an installation that never ends.
        System.exit(0);
    }

    private static Path fresh(Path folder) {
        if (Files.exists(folder)) {
            throw new IllegalArgumentException(folder + " exists; golden files are never written again, name another");
        }
        return folder;
    }

    private static void journal(Path folder) throws IOException {
        prepare(folder, Product.CONTROLLER, "c0ffee0123456789abcdef01");
        var records = new FullRecords();
        try (var store = open(folder, Product.CONTROLLER, new SteppingClock(START))) {
            for (Class<?> kind : Entry.class.getPermittedSubclasses()) {
                if (kind == Entry.LaneAdvanced.class) {
                    for (Class<?> fact : Fact.class.getPermittedSubclasses()) {
                        store.append(new Entry.LaneAdvanced(
                                (Fact) records.make(fact),
                                List.of(records.make(Event.class), records.make(Event.class)),
                                records.make(Lane.class)));
                    }
                } else if (kind != Entry.StoreCreated.class) {
                    boolean isLong = kind == Entry.PolicyApplied.class || kind == Entry.ReleasePublished.class;
                    for (int round = 0; round < (isLong ? 1 : ROUNDS); round++) {
                        store.append(
                                kind == Entry.ReleasePublishedAgain.class
                                        ? new Entry.ReleasePublishedAgain(
                                                "orders@1.0", records.make(Provenance.class), "job:orders")
                                        : (Entry) records.make(kind));
                    }
                }
            }
        }
        Files.delete(folder.resolve("lock"));
        write(folder.resolve("folded.json"), GoldenFiles.folded(folder, Product.CONTROLLER));
    }

    /** A store with a fixed id. */
    static void prepare(Path folder, Product product, String id) throws IOException {
        Files.createDirectories(folder.resolve("journal"));
        byte[] json =
                new JournalCodec().encode(new JournalRecord(0, START, new Entry.StoreCreated(id, product.word())));
        write(folder.resolve("format"), "1\n");
        write(
                folder.resolve("journal/00000000000000000000.log"),
                HexFormat.of().formatHex(MerkleTree.leafHash(json)) + " " + new String(json, StandardCharsets.UTF_8)
                        + "\n");
    }

    static FileStore open(Path folder, Product product, Clock clock) throws IOException {
        return FileStore.open(
                folder, product, new JournalCodec(), new FileStore.Options(clock, 64L << 20, new RealDisk()));
    }

    private static void digests(Path root) throws IOException {
        var objects = new ArrayList<Object>();
        var records = new FullRecords();
        for (int i = 0; i < 2; i++) {
            objects.add(records.make(Release.class));
            objects.add(records.make(Plan.class));
            objects.add(records.make(LaneRules.class));
            objects.add(records.make(Policy.class));
        }
        var stack = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-${environment}", List.of(), Map.of(), Map.of());
        objects.add(new Release(
                "orders",
                "1.0",
                new Manifest("orders", Map.of(), List.of(stack), List.of(), List.of()),
                List.of(new Artifact("api.yaml", FullRecords.hex(1), 1))));
        objects.add(new Plan("sha256:" + FullRecords.hex(0), List.of(), List.of()));
        var environment = new Policy.Environment("dev", null, List.of(), null);
        var placement = new Policy.Placement(List.of(), Duration.ZERO);
        objects.add(new LaneRules("orders", environment, placement, Map.of(), Map.of()));
        objects.add(new Policy(Map.of(), Map.of(), Map.of(), Map.of("dev", environment), Map.of()));
        for (Object value : objects) {
            String kind = GoldenFiles.DIGESTED.entrySet().stream()
                    .filter(e -> e.getValue() == value.getClass())
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            String bytes = new String(Json.canonical(value), StandardCharsets.UTF_8);
            Path folder = root.resolve("digests");
            Files.createDirectories(folder);
            int number = 1;
            while (Files.exists(folder.resolve(kind + "-" + number + ".json"))) {
                number++;
            }
            Path file = folder.resolve(kind + "-" + number + ".json");
            write(file, bytes);
            Files.writeString(
                    root.resolve("digests.txt"),
                    file.getFileName() + " " + GoldenFiles.digest(value) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    }

    /** Each look at it is a second later. */
    static final class SteppingClock extends Clock {
        private Instant now;

        SteppingClock(Instant start) {
            now = start;
        }

        @Override
        public synchronized Instant instant() {
            now = now.plusSeconds(1);
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            throw new UnsupportedOperationException("only UTC");
        }
    }
}
