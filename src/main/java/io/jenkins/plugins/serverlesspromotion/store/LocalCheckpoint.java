package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Size and Merkle root of the journal, kept in a file beside it and written after each record is durable. A journal that
 * is shorter than this, or does not begin with this tree, has lost or changed records that were confirmed. The file
 * protects against a lost or shortened journal, not against a person who can write to the folder: whoever can change the
 * journal can change this file too. That needs a checkpoint outside the machine.
 *
 * <p>The file is one line of fixed length and is overwritten in place, without a force: the record was forced first, so
 * after a power cut the file is at most behind the journal, never ahead of it. What cannot be read counts as no file.
 */
final class LocalCheckpoint implements Closeable {
    private static final String MARK = "serverless-promotion-checkpoint 1";

    private final Path file;
    private final Disk disk;

    /** Null until the first write, and after a failed one. */
    private Disk.Output out;

    LocalCheckpoint(Path file, Disk disk) {
        this.file = file;
        this.disk = disk;
    }

    /**
     * @param size number of records, 0 or more
     * @param root of the Merkle tree over them, 64 hexadecimal digits
     */
    record Saved(long size, String root) {
        static Saved of(MerkleTree tree) {
            return new Saved(tree.size(), HexFormat.of().formatHex(tree.root()));
        }

        private String text() {
            String start = MARK + " " + String.format("%019d", size) + " " + root + " ";
            return start + HexFormat.of().formatHex(MerkleTree.leafHash(start.getBytes(StandardCharsets.ISO_8859_1)))
                    + "\n";
        }
    }

    /** What the file says; null when there is none, or it cannot be read as a whole. */
    Saved read() throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return null;
        }
        String[] words = text.strip().split(" ");
        if (words.length != 5 || !words[2].matches("[0-9]{19}")) {
            return null;
        }
        try {
            var saved = new Saved(Long.parseLong(words[2]), words[3]);
            return saved.text().equals(text) ? saved : null;
        } catch (NumberFormatException e) {
            return null; // 19 digits can be more than a long holds
        }
    }

    /** Writes it. The records are durable already, so a failure is no reason to refuse them: the next write tries again. */
    void write(MerkleTree tree) {
        byte[] line = Saved.of(tree).text().getBytes(StandardCharsets.ISO_8859_1);
        try {
            if (out == null) {
                out = Files.exists(file) ? disk.open(file) : disk.create(file);
                // Bytes behind the line would make it unreadable, also after every later write.
                if (Files.size(file) > line.length) {
                    out.truncate(line.length);
                }
            }
            out.write(0, line);
        } catch (IOException e) {
            closeQuietly();
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            out = null;
        }
    }

    @Override
    public void close() throws IOException {
        Disk.Output open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }
}
