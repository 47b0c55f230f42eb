package io.jenkins.plugins.serverlesspromotion.format.policy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.Test;

public class Re2PatternsTest {
    private final Patterns patterns = new Re2Patterns();

    private void problem(String pattern, String says) {
        String problem =
                patterns.problem(pattern).orElseThrow(() -> new AssertionError(pattern + " was taken for usable"));
        assertTrue(pattern + ": " + problem, problem.contains(says));
    }

    /** An engine with backtracking needs more steps for each of these than there are atoms. */
    @Test
    public void nestedRepetitionIsAnsweredWhateverTheTextIs() {
        String blanks = " ".repeat(4_000);
        for (String evil : List.of("( +)+x", "(\\s*)*x", "((a| )+)+x", "( | |  )+x", "(.*)*x", "( ?){200}x")) {
            assertFalse(evil, patterns.matches(evil, blanks));
        }
        assertTrue(patterns.matches("( +)+x", blanks + "x"));
    }

    @Test
    public void allOfTheTextMustMatch() {
        assertTrue(patterns.matches("CHG[0-9]{7}", "CHG0031337"));
        assertFalse(patterns.matches("CHG[0-9]{7}", "CHG0031337 "));
        assertFalse(patterns.matches("CHG[0-9]{7}", "xCHG0031337"));
        assertTrue(patterns.matches("A|AB", "AB"));
        assertTrue(patterns.matches("", ""));
    }

    @Test
    public void whatNeedsBacktrackingIsNamed() {
        problem("CHG(?=[0-9])[0-9]+", "has a look-ahead ((?=), which is not supported; write what");
        problem("(?!INC).*", "has a look-ahead ((?!)");
        problem("(?<=C)HG", "has a look-behind ((?<=)");
        problem("(?<!C)HG", "has a look-behind ((?<!)");
        problem("(A|B)\\1", "has a back reference (\\1)");
        problem("(?<n>A)\\k<n>", "has a back reference (\\k)");
        problem("(?>A+)B", "has an atomic group ((?>)");
        problem("A++B", "has a possessive repetition (++)");
        problem("A*+B", "has a possessive repetition (*+)");
        problem("A?+B", "has a possessive repetition (?+)");
        problem("A{2}+B", "has a possessive repetition (}+)");
    }

    /** RE2 takes these too, and each would match other tickets than before. */
    @Test
    public void whatRe2WouldReadWithAnotherMeaningIsRefused() {
        problem("[A-Z&&[^I]]+", "has an intersection of characters (&&)");
        problem("[A-Z&&B]", "has an intersection of characters (&&)");
        problem("[A[BC]]", "has characters inside characters");
        problem("[[:alpha:]]+", "has characters inside characters");
        problem("(A)(B)\\12", "has a back reference (\\1)");
        problem(
                "\\0101",
                "has an octal number of a character (\\0), which is not supported; write the character itself");
        problem("[\\0101]", "has an octal number of a character (\\0)");
        problem("(?U)\\w+", "has the flag U ((?U)");
        problem("(?iU:\\w+)", "has the flag U ((?iU)");
        problem("AB(?i){2}", "has a repetition of flags ((?i){)");
    }

    @Test
    public void whatIsNoPatternIsRefused() {
        problem("CHG[", "is no regular expression: missing closing ] ([)");
        problem("(A", "is no regular expression: missing closing )");
        problem("A)", "is no regular expression");
        problem("*", "is no regular expression: missing argument to repetition operator (*)");
        problem("\\u0041", "is no regular expression: invalid escape sequence (\\u)");
        problem("\\p{Alpha}", "is no regular expression");
        problem("\\", "is no regular expression");
        problem("a".repeat(201), "is longer than 200 characters");
        assertEquals(Optional.empty(), patterns.problem("a".repeat(200)));
        assertThrows(IllegalArgumentException.class, () -> patterns.matches("(?=A)A", "A"));
    }

    /** The library would write it out in memory: a billion parts of 24 characters of policy. */
    @Test
    public void countsThatMultiplyAreRefusedBeforeTheyTakeMemory() {
        problem("((A{1000}){1000}){1000}", "repeats more than 10000 parts");
        problem("(A{101}){100}", "repeats more than 10000 parts");
        problem("((AB){101}C){50}", "repeats more than 10000 parts");
        problem("(?:[A-Z]{101}){0,100}", "repeats more than 10000 parts");
        problem("(\\Q{}\\E{500}x){30}", "repeats more than 10000 parts");
        problem("A{99999999999}", "repeats more than 10000 parts");
        assertEquals(Optional.empty(), patterns.problem("(A{100}){100}"));
        assertEquals(Optional.empty(), patterns.problem("[A-Z]{1,10}-[0-9]{1,10}( [a-z]{1,20}){0,5}"));
        assertEquals(Optional.empty(), patterns.problem("(A{1000}|B{1000})C{1000}"));
    }

    /** Found by ./dev fuzz: the library compiles each of these without end. */
    @Test
    public void lettersWhoseCasesHaveNoEndAreRefused() {
        for (String letter : List.of("\u1c80", "\\x{1c80}", "\\Q\u1c80\\E", "[\u1c80]", "[^\u1c80]", "[a\\x{1c80}]")) {
            problem("(?i)" + letter, "has a letter whose upper and lower case are not known (U+1C80); leave it out");
            problem("(?i:A" + letter + ")", "U+1C80");
            problem("(?s-m)(?si-m)" + letter, "U+1C80");
            assertEquals(letter, Optional.empty(), patterns.problem(letter));
            assertEquals(letter, Optional.empty(), patterns.problem("(?-i)(?s-i:" + letter + ")"));
        }
        problem("(?i)[b-\\x{2000}]", "U+1C80");
        problem("(?i)[\\n-\u2000]", "U+1C80");
        problem("(?i)[^.\\--\\x{2cb37}]", "U+1C80");
        problem("(?i)[]-\u1c80]", "U+1C80");
        problem("(?i)[a--\u1c80]", "U+1C80");
        for (String usable :
                List.of("[b-\\x{1c7f}]", "[\\d\u1c7f-]", "[\u1c7f\u1c89]", "[-\u2000]", "\\p{L}", "[\\w-\u2000]")) {
            assertEquals(usable, Optional.empty(), patterns.problem("(?i)" + usable));
        }
        assertTrue(patterns.matches("(?i)[α-ω]k\u212a", "\u03c2Kk"));
    }

    /** For every character there is, with the cases that this Java knows. */
    @Test
    public void theLettersWithEndlessCasesAreThoseOfTheLibrary() throws ReflectiveOperationException {
        var fold = Class.forName("com.google.re2j.Unicode").getDeclaredMethod("simpleFold", int.class);
        fold.setAccessible(true);
        for (int letter = 0; letter <= Character.MAX_CODE_POINT; letter++) {
            int other = letter;
            int steps = 0;
            do {
                other = (int) fold.invoke(null, other);
                steps++;
            } while (other != letter && steps < 100);
            assertEquals(String.format("U+%04X", letter), other != letter, PatternScan.hasEndlessCases(letter));
        }
        assertTrue(PatternScan.hasEndlessCases('\u1c80'));
    }

    @Test
    public void whatOnlyLooksLikeThatIsUsable() {
        Map.of(
                        "\\[A&&B\\]", "[A&&B]",
                        "\\Q(?=A)[B&&C]\\1\\E", "(?=A)[B&&C]\\1",
                        "[]A]+", "]A",
                        "[^]A]+", "BC",
                        "[&A]+", "A&",
                        "[\\[A]+", "[A",
                        "\\x{41}{2}", "AA",
                        "\\p{Lu}{2}", "AA",
                        "(?i)chg[0-9]+", "CHG1",
                        "(?<id>A)(?i:b)", "AB")
                .forEach((pattern, text) -> {
                    assertEquals(pattern, Optional.empty(), patterns.problem(pattern));
                    assertTrue(pattern, patterns.matches(pattern, text));
                    assertTrue(pattern, Pattern.matches(pattern, text));
                });
    }

    /** Patterns that earlier versions took and that are still usable must match the same tickets. */
    @Test
    public void aUsablePatternMeansWhatItMeantToJava() {
        String[] pieces = {
            "A",
            "B",
            "0",
            "-",
            " ",
            ".",
            "[A-C]",
            "[^A]",
            "[A0-]",
            "\\d",
            "\\w",
            "\\s",
            "\\S",
            "\\.",
            "(A|0)",
            "(?:AB)",
            "(A*)",
            "|",
            "^",
            "$",
            "\\Q.A\\E",
            "(?i)",
            "(?i:a)",
            "[\\w-]",
            "(",
            ")",
            "(?<x>A)",
            "\\p{L}",
            "\\A",
            "\\z"
        };
        String[] repeats = {"", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}", "{2,}?"};
        String letters = "AaB0-. c";
        var random = new Random(20261129);
        int compared = 0;
        int matched = 0;
        for (int i = 0; i < 20_000; i++) {
            var pattern = new StringBuilder();
            for (int n = 1 + random.nextInt(5); n > 0; n--) {
                pattern.append(pieces[random.nextInt(pieces.length)]).append(repeats[random.nextInt(repeats.length)]);
            }
            Pattern before;
            try {
                before = Pattern.compile(pattern.toString());
            } catch (PatternSyntaxException e) {
                continue;
            }
            if (patterns.problem(pattern.toString()).isPresent()) {
                continue;
            }
            for (int n = 0; n < 5; n++) {
                var text = new StringBuilder();
                for (int length = random.nextInt(5); length > 0; length--) {
                    text.append(letters.charAt(random.nextInt(letters.length())));
                }
                boolean matches = before.matcher(text).matches();
                assertEquals(
                        "'" + pattern + "' and '" + text + "'",
                        matches,
                        patterns.matches(pattern.toString(), text.toString()));
                compared++;
                matched += matches ? 1 : 0;
            }
        }
        assertTrue(compared + " compared, " + matched + " matched", compared > 20_000 && matched > 1_000);
    }
}
