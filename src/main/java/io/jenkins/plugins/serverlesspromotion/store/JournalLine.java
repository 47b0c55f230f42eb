package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One line of the journal: 64 hexadecimal digits of the record's Merkle leaf hash, a space, the record, a line feed.
 *
 * @param stated the hash as written in the line
 * @param json the record as the codec wrote it
 * @param leaf the hash of {@code json}
 */
record JournalLine(byte[] stated, byte[] json, byte[] leaf) {
    /** Limit of a record in bytes; a larger one is refused before it is written. */
    static final int LONGEST = 32 << 20;

    private static final int HEX = 2 * MerkleTree.HASH_BYTES;

    /** Whether the written hash is that of the record. */
    boolean intact() {
        return MessageDigest.isEqual(stated, leaf);
    }

    /** @return null when {@code line} does not have the form of a line */
    static JournalLine parse(byte[] line) {
        if (line.length < HEX + 2 || line[HEX] != ' ') {
            return null;
        }
        for (int i = 0; i < HEX; i++) {
            // Upper-case digits are refused, because one hash must have only one form.
            if (!(line[i] >= '0' && line[i] <= '9' || line[i] >= 'a' && line[i] <= 'f')) {
                return null;
            }
        }
        byte[] stated = HexFormat.of().parseHex(new String(line, 0, HEX, StandardCharsets.US_ASCII));
        byte[] json = Arrays.copyOfRange(line, HEX + 1, line.length);
        return new JournalLine(stated, json, MerkleTree.leafHash(json));
    }

    /**
     * The line for a record, with its line feed.
     *
     * @throws IllegalArgumentException when {@code json} has a control character, which would break the lines or look
     *     like a gap after a power cut, or is longer than {@link #LONGEST}
     */
    static byte[] write(byte[] json) {
        if (json.length == 0 || json.length > LONGEST - HEX - 2) {
            throw new IllegalArgumentException("a journal record must have 1 to " + (LONGEST - HEX - 2) + " bytes, not "
                    + json.length + ": nothing was written");
        }
        for (byte b : json) {
            if (b >= 0 && b < ' ') {
                throw new IllegalArgumentException(
                        "a journal record must be canonical JSON without control characters");
            }
        }
        byte[] line = new byte[HEX + 1 + json.length + 1];
        byte[] hex = HexFormat.of().formatHex(MerkleTree.leafHash(json)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(hex, 0, line, 0, HEX);
        line[HEX] = ' ';
        System.arraycopy(json, 0, line, HEX + 1, json.length);
        line[line.length - 1] = '\n';
        return line;
    }
}
