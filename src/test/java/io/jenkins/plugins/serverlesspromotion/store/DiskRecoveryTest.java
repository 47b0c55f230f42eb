package io.jenkins.plugins.serverlesspromotion.store;

import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.CODEC;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.STEP;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.all;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.entry;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.files;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.segment;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A disk that fails for a while under an open store: every confirmed entry stays, no other one appears. */
public class DiskRecoveryTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private int folders;

    private static FileStore open(Path root, long segmentBytes, Disk disk) throws IOException {
        return FileStore.open(root, Product.CLI, CODEC, new FileStore.Options(StoreLab.CLOCK, segmentBytes, disk));
    }

    private Path newRoot() throws IOException {
        return temporary.newFolder("n" + ++folders).toPath().resolve("home");
    }

    private static List<JournalRecord> withoutRepairs(FileStore store) throws IOException {
        return store.records(record -> !(record.entry() instanceof Entry.StoreRepaired));
    }

    @Test
    public void whicheverOperationsFailEveryConfirmedEntryStaysAndNoOtherAppears() throws Exception {
        int tried = 0;
        for (long segmentBytes : new long[] {1, 300, 64L << 20}) {
            for (boolean carriedOut : new boolean[] {false, true}) {
                for (int failures = 1; failures <= 4; failures += STEP == 1 ? 1 : 3) {
                    int before = 0;
                    while (troubled(segmentBytes, carriedOut, before, failures)) {
                        before++;
                        tried++;
                    }
                }
            }
        }
        assertTrue("only " + tried, tried > 100);
    }

    /** Returns whether the operation that was to fail was reached. */
    private boolean troubled(long segmentBytes, boolean carriedOut, int before, int failures) throws IOException {
        String when = segmentBytes + " bytes, " + (carriedOut ? "carried out" : "not carried out") + ", " + failures
                + " failures after " + before;
        Path root = newRoot();
        var disk = new TroubledDisk(carriedOut);
        List<JournalRecord> there;
        try (FileStore store = open(root, segmentBytes, disk)) {
            StoreLab.append(store, 1, 2);
            List<JournalRecord> told = all(store);
            disk.fail(before, failures);
            int refused = 0;
            for (int i = 3; i < 12; i++) {
                try {
                    told.add(store.append(entry(i)));
                    assertEquals(when, Optional.empty(), store.refusal());
                } catch (IOException e) {
                    refused++;
                    assertTrue(when + ": " + e, e.getMessage().startsWith("nothing was recorded: writing entry "));
                    assertTrue(when, e.getMessage().contains("Input/output error"));
                    assertTrue(when, store.refusal().isPresent());
                }
            }
            boolean untroubled = disk.untroubled();
            disk.fail(Integer.MAX_VALUE, 0);
            told.add(store.append(entry(12)));
            assertEquals(when, told, withoutRepairs(store));
            there = all(store);
            assertTrue(when, refused == 0 || there.size() > told.size());
            assertTrue(when, refused <= failures);
            assertEquals(when, store.checkpoint(there.size()), store.checkpoint());
            if (untroubled) {
                return false;
            }
        }
        try (FileStore store = open(root, segmentBytes, new QuickDisk())) {
            assertEquals(when, there, all(store));
            assertEquals(when, List.of(), files(root, ".part"));
            var confirmed = new LocalCheckpoint(root.resolve("checkpoint"), new QuickDisk()).read();
            assertEquals(when, store.checkpoint().size(), confirmed.size());
            assertEquals(when, store.checkpoint().root(), confirmed.root());
        }
        return true;
    }

    @Test
    public void aStoreWithRoomNeedsNoRepair() throws Exception {
        try (FileStore store = open(newRoot(), 300, new QuickDisk())) {
            assertTrue(store.tryAgain());
            assertEquals(1, store.size());
        }
    }

    @Test
    public void theRepairSaysWhatWasTheMatter() throws Exception {
        var disk = new TroubledDisk(false);
        try (FileStore store = open(newRoot(), 300, disk)) {
            disk.fail(0, 1);
            assertThrows(IOException.class, () -> store.append(entry(1)));
            assertTrue(store.tryAgain());
            assertEquals(Optional.empty(), store.refusal());
            var repaired = (Entry.StoreRepaired) all(store).get(1).entry();
            assertEquals(
                    "nothing could be recorded for a while: writing entry 1 to the journal failed (Input/output error);"
                            + " free or repair the disk, then writing continues by itself; the disk takes records"
                            + " again, and nothing that was confirmed is lost",
                    repaired.finding());
            assertTrue("once is enough", store.tryAgain());
            assertEquals(2, store.size());
        }
    }

    /** A disk that fails may lose more than what it refused. */
    @Test
    public void aConfirmedEntryThatTheDiskLostIsNotBuiltOn() throws Exception {
        for (String loss : List.of("a byte", "its line feed", "its end", "all of it")) {
            Path root = newRoot();
            var disk = new TroubledDisk(false);
            FileStore store = open(root, 64L << 20, disk);
            StoreLab.append(store, 1, 3);
            byte[] bytes = Files.readAllBytes(segment(root));
            int start = StoreLab.lineStarts(bytes).get(3);
            byte[] lost = bytes.clone();
            switch (loss) {
                case "a byte" -> lost[start + 80] ^= 1;
                case "its line feed" -> lost[bytes.length - 1] = 0;
                case "its end" -> lost = Arrays.copyOf(bytes, bytes.length - 10);
                default -> lost = Arrays.copyOf(bytes, start);
            }
            disk.fail(0, 1);
            assertThrows(IOException.class, () -> store.append(entry(4)));
            Files.write(segment(root), lost);
            assertFalse(loss, store.tryAgain());
            String refused = assertThrows(loss, IOException.class, () -> store.append(entry(4)))
                    .getMessage();
            assertEquals(
                    "nothing was recorded: " + segment(root)
                            + " line 4: entry 3 was changed on disk while the store was open; stop writing and compare"
                            + " with a backup",
                    refused);
            assertArrayEquals("nothing is written to it", lost, Files.readAllBytes(segment(root)));
            Files.write(segment(root), bytes);
            assertFalse("only opening again proves that the rest is there", store.tryAgain());
            store.close();
            try (FileStore again = open(root, 64L << 20, new QuickDisk())) {
                assertEquals(4, again.size());
            }
        }
    }

    @Test
    public void aClosedStoreAndOneThatIsOnlyReadAreNotRepaired() throws Exception {
        Path root = newRoot();
        FileStore store = open(root, 300, new QuickDisk());
        store.close();
        assertFalse(store.tryAgain());
        assertEquals(Optional.of("the store is closed"), store.refusal());
        try (FileStore reader = StoreLab.openReadOnly(root)) {
            assertFalse(reader.tryAgain());
            assertEquals(Optional.of("the store is open read-only"), reader.refusal());
            assertEquals(1, reader.size());
        }
        var disk = new TroubledDisk(false);
        FileStore failing = open(root, 300, disk);
        disk.fail(0, 1);
        assertThrows(IOException.class, () -> failing.append(entry(1)));
        failing.close();
        assertFalse("closed is closed", failing.tryAgain());
        assertEquals(
                "nothing was recorded: the store is closed",
                assertThrows(IOException.class, () -> failing.append(entry(1))).getMessage());
        var names = new ArrayList<String>();
        for (Path file : files(root, "")) {
            names.add(file.getFileName().toString());
        }
        assertEquals(List.of("00000000000000000000.log"), names);
    }
}
