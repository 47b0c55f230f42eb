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
 * Size and Merkle root of the journal, in a file next to it that is written after each record is durable. A journal
 * that is shorter than this, or does not begin with this tree, has lost or changed records that were confirmed. The
 * file protects against a lost or shortened journal, not against a person who can write to the folder, who could change
 * both. Protection against that needs a checkpoint outside the machine.
 *
 * <p>The file is one line of fixed length and is overwritten in place, without a force: the record was forced first, so
 * after a power cut the file is at most behind the journal, never ahead of it. An unreadable file counts as no file.
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

    /** The content of the file; null when there is none, or it is not readable as a whole. */
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
            return null; // 19 digits can exceed the range of a long
        }
    }

    /**
     * Writes the file. The records are already durable, so a failure does not refuse them: the next write tries again.
     */
    void write(MerkleTree tree) {
        byte[] line = Saved.of(tree).text().getBytes(StandardCharsets.ISO_8859_1);
        try {
            if (out == null) {
                out = Files.exists(file) ? disk.open(file) : disk.create(file);
                // Bytes after the line would make it unreadable, also after every later write.
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
