package io.jenkins.plugins.serverlesspromotion.bench;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneMachine;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.json.Json;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What our own code costs over the least that the machine must do for the same work, as ratios within one run: numbers of
 * two machines, or of two moments, cannot be compared, but what a thing costs over its floor can. Each pair is measured in
 * turns; the medians are divided.
 */
public final class Bench {
    private static final int TURNS = 7;

    private final Path folder;
    private final Report report = new Report();

    private Bench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        Path root = Path.of(System.getProperty("promotion.root"));
        var bench = new Bench(Files.createTempDirectory("bench"));
        Path target = Files.createDirectories(root.resolve("target"));
        List<String> parts = args.length == 0 ? List.of("own", "promotion") : List.of(args);
        if (!List.of("own", "promotion").containsAll(parts)) {
            System.err.println("bench: the parts are own and promotion, not " + parts);
            System.exit(2);
        }
        System.out.println("load of the machine: " + Report.load());
        if (parts.contains("own")) {
            bench.append();
            bench.open();
            bench.digest();
            bench.assemble();
        }
        if (parts.contains("promotion")) {
            PromotionBench.run(bench.folder, bench.report, target.resolve("bench-requests.txt"));
        }
        bench.report.write(target.resolve("bench.json"));
        System.out.println("written to target/bench.json; every request in target/bench-requests.txt");
        bench.report.missed().forEach(line -> System.out.println("MISSED: " + line));
        System.exit(bench.report.missed().isEmpty() ? 0 : 1);
    }

    private interface Work {
        void run() throws Exception;
    }

    /**
     * @param limit of our time over that of the floor
     * @param floor the least that must be done; {@code ours} what we do
     */
    private void compare(String name, double limit, String floorIs, Work floor, Work ours) throws Exception {
        List<Double> floors = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        for (int turn = 0; turn < TURNS + 2; turn++) {
            double first = seconds(floor);
            double second = seconds(ours);
            if (turn >= 2) {
                floors.add(first);
                all.add(second);
            }
        }
        double ratio = median(all) / median(floors);
        report.row(
                name,
                ratio,
                new Report.AtMost(limit),
                "× " + floorIs,
                Map.of(
                        "floor", floorIs,
                        "floorMillis", Report.hundredths(median(floors) * 1e3),
                        "millis", Report.hundredths(median(all) * 1e3)));
    }

    private static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    // --- the journal ---

    private void append() throws Exception {
        List<Entry> entries = life(60);
        Path store = folder.resolve("append");
        long[] bytes = new long[1];
        try (FileStore open = FileStore.open(store, Product.CLI, new JournalCodec())) {
            compare(
                    "append " + entries.size() + " transitions to the journal",
                    2.5,
                    "write and force of as many bytes",
                    () -> rawWrites(entries.size(), Math.max(200, (int) (bytes[0] / entries.size()))),
                    () -> {
                        long before = size(store);
                        for (Entry entry : entries) {
                            open.append(entry);
                        }
                        bytes[0] = size(store) - before;
                    });
        }
    }

    private void rawWrites(int count, int length) throws IOException {
        Path file = folder.resolve("raw");
        byte[] record = new byte[length];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < count; i++) {
                channel.write(ByteBuffer.wrap(record));
                channel.force(false);
            }
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
        }
    }

    private void open() throws Exception {
        Path store = folder.resolve("open");
        List<Entry> entries = life(40);
        try (FileStore open = FileStore.open(store, Product.CLI, new JournalCodec())) {
            for (int i = 0; i < 2_000 / entries.size(); i++) {
                for (Entry entry : entries) {
                    open.append(entry);
                }
            }
        }
        compare(
                "open a store of 2,000 transitions",
                2.5,
                "reading and hashing its bytes",
                () -> {
                    try (Stream<Path> files = Files.walk(store)) {
                        for (Path file : files.filter(Files::isRegularFile).toList()) {
                            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                        }
                    }
                },
                () -> FileStore.openReadOnly(store, Product.CLI, new JournalCodec()).close());
    }

    // --- digests and files ---

    private void digest() throws Exception {
        Plan plan = plan(500);
        var digests = new CanonicalDigests();
        compare(
                "digest of a plan of 500 changes, 50 times",
                5,
                "writing it as plain JSON",
                () -> {
                    for (int i = 0; i < 50; i++) {
                        Json.mapper().writeValueAsBytes(plan.targets());
                    }
                },
                () -> {
                    for (int i = 0; i < 50; i++) {
                        digests.plan(plan.targets());
                    }
                });
    }

    private void assemble() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project/web"));
        var random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[20_000];
            random.nextBytes(bytes);
            Files.write(project.resolve("asset-" + i + ".js"), bytes);
        }
        Path manifest = folder.resolve("project/release.yaml");
        Files.writeString(manifest, """
                apiVersion: promotion/v1
                service: orders
                targets:
                  - name: web
                    site: { directory: web, bucket: "orders-web-${accountId}" }
                """);
        compare(
                "assemble a release of 1,000 files",
                3.5,
                "reading and hashing them",
                () -> {
                    try (Stream<Path> files = Files.list(project)) {
                        for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
                            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                        }
                    }
                },
                () -> ReleaseAssembler.assemble(manifest, "1.0.0"));
    }

    // --- what happens in a lane ---

    /** The transitions of {@code count} promotions that go through, one after the other. */
    private static List<Entry> life(int count) {
        var id = new LaneId("orders", "dev");
        var place = new Policy.Place("orders-dev", "eu-west-1");
        var rules = new Policy.Environment("dev", null, List.of(), null);
        var around = new GateContext(
                new io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules(
                        "orders",
                        rules,
                        new Policy.Placement(List.of(List.of(place)), java.time.Duration.ZERO),
                        Map.of(),
                        Map.of()),
                hex(9),
                null,
                Map.of(),
                java.util.stream.IntStream.rangeClosed(1, count)
                        .boxed()
                        .collect(java.util.stream.Collectors.toMap(
                                n -> hex(n), n -> new GateContext.ReleaseFacts("main", List.of(), List.of()))),
                Map.of(),
                List.of());
        List<Entry> entries = new ArrayList<>();
        Lane lane = Lane.empty(id);
        Instant now = Instant.parse("2026-11-21T12:00:00Z");
        for (int n = 1; n <= count; n++) {
            var release = new ReleaseRef("orders", "1." + n + ".0", hex(n), n);
            String promotion = id.service() + "." + id.environment() + "." + n;
            String step = Plan.key(place, "api");
            var done = new Fact.StepResult(Deployment.Status.DONE, Map.of("Url", "https://x"), "deployed", List.of());
            for (Fact fact : List.of(
                    new Fact.Requested(
                            release, new PromotionDecisions.Request("user:bob", Set.of("bob"), now, null, null, null)),
                    new Fact.Planned(promotion, 1, plan(3)),
                    new Fact.StepEnded(promotion, 1, step, done),
                    new Fact.Verified(promotion, 1, 0, List.of("smoke test answered 200"), null))) {
                Transition t = LaneMachine.advance(lane, fact, around, now);
                lane = t.lane();
                entries.add(new Entry.LaneAdvanced(fact, t.events(), lane));
                now = now.plusSeconds(1);
            }
        }
        return entries;
    }

    private static Plan plan(int changes) {
        List<Plan.Change> all = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
            var property = new Plan.PropertyChange("/Properties/MemorySize", "512", "" + i, Plan.Replacement.NO);
            all.add(new Plan.Change(
                    "Function" + i, "AWS::Lambda::Function", Plan.Action.MODIFY, Plan.Replacement.NO, List.of(property)));
        }
        var content = new Plan.Content(
                Plan.Exactness.EXACT, "orders-dev", hex(1), hex(2), Map.of("MemorySize", "512"), Map.of(), all, List.of());
        var target = new Plan.TargetPlan(
                new Policy.Place("orders-dev", "eu-west-1"), "api", "cloudformation", 0, List.of(), content, Map.of());
        return new Plan(hex(changes), List.of(target), List.of());
    }

    private static String hex(long n) {
        return "sha256:" + String.format("%064x", n);
    }
}
