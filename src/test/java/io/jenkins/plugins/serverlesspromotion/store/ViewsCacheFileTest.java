package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry.ConfigurationSettled.Outcome;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The list in {@code views/records}: what it names, and when it is written. */
public class ViewsCacheFileTest {
    private static final LaneId PROD = new LaneId("orders", "prod");
    private static final String ROOT = "ab".repeat(32);

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final ViewsCache cache = new ViewsCache();
    private Path folder;
    private int size;

    @Before
    public void folder() throws IOException {
        folder = temporary.getRoot().toPath().toRealPath().resolve("views");
    }

    private void accept(Entry... entries) {
        for (Entry entry : entries) {
            cache.accept(new JournalRecord(size++, StoreLab.NOON, entry));
        }
    }

    private ViewsCache.Saved saved() throws IOException {
        cache.save(new QuickDisk(), folder, size, ROOT);
        return ViewsCache.load(folder);
    }

    private static Entry evidence(Evidence.Signed signed) {
        return new Entry.EvidenceRecorded(new Evidence(
                "orders@1.0.1", "tests", Evidence.Result.PASSED, "key:ci", null, null, StoreLab.NOON, signed));
    }

    private static Pause pause(String scope) {
        return new Pause(scope, "user:a", StoreLab.NOON, "an incident");
    }

    @Test
    public void theLastRecordOfEverythingThatIsAskedForIsListed() throws Exception {
        var stack = ResourceId.stack("orders-prod", "033333333333", "eu-west-1");
        accept(
                new Entry.StoreCreated("s", "cli"),
                StoreLab.entry(1),
                new Entry.StoreRepaired("a torn tail"),
                new Entry.ReleasePublished(Samples.published("orders", "1.0.1", 1)),
                new Entry.ReleasePublishedAgain("orders@1.0.1", Provenance.publishedBy("user:a"), "user:a"),
                evidence(null),
                evidence(null),
                evidence(new Evidence.Signed("sha256:s", "k1", "user:a")),
                evidence(new Evidence.Signed("sha256:s", "k2", "user:a")),
                new Entry.PolicyApplied(
                        "sha256:" + "a".repeat(64),
                        new Policy(Map.of(), Map.of(), Map.of(), Map.of(), Map.of()),
                        "user:a"),
                new Entry.Paused(pause("everything")),
                new Entry.Paused(pause("environment prod")),
                new Entry.Resumed("everything", "user:a", "over"),
                new Entry.ConfigurationProposed("p1", "user:a", "base", List.of(), "content"),
                new Entry.ConfigurationProposed("p2", "user:a", "base", List.of(), "content"),
                new Entry.ConfigurationSettled("p1", Outcome.ACCEPTED, "user:b", null),
                new Entry.ConfigurationSettled("p2", Outcome.ACCEPTED, "user:b", null),
                new Entry.ConfigurationSettled("p2", Outcome.CARRIED_OUT, "user:b", null),
                new Entry.OwnerDecided(stack, new ResourceOwner("orders", "prod"), "user:a", "moved"));
        var expected = new TreeMap<>(Map.of(
                "store 0", 0L,
                "store 2", 2L,
                "release orders@1.0.1", 3L,
                "again orders@1.0.1 4", 4L,
                "evidence orders@1.0.1 tests key:ci", 6L,
                "evidence orders@1.0.1 tests key:ci sha256:s k1", 7L,
                "evidence orders@1.0.1 tests key:ci sha256:s k2", 8L,
                "policy", 9L,
                "pause environment prod", 11L,
                "proposed p1", 13L));
        expected.put("accepted p1", 15L);
        expected.put("owner " + stack, 18L);
        assertEquals(new ViewsCache.Saved(19, ROOT, expected), saved());
    }

    @Test
    public void thePlanOfAFinishedPromotionIsNotDecodedAgain() throws Exception {
        List<Entry> all = Samples.promotionsRecords(PROD, 1);
        accept(all.subList(0, 5).toArray(new Entry[0]));
        assertArrayEquals("release, plan, last state", new long[] {0, 2, 4}, saved().records());
        accept(all.subList(5, all.size()).toArray(new Entry[0]));
        ViewsCache.Saved over = saved();
        assertArrayEquals(new long[] {0, 9}, over.records());
        var plans = new TreeMap<String, Long>();
        new ViewsCache().startFrom(over, plans::put);
        assertEquals(Map.of("orders.prod.1", 2L), plans);
    }

    @Test
    public void aKeyThatFitsNoLineIsNotSaved() {
        accept(new Entry.Paused(pause("environment\nprod")));
        assertThrows(IOException.class, this::saved);
        assertFalse(Files.exists(folder));
    }

    @Test
    public void aDraftThatACrashLeftIsReplaced() throws Exception {
        accept(new Entry.StoreCreated("s", "cli"));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("records.new"), "half a li");
        assertEquals(Map.of("store 0", 0L), saved().needed());
        assertFalse(Files.exists(folder.resolve("records.new")));
    }

    @Test
    public void theListIsWrittenWhenAThousandRecordsWouldBeDecodedAgain() throws Exception {
        Path above = folder.getParent();
        Path root = above.resolve("home");
        Path list = root.resolve("views/records");
        var disk = new RecordingDisk(above);
        try (FileStore store = FileStore.open(root, Product.CLI, StoreLab.CODEC, StoreLab.options(disk))) {
            StoreLab.append(store, 1, JournalWriter.CACHE_BEHIND - 2);
            store.saveViews();
            assertFalse(Files.exists(list));
            StoreLab.append(store, 1, 1);
            store.saveViews();
            assertEquals(
                    JournalWriter.CACHE_BEHIND,
                    ViewsCache.load(list.getParent()).size());
            StoreLab.append(store, 1, JournalWriter.CACHE_BEHIND - 1);
            store.saveViews();
            assertEquals(
                    JournalWriter.CACHE_BEHIND,
                    ViewsCache.load(list.getParent()).size());
        }
        byte[] bytes = Files.readAllBytes(list);
        disk.operations();
        FileStore.open(root, Product.CLI, StoreLab.CODEC, StoreLab.options(disk))
                .close();
        assertFalse(
                "it is recent enough", disk.operations().stream().anyMatch(operation -> operation.contains("views")));
        assertArrayEquals(bytes, Files.readAllBytes(list));
        Files.delete(list);
        try (FileStore store = FileStore.open(root, Product.CLI, StoreLab.CODEC, StoreLab.options(disk))) {
            assertTrue("already when it is opened", Files.exists(list));
            assertEquals(store.size(), ViewsCache.load(list.getParent()).size());
            assertEquals(
                    "of all that was read",
                    Map.of("store 0", 0L),
                    ViewsCache.load(list.getParent()).needed());
        }
    }
}
