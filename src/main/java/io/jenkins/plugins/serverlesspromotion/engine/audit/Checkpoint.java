package io.jenkins.plugins.serverlesspromotion.engine.audit;

import java.util.Base64;
import java.util.HexFormat;

/**
 * The state of a log's Merkle tree at one size, in the form of C2SP tlog-checkpoint: three lines, each with a line
 * feed.
 *
 * @param origin identity of the log; one line, not empty
 * @param size number of entries, at least 0
 * @param root root hash, 64 hexadecimal digits
 */
public record Checkpoint(String origin, long size, String root) {
    public Checkpoint {
        if (!isOrigin(origin)) {
            throw new IllegalArgumentException("the origin of a checkpoint must be one line of text that is not empty");
        }
        if (size < 0) {
            throw new IllegalArgumentException("a checkpoint cannot have the size " + size);
        }
        if (!root.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("root '" + root + "' must be 64 hexadecimal digits");
        }
    }

    /** Whether {@code text} is one line of text that is not empty. */
    public static boolean isOrigin(String text) {
        return !text.isEmpty() && NoteSyntax.isText(text) && text.indexOf('\n') < 0;
    }

    public static Checkpoint of(String origin, MerkleTree tree) {
        return new Checkpoint(origin, tree.size(), HexFormat.of().formatHex(tree.root()));
    }

    /**
     * Reads the text of a checkpoint; extension lines are allowed and ignored, as the specification requires.
     *
     * @throws IllegalArgumentException naming the line that is wrong
     */
    public static Checkpoint parse(String text) {
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("a checkpoint ends with a line feed");
        }
        String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
        if (lines.length < 3) {
            throw new IllegalArgumentException("a checkpoint has three lines, this one has " + lines.length);
        }
        for (String line : lines) {
            if (line.isEmpty()) {
                throw new IllegalArgumentException("a checkpoint has no empty line");
            }
        }
        if (!lines[1].matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("line 2 of a checkpoint must be its size, not '" + lines[1] + "'");
        }
        byte[] root = NoteSyntax.base64(lines[2]);
        if (root == null || root.length != MerkleTree.HASH_BYTES) {
            throw new IllegalArgumentException(
                    "line 3 of a checkpoint must be a root hash in Base64, not '" + lines[2] + "'");
        }
        return new Checkpoint(lines[0], Long.parseLong(lines[1]), HexFormat.of().formatHex(root));
    }

    public String text() {
        return origin + "\n" + size + "\n"
                + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(root)) + "\n";
    }
}
