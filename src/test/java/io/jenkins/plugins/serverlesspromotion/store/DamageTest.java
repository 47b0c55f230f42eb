package io.jenkins.plugins.serverlesspromotion.store;

import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.CODEC;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.STEP;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.all;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.entry;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.files;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.fill;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.lineStarts;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.openReadOnly;
import static io.jenkins.plugins.serverlesspromotion.store.StoreLab.segment;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a crash leaves is set aside; what anything else does to the files is refused, naming the place. */
public class DamageTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path root;

    @Before
    public void folder() {
        root = temporary.getRoot().toPath().resolve("home");
    }

    private FileStore open() throws IOException {
        return FileStore.open(root, Product.CLI, CODEC, StoreLab.options(new QuickDisk()));
    }

    private static Path parts(Path root, int index) throws IOException {
        return files(root, ".part").get(index);
    }

    /** Opens what is there: so many records, and exactly these bytes set aside and reported. */
    private void assertTorn(String when, List<JournalRecord> whole, byte[] tail) throws IOException {
        // A write that a crash cut short was never confirmed.
        Files.deleteIfExists(root.resolve("checkpoint"));
        try (FileStore store = open()) {
            List<JournalRecord> there = all(store);
            assertEquals(when, whole, there.subList(0, whole.size()));
            if (tail.length == 0) {
                assertEquals(when, whole.size(), there.size());
                assertEquals(when, List.of(), files(root, ".part"));
            } else {
                assertEquals(when, whole.size() + 1, there.size());
                String finding = ((Entry.StoreRepaired) there.get(whole.size()).entry()).finding();
                assertEquals(
                        when,
                        "a crash cut a write short; what it left, " + tail.length
                                + " bytes that were never reported, is set aside in journal/torn-" + whole.size()
                                + "-1.part",
                        finding);
                assertArrayEquals(when, tail, Files.readAllBytes(parts(root, 0)));
                Files.delete(parts(root, 0));
            }
            store.append(entry(1));
        }
        try (FileStore store = open()) {
            assertEquals(when, whole.size() + (tail.length == 0 ? 1 : 2), store.size());
        }
    }

    @Test
    public void aJournalCutAtAnyByteKeepsEveryWholeRecord() throws Exception {
        fill(root, 6);
        byte[] bytes = Files.readAllBytes(segment(root));
        List<Integer> starts = lineStarts(bytes);
        List<JournalRecord> records;
        try (FileStore store = openReadOnly(root)) {
            records = all(store);
        }
        for (int cut = starts.get(1); cut <= bytes.length; cut += STEP) {
            int whole = 0;
            while (whole + 1 < starts.size() && starts.get(whole + 1) <= cut) {
                whole++;
            }
            byte[] tail = Arrays.copyOfRange(bytes, starts.get(whole), cut);
            Files.write(segment(root), Arrays.copyOf(bytes, cut));
            assertTorn("cut at " + cut, records.subList(0, whole), tail);
        }
    }

    /** The length of the file reached the disk before its last blocks did. */
    @Test
    public void zerosAtTheEndAreTorn() throws Exception {
        fill(root, 4);
        byte[] bytes = Files.readAllBytes(segment(root));
        List<Integer> starts = lineStarts(bytes);
        List<JournalRecord> records;
        try (FileStore store = openReadOnly(root)) {
            records = all(store);
        }
        for (int zeros : List.of(1, 100, 511, 512, 4096, 10_000)) {
            for (int cut :
                    List.of(bytes.length, starts.get(4), starts.get(4) + 1, starts.get(4) + 70, bytes.length - 1)) {
                int whole = cut == bytes.length ? 5 : 4;
                byte[] extended = Arrays.copyOf(Arrays.copyOf(bytes, cut), cut + zeros);
                Files.write(segment(root), extended);
                assertTorn(
                        zeros + " zeros after " + cut,
                        records.subList(0, whole),
                        Arrays.copyOfRange(extended, starts.get(whole), extended.length));
            }
        }
    }

    /** A later block of the last write reached the disk and an earlier one did not: a whole-looking line with a hole. */
    @Test
    public void aHoleInTheLastLineIsTorn() throws Exception {
        fill(root, 3);
        List<JournalRecord> records;
        try (FileStore store = open()) {
            records = all(store);
            store.append(new Entry.Refused("user:bob", "write a long one", "0123456789".repeat(400)));
        }
        byte[] bytes = Files.readAllBytes(segment(root));
        int start = lineStarts(bytes).get(4);
        int holes = 0;
        for (int sector = start / 512; sector * 512 < bytes.length; sector++) {
            byte[] holed = bytes.clone();
            int from = Math.max(start, sector * 512);
            int to = Math.min(bytes.length, (sector + 1) * 512);
            Arrays.fill(holed, from, to, (byte) 0);
            Files.write(segment(root), holed);
            assertTorn("hole at " + from, records, Arrays.copyOfRange(holed, start, holed.length));
            holes++;
        }
        assertTrue(holes > 7);
    }

    private void assertDamaged(String when, Path file, long line, long offset, List<JournalRecord> before)
            throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        var refused = assertThrows(when, IOException.class, this::open);
        String place = file + " line " + line + " (byte " + offset + "): ";
        assertTrue(when + ": " + refused.getMessage(), refused.getMessage().startsWith(place));
        assertArrayEquals(when + ": nothing is changed", bytes, Files.readAllBytes(file));
        assertEquals(when, List.of(), files(root, ".part"));
        if (before.isEmpty()) {
            assertThrows(when, IOException.class, () -> openReadOnly(root));
        } else {
            try (FileStore store = openReadOnly(root)) {
                assertEquals(when, before, all(store));
                assertTrue(when, store.damage().orElseThrow().startsWith(place));
            }
        }
    }

    @Test
    public void anyChangedByteIsRefusedNamingItsLine() throws Exception {
        fill(root, 4);
        byte[] bytes = Files.readAllBytes(segment(root));
        List<Integer> starts = lineStarts(bytes);
        List<JournalRecord> records;
        try (FileStore store = openReadOnly(root)) {
            records = all(store);
        }
        // Without its last line feed the last line cannot be told from one that a crash cut short.
        for (int at = 0; at < bytes.length - 1; at += STEP) {
            int line = 0;
            while (starts.get(line + 1) <= at) {
                line++;
            }
            for (byte value : new byte[] {(byte) (bytes[at] ^ 1), 0}) {
                byte[] changed = bytes.clone();
                changed[at] = value;
                Files.write(segment(root), changed);
                assertDamaged("byte " + at, segment(root), line + 1, starts.get(line), records.subList(0, line));
            }
        }
    }

    @Test
    public void removedSwappedAndRepeatedLinesAreRefused() throws Exception {
        fill(root, 4);
        byte[] bytes = Files.readAllBytes(segment(root));
        List<Integer> s = lineStarts(bytes);
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            lines.add(Arrays.copyOfRange(bytes, s.get(i), s.get(i + 1)));
        }
        List<JournalRecord> records;
        try (FileStore store = openReadOnly(root)) {
            records = all(store);
        }
        int[][] orders = {
            {0, 1, 3, 4}, {0, 1, 3, 2, 4}, {0, 1, 1, 2, 3, 4}, {1, 2, 3, 4}, {0, 1, 2, 0}, {0, 1, 2, 3, 4, 4}
        };
        int[] firstBad = {2, 2, 2, 0, 3, 5};
        for (int i = 0; i < orders.length; i++) {
            var out = new ByteArrayOutputStream();
            long offset = 0;
            for (int k = 0; k < orders[i].length; k++) {
                if (k == firstBad[i]) {
                    offset = out.size();
                }
                out.write(lines.get(orders[i][k]));
            }
            Files.write(segment(root), out.toByteArray());
            assertDamaged(
                    Arrays.toString(orders[i]),
                    segment(root),
                    firstBad[i] + 1L,
                    offset,
                    records.subList(0, firstBad[i]));
        }
    }

    @Test
    public void onlyTheLastSegmentCanBeTorn() throws Exception {
        List<JournalRecord> records;
        try (FileStore store = StoreLab.openRolling(root, 400)) {
            StoreLab.append(store, 1, 12);
            records = all(store);
        }
        List<Path> segments = files(root, ".log");
        assertTrue(segments.size() > 3);
        Path second = segments.get(1);
        int first = Integer.parseInt(second.getFileName().toString().substring(0, 20));
        byte[] bytes = Files.readAllBytes(second);
        List<Integer> starts = lineStarts(bytes);
        int last = starts.size() - 2;
        Files.write(second, Arrays.copyOf(bytes, bytes.length - 3));
        assertDamaged("short", second, last + 1L, starts.get(last), records.subList(0, first + last));
        Files.write(second, Arrays.copyOf(bytes, bytes.length + 600));
        assertDamaged("zeros", second, last + 2L, bytes.length, records.subList(0, first + last + 1));
        Files.write(second, Arrays.copyOf(bytes, starts.get(last)));
        assertDamaged("a record less", segments.get(2), 1, 0, records.subList(0, first + last));
        Files.delete(second);
        assertDamaged("a segment less", segments.get(2), 1, 0, records.subList(0, first));
        Files.write(second, bytes);
        try (FileStore store = StoreLab.openRolling(root, 400)) {
            assertEquals(records, all(store));
        }
    }

    @Test
    public void aTailThatCannotBeCopiedAsideStaysWhereItIs() throws Exception {
        fill(root, 2);
        Files.write(segment(root), "half a line".getBytes(), java.nio.file.StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(segment(root));
        assertThrows(
                IOException.class,
                () -> FileStore.open(root, Product.CLI, CODEC, StoreLab.options(new FailingDisk(5, false))));
        assertArrayEquals(before, Files.readAllBytes(segment(root)));
        try (FileStore store = open()) {
            // The half copy is reported as well: it is there, and nobody should wonder why.
            assertEquals(List.of("torn-3-1.part", "torn-3-2.part"), names(files(root, ".part")));
            assertEquals(5, store.size());
        }
    }

    private static List<String> names(List<Path> paths) {
        return paths.stream().map(path -> path.getFileName().toString()).toList();
    }

    @Test
    public void aFullDiskRefusesFurtherEntriesAndKeepsEarlierOnes() throws Exception {
        fill(root, 2);
        for (int room = 0; room < 400; room += 7) {
            List<JournalRecord> told;
            try (FileStore store =
                    FileStore.open(root, Product.CLI, CODEC, StoreLab.options(new FailingDisk(2000 + room, false)))) {
                told = new ArrayList<>(all(store));
                IOException failure = null;
                for (int i = 0; failure == null; i++) {
                    try {
                        told.add(store.append(entry(i)));
                    } catch (IOException e) {
                        failure = e;
                    }
                }
                assertTrue(failure.getMessage(), failure.getMessage().contains("No space left on device"));
                assertTrue(failure.getMessage().startsWith("nothing was recorded: "));
                String again = assertThrows(IOException.class, () -> store.append(entry(1)))
                        .getMessage();
                assertEquals(
                        "every further one is refused, and the error names the cause", failure.getMessage(), again);
                assertEquals(
                        failure.getMessage(),
                        "nothing was recorded: " + store.refusal().orElseThrow());
                assertFalse("there is still no room", store.tryAgain());
                assertEquals("reading goes on", told, all(store));
                assertEquals(told.size(), store.checkpoint().size());
            }
            try (FileStore store = open()) {
                List<JournalRecord> there = all(store);
                assertEquals(told, there.subList(0, told.size()));
                assertTrue(there.stream()
                        .skip(told.size())
                        .allMatch(record -> record.entry() instanceof Entry.StoreRepaired));
            }
        }
    }

    /** Without a restart: the next entry, whoever brings it, finds out that there is room again. */
    @Test
    public void whenTheDiskHasRoomAgainWritingContinues() throws Exception {
        fill(root, 2);
        for (int room = 0; room < 400; room += 7) {
            for (boolean force : List.of(false, true)) {
                var disk = new FailingDisk(force ? Long.MAX_VALUE : 2000 + room, force);
                List<JournalRecord> told;
                try (FileStore store = FileStore.open(root, Product.CLI, CODEC, StoreLab.options(disk))) {
                    told = new ArrayList<>(all(store));
                    try {
                        for (int i = 0; ; i++) {
                            told.add(store.append(entry(i)));
                        }
                    } catch (IOException full) {
                        assertTrue(store.refusal().isPresent());
                    }
                    disk.mend();
                    JournalRecord next = store.append(entry(1));
                    assertEquals(Optional.empty(), store.refusal());
                    List<JournalRecord> there = all(store);
                    assertEquals("what was confirmed is there", told, there.subList(0, told.size()));
                    assertTrue(there.get(told.size()).entry() instanceof Entry.StoreRepaired);
                    assertEquals("one repair, one entry", List.of(next), there.subList(told.size() + 1, there.size()));
                    told = there;
                }
                try (FileStore store = open()) {
                    assertEquals("and the same after opening again", told, all(store));
                }
            }
        }
    }

    @Test
    public void aJournalWhoseEndWasRemovedIsNotWrittenTo() throws Exception {
        fill(root, 6);
        byte[] bytes = Files.readAllBytes(segment(root));
        List<Integer> starts = lineStarts(bytes);
        for (int kept = 1; kept < starts.size() - 1; kept++) {
            Files.write(segment(root), Arrays.copyOf(bytes, starts.get(kept)));
            assertShort(" ends before entry " + kept + ", and entries up to 6 were confirmed");
        }
        Files.write(segment(root), Arrays.copyOf(bytes, bytes.length - 1));
        assertShort(" ends before entry 6");
        assertEquals("nothing was set aside", List.of(), files(root, ".part"));
        try (FileStore store = openReadOnly(root)) {
            assertEquals("what is left can be read", 6, store.size());
            assertMissing("its torn end was confirmed", " ends before entry 6, and entries up to 6 were", store);
        }
        Files.write(segment(root), Arrays.copyOf(bytes, starts.get(3)));
        try (FileStore store = openReadOnly(root)) {
            assertMissing("nothing else shows it", " ends before entry 3, and entries up to 6 were", store);
        }
        Files.write(segment(root), bytes);
        try (FileStore store = open()) {
            assertEquals(7, store.size());
        }
    }

    private void assertMissing(String why, String how, FileStore store) {
        assertEquals(
                why,
                Optional.of(root.resolve("journal") + how + " confirmed: its end was removed or damaged"),
                store.damage());
    }

    private void assertShort(String how) {
        var refused = assertThrows(how, IOException.class, this::open);
        assertTrue(refused.getMessage(), refused.getMessage().startsWith(root.resolve("journal") + how));
    }

    @Test
    public void aJournalThatWasReplacedByAnotherOneIsNotWrittenTo() throws Exception {
        fill(root, 6);
        byte[] checkpoint = Files.readAllBytes(root.resolve("checkpoint"));
        Path other = temporary.getRoot().toPath().resolve("other");
        fill(other, 9);
        Files.write(other.resolve("checkpoint"), checkpoint);
        var refused = assertThrows(
                IOException.class, () -> FileStore.open(other, Product.CLI, CODEC, StoreLab.options(new QuickDisk())));
        assertTrue(
                refused.getMessage(),
                refused.getMessage().contains("does not begin with the 7 entries that were confirmed"));
        try (FileStore store = openReadOnly(other)) {
            assertEquals(10, store.size());
            assertEquals(
                    Optional.of(other.resolve("journal") + " does not begin with the 7 entries that were confirmed: it"
                            + " was changed or replaced"),
                    store.damage());
        }
    }

    /** As after a power cut: it is at most behind the journal. */
    @Test
    public void aCheckpointThatIsBehindOrUnreadableIsReplaced() throws Exception {
        fill(root, 3);
        Path file = root.resolve("checkpoint");
        byte[] behind = Files.readAllBytes(file);
        fill(root, 3);
        byte[] current = Files.readAllBytes(file);
        for (byte[] content : List.of(
                behind, new byte[0], new byte[current.length], "9".repeat(200).getBytes())) {
            Files.write(file, content);
            try (FileStore store = open()) {
                store.append(entry(1));
            }
            assertFalse(Arrays.equals(content, Files.readAllBytes(file)));
            assertEquals("it is a line of fixed length", current.length, Files.size(file));
            byte[] bytes = Files.readAllBytes(segment(root));
            List<Integer> starts = lineStarts(bytes);
            int last = starts.size() - 2;
            Files.write(segment(root), Arrays.copyOf(bytes, starts.get(last)));
            assertShort(" ends before entry " + last);
            Files.write(segment(root), bytes);
        }
    }

    /** A checkpoint protects also where the journal and the owner file are gone with what they say. */
    @Test
    public void anEmptiedFolderIsNoNewStore() throws Exception {
        fill(root, 3);
        Files.delete(segment(root));
        Files.delete(root.resolve("owner"));
        assertShort(" ends before entry 0, and entries up to 3 were confirmed");
        Files.write(root.resolve("journal/00000000000000000000.log"), new byte[0]);
        assertShort(" ends before entry 0, and entries up to 3 were confirmed");
        assertEquals(0, Files.size(segment(root)));
    }

    @Test
    public void aDiskThatFailsToForceRefusesAsWell() throws Exception {
        fill(root, 2);
        List<JournalRecord> told;
        try (FileStore store =
                FileStore.open(root, Product.CLI, CODEC, StoreLab.options(new FailingDisk(Long.MAX_VALUE, true)))) {
            told = all(store);
            assertTrue(assertThrows(IOException.class, () -> store.append(entry(1)))
                    .getMessage()
                    .contains("Input/output error"));
            assertThrows(IOException.class, () -> store.append(entry(2)));
            assertEquals(told, all(store));
        }
        try (FileStore store = open()) {
            List<JournalRecord> there = all(store);
            assertEquals(told, there.subList(0, told.size()));
            assertTrue("at most the one that nobody was told of", there.size() <= told.size() + 1);
        }
    }

    @Test
    public void aChangeWhileItIsOpenIsNoticedWhenRead() throws Exception {
        try (FileStore store = open()) {
            StoreLab.append(store, 1, 3);
            byte[] bytes = Files.readAllBytes(segment(root));
            bytes[lineStarts(bytes).get(2) + 80] ^= 1;
            Files.write(segment(root), bytes);
            String message = assertThrows(IOException.class, () -> all(store)).getMessage();
            assertTrue(message, message.contains(".log line 3: entry 2 was changed on disk"));
            assertThrows(IOException.class, () -> store.checkpoint(4));
            assertEquals(
                    "what stands before is not concerned",
                    2,
                    store.checkpoint(2).size());
        }
    }

    @Test
    public void filesThatAreNoSegmentsAreLeftAlone() throws Exception {
        fill(root, 2);
        Files.writeString(root.resolve("journal/notes.log"), "not ours");
        Files.writeString(root.resolve("journal/1.log"), "not ours");
        try (FileStore store = open()) {
            assertEquals(3, store.size());
        }
        assertFalse(Files.exists(root.resolve("journal/torn-3-1.part")));
    }

    @Test
    public void aDamagedOwnerOrFormatIsRefused() throws Exception {
        fill(root, 1);
        String owner = Files.readString(root.resolve("owner"));
        for (String text :
                List.of("", "product dog\nstore a\ncreated " + StoreLab.NOON + "\n", owner.replace("T", "x"))) {
            Files.writeString(root.resolve("owner"), text);
            assertTrue(assertThrows(IOException.class, this::open).getMessage().contains("is damaged"));
        }
        Files.writeString(root.resolve("owner"), owner);
        Files.writeString(root.resolve("format"), "one\n");
        assertTrue(assertThrows(IOException.class, this::open).getMessage().contains("must contain one number"));
    }
}
