package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a store answers about its entries, while it is written and after it was opened again. */
public class StoreAnswersTest {
    private static final LaneId PROD = new LaneId("orders", "prod");

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final Codec codec = new JournalCodec();
    private Path root;

    @Before
    public void folder() {
        root = temporary.getRoot().toPath().resolve("home");
    }

    @Test
    public void configurationPausesAndOwnersAreAnswered() throws Exception {
        var applied = new Entry.PolicyApplied(
                "sha256:" + "a".repeat(64), new Policy(Map.of(), Map.of(), Map.of(), Map.of(), Map.of()), "user:a");
        var pause = new Pause("everything", "user:a", StoreLab.NOON, "an incident");
        var proposed = new Entry.ConfigurationProposed("p1", "user:a", "base", List.of(), "content");
        var stack = ResourceId.stack("orders-prod", "033333333333", "eu-west-1");
        var owner = new ResourceOwner("orders", "prod");
        try (FileStore store = FileStore.open(root, Product.CLI, codec, StoreLab.options(new QuickDisk()))) {
            for (Entry entry : List.of(
                    applied,
                    new Entry.Paused(pause),
                    proposed,
                    new Entry.OwnerDecided(stack, owner, "user:a", "moved"))) {
                store.append(entry);
            }
        }
        // With the clock, the size of files and the disk that a program gets.
        try (FileStore store = FileStore.open(root, Product.CLI, codec)) {
            assertEquals(Optional.of(applied), store.policy());
            assertEquals(List.of(pause), store.pauses());
            assertEquals(List.of(new Proposal(proposed, StoreLab.NOON, null)), store.proposals());
            assertEquals(Map.of(stack, owner), store.decidedOwners());
        }
    }

    @Test
    public void thePlanOfAnOpenPromotionIsAnswered() throws Exception {
        try (FileStore store = FileStore.open(root, Product.CLI, codec, StoreLab.options(new QuickDisk()))) {
            for (Entry entry : Samples.promotionsRecords(PROD, 1).subList(0, 4)) {
                store.append(entry);
            }
            assertEquals(Optional.of(Samples.plan(1, 8)), store.plan("orders.prod.1"));
            assertEquals(Optional.empty(), store.plan("orders.prod.2"));
        }
    }

    @Test
    public void aPlanThatWasChangedOnDiskIsNoAnswer() throws Exception {
        try (FileStore store = FileStore.open(root, Product.CLI, codec, StoreLab.options(new QuickDisk()))) {
            for (Entry entry : Samples.promotionsRecords(PROD, 1)) {
                store.append(entry);
            }
            Path segment = StoreLab.segment(root);
            byte[] bytes = Files.readAllBytes(segment);
            byte[] changed = bytes.clone();
            changed[StoreLab.lineStarts(bytes).get(3) + 100] ^= 1;
            Files.write(segment, changed);
            var refused = assertThrows(java.io.UncheckedIOException.class, () -> store.plan("orders.prod.1"));
            assertTrue(refused.getMessage(), refused.getMessage().contains("line 4: entry 3 was changed on disk"));
            Files.write(segment, bytes);
            assertEquals(Optional.of(Samples.plan(1, 8)), store.plan("orders.prod.1"));
        }
    }

    @Test
    public void aRecordThatDoesNotFitTheOthersIsDamage() {
        var again = new Entry.ReleasePublishedAgain("orders@1", Provenance.publishedBy("user:eve"), "user:eve");
        assertEquals(
                "release orders@1 was published again but never before",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Views().apply(new JournalRecord(1, StoreLab.NOON, again)))
                        .getMessage());
    }

    private FileStore opened(Path folder) throws IOException {
        return FileStore.open(folder, Product.CLI, codec, StoreLab.options(new QuickDisk()));
    }

    /** Records of earlier versions have all that was known, those of now what is new. */
    @Test
    public void aRepeatedPublicationOfAnyVersionLeadsToAllThatIsKnown() throws Exception {
        Published first = Samples.published("orders", "1", 1);
        var second = new Provenance(
                "a", "b", "c", List.of("c1"), List.of(new Provenance.Author("Eve", "e@acme.net")), List.of("user:eve"));
        Provenance two = first.provenance().and(second);
        Provenance three = two.and(Provenance.publishedBy("user:zoe"));
        var known = new Published[2];
        for (int now = 0; now < 2; now++) {
            Path folder = temporary.getRoot().toPath().resolve("store-" + now);
            try (FileStore store = opened(folder)) {
                store.append(new Entry.ReleasePublished(first));
                store.append(new Entry.ReleasePublishedAgain(
                        "orders@1", now == 0 ? two : two.beyond(first.provenance()), "user:eve"));
                store.append(
                        new Entry.ReleasePublishedAgain("orders@1", now == 0 ? three : three.beyond(two), "user:zoe"));
                known[now] = store.release("orders", "1").orElseThrow();
            }
            // The second time from the list of the records that are needed.
            opened(folder).close();
            try (FileStore store = opened(folder)) {
                assertEquals(known[now], store.release("orders", "1").orElseThrow());
            }
        }
        assertEquals(first.with(three), known[0]);
        assertEquals(known[0], known[1]);
    }

    @Test
    public void aSizeThatTheJournalDoesNotHaveIsRefused() throws Exception {
        try (FileStore store = StoreLab.open(root)) {
            for (int size : new int[] {-1, 2}) {
                assertEquals(
                        "the journal has 1 entries, not " + size,
                        assertThrows(IllegalArgumentException.class, () -> store.checkpoint(size))
                                .getMessage());
            }
            assertEquals(0, store.checkpoint(0).size());
            assertEquals(store.checkpoint(), store.checkpoint(1));
        }
    }

    @Test
    public void aFailureWithoutAMessageIsNamedByItsKind() throws Exception {
        var disk = new QuickDisk() {
            private boolean fails;

            @Override
            public Output create(Path file) throws IOException {
                if (fails) {
                    throw new IOException();
                }
                return super.create(file);
            }
        };
        try (FileStore store =
                FileStore.open(root, Product.CLI, StoreLab.CODEC, new FileStore.Options(StoreLab.CLOCK, 1, disk))) {
            disk.fails = true;
            assertEquals(
                    "nothing was recorded: writing entry 1 to the journal failed (java.io.IOException); free or repair"
                            + " the disk, then writing continues by itself",
                    assertThrows(IOException.class, () -> store.append(StoreLab.entry(1)))
                            .getMessage());
            disk.fails = false;
        }
    }
}
