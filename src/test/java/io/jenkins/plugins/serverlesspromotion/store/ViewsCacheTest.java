package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ViewsCacheTest {
    private static final List<LaneId> LANES =
            List.of(new LaneId("orders", "dev"), new LaneId("orders", "prod"), new LaneId("payments", "prod"));
    private static final int MANY = JournalWriter.CACHE_BEHIND + 50;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    /** Lanes with several promotions at a time, releases, policies and pauses, in an order that chance decides. */
    private static List<Entry> history(Random chance, int count) {
        var entries = new ArrayList<Entry>();
        Map<LaneId, TreeMap<Long, Promotion>> open = new TreeMap<>();
        Map<LaneId, Long> counted = new TreeMap<>();
        LANES.forEach(lane -> open.put(lane, new TreeMap<>()));
        var empty = new Policy(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
        for (int releases = 0; entries.size() < count; ) {
            int kind = chance.nextInt(26);
            String scope = chance.nextBoolean() ? "everything" : "environment prod";
            if (kind == 0 || releases == 0) {
                releases++;
                entries.add(new Entry.ReleasePublished(Samples.published("orders", "1." + releases, releases)));
            } else if (kind == 1) {
                String release = "orders@1." + (1 + chance.nextInt(releases));
                entries.add(new Entry.ReleasePublishedAgain(
                        release, Provenance.publishedBy("user:u" + entries.size()), "user:u"));
            } else if (kind == 2) {
                entries.add(
                        new Entry.PolicyApplied("sha256:" + String.format("%064x", entries.size()), empty, "user:a"));
            } else if (kind == 3) {
                entries.add(new Entry.Paused(new Pause(scope, "user:a", StoreLab.NOON, "no " + entries.size())));
            } else if (kind == 4) {
                entries.add(new Entry.Resumed(scope, "user:a", "over"));
            } else if (kind == 5) {
                entries.add(new Entry.EvidenceRecorded(new Evidence(
                        "orders@1." + (1 + chance.nextInt(releases)),
                        chance.nextBoolean() ? "tests" : "scan",
                        Evidence.Result.values()[chance.nextInt(2)],
                        "job:team/" + chance.nextInt(2),
                        "no " + entries.size(),
                        null,
                        StoreLab.NOON)));
            } else if (kind == 6) {
                entries.add(new Entry.EvidenceRecorded(new Evidence(
                        "orders@1." + (1 + chance.nextInt(releases)),
                        "tests",
                        Evidence.Result.values()[chance.nextInt(2)],
                        "key:ci",
                        null,
                        "no " + entries.size(),
                        StoreLab.NOON,
                        signed(chance.nextInt(3), chance.nextInt(2)))));
            } else if (kind == 7) {
                entries.add(new Entry.ConfigurationProposed(
                        "p" + entries.size(), "user:a", "sha256:base", List.of(), "content"));
            } else if (kind == 8) {
                entries.add(new Entry.ConfigurationSettled(
                        "p" + chance.nextInt(entries.size()),
                        Entry.ConfigurationSettled.Outcome.values()[chance.nextInt(5)],
                        "user:b",
                        null));
            } else if (kind == 9) {
                entries.add(new Entry.OwnerDecided(
                        ResourceId.stack("s" + chance.nextInt(3), "033333333333", "eu-west-1"),
                        new ResourceOwner("orders", "e" + entries.size()),
                        "user:a",
                        "no " + entries.size()));
            } else {
                LaneId lane = LANES.get(chance.nextInt(LANES.size()));
                entries.add(step(chance, lane, open.get(lane), counted));
            }
        }
        return entries;
    }

    private static Evidence.Signed signed(int statement, int key) {
        return new Evidence.Signed("sha256:s" + statement, "k" + key, "user:a");
    }

    /** What is known of the release: which statement of which key was recorded. */
    private static String known(Views views, String release) {
        var text = new StringBuilder();
        for (int statement = 0; statement < 3; statement++) {
            for (int key = 0; key < 2; key++) {
                text.append(views.knows(release, signed(statement, key)) ? '1' : '0');
            }
        }
        return text.append(' ').toString();
    }

    private static Entry step(Random chance, LaneId lane, TreeMap<Long, Promotion> open, Map<LaneId, Long> counted) {
        long number;
        if (open.isEmpty() || open.size() < 4 && chance.nextInt(3) == 0) {
            number = counted.merge(lane, 1L, Long::sum);
            open.put(number, Samples.promotion(lane, number, State.PLANNING, null));
        } else {
            number = new ArrayList<>(open.keySet()).get(chance.nextInt(open.size()));
        }
        Promotion promotion = open.get(number);
        Fact fact = new Fact.Reconsidered("time has passed");
        var type = Event.Type.STATE;
        if (chance.nextInt(3) == 0) {
            Plan plan = Samples.plan(chance.nextInt(1000), 1);
            promotion = Samples.promotion(lane, number, State.WAITING, plan);
            fact = new Fact.Planned(promotion.id(), 1, plan);
            type = chance.nextInt(4) == 0 ? Event.Type.REFUSED : Event.Type.PLANNED;
        } else if (chance.nextInt(4) == 0) {
            promotion = Samples.promotion(lane, number, State.REJECTED, null);
        }
        open.put(number, promotion);
        var advanced = new Entry.LaneAdvanced(
                fact,
                List.of(new Event(type, promotion.id(), null, "as chance has it")),
                Samples.lane(lane, open.values().toArray(new Promotion[0])));
        open.values().removeIf(p -> p.state().isOver());
        return advanced;
    }

    private static String describe(Views views) {
        var text = new StringBuilder();
        for (LaneId lane : LANES) {
            text.append(views.lane(lane))
                    .append('\n')
                    .append(views.promotions(lane))
                    .append('\n');
            for (Promotion promotion : views.promotions(lane)) {
                text.append(views.promotion(promotion.id()))
                        .append(views.openPlan(promotion.id()))
                        .append(views.planRecord(promotion.id()))
                        .append('\n');
            }
        }
        return text.append(views.lanes())
                .append(views.services())
                .append(views.releases("orders"))
                .append(views.policy())
                .append(views.releases("orders").stream()
                        .map(p -> known(views, p.ref().id())
                                + views.evidence(p.ref().id()))
                        .toList())
                .append(views.pauses())
                .append(views.proposals())
                .append(new TreeMap<>(views.decidedOwners()))
                .toString();
    }

    @Test
    public void theNeededRecordsAloneMakeTheSameViews() throws Exception {
        Path folder = temporary.newFolder().toPath();
        for (int seed = 0; seed < 60; seed++) {
            var records = new ArrayList<JournalRecord>();
            for (Entry entry : history(new Random(seed), 20 + 8 * seed)) {
                records.add(new JournalRecord(records.size(), StoreLab.NOON, entry));
            }
            var all = new Views();
            var cache = new ViewsCache();
            for (JournalRecord record : records) {
                all.apply(record);
                cache.accept(record);
            }
            cache.save(new QuickDisk(), folder, records.size(), "ab".repeat(32));
            ViewsCache.Saved saved = ViewsCache.load(folder);
            var some = new Views();
            var again = new ViewsCache();
            again.startFrom(saved, some::restorePlan);
            for (long seq : saved.records()) {
                some.apply(records.get((int) seq));
                again.accept(records.get((int) seq));
            }
            assertEquals("seed " + seed, describe(all), describe(some));
            if (seed > 20) {
                assertTrue("seed " + seed, saved.records().length < records.size() * 2 / 3);
            }
            again.save(new QuickDisk(), folder, records.size(), "ab".repeat(32));
            assertEquals("what follows from it is saved the same", saved, ViewsCache.load(folder));
        }
    }

    /** Counts what is decoded. */
    private static final class Counting implements Codec {
        private final JournalCodec real = new JournalCodec();
        private final AtomicInteger decoded = new AtomicInteger();

        @Override
        public io.jenkins.plugins.serverlesspromotion.engine.audit.Entry replaced(
                io.jenkins.plugins.serverlesspromotion.engine.audit.Entry entry,
                java.util.function.UnaryOperator<String> texts) {
            return real.replaced(entry, texts);
        }

        @Override
        public byte[] encode(JournalRecord record) {
            return real.encode(record);
        }

        @Override
        public int version(byte[] record) {
            return real.version(record);
        }

        @Override
        public JournalRecord decode(byte[] bytes) {
            decoded.incrementAndGet();
            return real.decode(bytes);
        }
    }

    private static FileStore open(Path root, Codec codec) throws IOException {
        return FileStore.open(root, Product.CLI, codec, StoreLab.options(new QuickDisk()));
    }

    private Path journal() throws IOException {
        Path root = temporary.newFolder().toPath().resolve("home");
        try (FileStore store = open(root, new JournalCodec())) {
            for (Entry entry : history(new Random(1), MANY)) {
                store.append(entry);
            }
        }
        return root;
    }

    private static String describe(FileStore store) throws IOException {
        var text = new StringBuilder();
        for (LaneId lane : store.lanes()) {
            text.append(store.lane(lane)).append(store.promotions(lane));
            store.promotions(lane).forEach(p -> text.append(store.plan(p.id())));
        }
        return text.append(store.releases("orders"))
                .append(store.releases("orders").stream()
                        .map(p -> store.evidence(p.ref().id()))
                        .toList())
                .append(store.policy())
                .append(store.pauses())
                .append(store.proposals())
                .append(new TreeMap<>(store.decidedOwners()))
                .append(store.checkpoint())
                .toString();
    }

    @Test
    public void openingWithTheCacheGivesTheSameForLess() throws Exception {
        Path root = journal();
        var with = new Counting();
        String quick;
        try (FileStore store = open(root, with)) {
            assertTrue(with.decoded + " of " + store.size(), with.decoded.get() < store.size() / 2);
            quick = describe(store);
            store.append(new Entry.Resumed("everything", "user:a", "over"));
        }
        Path views = root.resolve("views/records");
        byte[] cache = Files.readAllBytes(views);
        Files.delete(views);
        var without = new Counting();
        try (FileStore store = FileStore.openReadOnly(root, Product.CLI, without)) {
            assertTrue(without.decoded.get() >= store.size());
            assertNotEquals("one more record", quick, describe(store));
            String slow = describe(store);
            Files.write(views, cache);
            try (FileStore cached = FileStore.openReadOnly(root, Product.CLI, new JournalCodec())) {
                assertEquals("a cache that is behind is made up for", slow, describe(cached));
            }
        }
    }

    @Test
    public void aCacheThatIsNotWholeOrOfAnotherJournalIsNotUsed() throws Exception {
        Path root = journal();
        Path views = root.resolve("views/records");
        String cache = Files.readString(views);
        String truth;
        try (FileStore store = FileStore.openReadOnly(root, Product.CLI, new JournalCodec())) {
            truth = describe(store);
        }
        Path other = journal();
        for (String bad : List.of(
                "",
                "\n",
                cache.substring(0, cache.length() / 2),
                cache.substring(0, cache.length() - 1),
                cache.replaceFirst("\n[0-9]+ lane", "\n3 lane"),
                cache.replace("views 2", "views 1"),
                Files.readString(other.resolve("views/records")),
                "\0".repeat(cache.length()))) {
            Files.writeString(views, bad);
            var counting = new Counting();
            try (FileStore store = FileStore.openReadOnly(root, Product.CLI, counting)) {
                assertEquals(truth, describe(store));
                assertTrue(counting.decoded.get() >= store.size());
            }
        }
    }

    @Test
    public void damageIsFoundWithTheCacheToo() throws Exception {
        Path root = journal();
        Path segment = StoreLab.segment(root);
        byte[] bytes = Files.readAllBytes(segment);
        List<Integer> starts = StoreLab.lineStarts(bytes);
        for (int line = 0; line < MANY; line += 97) {
            byte[] changed = bytes.clone();
            changed[starts.get(line) + 90] ^= 1;
            Files.write(segment, changed);
            String refused = assertThrows(IOException.class, () -> open(root, new JournalCodec()))
                    .getMessage();
            assertTrue(
                    refused,
                    refused.startsWith(segment + " line " + (line + 1) + " (byte " + starts.get(line) + "): "));
        }
        Files.write(segment, java.util.Arrays.copyOf(bytes, starts.get(MANY / 2) + 5));
        Files.delete(root.resolve("checkpoint"));
        try (FileStore store = open(root, new JournalCodec())) {
            assertEquals("a torn tail far before the cache's end", MANY / 2 + 1, store.size());
        }
    }

    @Test
    public void aFullDiskCostsOnlyTheCache() throws Exception {
        Path root = journal();
        Files.delete(root.resolve("views/records"));
        long last =
                StoreLab.lineStarts(Files.readAllBytes(StoreLab.segment(root))).get(MANY);
        long length = Files.size(StoreLab.segment(root)) - last;
        try (FileStore store = FileStore.open(
                root, Product.CLI, new JournalCodec(), StoreLab.options(new FailingDisk(length + 100, false)))) {
            assertEquals(MANY + 1, store.size());
            assertFalse(Files.exists(root.resolve("views/records")));
        }
        assertNull(ViewsCache.load(root.resolve("views")));
    }
}
