package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.Test;

public class LineReaderTest {
    private static final int LONGEST = 200_000;

    private static InputStream bytes(byte[] bytes, int most) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] buffer) throws IOException {
                return in.read(buffer, 0, Math.min(most, buffer.length));
            }
        };
    }

    /** Lines of these lengths, the last one with or without its line feed, in pieces of at most so many bytes. */
    private static void assertLines(int[] lengths, boolean terminated, int most) throws IOException {
        String when = Arrays.toString(lengths) + " in pieces of " + most;
        int total = Arrays.stream(lengths).sum() + lengths.length - (terminated ? 0 : 1);
        byte[] all = new byte[total];
        Arrays.fill(all, (byte) 'x');
        int end = -1;
        for (int i = 0; i < lengths.length; i++) {
            end += lengths[i] + 1;
            if (terminated || i < lengths.length - 1) {
                all[end] = '\n';
            }
        }
        var lines = new LineReader(bytes(all, most), 1000, 7, LONGEST);
        long offset = 1000;
        for (int i = 0; i < lengths.length; i++) {
            LineReader.Line line = lines.next();
            byte[] expected = new byte[lengths[i]];
            Arrays.fill(expected, (byte) 'x');
            assertArrayEquals(when, expected, line.bytes());
            assertEquals(when, terminated || i < lengths.length - 1, line.terminated());
            assertEquals(when, offset, line.offset());
            assertEquals(when, 8 + i, line.number());
            offset += line.length();
        }
        assertEquals(when, 1000 + total, offset);
        assertNull(when, lines.next());
        assertNull(when, lines.next());
    }

    @Test
    public void linesAreFoundWhateverTheirLengthsAndThePiecesTheyComeIn() throws IOException {
        int buffer = 1 << 16;
        for (int most : new int[] {1 << 20, 4096, 100_000}) {
            assertLines(new int[] {1}, false, most);
            assertLines(new int[] {0, 0, 3, 0}, true, most);
            assertLines(new int[] {5, 1}, false, most);
            for (int around = -2; around <= 1; around++) {
                assertLines(new int[] {buffer + around, 4}, true, most);
                assertLines(new int[] {buffer + around, 4}, false, most);
                assertLines(new int[] {2 * buffer + around, 4}, true, most);
                assertLines(new int[] {10, buffer + around - 11, 4}, true, most);
            }
        }
        assertLines(new int[] {3, 0, 2}, true, 1);
        assertNull(new LineReader(bytes(new byte[0], 1), 0, 0, LONGEST).next());
    }

    /** Otherwise a file without a line feed would fill the memory. */
    @Test
    public void aLineThatIsTooLongIsCutAndHasNoEnd() throws IOException {
        int[] read = {0};
        var endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] buffer) {
                read[0] += buffer.length;
                Arrays.fill(buffer, (byte) 'x');
                return buffer.length;
            }
        };
        LineReader.Line line = new LineReader(endless, 0, 0, LONGEST).next();
        assertEquals(false, line.terminated());
        assertEquals(read[0], line.bytes().length);
        assertEquals(4 << 16, read[0]);
        byte[] most = new byte[1 << 16];
        assertEquals(
                "as long as the limit is not too long",
                true,
                new LineReader(bytes((new String(most) + "\n").getBytes(), 1 << 16), 0, 0, 1 << 16)
                        .next()
                        .terminated());
    }
}
