package io.jenkins.plugins.serverlesspromotion.engine.policy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** A grant, a branch or a producer is met by what its pattern names and by nothing else. */
public class GlobTest {
    @Test
    public void aNameIsItself() {
        assertTrue(Glob.matches("team-orders/orders/main", "team-orders/orders/main"));
        assertFalse(Glob.matches("team-orders/orders/main", "team-orders/orders/main2"));
        assertFalse(Glob.matches("team-orders/orders/main", "team-orders/orders/Main"));
        assertFalse(Glob.matches("team-orders/orders/main", "x/team-orders/orders/main"));
        assertFalse(Glob.matches("team-orders/orders", "team-orders/orders/main"));
    }

    @Test
    public void aStarNeverCrossesASlash() {
        assertTrue(Glob.matches("team-orders/*/main", "team-orders/orders/main"));
        assertFalse(Glob.matches("team-orders/*/main", "team-orders/orders/sub/main"));
        assertFalse(Glob.matches("team-orders/*", "team-orders/orders/main"));
        assertTrue(Glob.matches("team-orders/*", "team-orders/orders"));
        assertTrue(Glob.matches("*", "orders"));
        assertFalse(Glob.matches("*", "team-orders/orders"));
        assertTrue(Glob.matches("team-orders/orders/release-*", "team-orders/orders/release-1.4"));
        assertTrue("a slash in a branch is encoded", Glob.matches("o/release-*", "o/release-%2Fmain"));
        assertTrue(Glob.matches("a/**", "a/b"));
        assertFalse("two stars are no more than one", Glob.matches("a/**", "a/b/c"));
    }

    @Test
    public void nothingElseIsSpecial() {
        assertFalse(Glob.matches("orders/ma.n", "orders/main"));
        assertFalse(Glob.matches("orders/[m]ain", "orders/main"));
        assertTrue(Glob.matches("orders/[m]ain", "orders/[m]ain"));
        assertTrue(Glob.matches("orders/\\Q*", "orders/\\Q\\E.*"));
        assertFalse(Glob.matches("orders/*", "orders/a\n/b"));
        assertTrue(Glob.matches("orders/*", "orders/a\nb"));
    }

    /** An engine with backtracking does not answer this: each star doubles its ways, and more. */
    @Test
    public void manyStarsAreAnsweredWhateverTheNameIs() {
        assertFalse(Glob.matches("*a".repeat(50) + "*b", "a".repeat(5_000)));
        assertTrue(Glob.matches("*a".repeat(50) + "*b", "a".repeat(5_000) + "b"));
        assertFalse(Glob.matches("*a*/".repeat(20) + "*b", "aaaa/".repeat(20) + "a".repeat(1_000)));
    }

    @Test
    public void itMatchesWhatTheExpressionOfEarlierVersionsMatched() {
        var random = new Random(20261129);
        int matched = 0;
        for (int i = 0; i < 50_000; i++) {
            String pattern = text(random, "ab/**", 7);
            String name = text(random, "aab/*", 7);
            String expression =
                    Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^/]*"));
            boolean expected = Pattern.matches(expression, name);
            matched += expected ? 1 : 0;
            assertEquals(pattern + " and " + name, expected, Glob.matches(pattern, name));
        }
        assertTrue("only " + matched, matched > 1_000);
    }

    private static String text(Random random, String letters, int longest) {
        var text = new StringBuilder();
        for (int n = random.nextInt(longest + 1); n > 0; n--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
