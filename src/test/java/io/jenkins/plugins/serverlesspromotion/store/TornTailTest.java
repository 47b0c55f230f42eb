package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What counts as the rest of a write that a crash cut short; anything else is damage and is never set aside. */
public class TornTailTest {
    private static final int SECTOR = 512;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private static LineReader.Line line(long offset, byte[] bytes, boolean terminated) {
        return new LineReader.Line(bytes, terminated, offset, 1);
    }

    private static byte[] text(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    private static boolean couldBe(long offset, byte[] bytes, boolean terminated) {
        LineReader.Line line = line(offset, bytes, terminated);
        return TornTail.couldBe(line, offset + line.length());
    }

    @Test
    public void onlyTheEndOfTheFileCanBeTorn() {
        LineReader.Line holes = line(100, new byte[3 * SECTOR], true);
        assertTrue(TornTail.couldBe(holes, 100 + holes.length()));
        assertFalse("a line follows", TornTail.couldBe(holes, 100 + holes.length() + 1));
        LineReader.Line cut = line(100, text(10), false);
        assertTrue(TornTail.couldBe(cut, 110));
        assertFalse(TornTail.couldBe(cut, 111));
    }

    @Test
    public void aWholeLineIsTornOnlyWhereASectorIsMissing() {
        assertFalse(couldBe(0, text(2000), true));
        for (long offset : new long[] {0, 100, SECTOR}) {
            for (int from = 0; from < 4 * SECTOR; from += 37) {
                for (int length : new int[] {1, SECTOR - 1, SECTOR, SECTOR + 1, 2 * SECTOR}) {
                    byte[] bytes = text(4 * SECTOR);
                    Arrays.fill(bytes, from, Math.min(bytes.length, from + length), (byte) 0);
                    boolean missing = false;
                    for (int at = 0; at < bytes.length; ) {
                        int end = (int) Math.min(bytes.length, (offset + at) / SECTOR * SECTOR + SECTOR - offset);
                        missing |= from <= at && from + length >= end;
                        at = end;
                    }
                    String when = length + " zeros from " + from + " in a line at " + offset;
                    assertEquals(when, missing, couldBe(offset, bytes, true));
                }
            }
        }
    }

    @Test
    public void whatWasSetAsideIsReportedOnceWithItsLength() throws Exception {
        Path folder = temporary.getRoot().toPath();
        Files.writeString(folder.resolve("torn-12-1.part"), "12345");
        Files.writeString(folder.resolve("torn-12-2.part"), "123");
        Files.writeString(folder.resolve("notes.part"), "no tail");
        String first = "a crash cut a write short; what it left, 5 bytes that were never reported, is set aside in"
                + " journal/torn-12-1.part";
        String second = "a crash cut a write short; what it left, 3 bytes that were never reported, is set aside in"
                + " journal/torn-12-2.part";
        var one = new Entry.StoreRepaired(first, "torn-12-1.part");
        var two = new Entry.StoreRepaired(second, "torn-12-2.part");
        var other = new Entry.StoreRepaired("something else");
        assertEquals(List.of(one, two), TornTail.unreported(folder, List.of(other)));
        assertEquals(List.of(two), TornTail.unreported(folder, List.of(other, one)));
        assertEquals(List.of(), TornTail.unreported(folder, List.of(two, one)));
    }

    @Test
    public void whatWasReportedIsKnownByItsFileAndInOlderRecordsByTheSentence() throws Exception {
        Path folder = temporary.getRoot().toPath();
        Files.writeString(folder.resolve("torn-12-1.part"), "12345");
        var older = new Entry.StoreRepaired("something is set aside in journal/torn-12-1.part");
        assertEquals(List.of(), TornTail.unreported(folder, List.of(older)));
        var about = new Entry.StoreRepaired("whatever it says", "torn-12-1.part");
        assertEquals(List.of(), TornTail.unreported(folder, List.of(about)));
        var another = new Entry.StoreRepaired("it was not torn-12-1.part", "torn-13-1.part");
        assertEquals(1, TornTail.unreported(folder, List.of(another)).size());
    }

    @Test
    public void anOpenedStoreReportsATornTailOnlyOnce() throws Exception {
        Path root = temporary.getRoot().toPath().resolve("home");
        StoreLab.fill(root, 2);
        for (int tails = 1; tails <= 2; tails++) {
            Files.writeString(StoreLab.segment(root), "torn", StandardOpenOption.APPEND);
            for (int opened = 0; opened < 2; opened++) {
                try (FileStore store = StoreLab.open(root)) {
                    assertEquals(
                            "tail " + tails + ", opened " + opened,
                            tails,
                            store.records(r -> r.entry() instanceof Entry.StoreRepaired)
                                    .size());
                }
            }
        }
    }
}
