package io.jenkins.plugins.serverlesspromotion.format.artifact;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.format.template.CodeUse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ZipCheckTest {
    private static final CodeUse USE = CodeUse.UNKNOWN_RUNTIME;

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
        var e = assertThrows(IllegalArgumentException.class, () -> ZipCheck.check(file, USE));
        assertTrue(e.getMessage(), e.getMessage().contains(says));
    }

    /** The mode of the first entry, in the directory at the end of the ZIP. */
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
        ZipCheck.check(file(zip("a/", "", "a/handler.py", "x = 1", "b..py", "")), USE);
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
            assertThrows("cut to " + length, IllegalArgumentException.class, () -> ZipCheck.check(file, USE));
        }
        var random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                ZipCheck.check(file(damaged), USE);
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
        assertThrows(IllegalArgumentException.class, () -> ZipCheck.check(file, USE));
    }

    /** Of the same name, size and checksum, hidden in another file: who unpacks by the directory would run it. */
    @Test
    public void aDirectoryThatLeadsToAnotherContentOfTheSameNameIsRefused() throws IOException {
        byte[] hidden = stored("a", "evil");
        byte[] whole = stored("a", "good", "b", new String(hidden, StandardCharsets.ISO_8859_1));
        ZipCheck.check(file(whole), USE);
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
        ZipCheck.check(file, USE, 12L << 20);
        var e = assertThrows(IllegalArgumentException.class, () -> ZipCheck.check(file, USE, 11L << 20));
        assertTrue(e.getMessage(), e.getMessage().contains("unpacks to more than 11 MiB"));
    }

    @Test
    public void linksMayStayInsideAndNotLeave() throws IOException {
        ZipCheck.check(file(withMode(zip("lib/libx.so", "libx.so.1"), 0xA1FF)), USE);
        ZipCheck.check(file(withMode(zip("lib/libx.so", "../other/libx"), 0xA1FF)), USE);
        refused(withMode(zip("lib/libx.so", "../../etc/passwd"), 0xA1FF), "leads out of it");
        refused(withMode(zip("link", "/etc/passwd"), 0xA1FF), "leads out of it");
        refused(withMode(zip("link", ""), 0xA1FF), "leads out of it");
        refused(withMode(zip("link", "a/../../x"), 0xA1FF), "leads out of it");
        refused(withMode(zip("a/b/link", "c/link2/.."), 0xA1FF), "leads out of it");
        refused(withMode(zip("l", "..", "l/evil", "x"), 0xA1FF), "leads out of it");
        refused(withMode(zip("l", "a", "l/evil", "x"), 0xA1FF), "below a link");
        ZipCheck.check(file(withMode(zip("link", "/etc/passwd"), 0x81A4)), USE);
    }

    // --- the directory at the end ---

    private void taken(RawZip zip) throws IOException {
        ZipCheck.check(file(zip.bytes()), USE);
    }

    private void refused(RawZip zip, String says) throws IOException {
        refused(zip.bytes(), says);
    }

    private static RawZip of(Consumer<RawZip.Entry> change, String... namesAndTexts) {
        var zip = new RawZip();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            change.accept(zip.add(namesAndTexts[i], namesAndTexts[i + 1]));
        }
        return zip;
    }

    private static RawZip two() {
        return of(entry -> {}, "a.py", "x = 1\n".repeat(40), "b.py", "y = 2");
    }

    @Test
    public void aLinkIsFoundBehindEntriesWithExtraFieldsAndAComment() throws IOException {
        var zip = new RawZip();
        zip.comment = "an ordinary comment";
        zip.add("a.py", "1").extra = new byte[] {0x55, 0x58, 4, 0, 1, 2, 3, 4};
        zip.add("link", "a.py").mode(0120777);
        taken(zip);
        zip.add("other", "/etc/passwd").mode(0120777);
        refused(zip, "holds the link 'other' to '/etc/passwd', which leads out of it");
    }

    /** Otherwise a comment could bring a directory of its own: programs differ in which end they take. */
    @Test
    public void aCommentThatLooksLikeAnEndIsRefused() throws IOException {
        String end = "PK\u0005\u0006" + "\u0000".repeat(18);
        for (String comment : List.of(end + "behind it", "before it" + end + "x")) {
            RawZip zip = two();
            zip.comment = comment;
            refused(zip, "something follows its end");
        }
        RawZip zip = two();
        zip.comment = "before it" + end;
        refused(zip, "its directory is not where its end states");
        RawZip short_ = two();
        short_.end = record -> record.putShort(20, (short) 1);
        refused(short_, "something follows its end");
    }

    /** Serverless Framework packs an empty file this way, and Python every file that it writes to a stream. */
    @Test
    public void aDescriptorOfEachFormIsTakenBehindStoredAndPackedContent() throws IOException {
        for (var form : RawZip.Descriptor.values()) {
            for (boolean stored : new boolean[] {true, false}) {
                for (boolean large : new boolean[] {true, false}) {
                    for (boolean before : new boolean[] {true, false}) {
                        taken(of(
                                entry -> {
                                    entry.with(form).deflated = !stored;
                                    entry.zip64Before = large;
                                    entry.zip64InDirectory = large;
                                    entry.statedBefore = before;
                                },
                                "h.py",
                                "x = 1",
                                "__init__.py",
                                "",
                                "lib/",
                                "",
                                "lib/z.py",
                                "z".repeat(3_000)));
                    }
                }
            }
        }
    }

    /** A stored content may hold anything, also what a reader of streams takes for a descriptor and another entry. */
    @Test
    public void aStoredContentThatLooksLikeADescriptorIsTaken() throws IOException {
        byte[] inner = of(entry -> entry.stored().with(RawZip.Descriptor.SIGNED), "x", "", "y", "1")
                .bytes();
        var zip = new RawZip();
        zip.add("a.zip", inner).stored().with(RawZip.Descriptor.SIGNED);
        zip.add("b.zip", inner).stored().with(RawZip.Descriptor.PLAIN_ZIP64);
        taken(zip);
    }

    @Test
    public void aDescriptorThatSaysSomethingElseIsRefused() throws IOException {
        for (var form : RawZip.Descriptor.values()) {
            if (form == RawZip.Descriptor.NONE) {
                continue;
            }
            for (int from = 1; from <= 8; from++) {
                byte[] zip = of(entry -> entry.with(form), "a.py", "x = 1\n".repeat(20))
                        .bytes();
                int directory =
                        ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
                zip[directory - from]++;
                refused(zip, "directory and content disagree about 'a.py'");
            }
        }
        refused(of(entry -> entry.flags = 8, "a.py", "1"), "directory and content disagree about 'a.py'");
    }

    @Test
    public void eachDifferenceBetweenHeaderAndDirectoryIsRefusedWithTheName() throws IOException {
        List<Consumer<ByteBuffer>> changes = List.of(
                header -> header.putInt(0, 0x04034b51),
                header -> header.putShort(8, (short) 0),
                header -> header.putInt(14, header.getInt(14) + 1),
                header -> header.putInt(18, header.getInt(18) + 1),
                header -> header.putInt(22, header.getInt(22) + 1),
                header -> header.putInt(14, 0),
                header -> header.putInt(18, 0),
                header -> header.putInt(22, 0),
                header -> header.putInt(18, -1),
                header -> header.putInt(22, -1),
                header -> header.putShort(26, (short) 3),
                header -> header.putShort(28, (short) 1));
        for (var change : changes) {
            RawZip zip = two();
            zip.add("c.py", "z = 3").before = change;
            refused(zip, "directory and content disagree about 'c.py'");
        }
        RawZip named = two();
        named.add("c.py", "3").localName = "d.py".getBytes(StandardCharsets.UTF_8);
        refused(named, "directory and content disagree about 'c.py'");
        RawZip both = two();
        both.add("gr\u00f6\u00dfe.py", "3").before = header -> header.putShort(6, (short) (1 << 11));
        refused(both, "directory and content disagree about 'gr\u00f6\u00dfe.py'");
        RawZip ascii = two();
        ascii.add("c.py", "3").before = header -> header.putShort(6, (short) (1 << 11));
        taken(ascii);
    }

    @Test
    public void whatTheDirectorySaysOfAContentMustBeTrue() throws IOException {
        for (int at : new int[] {16, 24}) {
            RawZip zip = new RawZip();
            RawZip.Entry entry = zip.add("a.py", "x = 1");
            entry.before = header -> header.putInt(at - 2, header.getInt(at - 2) + 1);
            entry.inDirectory = header -> header.putInt(at, header.getInt(at) + 1);
            refused(zip, "directory and content disagree about 'a.py'");
        }
        RawZip more = new RawZip();
        RawZip.Entry entry = more.add("a.py", "x = 1");
        entry.behindContent = new byte[] {1, 2, 3};
        entry.before = header -> header.putInt(18, header.getInt(18) + 3);
        entry.inDirectory = header -> header.putInt(20, header.getInt(20) + 3);
        refused(more, "directory and content disagree about 'a.py'");
    }

    @Test
    public void bytesThatBelongToNoEntryAreRefused() throws IOException {
        RawZip between = new RawZip();
        between.add("a.py", "1").behindDescriptor = new byte[40];
        between.add("b.py", "2");
        refused(between, "is a ZIP with 40 bytes at 37 that belong to no entry");
        RawZip last = two();
        last.beforeDirectory = new byte[7];
        refused(last, "is a ZIP with 7 bytes at ");
        RawZip first = two();
        first.prefix = new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0};
        refused(first, "directory and content disagree about");
        for (var form : RawZip.Descriptor.values()) {
            RawZip hidden = new RawZip();
            hidden.add("a.py", "1").with(form);
            hidden.hidden("evil.py", "2");
            hidden.add("b.py", "3");
            refused(hidden, "directory and content disagree about 'evil.py'");
            RawZip atEnd = new RawZip();
            atEnd.add("a.py", "1").with(form);
            atEnd.hidden("evil.py", "2");
            refused(atEnd, "directory and content disagree about 'evil.py'");
        }
    }

    @Test
    public void entriesThatOverlapAreRefused() throws IOException {
        RawZip zip = new RawZip();
        zip.add("a.py", "1");
        zip.add("b.py", "1").inDirectory = header -> header.putInt(42, 0);
        refused(zip, "directory and content disagree about 'b.py'");
        RawZip twice = two();
        twice.listAgain(twice.add("c.py", "3"));
        refused(twice, "holds 'c.py' twice");
    }

    @Test
    public void theEndOfALargeZipIsTakenAlsoWhereItIsNotNeeded() throws IOException {
        for (boolean statedTwice : new boolean[] {true, false}) {
            RawZip zip = two();
            zip.zip64End = true;
            zip.statedTwice = statedTwice;
            taken(zip);
            zip.add("link", "/etc/passwd").mode(0120777);
            refused(zip, "leads out of it");
        }
    }

    @Test
    public void anEndThatSaysSomethingElseIsRefused() throws IOException {
        String elsewhere = "its directory is not where its end states";
        Map<Integer, String> short_ = Map.of(
                4, "it is one part of several",
                6, "it is one part of several",
                8, "it is one part of several",
                12, elsewhere,
                16, elsewhere);
        for (var change : short_.entrySet()) {
            RawZip zip = two();
            zip.end = record -> record.put(change.getKey(), (byte) (record.get(change.getKey()) + 1));
            refused(zip, change.getValue());
        }
        RawZip count = two();
        count.end = record -> record.putShort(8, (short) 1).putShort(10, (short) 1);
        refused(count, "its directory has another number of entries than its end states");
        Map<Integer, String> large = Map.of(
                0, "its ZIP64 directory cannot be found",
                4, "its ZIP64 directory cannot be found",
                16, "it is one part of several",
                20, "it is one part of several",
                24, "it is one part of several",
                40, elsewhere,
                47, elsewhere,
                48, elsewhere,
                55, elsewhere);
        for (var change : large.entrySet()) {
            RawZip zip = two();
            zip.zip64End = true;
            int step = change.getKey() == 47 || change.getKey() == 55 ? -1 : 1;
            zip.end64 = record -> record.put(change.getKey(), (byte) (record.get(change.getKey()) + step));
            refused(zip, change.getValue());
        }
        for (int at : new int[] {10, 12, 16}) {
            RawZip zip = two();
            zip.zip64End = true;
            zip.statedTwice = true;
            zip.end = record -> record.put(at, (byte) (record.get(at) + 1)).put(8, record.get(10));
            refused(zip, "its two ends disagree");
        }
        for (int at : new int[] {8, 15, 4, 16}) {
            RawZip zip = two();
            zip.zip64End = true;
            zip.locator = record -> record.put(at, (byte) (at == 15 ? -1 : record.get(at) + 1));
            refused(zip, at == 4 || at == 16 ? "it is one part of several" : "its ZIP64 directory cannot be found");
        }
    }

    @Test
    public void aDirectoryOfTooManyEntriesOrBytesIsNotRead() throws IOException {
        RawZip many = two();
        many.zip64End = true;
        many.end64 = record -> record.putLong(24, 100_001).putLong(32, 100_001);
        refused(many, "it has more than 100000 entries");
        RawZip large = two();
        large.zip64End = true;
        large.end64 = record -> record.putLong(40, (32 << 20) + 1);
        refused(large, "a directory of more than 32 MiB");
    }

    @Test
    public void aDamagedDirectoryIsRefusedAndNotReadPastItsEnd() throws IOException {
        for (int at : new int[] {0, 28, 30, 32}) {
            RawZip zip = two();
            zip.add("c.py", "3").inDirectory = header -> header.put(at, (byte) (header.get(at) + 1));
            refused(zip, "its directory is damaged");
        }
    }

    @Test
    public void whatLambdaCannotUnpackIsRefused() throws IOException {
        RawZip method = new RawZip();
        RawZip.Entry entry = method.add("a.py", "1");
        entry.before = header -> header.putShort(8, (short) 93);
        entry.inDirectory = header -> header.putShort(10, (short) 93);
        refused(method, "holds 'a.py', packed by method 93");
        refused(of(e -> e.flags = 1, "a.py", "1"), "holds the encrypted entry 'a.py'");
        refused(of(e -> e.before = h -> h.putShort(6, (short) 1), "a.py", "1"), "holds the encrypted entry 'a.py'");
        refused(of(e -> e.flags = 1 << 13, "a.py", "1"), "holds the encrypted entry 'a.py'");
    }

    @Test
    public void aNameThatProgramsReadDifferentlyIsRefused() throws IOException {
        RawZip latin = new RawZip();
        latin.add("a.py", "1").name = new byte[] {'g', 'r', (byte) 0xF6};
        refused(latin, "holds a name that is not UTF-8");
        for (String other : List.of("a.py", "b.py")) {
            var crc = new CRC32();
            crc.update("a.py".getBytes(StandardCharsets.UTF_8));
            RawZip zip = new RawZip();
            zip.add("a.py", "1").extra = ByteBuffer.allocate(13)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) 0x7075)
                    .putShort((short) 9)
                    .put((byte) 1)
                    .putInt((int) crc.getValue())
                    .put(other.getBytes(StandardCharsets.UTF_8))
                    .array();
            if (other.equals("a.py")) {
                taken(zip);
            } else {
                refused(zip, "holds 'a.py' under two names");
            }
        }
    }

    /** Programs that write large ZIPs to a stream do not know how large an entry becomes. */
    @Test
    public void aFieldOfZip64ForASmallEntryIsTakenInEachPlace() throws IOException {
        for (boolean before : new boolean[] {true, false}) {
            for (boolean inDirectory : new boolean[] {true, false}) {
                RawZip zip = of(
                        entry -> {
                            entry.zip64Before = before;
                            entry.zip64InDirectory = inDirectory;
                        },
                        "a.py",
                        "x = 1",
                        "b/",
                        "",
                        "b/c.py",
                        "z".repeat(2_000));
                zip.zip64End = true;
                taken(zip);
            }
        }
        RawZip wrong = two();
        RawZip.Entry entry = wrong.add("c.py", "3");
        entry.zip64Before = true;
        entry.before = header -> header.putShort(28, (short) 0);
        refused(wrong, "directory and content disagree about 'c.py'");
    }

    // --- modes ---

    private void refused(CodeUse use, RawZip zip, String says) throws IOException {
        Path file = file(zip.bytes());
        var e = assertThrows(IllegalArgumentException.class, () -> ZipCheck.check(file, use));
        assertEquals(says, e.getMessage());
    }

    private void taken(CodeUse use, RawZip zip) throws IOException {
        ZipCheck.check(file(zip.bytes()), use);
    }

    private static final String READABLE =
            "; give files the mode 0644 and folders 0755 (chmod -R a+rX) and pack it again";

    @Test
    public void filesAndFoldersThatOnlyTheirOwnerMayReadAreRefused() throws IOException {
        for (CodeUse use : CodeUse.values()) {
            refused(
                    use,
                    of(e -> e.mode(0100600), "index.js", "1"),
                    "holds 1 entry that Lambda may not read: 'index.js' (mode 0600)" + READABLE);
            refused(
                    use,
                    of(e -> e.mode(040700), "lib/", ""),
                    "holds 1 entry that Lambda may not read: 'lib/' (mode 0700)" + READABLE);
            refused(
                    use,
                    of(e -> e.mode(0100640), "a", "1", "b", "2", "c", "3", "d", "4"),
                    "holds 4 entries that Lambda may not read: 'a' (mode 0640), 'b' (mode 0640), 'c' (mode 0640), …"
                            + READABLE);
        }
        for (int mode : new int[] {040744, 040754, 040755 & ~4}) {
            refused(
                    USE,
                    of(e -> e.mode(mode), "lib/", ""),
                    "holds 1 entry that Lambda may not read: 'lib/' (mode "
                            + Integer.toOctalString(mode & 07777).transform(m -> "0" + m) + ")" + READABLE);
        }
        for (int mode : new int[] {0100644, 0100444, 0100755, 0100604, 0644}) {
            taken(USE, of(e -> e.mode(mode), "index.js", "1"));
        }
    }

    /** Python's ZipInfo and .NET before 7 write no mode and say that it is one of Unix; Lambda takes it at its word. */
    @Test
    public void theModeZeroOfUnixIsRefused() throws IOException {
        refused(
                USE,
                of(e -> e.mode(0), "index.js", "1"),
                "holds 1 entry that Lambda may not read: 'index.js' (mode 0000)" + READABLE);
        refused(
                USE,
                of(e -> e.mode(0).madeBy(19), "index.js", "1"),
                "holds 1 entry that Lambda may not read: 'index.js' (mode 0000)" + READABLE);
    }

    @Test
    public void entriesOfSystemsWithoutModesAreTaken() throws IOException {
        for (int system : new int[] {0, 10, 11, 14}) {
            for (CodeUse use : List.of(CodeUse.UNKNOWN_RUNTIME, CodeUse.MANAGED_RUNTIME, CodeUse.LAYER)) {
                taken(use, of(e -> e.mode(0).madeBy(system), "index.js", "1", "lib/", "", "bootstrap", ""));
            }
        }
    }

    @Test
    public void aBootstrapThatLambdaMayNotExecuteIsRefused() throws IOException {
        String refusal = "holds 'bootstrap' (mode 0644), which Lambda starts and may not execute; give it the mode 0755"
                + " (chmod 755) and pack it again";
        for (CodeUse use : List.of(CodeUse.UNKNOWN_RUNTIME, CodeUse.CUSTOM_RUNTIME, CodeUse.LAYER)) {
            refused(use, of(e -> {}, "bootstrap", "#!/bin/sh"), refusal);
            refused(use, of(e -> e.mode(0100744), "bootstrap", "#!/bin/sh"), refusal.replace("0644", "0744"));
            taken(use, of(e -> e.mode(0100755), "bootstrap", "#!/bin/sh"));
            taken(use, of(e -> {}, "lib/bootstrap", "no program", "bootstrap.js", "1"));
        }
        taken(CodeUse.MANAGED_RUNTIME, of(e -> {}, "bootstrap", "an ordinary file"));
        RawZip linked = new RawZip();
        linked.add("bootstrap", "program").mode(0120777);
        linked.add("program", "#!/bin/sh").mode(0100755);
        taken(CodeUse.CUSTOM_RUNTIME, linked);
        refused(
                CodeUse.CUSTOM_RUNTIME,
                of(e -> e.madeBy(0).mode(0), "bootstrap", "#!/bin/sh"),
                "holds 'bootstrap' without a mode, as programs on Windows pack it, and Lambda cannot execute it; pack it"
                        + " on Linux, or with a program that writes the mode 0755");
    }

    @Test
    public void anExtensionOfALayerMustBeExecutable() throws IOException {
        refused(
                CodeUse.LAYER,
                of(e -> {}, "extensions/agent", "#!/bin/sh"),
                "holds 'extensions/agent' (mode 0644), which Lambda starts and may not execute; give it the mode 0755"
                        + " (chmod 755) and pack it again");
        taken(CodeUse.LAYER, of(e -> e.mode(0100755), "extensions/agent", "#!/bin/sh"));
        taken(CodeUse.LAYER, of(e -> {}, "extensions/agent/lib.js", "1", "python/x.py", ""));
        taken(CodeUse.UNKNOWN_RUNTIME, of(e -> {}, "extensions/agent", "data"));
    }

    @Test
    public void whatIsNeitherFileNorFolderNorLinkIsRefused() throws IOException {
        for (int type : new int[] {0010000, 0020000, 0060000, 0140000}) {
            refused(
                    of(e -> e.mode(type | 0644), "a", ""),
                    "holds 'a', which is neither a file nor a folder nor a link");
        }
        // As old versions of Maven's archiver write the folders of a JAR.
        taken(USE, of(e -> e.mode(0177777), "META-INF/maven/", ""));
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
        refused(withEntries(twice, 1), "directory and content disagree about 'aa.py'");
        refused(withEntries(twice, 0), "directory and content disagree about 'aa.py'");
    }

    @Test
    public void anEntryThatTheDirectoryListsTwiceIsRefused() throws IOException {
        refused(withEntries(zip("aa.py", "1"), 0, 0), "holds 'aa.py' twice");
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
