package io.jenkins.plugins.serverlesspromotion.format.artifact;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
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
        for (int at = 0; at < 4; at++) {
            byte[] other = zip("a.py", "1");
            other[at] ^= 0x40;
            refused(other, "is not a ZIP; pack the code into one");
        }
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

    /** Of the same name, size and checksum, hidden in another file: who unpacks by the directory would run it. */
    @Test
    public void aDirectoryThatLeadsToAnotherContentOfTheSameNameIsRefused() throws IOException {
        byte[] hidden = stored("a", "evil");
        byte[] whole = stored("a", "good", "b", new String(hidden, StandardCharsets.ISO_8859_1));
        ZipCheck.check(file(whole));
        // Behind the header and the content of a, and the beginning of the header of b.
        int inner = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\003\004", 36);
        int directory = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 6);
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 42, inner);
        refused(whole, "directory and content disagree about 'a'");
    }

    @Test
    public void aDirectoryThatLeadsOutOfTheFileIsRefused() throws IOException {
        byte[] whole = zip("a", "x = 1");
        int directory = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 6);
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 42, whole.length - 4);
        refused(whole, "pack it again");
    }

    private static byte[] stored(String... namesAndTexts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                byte[] content = namesAndTexts[i + 1].getBytes(StandardCharsets.ISO_8859_1);
                var crc = new CRC32();
                crc.update(content);
                var entry = new ZipEntry(namesAndTexts[i]);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                out.putNextEntry(entry);
                out.write(content);
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
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
        refused(withMode(zip("link", ""), 0xA1FF), "leads out of it");
        refused(withMode(zip("link", "a/../../x"), 0xA1FF), "leads out of it");
        refused(withMode(zip("a/b/link", "c/link2/.."), 0xA1FF), "leads out of it");
        refused(withMode(zip("l", "..", "l/evil", "x"), 0xA1FF), "leads out of it");
        refused(withMode(zip("l", "a", "l/evil", "x"), 0xA1FF), "below a link");
        ZipCheck.check(file(withMode(zip("link", "/etc/passwd"), 0x81A4)));
    }

    // --- the directory at the end ---

    private static final int LINK = 0xA1FF;

    /** With the mode of a link at every entry of the directory that has this name. */
    private static byte[] linked(byte[] zip, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at + 46 + bytes.length <= zip.length; at++) {
            boolean entry = zip[at] == 'P' && zip[at + 1] == 'K' && zip[at + 2] == 1 && zip[at + 3] == 2;
            if (entry && Arrays.equals(Arrays.copyOfRange(zip, at + 46, at + 46 + bytes.length), bytes)) {
                zip[at + 40] = (byte) LINK;
                zip[at + 41] = (byte) (LINK >> 8);
            }
        }
        return zip;
    }

    private static byte[] commented(String comment, String... namesAndTexts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(bytes)) {
            out.setComment(comment);
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                var entry = new ZipEntry(namesAndTexts[i]);
                entry.setComment("of " + namesAndTexts[i]);
                entry.setExtra(new byte[] {0x55, 0x58, 4, 0, 1, 2, 3, 4});
                out.putNextEntry(entry);
                out.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    public void aLinkIsFoundBehindEntriesWithExtraFieldsAndComments() throws IOException {
        byte[] zip = commented("", "a.py", "1", "b.py", "2", "link", "/etc/passwd");
        assertEquals(Set.of("link"), ZipLinks.names(file(linked(zip.clone(), "link"))));
        refused(linked(zip, "link"), "leads out of it");
    }

    /** Otherwise a comment could bring a directory of its own, in which no entry is a link. */
    @Test
    public void aCommentThatLooksLikeAnEndIsNone() throws IOException {
        String end = "PK\u0005\u0006" + "\u0000".repeat(18);
        for (String comment : List.of("an ordinary comment", end + "behind it", "before it" + end + "x")) {
            byte[] zip = linked(commented(comment, "link", "/etc/passwd"), "link");
            assertEquals(comment, Set.of("link"), ZipLinks.names(file(zip)));
            refused(zip, "leads out of it");
        }
    }

    @Test
    public void anEmptyDirectoryHasNoLinks() throws IOException {
        assertEquals(Set.of(), ZipLinks.names(file(zip())));
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The directory of a ZIP with one link, found through a ZIP64 directory; the old numbers in the end say nothing. */
    private static byte[] large(int signature, boolean inComment) throws IOException {
        byte[] zip = linked(zip("link", "/etc/passwd"), "link");
        int end = zip.length - 22;
        int offset = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(end + 16);
        byte[] directory = Arrays.copyOfRange(zip, offset, end);
        var out = new ByteArrayOutputStream();
        int record = 42;
        if (!inComment) {
            out.write(zip, 0, end);
            record = end;
            out.write(end64(signature, directory.length, offset));
        }
        out.write(little(20)
                .putInt(0x07064b50)
                .putInt(0)
                .putLong(record)
                .putInt(1)
                .array());
        out.write(little(22)
                .putInt(0x06054b50)
                .putInt(0)
                .putInt(-1)
                .putInt(-1)
                .putInt(-1)
                .putShort((short) (inComment ? 56 + directory.length : 0))
                .array());
        if (inComment) {
            out.write(end64(signature, directory.length, record + 56));
            out.write(directory);
        }
        return out.toByteArray();
    }

    private static byte[] end64(int signature, long size, long offset) {
        return little(56)
                .putInt(signature)
                .putLong(44)
                .putInt(0)
                .putLong(0)
                .putLong(1)
                .putLong(1)
                .putLong(size)
                .putLong(offset)
                .array();
    }

    @Test
    public void aLinkIsFoundThroughTheDirectoryOfALargeZip() throws IOException {
        assertEquals(Set.of("link"), ZipLinks.names(file(large(0x06064b50, false))));
        assertEquals("at its very beginning", Set.of("link"), ZipLinks.names(file(large(0x06064b50, true))));
        Path broken = file(large(0x06064b51, false));
        assertEquals(
                "its ZIP64 directory cannot be found",
                assertThrows(ZipException.class, () -> ZipLinks.names(broken)).getMessage());
    }

    @Test
    public void aDirectoryThatLiesOutsideOrIsTooLargeIsRefused() throws IOException {
        for (int at : new int[] {12, 16}) {
            byte[] zip = zip("a.py", "1");
            zip[zip.length - 22 + at] += 100;
            Path file = file(zip);
            assertEquals(
                    "its directory lies outside of it",
                    assertThrows(ZipException.class, () -> ZipLinks.names(file)).getMessage());
        }
        byte[] large = large(0x06064b50, false);
        large[large.length - 42 - 56 + 47] = -1;
        Path negative = file(large);
        assertEquals(
                "its directory is too large",
                assertThrows(ZipException.class, () -> ZipLinks.names(negative)).getMessage());
        large[large.length - 42 - 56 + 47] = 0;
        large[large.length - 42 - 56 + 44] = 1;
        Path longer = file(large);
        assertEquals(
                "4 GiB more than the right length",
                "its directory is too large",
                assertThrows(ZipException.class, () -> ZipLinks.names(longer)).getMessage());
    }

    @Test
    public void aDamagedDirectoryIsRefusedAndNotReadPastItsEnd() throws IOException {
        for (int damage : new int[] {1, 28}) {
            byte[] zip = linked(zip("a.py", "1", "link", "a.py"), "link");
            zip[zip.length - 22 - 46 - "link".length() + damage]++;
            Path file = file(zip);
            assertEquals(
                    "its directory is damaged",
                    assertThrows(ZipException.class, () -> ZipLinks.names(file)).getMessage());
        }
    }

    /** With these entries of the directory, which all have names of five letters, in this order. */
    private static byte[] withEntries(byte[] zip, int... numbers) {
        int end = zip.length - 22;
        int start = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(end + 16);
        int entry = 46 + 5;
        var out = new ByteArrayOutputStream();
        out.write(zip, 0, start);
        for (int number : numbers) {
            out.write(zip, start + number * entry, entry);
        }
        out.write(zip, end, 22);
        byte[] bytes = out.toByteArray();
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(bytes.length - 22 + 8, (short) numbers.length)
                .putShort(bytes.length - 22 + 10, (short) numbers.length)
                .putInt(bytes.length - 22 + 12, numbers.length * entry);
        return bytes;
    }

    @Test
    public void anEntryThatTheDirectoryHidesIsRefused() throws IOException {
        byte[] less = withEntries(zip("aa.py", "1", "bb.py", "2"), 0);
        refused(less, "directory and content disagree about 'bb.py'");
    }

    /** One reader unpacks the first of them, another one the second. */
    @Test
    public void anEntryThatHidesBehindAnotherOfItsNameIsRefused() throws IOException {
        byte[] twice = replaced(zip("aa.py", "evil", "bb.py", "good!"), "bb.py", "aa.py", true);
        refused(withEntries(twice, 1), "holds 'aa.py' twice");
        refused(withEntries(twice, 0), "holds 'aa.py' twice");
    }

    @Test
    public void anEntryThatTheDirectoryListsTwiceIsRefused() throws IOException {
        refused(withEntries(zip("aa.py", "1"), 0, 0), "holds entries twice");
    }

    @Test
    public void aSizeThatIsNotThatOfTheContentIsRefused() throws IOException {
        byte[] zip = zip("aa.py", "1");
        zip[zip.length - 22 - 46 - "aa.py".length() + 24]++;
        refused(zip, "directory and content disagree about 'aa.py'");
    }

    @Test
    public void aNameThatBeginsWithABackslashIsRefused() throws IOException {
        refused(zip("\\evil", ""), "is not a relative path");
    }
}
