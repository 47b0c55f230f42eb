package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import java.nio.file.Path;
import org.junit.Test;

public class JournalIndexTest {
    private static Path file(int segment) {
        return Path.of("segment-" + segment);
    }

    @Test
    public void everyRecordIsFoundInSegmentsOfAnyNumberOfRecords() {
        var index = new JournalIndex();
        assertNull(index.last());
        int[] counts = {1, 0, 63, 64, 65, 0, 200, 1, 0};
        long seq = 0;
        for (int segment = 0; segment < counts.length; segment++) {
            index.begin(file(segment));
            assertEquals(new JournalIndex.Last(file(segment), seq, 0), index.last());
            long length = 0;
            for (int i = 0; i < counts[segment]; i++) {
                index.add(10 + i);
                length += 10 + i;
                assertEquals(++seq, index.size());
            }
            assertEquals(new JournalIndex.Last(file(segment), seq - counts[segment], length), index.last());
        }
        seq = 0;
        for (int segment = 0; segment < counts.length; segment++) {
            long offset = 0;
            long next = seq + counts[segment];
            for (int i = 0; i < counts[segment]; i++) {
                assertEquals(new JournalIndex.Place(file(segment), i + 1L, offset, 10 + i, next), index.place(seq++));
                offset += 10 + i;
            }
        }
        long size = seq;
        assertThrows(IllegalArgumentException.class, () -> index.place(size));
        assertThrows(IllegalArgumentException.class, () -> index.place(-1));
    }
}
