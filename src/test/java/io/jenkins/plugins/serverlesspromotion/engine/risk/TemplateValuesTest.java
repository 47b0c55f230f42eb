package io.jenkins.plugins.serverlesspromotion.engine.risk;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The smallest parts: patterns of IAM, and how values of templates are read and shown. */
public class TemplateValuesTest {
    private static final TemplateQuery.Choice EITHER = new TemplateQuery.Choice(List.of("true", "false"));

    private static void covers(String pattern, String text, boolean expected) {
        assertEquals(pattern + " covers " + text, expected, IamPattern.covers(pattern, text));
    }

    private static void meet(String a, String b, boolean expected) {
        assertEquals(a + " meets " + b, expected, IamPattern.meet(a, b));
        assertEquals(b + " meets " + a, expected, IamPattern.meet(b, a));
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
            assertTrue(word, TemplateQuery.isTrue(word));
            assertFalse(word, TemplateQuery.isFalse(word));
        }
        for (String word : List.of("false", "NO", "off")) {
            assertTrue(word, TemplateQuery.isFalse(word));
            assertFalse(word, TemplateQuery.isTrue(word));
        }
        for (Object other : List.of("1", "", Map.of(), List.of())) {
            assertFalse(TemplateQuery.isTrue(other));
            assertFalse(TemplateQuery.isFalse(other));
        }
        assertFalse(TemplateQuery.isTrue(null));
        assertFalse(TemplateQuery.isFalse(null));
        assertTrue("it may be", TemplateQuery.isTrue(EITHER));
        assertTrue("it may be", TemplateQuery.isFalse(EITHER));
    }

    @Test
    public void whatIsSureAndWhatMayBeLeftOut() {
        assertTrue(TemplateQuery.isSurelyTrue("true"));
        assertFalse(TemplateQuery.isSurelyTrue("false"));
        assertFalse(TemplateQuery.isSurelyTrue(null));
        assertFalse(TemplateQuery.isSurelyTrue(EITHER));
        assertTrue(TemplateQuery.isSurelyTrue(new TemplateQuery.Choice(List.of("true", "yes"))));
        assertFalse(TemplateQuery.isSurelyTrue(new TemplateQuery.Choice(List.of("true"), true)));
        assertTrue(TemplateQuery.mayBeNothing(null));
        assertFalse(TemplateQuery.mayBeNothing("a"));
        assertFalse(TemplateQuery.mayBeNothing(EITHER));
        assertTrue(TemplateQuery.mayBeNothing(new TemplateQuery.Choice(List.of("a"), true)));
        assertTrue(TemplateQuery.mayBeNothing(
                new TemplateQuery.Choice(List.of(new TemplateQuery.Choice(List.of("a"), true), "b"))));
    }

    @Test
    public void aChoiceOfMapsHasTheMembersOfAll() {
        Object both = new TemplateQuery.Choice(List.of(Map.of("a", "1"), Map.of("a", "2", "b", "3")));
        assertEquals(new TemplateQuery.Choice(List.of("1", "2")), TemplateQuery.at(both, "a"));
        assertEquals("one of them has none", new TemplateQuery.Choice(List.of("3"), true), TemplateQuery.at(both, "b"));
        assertNull(TemplateQuery.at(both, "c"));
        Object one = new TemplateQuery.Choice(List.of(Map.of("a", "1")));
        assertEquals("1", TemplateQuery.at(one, "a"));
        Object orNothing = new TemplateQuery.Choice(List.of(Map.of("a", "1")), true);
        assertEquals(new TemplateQuery.Choice(List.of("1"), true), TemplateQuery.at(orNothing, "a"));
        assertEquals(Map.of(), TemplateQuery.map("a"));
    }

    @Test
    public void listsOfAnything() {
        assertEquals(List.of(), TemplateQuery.list(null));
        assertEquals(List.of("a"), TemplateQuery.list("a"));
        assertEquals(List.of("a", "true", "false"), TemplateQuery.list(List.of("a", EITHER)));
        assertEquals(List.of("true", "false"), TemplateQuery.list(EITHER));
        assertEquals(List.of("a", "b"), TemplateQuery.list(new TemplateQuery.Choice(List.of(List.of("a", "b")))));
        assertEquals(List.of("a"), TemplateQuery.texts(List.of("a", Map.of())));
        assertEquals(List.of(Map.of("k", "v")), TemplateQuery.maps(List.of("a", Map.of("k", "v"))));
    }

    @Test
    public void valuesAreShownInOneLine() {
        assertNull(TemplateQuery.shown(null));
        assertEquals("a", TemplateQuery.shown("a"));
        assertEquals("a b", TemplateQuery.shown("a\n   b"));
        assertEquals("{a: \"1\", b: [\"2\", \"3\"]}", TemplateQuery.shown(Map.of("b", List.of("2", "3"), "a", "1")));
        assertEquals("(\"true\" or \"false\")", TemplateQuery.shown(EITHER));
        assertEquals("(\"a\" or nothing)", TemplateQuery.shown(new TemplateQuery.Choice(List.of("a"), true)));
        assertEquals("a".repeat(300), TemplateQuery.shown("a".repeat(300)));
        assertEquals("a".repeat(299) + "…", TemplateQuery.shown("a".repeat(301)));
    }

    @Test
    public void keysAreEqualExactlyForEqualValues() {
        assertEquals(TemplateQuery.key(Map.of("a", "1", "b", "2")), TemplateQuery.key(Map.of("b", "2", "a", "1")));
        assertFalse(TemplateQuery.key("a").equals(TemplateQuery.key(List.of("a"))));
        assertFalse(TemplateQuery.key(List.of("a", "b")).equals(TemplateQuery.key(List.of("a, b"))));
        assertFalse(
                TemplateQuery.key(EITHER).equals(TemplateQuery.key(new TemplateQuery.Choice(EITHER.options(), true))));
    }
}
