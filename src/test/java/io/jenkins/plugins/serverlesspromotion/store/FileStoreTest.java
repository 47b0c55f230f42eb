package io.jenkins.plugins.serverlesspromotion.store;

import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.all;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.append;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.entry;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.fill;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.open;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.openReadOnly;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FileStoreTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path root;

    @Before
    public void folder() {
        root = temporary.getRoot().toPath().resolve("home/of/the store");
    }

    @Test
    public void aNewStoreBeginsWithItsCreation() throws Exception {
        String id;
        try (FileStore store = open(root)) {
            id = store.id();
            assertTrue(id, id.matches("[0-9a-f]{24}"));
            assertEquals(List.of(new JournalRecord(0, StoreLab.NOON, new Entry.StoreCreated(id, "cli"))), all(store));
        }
        assertEquals(
                "product cli\nstore " + id + "\ncreated " + StoreLab.NOON + "\n",
                Files.readString(root.resolve("owner")));
        assertEquals("1\n", Files.readString(root.resolve("format")));
        try (FileStore store = open(root)) {
            assertEquals(id, store.id());
            assertEquals(1, store.size());
        }
    }

    @Test
    public void whatWasAppendedIsThereAfterReopening() throws Exception {
        List<JournalRecord> told = new ArrayList<>();
        String root1;
        try (FileStore store = open(root)) {
            told.addAll(all(store));
            for (int i = 1; i <= 50; i++) {
                told.add(store.append(entry(i)));
            }
            assertEquals(told, all(store));
            root1 = store.checkpoint().root();
        }
        try (FileStore store = open(root)) {
            assertEquals(told, all(store));
            assertEquals(root1, store.checkpoint().root());
            assertEquals(51, store.checkpoint().size());
            assertEquals(told.get(17), store.records(r -> r.seq() == 17).get(0));
        }
    }

    @Test
    public void everyLineIsTheLeafHashAndTheRecord() throws Exception {
        fill(root, 3);
        var tree = new MerkleTree();
        for (String line : Files.readAllLines(StoreLab.segment(root))) {
            byte[] json = line.substring(65).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(HexFormat.of().formatHex(MerkleTree.leafHash(json)) + " ", line.substring(0, 65));
            tree.append(MerkleTree.leafHash(json));
        }
        try (FileStore store = open(root)) {
            assertEquals(
                    HexFormat.of().formatHex(tree.root()), store.checkpoint().root());
            assertEquals(
                    "serverless-promotion/" + store.id(), store.checkpoint().origin());
        }
    }

    @Test
    public void aFullSegmentIsFollowedByAnother() throws Exception {
        List<JournalRecord> before;
        try (FileStore store = StoreLab.openRolling(root, 700)) {
            append(store, 1, 40);
            before = all(store);
            assertEquals(41, before.size());
        }
        List<Path> segments = StoreLab.files(root, ".log");
        assertTrue(segments.toString(), segments.size() > 5);
        long first = 0;
        for (Path segment : segments) {
            assertEquals(
                    String.format("%020d.log", first), segment.getFileName().toString());
            first += Files.readAllLines(segment).size();
            assertTrue(Files.size(segment) <= 700);
        }
        try (FileStore store = StoreLab.openRolling(root, 700)) {
            assertEquals(before, all(store));
            store.append(entry(41));
            assertEquals(42, all(store).size());
        }
    }

    @Test
    public void aRecordLargerThanASegmentHasOneToItself() throws Exception {
        try (FileStore store = StoreLab.openRolling(root, 1)) {
            append(store, 1, 3);
            assertEquals(4, StoreLab.files(root, ".log").size());
        }
        try (FileStore store = StoreLab.openRolling(root, 1)) {
            assertEquals(4, all(store).size());
        }
    }

    @Test
    public void anEarlierTreeIsRecomputedFromDisk() throws Exception {
        try (FileStore store = StoreLab.openRolling(root, 1000)) {
            var checkpoints = new ArrayList<>(List.of(store.checkpoint()));
            for (int i = 1; i <= 30; i++) {
                store.append(entry(i));
                checkpoints.add(store.checkpoint());
            }
            for (var checkpoint : checkpoints) {
                assertEquals(checkpoint, store.checkpoint(checkpoint.size()));
            }
            assertThrows(IllegalArgumentException.class, () -> store.checkpoint(32));
            assertThrows(IllegalArgumentException.class, () -> store.checkpoint(-1));
            assertEquals(0, store.checkpoint(0).size());
        }
    }

    @Test
    public void severalThreadsMayAppend() throws Exception {
        var workers = Executors.newFixedThreadPool(8);
        try (FileStore store = open(root)) {
            List<Callable<List<Long>>> tasks = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                tasks.add(() -> {
                    var told = new ArrayList<Long>();
                    for (int i = 0; i < 25; i++) {
                        JournalRecord record = store.append(entry(i));
                        told.add(record.seq());
                        assertEquals(List.of(record), store.records(r -> r.seq() == record.seq()));
                    }
                    return told;
                });
            }
            var told = new TreeSet<Long>();
            for (Future<List<Long>> future : workers.invokeAll(tasks)) {
                told.addAll(future.get());
            }
            assertEquals(200, told.size());
            assertEquals(201, store.size());
        } finally {
            workers.shutdown();
        }
        try (FileStore store = open(root)) {
            assertEquals(201, all(store).size());
        }
    }

    @Test
    public void anInterruptedThreadStillRecordsAndStaysInterrupted() throws Exception {
        try (FileStore store = StoreLab.openRolling(root, 300)) {
            Thread.currentThread().interrupt();
            append(store, 1, 10);
            assertEquals(11, all(store).size());
            assertTrue("the interrupt is for somebody else", Thread.interrupted());
            store.append(entry(11));
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    public void aClosedStoreRefuses() throws Exception {
        FileStore store = open(root);
        store.close();
        store.close();
        assertTrue(assertThrows(IOException.class, () -> store.append(entry(1)))
                .getMessage()
                .contains("the store is closed"));
        assertEquals(1, all(store).size());
    }

    @Test
    public void theOtherProductNeverOpensIt() throws Exception {
        fill(root, 1);
        for (String owner : List.of("there", "missing")) {
            if (owner.equals("missing")) {
                Files.delete(root.resolve("owner"));
            }
            var refused = assertThrows(
                    IOException.class,
                    () -> FileStore.open(root, Product.CONTROLLER, StoreLab.CODEC, StoreLab.options(new RealDisk())));
            assertEquals(
                    root
                            + " is the store of the command line, and a Jenkins controller never opens that; use another folder",
                    refused.getMessage());
            assertEquals(
                    refused.getMessage(),
                    assertThrows(
                                    IOException.class,
                                    () -> FileStore.openReadOnly(root, Product.CONTROLLER, StoreLab.CODEC))
                            .getMessage());
        }
        open(root).close();
        assertTrue("the owner file is a copy and comes back", Files.exists(root.resolve("owner")));
    }

    /** The owner file is there so that nobody has to understand the other's journal to leave it alone. */
    @Test
    public void theOtherProductIsToldSoEvenWhenItCannotReadTheJournal() throws Exception {
        fill(root, 1);
        Files.writeString(StoreLab.segment(root), "of another time\n");
        var refused = assertThrows(
                IOException.class,
                () -> FileStore.open(root, Product.CONTROLLER, StoreLab.CODEC, StoreLab.options(new RealDisk())));
        assertTrue(refused.getMessage(), refused.getMessage().contains("is the store of the command line"));
        assertEquals("of another time\n", Files.readString(StoreLab.segment(root)));
    }

    @Test
    public void aNewerFormatIsOnlyRead() throws Exception {
        fill(root, 4);
        Files.writeString(root.resolve("format"), "3\n");
        var refused = assertThrows(IOException.class, () -> open(root));
        assertEquals(
                root + " was written by a newer version (format 3, this one knows 2); upgrade this program, or open the"
                        + " store read-only",
                refused.getMessage());
        try (FileStore store = openReadOnly(root)) {
            assertEquals(5, all(store).size());
            var error = assertThrows(IOException.class, () -> store.append(entry(5)));
            assertEquals("nothing was recorded: the store is open read-only", error.getMessage());
        }
    }

    @Test
    public void readingOnlyChangesNothingAndNeedsNoLock() throws Exception {
        fill(root, 4);
        Files.write(StoreLab.segment(root), new byte[] {'x', 'y'}, java.nio.file.StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(StoreLab.segment(root));
        try (FileStore reader = openReadOnly(root)) {
            assertEquals(5, reader.size());
            assertTrue(reader.damage().orElseThrow().contains("the last 2 bytes are not a complete record"));
        }
        assertEquals(before.length, Files.size(StoreLab.segment(root)));
        try (FileStore writer = open(root);
                FileStore reader = openReadOnly(root)) {
            assertEquals(all(writer), all(reader));
            writer.append(entry(6));
            assertEquals(writer.size() - 1, reader.size());
            assertEquals(Optional.empty(), reader.damage());
        }
    }

    @Test
    public void aFolderThatIsNoStoreIsNotRead() {
        assertThrows(IOException.class, () -> openReadOnly(root));
        assertFalse("reading creates nothing", Files.exists(root));
    }

    @Test
    public void aSecondOpenerOfTheSameProcessIsRefusedAndTheFirstKeepsItsLock() throws Exception {
        try (FileStore store = open(root)) {
            for (int i = 0; i < 2; i++) {
                var refused = assertThrows(IOException.class, () -> open(root));
                assertEquals(
                        root + " is in use by this process (since " + StoreLab.NOON
                                + "); end that first, or use another folder",
                        refused.getMessage());
            }
            Path other = root.getParent().resolve("link");
            Files.createSymbolicLink(other, root);
            assertThrows(IOException.class, () -> open(other));
            store.append(entry(1));
        }
        open(root).close();
    }

    @Test
    public void closingTwiceDoesNotTakeTheLockOfTheNextStore() throws Exception {
        FileStore first = open(root);
        first.close();
        try (FileStore second = open(root)) {
            first.close();
            assertEquals(
                    root + " is in use by this process (since " + StoreLab.NOON
                            + "); end that first, or use another folder",
                    assertThrows(IOException.class, () -> open(root)).getMessage());
            second.append(entry(1));
        }
        open(root).close();
    }

    @Test
    public void theLockNamesItsHolder() throws Exception {
        Files.createDirectories(root);
        Files.writeString(root.resolve("lock"), "a longer text of another time".repeat(9));
        try (FileStore store = open(root)) {
            assertEquals(
                    "process " + ProcessHandle.current().pid() + " since " + StoreLab.NOON + "\n",
                    Files.readString(root.resolve("lock")));
        }
    }

    @Test
    public void aFailedOpeningLetsGoOfTheFolder() throws Exception {
        fill(root, 1);
        Files.writeString(root.resolve("format"), "3\n");
        for (int i = 0; i < 2; i++) {
            assertTrue(assertThrows(IOException.class, () -> open(root))
                    .getMessage()
                    .contains("newer version"));
        }
        Files.writeString(root.resolve("format"), "1\n");
        open(root).close();
        Files.delete(root.resolve("lock"));
        Files.createDirectory(root.resolve("lock"));
        assertThrows(IOException.class, () -> open(root));
        Files.delete(root.resolve("lock"));
        open(root).close();
    }

    @Test
    public void aFileIsRolledAtOneByteToOneGibibyte() {
        var disk = new RealDisk();
        long most = (1L << 30) - JournalLine.LONGEST;
        for (long bytes : new long[] {1, most}) {
            assertEquals(bytes, new FileStore.Options(StoreLab.CLOCK, bytes, disk).segmentBytes());
        }
        for (long bytes : new long[] {0, -1, most + 1}) {
            assertThrows(IllegalArgumentException.class, () -> new FileStore.Options(StoreLab.CLOCK, bytes, disk));
        }
        assertEquals(64L << 20, FileStore.Options.defaults().segmentBytes());
    }

    @Test
    public void anEntryIsRecordedWithMilliseconds() throws Exception {
        var clock = Clock.fixed(StoreLab.NOON.plusNanos(1_999_999), ZoneOffset.UTC);
        try (FileStore store =
                FileStore.open(root, Product.CLI, StoreLab.CODEC, new FileStore.Options(clock, 1000, new RealDisk()))) {
            JournalRecord told = store.append(entry(1));
            assertEquals(StoreLab.NOON.plusMillis(1), told.at());
            assertEquals(told, all(store).get(1));
        }
    }

    @Test
    public void anEntryThatWouldBeReadBackAsAnotherIsRefused() throws Exception {
        Codec shifting = new Codec() {
            @Override
            public Entry replaced(Entry entry, UnaryOperator<String> texts) {
                return entry;
            }

            @Override
            public byte[] encode(JournalRecord record) {
                return StoreLab.CODEC.encode(
                        record.seq() == 0 ? record : new JournalRecord(record.seq() + 1, record.at(), record.entry()));
            }

            @Override
            public int version(byte[] record) {
                return StoreLab.CODEC.version(record);
            }

            @Override
            public JournalRecord decode(byte[] bytes) {
                return StoreLab.CODEC.decode(bytes);
            }
        };
        try (FileStore store = FileStore.open(root, Product.CLI, shifting, StoreLab.options(new RealDisk()))) {
            assertEquals(
                    "entry 1 would be read back as 2",
                    assertThrows(IllegalArgumentException.class, () -> store.append(entry(1)))
                            .getMessage());
            assertEquals(1, store.size());
        }
        open(root).close();
    }

    /** What does not fit the views is refused before it is written, not when the journal is read again. */
    @Test
    public void anEntryThatDoesNotFitTheOthersIsRefused() throws Exception {
        var again = new Entry.ReleasePublishedAgain("orders@1", Provenance.publishedBy("user:eve"), "user:eve");
        Codec real = new JournalCodec();
        try (FileStore store = FileStore.open(root, Product.CLI, real, StoreLab.options(new RealDisk()))) {
            assertThrows(IllegalArgumentException.class, () -> store.append(again));
            assertEquals(1, store.size());
            store.append(entry(1));
        }
        try (FileStore store = FileStore.open(root, Product.CLI, real, StoreLab.options(new RealDisk()))) {
            assertEquals(2, store.size());
        }
    }

    @Test
    public void theJournalAnswersWhatWasAppended() throws Exception {
        Codec real = new JournalCodec();
        var lane = new LaneId("orders", "prod");
        var signed = new Evidence.Signed("sha256:" + "a".repeat(64), "key", "user:a");
        var evidence = new Evidence(
                "orders@1.0.1", "tests", Evidence.Result.PASSED, "key:ci", null, null, StoreLab.NOON, signed);
        try (FileStore store = FileStore.open(root, Product.CLI, real, StoreLab.options(new RealDisk()))) {
            for (Entry entry : Samples.promotionsRecords(lane, 1)) {
                store.append(entry);
            }
            store.append(new Entry.EvidenceRecorded(evidence));
        }
        for (boolean writing : new boolean[] {true, false}) {
            try (FileStore store = writing
                    ? FileStore.open(root, Product.CLI, real, StoreLab.options(new RealDisk()))
                    : FileStore.openReadOnly(root, Product.CLI, real)) {
                assertEquals(List.of(lane), store.lanes());
                assertEquals(lane, store.lane(lane).id());
                assertEquals(List.of("orders"), store.services());
                assertEquals(
                        "1.0.1",
                        store.release("orders", "1.0.1").orElseThrow().ref().version());
                assertEquals(Optional.empty(), store.release("orders", "1.0.2"));
                assertEquals(1, store.releases("orders").size());
                assertEquals(List.of(evidence), store.evidence("orders@1.0.1"));
                assertTrue(store.knows("orders@1.0.1", signed));
                assertFalse(store.knows("orders@1.0.2", signed));
                String id = store.promotions(lane).get(0).id();
                assertEquals(store.promotions(lane).get(0), store.promotion(id).orElseThrow());
                for (int i = 0; i < 2; i++) {
                    assertEquals(Optional.of(Samples.plan(1, 8)), store.plan(id));
                }
                assertEquals(Optional.empty(), store.plan("orders.prod.7"));
            }
        }
    }

    @Test
    public void aStoreWhoseJournalIsGoneIsNotStartedAfresh() throws Exception {
        fill(root, 2);
        Path aside = root.getParent().resolve("aside");
        Files.move(root.resolve("journal"), aside);
        assertTrue(
                assertThrows(IOException.class, () -> open(root)).getMessage().contains("its journal is gone"));
        assertFalse(Files.exists(root.resolve("journal")));
        Files.createDirectory(root.resolve("journal"));
        assertTrue(
                assertThrows(IOException.class, () -> open(root)).getMessage().contains("its journal is gone"));
        Files.delete(root.resolve("journal"));
        Files.move(aside, root.resolve("journal"));
        Files.delete(root.resolve("format"));
        assertTrue(
                assertThrows(IOException.class, () -> open(root)).getMessage().contains("'format' is missing"));
    }

    @Test
    public void theJournalOfAnotherStoreIsNotTakenForThisOne() throws Exception {
        Path other = root.getParent().resolve("other");
        fill(root, 2);
        fill(other, 2);
        Files.copy(other.resolve("owner"), root.resolve("owner"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertTrue(
                assertThrows(IOException.class, () -> open(root)).getMessage().contains("put the right journal back"));
    }

    @Test
    public void whatCannotBeReadBackIsNotWritten() throws Exception {
        Codec forgetful = new Codec() {
            @Override
            public Entry replaced(Entry entry, UnaryOperator<String> texts) {
                return entry;
            }

            @Override
            public byte[] encode(JournalRecord record) {
                byte[] bytes = StoreLab.CODEC.encode(record);
                return record.seq() == 0 ? bytes : java.util.Arrays.copyOf(bytes, bytes.length - 1);
            }

            @Override
            public int version(byte[] record) {
                return StoreLab.CODEC.version(record);
            }

            @Override
            public JournalRecord decode(byte[] bytes) {
                return StoreLab.CODEC.decode(bytes);
            }
        };
        try (FileStore store = FileStore.open(root, Product.CLI, forgetful, StoreLab.options(new RealDisk()))) {
            assertThrows(IllegalArgumentException.class, () -> store.append(entry(1)));
            assertEquals(1, store.size());
        }
        try (FileStore store = open(root)) {
            assertEquals(1, store.size());
            store.append(entry(1));
        }
    }

    @Test
    public void aRecordWithAControlCharacterIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> JournalLine.write("{\n}".getBytes()));
        assertThrows(IllegalArgumentException.class, () -> JournalLine.write("{\0}".getBytes()));
        assertThrows(IllegalArgumentException.class, () -> JournalLine.write(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> JournalLine.write(new byte[JournalLine.LONGEST]));
    }
}
