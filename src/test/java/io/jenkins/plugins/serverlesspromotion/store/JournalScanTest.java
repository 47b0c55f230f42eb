package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.port.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Where a journal stops being one: file, line, byte and why. */
public class JournalScanTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path root;
    private Path folder;

    @Before
    public void folder() {
        root = temporary.getRoot().toPath().resolve("home");
        folder = root.resolve("journal");
    }

    private static JournalRecord record(long seq, Entry entry) {
        return new JournalRecord(seq, StoreLab.NOON, entry);
    }

    private static byte[] lines(JournalRecord... records) {
        var out = new ByteArrayOutputStream();
        for (JournalRecord record : records) {
            out.writeBytes(JournalLine.write(StoreLab.CODEC.encode(record)));
        }
        return out.toByteArray();
    }

    private String fault(Codec codec) throws IOException {
        JournalScan scan = JournalScan.of(folder, codec, JournalScan.Skip.NOTHING, record -> {});
        assertFalse(scan.fault().torn());
        return scan.fault().sentence();
    }

    private String fault() throws IOException {
        return fault(StoreLab.CODEC);
    }

    private Path written(int first, byte[] bytes) throws IOException {
        Files.createDirectories(folder);
        return Files.write(folder.resolve(JournalScan.name(first)), bytes);
    }

    @Test
    public void aFileThatContinuesNothingIsDamageAlsoWhenItIsEmpty() throws Exception {
        written(0, lines(record(0, new Entry.StoreCreated("s", "cli"))));
        Path empty = written(7, new byte[0]);
        String expected = empty + " line 1 (byte 0): it should start with entry 1, the next after the file before it: a"
                + " file is missing or was put there";
        assertEquals(expected, fault());
        Files.write(empty, lines(record(1, StoreLab.entry(1))));
        assertEquals(expected, fault());
    }

    @Test
    public void aFileLargerThanAnyThatIsWrittenIsNotRead() throws Exception {
        Path file = written(0, new byte[0]);
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(JournalIndex.LARGEST_SEGMENT + 1);
        }
        assertEquals(
                file + " line 1 (byte 0): it has " + (JournalIndex.LARGEST_SEGMENT + 1)
                        + " bytes, more than this program ever writes",
                fault());
    }

    @Test
    public void theFirstRecordAndOnlyTheFirstIsTheStoresCreation() throws Exception {
        var created = new Entry.StoreCreated("s", "cli");
        Path file = written(0, lines(record(0, created), record(1, created)));
        long second = lines(record(0, created)).length;
        String expected = "the record that a store was created must be the first and only the first";
        assertEquals(file + " line 2 (byte " + second + "): " + expected, fault());
        written(0, lines(record(0, StoreLab.entry(1))));
        assertEquals(file + " line 1 (byte 0): " + expected, fault());
    }

    @Test
    public void aRecordOfAnotherPlaceIsDamage() throws Exception {
        Path file = written(0, lines(record(0, new Entry.StoreCreated("s", "cli")), record(5, StoreLab.entry(1))));
        assertTrue(fault(), fault().startsWith(file + " line 2 (byte "));
        assertTrue(fault(), fault().endsWith(": it is numbered as entry 5 but stands where entry 1 belongs"));
    }

    @Test
    public void theWayInWhichALineIsDamagedIsTold() throws Exception {
        byte[] bytes = lines(record(0, new Entry.StoreCreated("s", "cli")), record(1, StoreLab.entry(1)));
        int second = lines(record(0, new Entry.StoreCreated("s", "cli"))).length;
        Path file = written(0, Arrays.copyOf(bytes, bytes.length - 1));
        written(2, lines(record(2, StoreLab.entry(2))));
        String where = file + " line 2 (byte " + second + "): ";
        assertEquals(where + "it has no end", fault());
        byte[] changed = bytes.clone();
        changed[second] = 'x';
        written(0, changed);
        assertEquals(where + "it is not a hash and a record", fault());
        changed = bytes.clone();
        changed[second + 70] ^= 1;
        written(0, changed);
        assertEquals(where + "its bytes do not have the hash that stands before them", fault());
    }

    /** A version that does not know a kind of entry must not write behind it. */
    @Test
    public void anIntactRecordThatCannotBeReadIsDamage() throws Exception {
        StoreLab.fill(root, 3);
        Codec older = new Codec() {
            @Override
            public Entry replaced(Entry entry, UnaryOperator<String> texts) {
                return entry;
            }

            @Override
            public byte[] encode(JournalRecord record) {
                return StoreLab.CODEC.encode(record);
            }

            @Override
            public int version(byte[] record) {
                return StoreLab.CODEC.version(record);
            }

            @Override
            public JournalRecord decode(byte[] bytes) {
                JournalRecord record = StoreLab.CODEC.decode(bytes);
                if (record.seq() == 2) {
                    throw new IllegalArgumentException("no such entry is known");
                }
                return record;
            }
        };
        String why = "it is intact but this version cannot read it: no such entry is known";
        assertTrue(fault(older), fault(older).endsWith(why));
        String refused = assertThrows(
                        IOException.class,
                        () -> FileStore.open(root, Product.CLI, older, StoreLab.options(new QuickDisk())))
                .getMessage();
        assertTrue(refused, refused.contains(" line 3 (byte ") && refused.contains(why));
    }

    @Test
    public void aReaderOfAnOpenJournalNamesTheLineThatChanged() throws Exception {
        try (FileStore store = StoreLab.open(root)) {
            StoreLab.append(store, 1, 5);
            Path segment = StoreLab.segment(root);
            byte[] bytes = Files.readAllBytes(segment);
            List<Integer> starts = StoreLab.lineStarts(bytes);
            byte[] changed = bytes.clone();
            changed[starts.get(4) + 70] ^= 1;
            for (byte[] now : new byte[][] {changed, Arrays.copyOf(bytes, starts.get(5) - 1)}) {
                Files.write(segment, now);
                var read = new ArrayList<byte[]>();
                assertEquals(
                        segment + " line 5: entry 4 was changed on disk while the store was open; stop writing and"
                                + " compare with a backup",
                        assertThrows(IOException.class, () -> store.read(2, 6, (seq, line, parsed) -> read.add(line)))
                                .getMessage());
                assertEquals(2, read.size());
                assertArrayEquals(Arrays.copyOfRange(bytes, starts.get(2), starts.get(3) - 1), read.get(0));
            }
            Files.write(segment, bytes);
        }
    }

    @Test
    public void anEmptyOrMissingJournalIsToldFromAReadableOne() throws Exception {
        StoreLab.fill(root, 1);
        Files.write(StoreLab.segment(root), new byte[0]);
        assertEquals(
                root + " cannot be read: its journal is empty",
                assertThrows(IOException.class, () -> StoreLab.openReadOnly(root))
                        .getMessage());
        Files.write(StoreLab.segment(root), new byte[] {'x'});
        String torn = assertThrows(IOException.class, () -> StoreLab.openReadOnly(root))
                .getMessage();
        assertTrue(torn, torn.contains("the last 1 bytes are not a complete record"));
        Files.delete(root.resolve("checkpoint"));
        assertTrue(
                "no new store is made where the owner file names a store",
                assertThrows(IOException.class, () -> StoreLab.open(root))
                        .getMessage()
                        .contains("its journal is gone"));
        Files.delete(StoreLab.segment(root));
        Files.delete(folder);
        assertEquals(
                root + " has no journal: it is not the folder of a store",
                assertThrows(IOException.class, () -> StoreLab.openReadOnly(root))
                        .getMessage());
    }
}
