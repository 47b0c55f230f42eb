package io.jenkins.plugins.serverlesspromotion.format.input;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.format.InputException;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Hole class 10: whatever a file holds, reading it ends soon, with a sentence, and constructs nothing. */
public class SourceTest {
    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private static Node read(String text) {
        var problems = new Problems();
        Node tree = Source.read("in.yaml", text.getBytes(StandardCharsets.UTF_8), Limits.INPUT, problems);
        problems.throwIfAny();
        return tree;
    }

    private static void refused(String text, String... says) {
        var e = assertThrows(InputException.class, () -> read(text));
        for (String part : says) {
            assertTrue(e.getMessage(), e.getMessage().contains(part));
        }
    }

    private static Node.Scalar scalar(Node tree, String key) {
        return (Node.Scalar) ((Node.Mapping) tree).get(key).orElseThrow();
    }

    @Test
    public void yamlAndJsonGiveTheSameTreeWithLines() {
        for (String text :
                new String[] {"a: 1\nb: [x, {name: y}]\n", "{\n\"a\": 1,\n\"b\": [\"x\",\n\t{\"name\": \"y\"}]}"}) {
            var tree = (Node.Mapping) read(text);
            assertEquals("1", scalar(tree, "a").text());
            assertEquals(Node.Type.INTEGER, scalar(tree, "a").type());
            var list = (Node.Sequence) tree.get("b").orElseThrow();
            assertEquals(
                    "b[y].name",
                    ((Node.Mapping) list.items().get(1))
                            .members()
                            .get(0)
                            .where()
                            .path());
            assertTrue(list.items().get(1).where().line() > 1);
        }
    }

    private static Node read(byte[] bytes) {
        var problems = new Problems();
        Node tree = Source.read("in.yaml", bytes, Limits.INPUT, problems);
        problems.throwIfAny();
        return tree;
    }

    private static byte[] behind(int... start) {
        byte[] text = "a: 1".getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[start.length + text.length];
        for (int i = 0; i < start.length; i++) {
            bytes[i] = (byte) start[i];
        }
        System.arraycopy(text, 0, bytes, start.length, text.length);
        return bytes;
    }

    /** Otherwise two files of different bytes would be one manifest. */
    @Test
    public void onlyAByteOrderMarkIsPassedOver() {
        assertEquals("1", scalar(read(behind(0xEF, 0xBB, 0xBF)), "a").text());
        assertEquals("1", scalar(read(behind(0xEF, 0xBB, 0x80)), "\uFEC0a").text());
        assertEquals("1", scalar(read(behind(0xEF, 0xB9, 0xBF)), "\uFE7Fa").text());
        for (int[] start : new int[][] {{0xC2, 0xBB, 0xBF}, {0xBB, 0xBF}, {0xEF, 0xBB}}) {
            var e = assertThrows(InputException.class, () -> read(behind(start)));
            assertTrue(e.getMessage(), e.getMessage().contains("is not UTF-8 text"));
        }
        var empty = assertThrows(InputException.class, () -> read(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}));
        assertTrue(empty.getMessage(), empty.getMessage().contains("is empty"));
    }

    @Test
    public void aFileMayBeAsLargeAsTheLimitAndNotLarger() throws Exception {
        var small = new Limits(10, 10, 10, false);
        var problems = new Problems();
        byte[] most = "a: 1234567".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "1234567",
                scalar(Source.read("in.yaml", most, small, problems), "a").text());
        byte[] more = "a: 12345678".getBytes(StandardCharsets.UTF_8);
        // Counted in bytes: the parsers would count letters.
        for (byte[] large : new byte[][] {more, "a: ääää".getBytes(StandardCharsets.UTF_8)}) {
            assertEquals(
                    "in.yaml: is larger than 0 MiB, the most that is read; split it",
                    assertThrows(InputException.class, () -> Source.read("in.yaml", large, small, problems))
                            .getMessage());
        }
        var file = folder.newFile().toPath();
        Files.write(file, most);
        assertEquals(10, Source.bytes(file, "in.yaml", small).length);
        Files.write(file, more);
        assertThrows(InputException.class, () -> Source.bytes(file, "in.yaml", small));
    }

    @Test
    public void aFolderIsNoFile() {
        var e = assertThrows(
                InputException.class, () -> Source.bytes(folder.getRoot().toPath(), "in.yaml", Limits.INPUT));
        assertEquals("in.yaml: is not a file", e.getMessage());
    }

    private static boolean taken(String text, Limits limits) {
        try {
            var problems = new Problems();
            Source.read("in.yaml", text.getBytes(StandardCharsets.UTF_8), limits, problems);
            problems.throwIfAny();
            return true;
        } catch (InputException e) {
            assertTrue(e.getMessage(), e.getMessage().contains("more than"));
            return false;
        }
    }

    /** A key is no value; a list or map is one beside those in it; an alias counts as what it stands for. */
    @Test
    public void valuesAreCountedWithTheirCopies() {
        var ten = new Limits(1000, 10, 10, false);
        assertTrue(taken("[1, 2, 3, 4, 5, 6, 7, 8, 9]", ten));
        assertFalse(taken("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", ten));
        assertTrue(taken("[[1, 2], [3, 4], [5, 6]]", ten));
        assertFalse(taken("[[1, 2], [3, 4], [5, 6], 7]", ten));
        assertTrue(taken("[&a [1, 2], *a, *a]", ten));
        assertFalse(taken("[&a [1, 2], *a, *a, 7]", ten));
        assertFalse(taken("[&a [1, 2], &b [*a, *a], *b]", ten));
    }

    @Test
    public void depthIsCountedThroughAliases() {
        var ten = new Limits(1000, 1000, 10, false);
        assertTrue(taken("[".repeat(10) + "]".repeat(10), ten));
        assertTrue(taken("[".repeat(10) + "x" + "]".repeat(10), ten));
        assertFalse(taken("[".repeat(11) + "]".repeat(11), ten));
        // What the alias stands for is five deep, and it stands five, six and ten levels down.
        String list = "[[[[[x]]]]]";
        String map = "{a: {a: {a: {a: {a: x}}}}}";
        for (String deep : new String[] {list, map}) {
            assertTrue(taken("- &a " + deep + "\n- [[[*a]]]\n", ten));
            assertFalse(taken("- &a " + deep + "\n- [[[[[[[*a]]]]]]]\n", ten));
            assertFalse(taken("- &a " + deep + "\n- {b: {b: {b: {b: {b: {b: {b: *a}}}}}}}\n", ten));
        }
    }

    /** Bytes are replaced in templates at these places, so one wrong length would damage the rest of the file. */
    @Test
    public void placesAreCountedInBytesWhateverTheLetters() {
        for (String letter :
                new String[] {"x", "\u007E", "\u00A0", "\u07FF", "\u0800", "\uFFFD", "\uD800\uDC00", "\uDBFF\uDFFD"}) {
            String text = "a: " + letter + letter + "\nb: here\n";
            Node.Span span = scalar(read(text), "b").span();
            int from = ("a: " + letter + letter + "\nb: ").getBytes(StandardCharsets.UTF_8).length;
            assertEquals("behind U+" + Integer.toHexString(letter.codePointAt(0)), new Node.Span(from, from + 4), span);
        }
    }

    private static void assertSpan(String text, String key, String expected) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Node.Span span = scalar(read(text), key).span();
        assertEquals(expected, new String(bytes, span.start(), span.end() - span.start(), StandardCharsets.UTF_8));
    }

    @Test
    public void aTextStandsWhereItsPlaceSays() {
        for (String mark : new String[] {"", "\uFEFF"}) {
            assertSpan(mark + "{\"a\": \"ä\",\n \"b\": \"here\"}", "b", "\"here\"");
            assertSpan(mark + "a: ä\nb: 'here'\n", "b", "'here'");
            assertSpan(mark + "a: |\n  here\n  too\n\n\nb: x\n", "a", "|\n  here\n  too");
            assertSpan(mark + "a: >-\n  here\n\nb: x\n", "a", ">-\n  here");
            assertSpan(mark + "b: x\na: |\n  here", "a", "|\n  here");
        }
        assertNull("only a text is replaced", scalar(read("{\"a\": 1}"), "a").span());
        assertEquals("", scalar(read("{\"a\": null}"), "a").text());
    }

    @Test
    public void aFormHoldsTextsNumbersTruthValuesListsAndMaps() {
        var values = new java.util.LinkedHashMap<String, Object>();
        values.put("text", "x");
        values.put("yes", true);
        values.put("int", 1);
        values.put("long", 1L << 40);
        values.put("nothing", null);
        Node tree = Source.of(values, "root");
        for (var expected : java.util.Map.of(
                        "text", "TEXT x",
                        "yes", "BOOLEAN true",
                        "int", "INTEGER 1",
                        "long", "INTEGER 1099511627776",
                        "nothing", "NULL ")
                .entrySet()) {
            Node.Scalar scalar = scalar(tree, expected.getKey());
            assertEquals(expected.getValue(), scalar.type() + " " + scalar.text());
            assertEquals("root." + expected.getKey(), scalar.where().path());
        }
        for (Object wrong : new Object[] {1.5, 'x', new Object()}) {
            var e = assertThrows(
                    InputException.class, () -> Source.of(java.util.Map.of("a", java.util.List.of(wrong)), "root"));
            assertTrue(e.getMessage(), e.getMessage().contains("root.a[0]"));
            assertTrue(e.getMessage(), e.getMessage().contains("must be text, a number"));
        }
    }

    @Test
    public void aFormMayBeNestedAsDeepAsTheLimitAndNotDeeper() {
        for (boolean lists : new boolean[] {true, false}) {
            Object most = "x";
            for (int i = 0; i < Limits.INPUT.depth(); i++) {
                most = lists ? java.util.List.of(most) : java.util.Map.of("a", most);
            }
            Source.of(most, "root");
            Object more = lists ? java.util.List.of(most) : java.util.Map.of("a", most);
            var e = assertThrows(InputException.class, () -> Source.of(more, "root"));
            assertTrue(e.getMessage(), e.getMessage().contains("more than 40 levels deep"));
        }
    }

    @Test
    public void numbersAndBooleansKeepTheTextTheyWereWrittenAs() {
        assertEquals("033333333333", scalar(read("id: 033333333333"), "id").text());
        assertEquals("1.50", scalar(read("id: 1.50"), "id").text());
        assertEquals("True", scalar(read("id: True"), "id").text());
        assertEquals("2026-01-01", scalar(read("id: 2026-01-01"), "id").text());
        assertEquals(Node.Type.TEXT, scalar(read("id: yes"), "id").type());
    }

    @Test
    public void anAliasBombIsRefused() {
        var bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c < 'k'; c++) {
            char p = (char) (c - 1);
            bomb.append(c).append(": &").append(c).append(" [");
            for (int i = 0; i < 10; i++) {
                bomb.append(i == 0 ? "*" : ", *").append(p);
            }
            bomb.append("]\n");
        }
        refused(bomb.toString(), "in.yaml:", "more than 100000 values");
    }

    @Test
    public void anAliasIsReadAsWhatItNames() {
        assertEquals("v", scalar(read("a: &x v\nb: *x"), "b").text());
        refused("a: &x [*x]", "in.yaml:1", "*x names no anchor that is complete");
        refused("a: *nowhere", "nowhere");
    }

    @Test
    public void depthIsLimitedInBothSyntaxesWithoutAStackOverflow() {
        refused("[".repeat(100_000), "in.yaml:1", "nested more than 40");
        refused("a: " + "[".repeat(100_000), "in.yaml:1", "nested more than 40");
        refused("{\"a\":".repeat(100_000), "in.yaml:1");
        refused("- ".repeat(100_000) + "x", "nested more than 40");
        var viaAliases = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 60; i++) {
            viaAliases
                    .append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append("]\n");
        }
        refused(viaAliases.toString(), "nested more than 40");
    }

    @Test
    public void aKeyGivenTwiceIsTheFirstLinesAndTheSecondLinesFault() {
        refused("a: 1\nb: 2\na: 3\n", "in.yaml:3", "'a' is given twice, first in line 1");
        refused("{\"a\": 1,\n \"a\": 2}", "in.yaml:2", "'a' is given twice, first in line 1");
    }

    @Test
    public void tagsOutsideTheCoreSchemaAreRefusedAndConstructNothing() {
        refused("a: !!java.net.URL [\"http://x\"]", "in.yaml:1", "java.net.URL");
        refused("a:\n  !Sub x", "in.yaml:2", "!Sub");
        refused("a: !!binary aGk=", "!!binary");
        refused("a: !!set {x}", "!!set");
        assertEquals("1", scalar(read("a: !!str 1"), "a").text());
        assertEquals(Node.Type.TEXT, scalar(read("a: !!str 1"), "a").type());
        assertEquals(Node.Type.INTEGER, scalar(read("a: !!int 1"), "a").type());
        assertEquals(Node.Type.FLOAT, scalar(read("a: !!float 1"), "a").type());
        assertEquals(Node.Type.BOOLEAN, scalar(read("a: !!bool true"), "a").type());
        assertEquals(Node.Type.NULL, scalar(read("a: !!null ''"), "a").type());
        assertEquals(
                "alone it means text",
                Node.Type.TEXT,
                scalar(read("a: ! 1"), "a").type());
        read("a: !!map {b: c}\nd: !!seq [x]");
        refused("a: !!map [b]", "!!map");
        refused("a: !!seq {b: c}", "!!seq");
    }

    /** A template has tags of its own; no other one is taken there either. */
    @Test
    public void whereLocalTagsAreTakenTheCoreSchemaStaysClosed() {
        var local = new Limits(1000, 100, 10, true);
        byte[] sub = "a: !Sub x".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "!Sub",
                scalar(Source.read("in.yaml", sub, local, new Problems()), "a").tag());
        byte[] binary = "a: !!binary aGk=".getBytes(StandardCharsets.UTF_8);
        var e = assertThrows(InputException.class, () -> Source.read("in.yaml", binary, local, new Problems()));
        assertTrue(e.getMessage(), e.getMessage().contains("the YAML tag !!binary is not taken here"));
    }

    @Test
    public void aSecondDocumentIsRefused() {
        refused("a: 1\n---\nb: 2\n", "in.yaml:2", "second YAML document");
        refused("{\"a\": 1} {\"b\": 2}", "in.yaml:1");
    }

    @Test
    public void whatIsNoTextIsRefused() {
        refused("", "empty");
        refused("  \n\n", "empty");
        refused("a: \u0007", "in.yaml:1", "U+0007");
        refused("ok: 1\nb: \0", "in.yaml:2", "U+0000");
        var e = assertThrows(
                InputException.class,
                () -> Source.read("x", new byte[] {'a', ':', (byte) 0xC3}, Limits.INPUT, new Problems()));
        assertTrue(e.getMessage(), e.getMessage().contains("UTF-8"));
    }

    /** Jackson reads the first of these as UTF-16 and the others as UTF-32, whatever the file was taken for. */
    @Test
    public void onlyUtf8IsReadAlsoWhereTheSameBytesAreJsonInAnotherEncoding() {
        refused("{\0}\0", "in.yaml:1", "U+0000");
        refused("{\0\0\0}\0\0\0", "in.yaml:1", "U+0000");
        refused("{\0\0\0sources\" ?: {\n", "in.yaml:1", "U+0000");
        for (var text : List.of("{\0}\0", "{\0\0\0sources", "{\n\"a\0\": 1}")) {
            var e = assertThrows(
                    InputException.class,
                    () -> Source.read("in.json", text.getBytes(StandardCharsets.UTF_8), Limits.INPUT, new Problems()));
            assertEquals(
                    "in.json:" + (text.startsWith("{\n") ? 2 : 1)
                            + ": is not JSON: holds the character U+0000; save it as UTF-8",
                    e.getMessage());
        }
    }

    @Test
    public void syntaxErrorsNameTheLine() {
        refused("a: 1\nb: [1, 2\n", "in.yaml:", "is not YAML");
        refused("a: 1\n\tb: 2\n", "in.yaml:2");
        var json = "{\n  \"a\": 1,\n}".getBytes(StandardCharsets.UTF_8);
        var e = assertThrows(InputException.class, () -> Source.read("in.json", json, Limits.INPUT, new Problems()));
        assertTrue(e.getMessage(), e.getMessage().startsWith("in.json:3: is not JSON"));
        byte[] marked = ("\uFEFF" + new String(json, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        var same =
                assertThrows(InputException.class, () -> Source.read("in.json", marked, Limits.INPUT, new Problems()));
        assertEquals("also behind a byte order mark", e.getMessage(), same.getMessage());
        refused("a: 1\nb: [1, 2\n", "is not YAML: while parsing a flow sequence, expected ',' or ']'");
    }

    @Test
    public void keysMustBePlain() {
        refused("? [a, b]\n: c", "key");
        refused("{a: 1}: c", "in.yaml:1");
        refused("a:\n  [x]: c", "in.yaml:2", "key");
        refused("? !Sub x\n: c", "in.yaml");
        refused("{~: c}", "in.yaml:1", "key");
        refused("a: &x b\n*x : c", "in.yaml:2", "a key must be a plain text, not an alias");
    }

    @Test
    public void aLargeFileIsRefusedWithoutBeingReadWhole() throws Exception {
        var file = folder.newFile("big.yaml").toPath();
        try (var raf = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            raf.setLength(50L << 20);
        }
        var e = assertThrows(InputException.class, () -> ManifestReader.readMarked(file));
        assertEquals(file + ": is larger than 1 MiB, the most that is read; split it", e.getMessage());
        Files.delete(file);
        assertTrue(assertThrows(InputException.class, () -> PolicyReader.read(file))
                .getMessage()
                .contains("does not exist"));
    }

    @Test
    public void aByteOrderMarkAndCrLfAreNoPartOfAnything() {
        var tree = read("\uFEFFa: 1\r\nb: x\r\n");
        assertEquals("x", scalar(tree, "b").text());
        assertEquals(2, scalar(tree, "b").where().line());
        assertEquals("1", scalar(read("\uFEFF{\"a\": 1}"), "a").text());
    }

    @Test
    public void noTextWhateverLeadsToAnythingButAnInputException() {
        var random = new Random(5);
        String[] pieces = {
            "a",
            ": ",
            "\n",
            "  ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "\"",
            "'",
            "&a ",
            "*a",
            "!x ",
            "!!str ",
            "|\n",
            ">",
            "#",
            "---\n",
            "...\n",
            "? ",
            "%YAML 1.2\n",
            "%TAG ! x\n",
            "\\u",
            "\\ud83d",
            "\ud83d\ude00",
            "\t",
            "\r\n",
            "1",
            "1e5",
            "null",
            "~",
            "<<",
            "\uFEFF",
            "\u0085",
            "\u2028",
            "@",
            "`",
            "0x",
            "\\x4",
            "|9\n",
            ">-\n",
            "!<tag:x> ",
            "!a!b "
        };
        int read = 0;
        for (int round = 0; round < 30_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(14); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                read(text.toString());
                read++;
            } catch (InputException e) {
                assertTrue(e.getMessage(), e.getMessage().startsWith("in.yaml"));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("for: " + text, e);
            }
        }
        assertTrue("read " + read, read > 1_000);
    }

    private static String refusal(String file, String text) {
        return assertThrows(
                        text,
                        InputException.class,
                        () -> Source.read(
                                file,
                                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                Limits.TEMPLATE,
                                new Problems()))
                .getMessage();
    }

    @Test
    public void commentsInJsonAreRefusedWithTheirLine() {
        for (String text : List.of(
                "{\n  // a comment\n  \"a\": 1\n}",
                "{ \"a\": 1,\n  /* a\n comment */ \"b\": 2 }",
                "{\n  \"a\": \"x\" // y\n}",
                "{ \"a\": [ 1,\n // two\n 2 ] }")) {
            for (String file : List.of("t.json", "t.yaml", "release")) {
                String message = refusal(file, text);
                assertTrue(message, message.startsWith(file + ":2: has a comment, which JSON has not; remove it"));
            }
        }
        String first = refusal("t.yaml", "// generated\n{ \"a\": 1 }");
        assertTrue(first, first.startsWith("t.yaml:1: has a comment"));
        String comma = refusal("t.json", "{ \"a\": [ 1, 2,\n ] }");
        assertEquals("t.json:2: is not JSON: there is a comma before ]; remove the comma", comma);
    }

    @Test
    public void slashesElsewhereAreNoComments() {
        for (String text : List.of(
                "{ \"a\": \"https://acme.net/*\", \"b\": \"\\\"//\" }",
                "{ a: https://acme.net, b: [ x//y, ] }",
                "a: //server/share\n",
                "# see https://acme.net\na: 1\n",
                "{ a: 1, # // no comment of JavaScript\n b: 2 }")) {
            Source.read(
                    "t.yaml", text.getBytes(java.nio.charset.StandardCharsets.UTF_8), Limits.TEMPLATE, new Problems());
        }
    }

    @Test
    public void aTabIsNamedWithItsLine() {
        for (String text : List.of("a:\n\tb: 1\n", "a:\n  b: 1\n \tc: 2\n", "a:\n  - x\n\t- y\n")) {
            String message = refusal("t.yaml", text);
            assertTrue(message, message.contains("the line is indented with a tab; indent it with spaces"));
            int line = Integer.parseInt(message.split(":")[1]);
            assertTrue(message, text.split("\n")[line - 1].contains("\t"));
        }
        String other = refusal("t.yaml", "a: [ 1\nb: 2\n");
        assertTrue(other, other.contains("is not YAML: ") && !other.contains("tab"));
    }
}
