package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class JobPatternTest {
    @Test
    public void aNameIsItself() {
        assertTrue(JobRights.matches("team-orders/orders/main", "team-orders/orders/main"));
        assertFalse(JobRights.matches("team-orders/orders/main", "team-orders/orders/main2"));
        assertFalse(JobRights.matches("team-orders/orders/main", "team-orders/orders/Main"));
        assertFalse(JobRights.matches("team-orders/orders/main", "x/team-orders/orders/main"));
        assertFalse(JobRights.matches("team-orders/orders", "team-orders/orders/main"));
    }

    @Test
    public void aStarNeverCrossesASlash() {
        assertTrue(JobRights.matches("team-orders/*/main", "team-orders/orders/main"));
        assertFalse(JobRights.matches("team-orders/*/main", "team-orders/orders/sub/main"));
        assertFalse(JobRights.matches("team-orders/*", "team-orders/orders/main"));
        assertTrue(JobRights.matches("team-orders/*", "team-orders/orders"));
        assertTrue(JobRights.matches("*", "orders"));
        assertFalse(JobRights.matches("*", "team-orders/orders"));
        assertTrue(JobRights.matches("team-orders/orders/release-*", "team-orders/orders/release-1.4"));
        assertTrue("a slash in a branch is encoded", JobRights.matches("o/release-*", "o/release-%2Fmain"));
        assertTrue(JobRights.matches("a/**", "a/b"));
        assertFalse("two stars are no more than one", JobRights.matches("a/**", "a/b/c"));
    }

    @Test
    public void nothingElseIsSpecial() {
        assertFalse(JobRights.matches("orders/ma.n", "orders/main"));
        assertFalse(JobRights.matches("orders/[m]ain", "orders/main"));
        assertTrue(JobRights.matches("orders/[m]ain", "orders/[m]ain"));
        assertTrue(JobRights.matches("orders/\\Q*", "orders/\\Q\\E.*"));
        assertFalse(JobRights.matches("orders/*", "orders/a\n/b"));
        assertTrue(JobRights.matches("orders/*", "orders/a\nb"));
    }
}
