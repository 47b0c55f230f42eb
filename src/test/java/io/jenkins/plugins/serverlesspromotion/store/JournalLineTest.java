package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.Test;

public class JournalLineTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JournalLine parse(byte[] line) {
        return JournalLine.parse(Arrays.copyOf(line, line.length - 1));
    }

    @Test
    public void whatIsWrittenIsReadBack() {
        for (String json : new String[] {"{}", "1", "{\"ä\":\"\uD83D\uDE00 ~\u007f\"}"}) {
            byte[] line = JournalLine.write(bytes(json));
            assertEquals('\n', line[line.length - 1]);
            assertEquals(65 + bytes(json).length + 1, line.length);
            JournalLine read = parse(line);
            assertArrayEquals(bytes(json), read.json());
            assertArrayEquals(MerkleTree.leafHash(bytes(json)), read.leaf());
            assertArrayEquals(read.leaf(), read.stated());
            assertTrue(read.intact());
        }
    }

    @Test
    public void aRecordThatIsNotThatOfItsHashIsNotIntact() {
        byte[] line = JournalLine.write(bytes("{\"a\":1}"));
        line[70] ^= 1;
        assertFalse(parse(line).intact());
    }

    /** Every hash has one spelling, so that a line has one. */
    @Test
    public void onlyLowerCaseHexadecimalDigitsAreAHash() {
        byte[] line = JournalLine.write(bytes("{}"));
        for (int at = 0; at < 64; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = line.clone();
                changed[at] = (byte) value;
                boolean digit = value >= '0' && value <= '9' || value >= 'a' && value <= 'f';
                assertEquals("byte " + value + " at " + at, digit, parse(changed) != null);
            }
        }
        line[64] = '\t';
        assertNull("no space", parse(line));
    }

    @Test
    public void aLineHasAHashASpaceAndARecord() {
        byte[] line = JournalLine.write(bytes("1"));
        assertNotNull(parse(line));
        for (int length = 0; length < line.length - 1; length++) {
            assertNull("cut to " + length, JournalLine.parse(Arrays.copyOf(line, length)));
        }
    }

    @Test
    public void everyControlCharacterIsRefusedAndNothingElseIs() {
        var chance = new Random(1);
        for (int value = 0; value < 256; value++) {
            byte[] json = bytes("{\"a\":\"b\"}");
            json[chance.nextInt(json.length)] = (byte) value;
            if (value < 0x20) {
                assertThrows(IllegalArgumentException.class, () -> JournalLine.write(json));
            } else {
                assertArrayEquals(json, parse(JournalLine.write(json)).json());
            }
        }
    }

    /** A longer one could be written and never read. */
    @Test
    public void aRecordIsAtMostSoLongThatItsLineCanBeRead() throws Exception {
        byte[] json = new byte[JournalLine.LONGEST - 66];
        Arrays.fill(json, (byte) 'x');
        byte[] line = JournalLine.write(json);
        assertEquals(JournalLine.LONGEST, line.length);
        var read = new LineReader(new java.io.ByteArrayInputStream(line), 0, 0, JournalLine.LONGEST).next();
        assertTrue(read.terminated());
        byte[] longer = Arrays.copyOf(json, json.length + 1);
        longer[json.length] = 'x';
        for (byte[] wrong : new byte[][] {longer, {}}) {
            String refused = assertThrows(IllegalArgumentException.class, () -> JournalLine.write(wrong))
                    .getMessage();
            assertTrue(refused, refused.endsWith("not " + wrong.length + ": nothing was written"));
        }
    }
}
