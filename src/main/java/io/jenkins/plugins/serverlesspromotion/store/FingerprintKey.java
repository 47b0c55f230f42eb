package io.jenkins.plugins.serverlesspromotion.store;

import io.jenkins.plugins.serverlesspromotion.engine.release.HiddenValues;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The key for fingerprints of hidden values: 32 random bytes in a file of the store's folder, which only the owner can
 * read. The file is created when it is first needed. If it is lost, a new key gives other fingerprints; nothing else
 * depends on it. It is never part of an export. Safe for use by several threads.
 */
final class FingerprintKey {
    static final String FILE = "fingerprint-key";

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int BYTES = 32;

    /** Of SHA-256, in bytes. */
    private static final int BLOCK = 64;

    private final Path file;
    private final Disk disk;
    private byte[] key;

    /** @param disk null when writing is not allowed: then a key of this process alone is used when there is no file */
    FingerprintKey(Path root, Disk disk) {
        this.file = root.resolve(FILE);
        this.disk = disk;
    }

    /** The same for equal values while the key is the same; the value cannot be guessed from it. */
    String fingerprint(String value) {
        byte[] inner = padded((byte) 0x36);
        byte[] outer = padded((byte) 0x5c);
        byte[] hash = sha256(outer, sha256(inner, value.getBytes(StandardCharsets.UTF_8)));
        return HiddenValues.FINGERPRINT + HexFormat.of().formatHex(hash);
    }

    /** The key, padded to a block and combined with {@code pad} (RFC 2104). */
    private byte[] padded(byte pad) {
        byte[] block = Arrays.copyOf(key(), BLOCK);
        for (int i = 0; i < block.length; i++) {
            block[i] ^= pad;
        }
        return block;
    }

    private static byte[] sha256(byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(first);
            return digest.digest(second);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private synchronized byte[] key() {
        if (key == null) {
            key = new byte[BYTES];
            RANDOM.nextBytes(key);
            try {
                byte[] there = read();
                if (there.length == BYTES) {
                    key = there;
                } else if (disk != null) {
                    write(key);
                }
            } catch (IOException e) {
                // The only effect: fingerprints of this process differ from those of others. An unreadable file stays,
                // because it may become readable again.
            }
        }
        return key.clone();
    }

    /** Empty when there is no file. Uses a stream, because an interrupt closes a channel. */
    private byte[] read() throws IOException {
        try (var in = new FileInputStream(file.toFile())) {
            return in.readNBytes(BYTES + 1);
        } catch (FileNotFoundException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return new byte[0];
        }
    }

    /** Writes the file in one step: a crash leaves no file or a complete one. */
    private void write(byte[] bytes) throws IOException {
        Path draft = file.resolveSibling(FILE + ".new");
        if (Files.exists(draft)) {
            disk.delete(draft);
        }
        try (Disk.Output out = disk.createPrivate(draft)) {
            out.write(0, bytes);
            out.force();
        }
        disk.rename(draft, file);
        disk.forceDirectory(file.getParent());
    }
}
