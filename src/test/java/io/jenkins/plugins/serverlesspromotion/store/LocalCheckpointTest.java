package io.jenkins.plugins.serverlesspromotion.store;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.MerkleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LocalCheckpointTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final MerkleTree tree = new MerkleTree();
    private Path file;

    @Before
    public void journal() {
        file = temporary.getRoot().toPath().resolve("checkpoint");
        grow(12);
    }

    private void grow(int records) {
        for (int i = 0; i < records; i++) {
            tree.append(MerkleTree.leafHash(new byte[] {(byte) i}));
        }
    }

    private LocalCheckpoint checkpoint(Disk disk) {
        return new LocalCheckpoint(file, disk);
    }

    private LocalCheckpoint.Saved read() throws IOException {
        return checkpoint(new QuickDisk()).read();
    }

    private LocalCheckpoint.Saved now() {
        return new LocalCheckpoint.Saved(tree.size(), HexFormat.of().formatHex(tree.root()));
    }

    private String written() throws IOException {
        try (LocalCheckpoint checkpoint = checkpoint(new QuickDisk())) {
            checkpoint.write(tree);
        }
        return Files.readString(file);
    }

    @Test
    public void whatIsWrittenIsOneSealedLine() throws Exception {
        assertNull("there is none yet", read());
        String text = written();
        String line = "serverless-promotion-checkpoint 1 0000000000000000012 "
                + HexFormat.of().formatHex(tree.root()) + " ";
        assertEquals(
                line + HexFormat.of().formatHex(MerkleTree.leafHash(line.getBytes(StandardCharsets.ISO_8859_1))) + "\n",
                text);
        assertEquals(now(), read());
    }

    @Test
    public void eachWriteReplacesTheOneBefore() throws Exception {
        written();
        try (LocalCheckpoint checkpoint = checkpoint(new QuickDisk())) {
            for (int i = 0; i < 3; i++) {
                grow(1);
                checkpoint.write(tree);
                assertEquals(now(), read());
            }
        }
    }

    @Test
    public void whatIsNotWholeCountsAsNone() throws Exception {
        String text = written();
        for (int at = 0; at < text.length(); at++) {
            Files.writeString(file, text.substring(0, at));
            assertNull("cut at " + at, read());
            for (char letter : new char[] {'0', '1', 'f', ' '}) {
                if (text.charAt(at) != letter) {
                    Files.writeString(file, text.substring(0, at) + letter + text.substring(at + 1));
                    assertNull("'" + letter + "' at " + at, read());
                }
            }
        }
        for (String other : new String[] {
            "",
            "\n",
            text + text,
            " " + text,
            text + " ",
            text.replace("0000000000000000012", "9".repeat(19)),
            "a b c d e"
        }) {
            Files.writeString(file, other);
            assertNull(other, read());
        }
        Files.writeString(file, text);
        assertEquals(now(), read());
    }

    @Test
    public void aLongerFileIsCutToTheLine() throws Exception {
        Files.writeString(file, "x".repeat(5000));
        String text = written();
        assertEquals(now(), read());
        assertEquals(text.length(), Files.size(file));
    }

    /** The record is durable before, so a checkpoint that cannot be written is no reason to refuse it. */
    @Test
    public void aFailedWriteIsTriedAgainWithTheNextRecord() throws Exception {
        written();
        byte[] before = Files.readAllBytes(file);
        for (int failing = 0; failing < 2; failing++) {
            for (int failures = 1; failures <= 2; failures++) {
                var disk = new TroubledDisk(false);
                try (LocalCheckpoint checkpoint = checkpoint(disk)) {
                    disk.fail(failing, failures);
                    grow(1);
                    checkpoint.write(tree);
                    assertArrayEquals("it failed", before, Files.readAllBytes(file));
                    assertTrue("closing may fail as well", failures == 1 || disk.untroubled() == (failing == 0));
                    disk.fail(Integer.MAX_VALUE, 0);
                    grow(1);
                    checkpoint.write(tree);
                    assertEquals(now(), read());
                    before = Files.readAllBytes(file);
                }
            }
        }
    }
}
