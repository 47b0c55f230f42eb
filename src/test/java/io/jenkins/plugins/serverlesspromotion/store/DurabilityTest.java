package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * The order of writing and forcing, step by step: every file and every name is forced before the next step relies on it.
 * {@link CrashTest} proves that this order is enough; here a step that is left out is noticed quickly.
 */
public class DurabilityTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path above;
    private Path root;
    private RecordingDisk disk;

    @Before
    public void disk() throws IOException {
        above = temporary.getRoot().toPath().toRealPath();
        root = above.resolve("home");
        disk = new RecordingDisk(above);
    }

    private FileStore open(long segmentBytes) throws IOException {
        return FileStore.open(
                root, Product.CLI, StoreLab.CODEC, new FileStore.Options(StoreLab.CLOCK, segmentBytes, disk));
    }

    private static String segment(int first) {
        return "home/journal/" + JournalScan.name(first);
    }

    private void assertDone(String... operations) {
        assertEquals(String.join("\n", operations), String.join("\n", disk.operations()));
    }

    @Test
    public void aStoreIsMadeInOrderAndEveryRecordIsForced() throws Exception {
        FileStore store = open(300);
        assertDone(
                "make home",
                "force ",
                "create home/format.new",
                "write at 0 home/format.new",
                "force home/format.new",
                "rename to format home/format.new",
                "force home",
                "make home/journal",
                "force home",
                "force home/journal",
                "create " + segment(0),
                "force " + segment(0),
                "force home/journal",
                "write at 0 " + segment(0),
                "force " + segment(0),
                "create home/checkpoint",
                "write at 0 home/checkpoint",
                "create home/owner.new",
                "write at 0 home/owner.new",
                "force home/owner.new",
                "rename to owner home/owner.new",
                "force home");
        store.close();
        assertEquals(0, disk.open());
    }

    @Test
    public void aNewSegmentIsForcedBeforeItsFirstRecord() throws Exception {
        FileStore store = open(1);
        disk.operations();
        store.append(StoreLab.entry(1));
        assertDone(
                "create " + segment(1),
                "force " + segment(1),
                "force home/journal",
                "write at 0 " + segment(1),
                "force " + segment(1),
                "write at 0 home/checkpoint");
        assertEquals("the journal and the checkpoint", 2, disk.open());
        store.close();
        assertEquals(0, disk.open());
    }

    @Test
    public void aSegmentThatCannotBeForcedIsClosedAndDeleted() throws Exception {
        FileStore store = open(1);
        disk.operations();
        disk.fail("force home/journal");
        assertThrows(IOException.class, () -> store.append(StoreLab.entry(1)));
        assertEquals("the journal and the checkpoint", 2, disk.open());
        disk.fail(null);
        store.append(StoreLab.entry(1));
        assertDone(
                "create " + segment(1),
                "force " + segment(1),
                "delete " + segment(1),
                "open " + segment(0),
                "truncate to " + Files.size(above.resolve(segment(0))) + " " + segment(0),
                "force " + segment(0),
                "force home/journal",
                "open " + segment(0),
                "write at 0 " + segment(0),
                "force " + segment(0),
                "create " + segment(1),
                "force " + segment(1),
                "force home/journal",
                "write at 0 " + segment(1),
                "force " + segment(1),
                "write at 0 home/checkpoint",
                "create " + segment(2),
                "force " + segment(2),
                "force home/journal",
                "write at 0 " + segment(2),
                "force " + segment(2),
                "write at 0 home/checkpoint");
        store.close();
        assertEquals(0, disk.open());
    }

    /** What the failed write left must not show behind a shorter record. */
    @Test
    public void whatAFailedWriteLeftIsCutOff() throws Exception {
        FileStore store = open(64L << 20);
        disk.fail("force " + segment(0));
        assertThrows(
                IOException.class,
                () -> store.append(new Entry.Refused("user:bob", "a long record", "x".repeat(10_000))));
        disk.fail(null);
        store.append(StoreLab.entry(1));
        store.close();
        try (FileStore again = open(64L << 20)) {
            assertEquals(3, again.size());
            assertEquals(List.of(), StoreLab.files(root, ".part"));
        }
    }

    @Test
    public void theLastRecordIsForcedAgainWhenAStoreIsOpened() throws Exception {
        open(300).close();
        disk.operations();
        open(300).close();
        assertDone(
                "make home/journal",
                "force home",
                "force home/journal",
                "open " + segment(0),
                "write at 0 " + segment(0),
                "force " + segment(0));
        assertEquals(0, disk.open());
    }

    @Test
    public void aTornTailIsCopiedBeforeItIsCutOff() throws Exception {
        open(300).close();
        Path segment = StoreLab.segment(root);
        long whole = Files.size(segment);
        try (var out = new FileOutputStream(segment.toFile(), true)) {
            out.write("torn".getBytes(StandardCharsets.UTF_8));
        }
        disk.operations();
        open(64L << 20).close();
        assertDone(
                "make home/journal",
                "force home",
                "create home/journal/torn-1-1.part",
                "write at 0 home/journal/torn-1-1.part",
                "force home/journal/torn-1-1.part",
                "force home/journal",
                "open " + segment(0),
                "truncate to " + whole + " " + segment(0),
                "force " + segment(0),
                "force home/journal",
                "open " + segment(0),
                "write at 0 " + segment(0),
                "force " + segment(0),
                "write at " + whole + " " + segment(0),
                "force " + segment(0),
                "open home/checkpoint",
                "write at 0 home/checkpoint");
        assertEquals("torn", Files.readString(root.resolve("journal/torn-1-1.part")));
        assertEquals(0, disk.open());
    }

    @Test
    public void draftsThatACrashLeftAreReplaced() throws Exception {
        Files.createDirectories(root);
        Files.writeString(root.resolve("format.new"), "99");
        open(300).close();
        assertEquals("1\n", Files.readString(root.resolve("format")));
        Files.delete(root.resolve("owner"));
        Files.writeString(root.resolve("owner.new"), "prod");
        open(300).close();
        assertEquals(
                List.of("product cli"),
                Files.readAllLines(root.resolve("owner")).subList(0, 1));
    }
}
