package io.jenkins.plugins.serverlesspromotion.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The places of all records, with four bytes of memory per record. Safe for use by several threads. */
final class JournalIndex {
    /** A segment larger than this is refused, so that an offset fits an int. In bytes. */
    static final long LARGEST_SEGMENT = 1L << 30;

    private final List<Segment> segments = new ArrayList<>();
    private long size;

    private static final class Segment {
        private final Path file;
        private final long first;
        private int[] offsets = new int[64];
        private int count;
        private int length;

        Segment(Path file, long first) {
            this.file = file;
            this.first = first;
        }
    }

    /**
     * One record's place.
     *
     * @param line from 1
     * @param length with the line feed
     * @param next sequence number with which the segment ends, exclusive
     */
    record Place(Path file, long line, long offset, int length, long next) {}

    /** @param length number of bytes of its valid records */
    record Last(Path file, long first, long length) {}

    /** The following records are in {@code file}. */
    synchronized void begin(Path file) {
        segments.add(new Segment(file, size));
    }

    /** Adds a record of {@code length} bytes with its line feed. */
    synchronized void add(int length) {
        Segment last = segments.get(segments.size() - 1);
        if (last.count == last.offsets.length) {
            last.offsets = Arrays.copyOf(last.offsets, 2 * last.count);
        }
        last.offsets[last.count++] = last.length;
        last.length = Math.addExact(last.length, length);
        size++;
    }

    /** The number of records. */
    synchronized long size() {
        return size;
    }

    /** The segment that is being written, null before the first one. */
    synchronized Last last() {
        if (segments.isEmpty()) {
            return null;
        }
        Segment last = segments.get(segments.size() - 1);
        return new Last(last.file, last.first, last.length);
    }

    /** @throws IllegalArgumentException when there is no such record */
    synchronized Place place(long seq) {
        if (seq < 0 || seq >= size) {
            throw new IllegalArgumentException("there is no entry " + seq + "; the journal has " + size);
        }
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).first <= seq) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Segment segment = segments.get(low);
        int at = (int) (seq - segment.first);
        int end = at + 1 < segment.count ? segment.offsets[at + 1] : segment.length;
        return new Place(
                segment.file, at + 1L, segment.offsets[at], end - segment.offsets[at], segment.first + segment.count);
    }
}
