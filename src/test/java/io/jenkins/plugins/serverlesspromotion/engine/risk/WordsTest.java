package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The smallest parts: patterns of IAM, and how values of templates are read and shown. */
public class WordsTest {
    private static final Tree.Choice EITHER = new Tree.Choice(List.of("true", "false"));

    private static void covers(String pattern, String text, boolean expected) {
        assertEquals(pattern + " covers " + text, expected, Glob.covers(pattern, text));
    }

    private static void meet(String a, String b, boolean expected) {
        assertEquals(a + " meets " + b, expected, Glob.meet(a, b));
        assertEquals(b + " meets " + a, expected, Glob.meet(b, a));
    }

    @Test
    public void aPatternCoversWhatItMatches() {
        covers("", "", true);
        covers("", "a", false);
        covers("a", "", false);
        covers("*", "", true);
        covers("**", "", true);
        covers("a*", "a", true);
        covers("a**", "ab", true);
        covers("ab", "a", false);
        covers("a", "ab", false);
        covers("a*c", "abbc", true);
        covers("a*c", "abbcd", false);
        covers("*a*b", "xaab", true);
        covers("?", "", false);
        covers("?", "*", false);
        covers("?", "$", false);
        covers("a?c", "abc", true);
        covers("a?c", "a?c", true);
        covers("a*", "*", false);
    }

    @Test
    public void patternsMeetWhereOneTextMatchesBoth() {
        meet("", "", true);
        meet("", "a", false);
        meet("*", "", true);
        meet("a*", "*b", true);
        meet("a*", "b*", false);
        meet("a?", "?b", true);
        meet("a?", "a", false);
        meet("a*b", "a*c", false);
        meet("*a*", "b*c", true);
        meet("ab", "ab", true);
        meet("ab", "abc", false);
        meet("a**", "a", true);
        meet("*?", "a", true);
        meet("*aab*", "aaaaaab", true);
        meet("*aab*", "aaaaaac", false);
    }

    @Test
    public void textsThatAreTooLongAreComparedAsTheyAre() {
        String longest = "a".repeat(2_048);
        covers("a*", longest, true);
        covers("a*", longest + "a", false);
        covers("*", longest + "a", true);
        covers(longest + "a", longest + "a", true);
        covers(longest + "*", longest, false);
        covers("b", longest + "a", false);
        meet(longest + "a", "b", true);
        meet(longest, "b", false);
        meet("a".repeat(2_000), "b".repeat(2_000), true);
        meet("a".repeat(256), "b".repeat(256), false);
        meet("a".repeat(257), "b".repeat(256), true);
    }

    @Test
    public void trueAndFalseAsCloudFormationTakesThem() {
        for (String word : List.of("true", "True", "yes", "on")) {
            assertTrue(word, Tree.isTrue(word));
            assertFalse(word, Tree.isFalse(word));
        }
        for (String word : List.of("false", "NO", "off")) {
            assertTrue(word, Tree.isFalse(word));
            assertFalse(word, Tree.isTrue(word));
        }
        for (Object other : List.of("1", "", Map.of(), List.of())) {
            assertFalse(Tree.isTrue(other));
            assertFalse(Tree.isFalse(other));
        }
        assertFalse(Tree.isTrue(null));
        assertFalse(Tree.isFalse(null));
        assertTrue("it may be", Tree.isTrue(EITHER));
        assertTrue("it may be", Tree.isFalse(EITHER));
    }

    @Test
    public void whatIsSureAndWhatMayBeLeftOut() {
        assertTrue(Tree.isSurelyTrue("true"));
        assertFalse(Tree.isSurelyTrue("false"));
        assertFalse(Tree.isSurelyTrue(null));
        assertFalse(Tree.isSurelyTrue(EITHER));
        assertTrue(Tree.isSurelyTrue(new Tree.Choice(List.of("true", "yes"))));
        assertFalse(Tree.isSurelyTrue(new Tree.Choice(List.of("true"), true)));
        assertTrue(Tree.mayBeNothing(null));
        assertFalse(Tree.mayBeNothing("a"));
        assertFalse(Tree.mayBeNothing(EITHER));
        assertTrue(Tree.mayBeNothing(new Tree.Choice(List.of("a"), true)));
        assertTrue(Tree.mayBeNothing(new Tree.Choice(List.of(new Tree.Choice(List.of("a"), true), "b"))));
    }

    @Test
    public void aChoiceOfMapsHasTheMembersOfAll() {
        Object both = new Tree.Choice(List.of(Map.of("a", "1"), Map.of("a", "2", "b", "3")));
        assertEquals(new Tree.Choice(List.of("1", "2")), Tree.at(both, "a"));
        assertEquals("one of them has none", new Tree.Choice(List.of("3"), true), Tree.at(both, "b"));
        assertNull(Tree.at(both, "c"));
        Object one = new Tree.Choice(List.of(Map.of("a", "1")));
        assertEquals("1", Tree.at(one, "a"));
        Object orNothing = new Tree.Choice(List.of(Map.of("a", "1")), true);
        assertEquals(new Tree.Choice(List.of("1"), true), Tree.at(orNothing, "a"));
        assertEquals(Map.of(), Tree.map("a"));
    }

    @Test
    public void listsOfAnything() {
        assertEquals(List.of(), Tree.list(null));
        assertEquals(List.of("a"), Tree.list("a"));
        assertEquals(List.of("a", "true", "false"), Tree.list(List.of("a", EITHER)));
        assertEquals(List.of("true", "false"), Tree.list(EITHER));
        assertEquals(List.of("a", "b"), Tree.list(new Tree.Choice(List.of(List.of("a", "b")))));
        assertEquals(List.of("a"), Tree.texts(List.of("a", Map.of())));
        assertEquals(List.of(Map.of("k", "v")), Tree.maps(List.of("a", Map.of("k", "v"))));
    }

    @Test
    public void valuesAreShownInOneLine() {
        assertNull(Tree.shown(null));
        assertEquals("a", Tree.shown("a"));
        assertEquals("a b", Tree.shown("a\n   b"));
        assertEquals("{a: \"1\", b: [\"2\", \"3\"]}", Tree.shown(Map.of("b", List.of("2", "3"), "a", "1")));
        assertEquals("(\"true\" or \"false\")", Tree.shown(EITHER));
        assertEquals("(\"a\" or nothing)", Tree.shown(new Tree.Choice(List.of("a"), true)));
        assertEquals("a".repeat(300), Tree.shown("a".repeat(300)));
        assertEquals("a".repeat(299) + "…", Tree.shown("a".repeat(301)));
    }

    @Test
    public void keysAreEqualExactlyForEqualValues() {
        assertEquals(Tree.key(Map.of("a", "1", "b", "2")), Tree.key(Map.of("b", "2", "a", "1")));
        assertFalse(Tree.key("a").equals(Tree.key(List.of("a"))));
        assertFalse(Tree.key(List.of("a", "b")).equals(Tree.key(List.of("a, b"))));
        assertFalse(Tree.key(EITHER).equals(Tree.key(new Tree.Choice(EITHER.options(), true))));
    }
}
