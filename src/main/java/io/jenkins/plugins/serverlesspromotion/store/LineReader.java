package io.jenkins.plugins.serverlesspromotion.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads lines of bytes with their positions. */
final class LineReader {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private long offset;
    private long number;

    /**
     * @param offset of the next byte in the whole input, for {@link Line#offset}
     * @param number number of lines before it
     * @param longest the most bytes one line may have; a longer one is cut there and counts as unterminated
     */
    LineReader(InputStream in, long offset, long number, int longest) {
        this.in = in;
        this.offset = offset;
        this.number = number;
        this.longest = longest;
    }

    /**
     * @param bytes without the line feed
     * @param terminated whether a line feed follows
     * @param offset of the first byte, from 0
     * @param number from 1
     */
    record Line(byte[] bytes, boolean terminated, long offset, long number) {
        /** The number of bytes of the file that it covers. */
        int length() {
            return bytes.length + (terminated ? 1 : 0);
        }
    }

    /** The next line, null at the end. */
    Line next() throws IOException {
        byte[] line = new byte[0];
        while (true) {
            if (from == to) {
                to = Math.max(0, in.read(buffer));
                from = 0;
                if (to == 0) {
                    return line.length == 0 ? null : line(line, false);
                }
            }
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            int old = line.length;
            line = Arrays.copyOf(line, old + end - from);
            System.arraycopy(buffer, from, line, old, end - from);
            boolean terminated = end < to;
            from = terminated ? end + 1 : end;
            if (terminated) {
                return line(line, true);
            }
            if (line.length > longest) {
                return line(line, false);
            }
        }
    }

    private Line line(byte[] bytes, boolean terminated) {
        var line = new Line(bytes, terminated, offset, ++number);
        offset += line.length();
        return line;
    }
}
