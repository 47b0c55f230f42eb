package io.jenkins.plugins.serverlesspromotion.format;

import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ZipCheckTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Path file(byte[] bytes) throws IOException {
        Path file = folder.newFile().toPath();
        Files.write(file, bytes);
        return file;
    }

    private static byte[] zip(String... namesAndTexts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                out.putNextEntry(new ZipEntry(namesAndTexts[i]));
                out.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private void refused(byte[] bytes, String says) throws IOException {
        Path file = file(bytes);
        var e = assertThrows(IllegalArgumentException.class, () -> ZipCheck.check(file));
        assertTrue(e.getMessage(), e.getMessage().contains(says));
    }

    /** The Unix mode of the first entry, in the directory at the end of the ZIP. */
    private static byte[] withMode(byte[] zip, int mode) {
        int at = zip.length - 22;
        int directory = (zip[at + 16] & 0xFF) | (zip[at + 17] & 0xFF) << 8;
        zip[directory + 40] = (byte) mode;
        zip[directory + 41] = (byte) (mode >> 8);
        return zip;
    }

    /** Same length, so that no offset changes. */
    private static byte[] replaced(byte[] zip, String from, String to, boolean everywhere) {
        String text = new String(zip, StandardCharsets.ISO_8859_1);
        int last = text.lastIndexOf(from);
        String changed = everywhere
                ? text.replace(from, to)
                : text.substring(0, last) + to + text.substring(last + from.length());
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    public void anOrdinaryZipIsTaken() throws IOException {
        ZipCheck.check(file(zip("a/", "", "a/handler.py", "x = 1", "b..py", "")));
    }

    @Test
    public void whatIsNoZipIsRefused() throws IOException {
        refused(new byte[0], "is not a ZIP");
        refused("#!/bin/sh\nexit".getBytes(StandardCharsets.UTF_8), "is not a ZIP");
        refused(zip(), "without any file");
    }

    @Test
    public void aCutOrDamagedZipIsRefusedAndNeverMoreThanThat() throws IOException {
        byte[] whole = zip("handler.py", "x = 1\n".repeat(50), "b.py", "y = 2\n".repeat(50));
        for (int length = 4; length < whole.length; length += 3) {
            Path file = file(java.util.Arrays.copyOf(whole, length));
            assertThrows("cut to " + length, IllegalArgumentException.class, () -> ZipCheck.check(file));
        }
        var random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                ZipCheck.check(file(damaged));
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertTrue("only " + refused, refused > 150);
    }

    @Test
    public void entriesThatWouldBeUnpackedElsewhereAreRefused() throws IOException {
        refused(zip("../evil", ""), "leaves the folder");
        refused(zip("a/../../evil", ""), "leaves the folder");
        refused(zip("..", ""), "leaves the folder");
        refused(zip("/etc/passwd", ""), "is not a relative path");
        refused(zip("C:evil", ""), "is not a relative path");
        refused(zip("a\\..\\evil", ""), "is not a relative path");
        refused(zip("a\nb", ""), "no proper name");
    }

    @Test
    public void anEntryGivenTwiceIsRefused() throws IOException {
        refused(replaced(zip("aa.py", "1", "bb.py", "2"), "bb.py", "aa.py", true), "twice");
    }

    @Test
    public void aDirectoryThatTellsOfOtherEntriesThanTheContentIsRefused() throws IOException {
        refused(replaced(zip("aa.py", "1"), "aa.py", "bb.py", false), "directory and content disagree about");
        byte[] inner = zip("aa.py", "1");
        var prefixed = new ByteArrayOutputStream();
        prefixed.write(zip("first.py", "evil"));
        prefixed.write(inner);
        Path file = file(prefixed.toByteArray());
        assertThrows(IllegalArgumentException.class, () -> ZipCheck.check(file));
    }

    @Test
    public void aBombIsRefusedBeforeItIsUnpackedWhole() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            byte[] zeros = new byte[1 << 20];
            for (int entry = 0; entry < 2; entry++) {
                out.putNextEntry(new ZipEntry("zeros" + entry));
                for (int i = 0; i < 6; i++) {
                    out.write(zeros);
                }
                out.closeEntry();
            }
        }
        Path file = file(bytes.toByteArray());
        assertTrue("it is small", Files.size(file) < 100_000);
        ZipCheck.check(file, 12L << 20);
        var e = assertThrows(IllegalArgumentException.class, () -> ZipCheck.check(file, 11L << 20));
        assertTrue(e.getMessage(), e.getMessage().contains("unpacks to more than 11 MiB"));
    }

    @Test
    public void linksMayStayInsideAndNotLeave() throws IOException {
        ZipCheck.check(file(withMode(zip("lib/libx.so", "libx.so.1"), 0xA1FF)));
        ZipCheck.check(file(withMode(zip("lib/libx.so", "../other/libx"), 0xA1FF)));
        refused(withMode(zip("lib/libx.so", "../../etc/passwd"), 0xA1FF), "leads out of it");
        refused(withMode(zip("link", "/etc/passwd"), 0xA1FF), "leads out of it");
        refused(withMode(zip("link", "a/../../x"), 0xA1FF), "leads out of it");
        refused(withMode(zip("a/b/link", "c/link2/.."), 0xA1FF), "leads out of it");
        refused(withMode(zip("l", "..", "l/evil", "x"), 0xA1FF), "leads out of it");
        refused(withMode(zip("l", "a", "l/evil", "x"), 0xA1FF), "below a link");
        ZipCheck.check(file(withMode(zip("link", "/etc/passwd"), 0x81A4)));
    }
}
