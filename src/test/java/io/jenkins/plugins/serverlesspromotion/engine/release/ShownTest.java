package io.jenkins.plugins.serverlesspromotion.engine.release;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

public class ShownTest {
    @Test
    public void aTextOf80CharactersIsWholeAndALongerOneIsCutToThat() {
        assertEquals("a".repeat(80), Shown.text("a".repeat(80)));
        assertEquals("a".repeat(77) + "...", Shown.text("a".repeat(81)));
        assertEquals("a".repeat(2_000), Shown.sentence("a".repeat(2_000)));
        assertEquals("a".repeat(1_997) + "...", Shown.sentence("a".repeat(2_001)));
        assertEquals("a".repeat(200), Shown.recorded("a".repeat(200)));
        assertEquals("a".repeat(200) + "…", Shown.recorded("a".repeat(201)));
    }

    @Test
    public void nothingBeginsALineOrTurnsTheDirectionOfReading() {
        assertEquals("a?b?c?d?e?f?", Shown.text("a\nb\u0085c\u2028d\u202Ee\u2029f\u0000"));
        assertEquals("a b", Shown.recorded("a\tb"));
        assertEquals("grün 😀", Shown.text("grün 😀"));
    }

    /** Half of a character cannot be written to the journal, where messages of refusals stand. */
    @Test
    public void noCharacterIsCutInTwo() {
        assertEquals("a".repeat(76) + "...", Shown.text("a".repeat(76) + "😀".repeat(10)));
        assertEquals("a?b", Shown.text("a\uD800b"));
        assertEquals("a".repeat(9) + "…", Shown.cut("a".repeat(9) + "😀b", 10));
        assertEquals("a".repeat(8) + "😀…", Shown.cut("a".repeat(8) + "😀b", 10));
        assertEquals("a".repeat(8) + "😀", Shown.cut("a".repeat(8) + "😀", 10));
        assertEquals("a\uFFFDb\uFFFD", Shown.cut("a\uD800b\uDE00", 10));
    }

    /** A cut that halves a character makes the journal refuse the record that the text is part of. */
    @Test
    public void noOtherCodeCutsATextAndMarksIt() throws IOException {
        // The command line fits a text into a column of a terminal, by whole characters.
        assertEquals("use Shown.cut", Set.of("TextFormat.java"), sourcesWith("substring\\(0,[^;]*\\+ \"(…|\\.\\.\\.)"));
    }

    /** A parser repeats what it could not read, with its control characters. */
    @Test
    public void noOtherCodeShowsTheMessageOfAJsonParser() throws IOException {
        assertEquals("use Json.problem", Set.of("Json.java"), sourcesWith("getOriginalMessage\\("));
    }

    private static Set<String> sourcesWith(String pattern) throws IOException {
        var compiled = Pattern.compile(pattern);
        var found = new TreeSet<String>();
        for (String folder : List.of("src/main/java", "cli/src/main/java")) {
            try (Stream<Path> files =
                    Files.walk(Path.of(System.getProperty("promotion.root", "")).resolve(folder))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    if (compiled.matcher(Files.readString(file)).find()) {
                        found.add(file.getFileName().toString());
                    }
                }
            }
        }
        return found;
    }
}
