package io.jenkins.plugins.serverlesspromotion.engine.policy;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

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
}
