package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Which entry of a block is named as the first bad one, and what is reported about it. */
public class AuditBlockTest {
    private static final long START = 64;
    private static final int LEAVES_LINE = 99;

    private static byte[] hash(int number) {
        return new byte[] {(byte) number, 1, 2};
    }

    /** In line 10 for the first entry, 11 for the second, and so on. */
    private static AuditBlock.Seen seen(int at, byte[] stated, byte[] leaf, long seq) {
        return new AuditBlock.Seen(10 + at, stated, leaf, seq, "");
    }

    private static List<AuditBlock.Seen> good(int count) {
        var seen = new ArrayList<AuditBlock.Seen>();
        for (int i = 0; i < count; i++) {
            seen.add(seen(i, hash(i), hash(i), START + i));
        }
        return seen;
    }

    private static List<byte[]> leaves(int count) {
        var leaves = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            leaves.add(hash(i));
        }
        return leaves;
    }

    private static void assertBad(long seq, long line, String why, AuditBlock.Bad bad) {
        assertNotNull(why, bad);
        assertEquals(new ExportVerification.Finding(seq, line, why), bad.finding());
    }

    private static AuditBlock.Bad against(List<AuditBlock.Seen> seen) {
        return AuditBlock.against(START, seen, leaves(4), LEAVES_LINE);
    }

    @Test
    public void aWholeBlockHasNothingBad() {
        assertNull(AuditBlock.alone(START, good(4)));
        assertNull(against(good(4)));
    }

    @Test
    public void anEntryThatIsWrongByItselfIsNamed() {
        for (int at = 0; at < 4; at++) {
            List<AuditBlock.Seen> seen = good(4);
            seen.set(at, seen(at, null, null, -1));
            assertBad(START + at, 10 + at, "the line is not a whole entry", AuditBlock.alone(START, seen));
            assertBad(START + at, 10 + at, "the line is not a whole entry", against(seen));
            seen.set(at, seen(at, hash(50), hash(at), START + at));
            assertBad(
                    START + at,
                    10 + at,
                    "its bytes do not have the hash that stands before them",
                    AuditBlock.alone(START, seen));
            assertBad(START + at, 10 + at, "the hash before it was changed; the entry itself is intact", against(seen));
            seen.set(at, seen(at, hash(at), hash(at), 3));
            assertBad(START + at, 10 + at, "entry 3 stands in its place", AuditBlock.alone(START, seen));
            assertBad(START + at, 10 + at, "entry 3 stands in its place", against(seen));
            seen.set(at, seen(at, hash(at), hash(at), 0));
            assertBad(START + at, 10 + at, "entry 0 stands in its place", AuditBlock.alone(START, seen));
            seen.set(at, seen(at, hash(at), hash(at), -1));
            String unreadable = "it has the form of an entry but cannot be read as one";
            assertBad(START + at, 10 + at, unreadable, AuditBlock.alone(START, seen));
            assertBad(START + at, 10 + at, unreadable, against(seen));
        }
    }

    @Test
    public void theFirstBadEntryIsNamedAndNotALaterOne() {
        List<AuditBlock.Seen> seen = good(4);
        seen.set(1, seen(1, hash(1), hash(1), 3));
        seen.set(2, seen(2, null, null, -1));
        assertBad(START + 1, 11, "entry 3 stands in its place", AuditBlock.alone(START, seen));
        assertBad(START + 1, 11, "entry 3 stands in its place", against(seen));
    }

    @Test
    public void whatWasDoneToAnEntryIsToldByTheProvedHashes() {
        List<AuditBlock.Seen> last = good(4);
        last.set(3, seen(3, hash(3), hash(40), START + 3));
        assertBad(START + 3, 13, "its bytes were changed", against(last));
        last.set(3, seen(3, hash(40), hash(40), START + 3));
        assertBad(START + 3, 13, "its bytes were changed and their hash computed again", against(last));
        last.set(3, seen(3, hash(41), hash(40), START + 3));
        assertBad(START + 3, 13, "its bytes and the hash before them were changed", against(last));
        last.set(3, seen(3, hash(40), hash(40), 7));
        assertBad(START + 3, 13, "entry 7 stands in its place", against(last));
        last.set(3, seen(3, hash(40), hash(40), 0));
        assertBad(START + 3, 13, "entry 0 stands in its place", against(last));
        last.set(3, seen(3, hash(40), hash(40), -1));
        assertBad(START + 3, 13, "its bytes were changed and their hash computed again", against(last));
        last.set(3, seen(3, hash(2), hash(2), START + 2));
        assertBad(START + 3, 13, "entry " + (START + 2) + " stands here a second time", against(last));

        List<AuditBlock.Seen> swapped = good(4);
        swapped.set(0, seen(0, hash(1), hash(1), START + 1));
        swapped.set(1, seen(1, hash(0), hash(0), START));
        assertBad(START, 10, "entry " + (START + 1) + " stands in its place, out of order", against(swapped));
        List<AuditBlock.Seen> removed = good(4);
        removed.remove(0);
        assertBad(START, 11, "it was removed; entry " + (START + 1) + " follows", against(removed));
        List<AuditBlock.Seen> inserted = good(4);
        inserted.add(3, seen(9, hash(40), hash(40), START + 3));
        assertBad(START + 3, 19, "this line was inserted before it", against(inserted));
    }

    @Test
    public void anEntryTooFewOrTooManyIsNamed() {
        assertBad(START + 3, LEAVES_LINE, "this entry is missing", against(good(3)));
        assertBad(START, LEAVES_LINE, "this entry is missing", against(List.of()));
        assertBad(START + 4, 14, "this line was inserted; no entry belongs here", against(good(5)));
    }
}
