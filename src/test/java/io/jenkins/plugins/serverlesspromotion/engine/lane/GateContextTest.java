package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Test;

/** Which lanes a pause stops. */
public class GateContextTest {
    private static final List<LaneId> LANES = Stream.of("orders/prod", "orders/dev", "payments/prod", "prod/orders")
            .map(l -> new LaneId(l.substring(0, l.indexOf('/')), l.substring(l.indexOf('/') + 1)))
            .toList();

    private static String stopped(String scope) {
        var pause = new Pause(scope, "user:dave", Instant.EPOCH, "incident");
        return String.join(
                " ",
                LANES.stream()
                        .filter(pause::covers)
                        .map(l -> l.service() + "/" + l.environment())
                        .toList());
    }

    @Test
    public void aPauseStopsEverythingOrOneEnvironmentOrOneService() {
        assertEquals("orders/prod orders/dev payments/prod prod/orders", stopped(Pause.EVERYTHING));
        assertEquals("orders/prod payments/prod", stopped(Pause.environment("prod")));
        assertEquals("orders/prod orders/dev", stopped(Pause.service("orders")));
        assertEquals("prod/orders", stopped("service prod"));
        assertEquals("", stopped("environment moon"));
    }

    @Test
    public void aScopeIsReadFromTheTextThatItIsWrittenAs() {
        for (PauseScope scope : List.of(
                new PauseScope(PauseScope.Kind.EVERYTHING),
                new PauseScope(PauseScope.Kind.CONFIGURATION),
                new PauseScope(PauseScope.Kind.ENVIRONMENT, "prod"),
                new PauseScope(PauseScope.Kind.SERVICE, "orders"))) {
            assertEquals(Optional.of(scope), PauseScope.of(scope.toString()));
        }
        assertEquals("everything", Pause.EVERYTHING);
        assertEquals("configuration", Pause.CONFIGURATION);
        assertEquals("environment prod", Pause.environment("prod"));
        assertEquals("service orders", Pause.service("orders"));
        for (String other : List.of("", "everything else", "environment", "recovery", "Service orders", "scope-12")) {
            assertEquals(other, Optional.empty(), PauseScope.of(other));
            assertEquals(other, "", stopped(other));
        }
        assertTrue(new Pause(Pause.CONFIGURATION, "x", Instant.EPOCH, "y").is(PauseScope.Kind.CONFIGURATION));
        assertFalse(new Pause(Pause.EVERYTHING, "x", Instant.EPOCH, "y").is(PauseScope.Kind.CONFIGURATION));
        assertThrows(IllegalArgumentException.class, () -> new PauseScope(PauseScope.Kind.SERVICE));
        assertThrows(IllegalArgumentException.class, () -> new PauseScope(PauseScope.Kind.EVERYTHING, "x"));
    }

    private static boolean contains(String known, String commit) {
        return new GateContext.ReleaseFacts(null, known, Set.of(), List.of(), List.of(), List.of(), List.of())
                .contains(commit);
    }

    @Test
    public void aCommitIsTheSameWhicheverOfTheTwoIsGivenShortButNotTooShort() {
        String whole = "abcdef1234567890";
        for (String same : List.of(whole, "abcdef1", "abcdef12")) {
            assertTrue(same, contains(whole, same));
            assertTrue(same, contains(same, whole));
        }
        for (String other : List.of("abcdef", "abcdef2", "abcdef1234567899", "bcdef12")) {
            assertFalse(other, contains(whole, other));
            assertFalse(other, contains(other, whole));
        }
        assertTrue("as it was given", contains("abc", "abc"));
        assertFalse("of no known commit", contains(null, whole));
    }
}
