package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** What can be told of a gate from what it says. */
public class GateStatusTest {
    private static final Instant AT = Instant.parse("2026-11-21T13:00:00.5Z");
    private static final GateStatus CLOSED = GateStatus.pending(Kind.WINDOW, "closed until Mon 2026-11-23 09:00 UTC");

    @Test
    public void anOverriddenGateHoldsForAWhileAndStillSaysWhatItPassesBy() {
        GateStatus passed = CLOSED.overridden(List.of("alice", "bob"), AT);
        assertEquals(
                "OVERRIDDEN by alice, bob before 2026-11-21T13:00:00Z: closed until Mon 2026-11-23 09:00 UTC",
                passed.sentence());
        assertEquals(Kind.WINDOW, passed.kind());
        assertEquals(GateStatus.GateResult.PASSED, passed.result());
        assertEquals(List.of(), passed.helpers());
        assertEquals(AT, passed.until());
        assertEquals(new GateStatus.Overridden(List.of("alice", "bob"), AT), passed.overridden());
        assertTrue(passed.isOverridden());
        assertFalse(CLOSED.isOverridden());
        assertFalse(GateStatus.passed(Kind.WINDOW, "open until Mon 2026-11-23 15:00 UTC")
                .isOverridden());
        assertFalse(
                "whatever a closed gate says",
                GateStatus.pending(Kind.TICKET, "OVERRIDDEN by me is no ticket").isOverridden());
        assertFalse(
                "whatever an open gate says",
                GateStatus.passed(Kind.TICKET, "OVERRIDDEN by me").isOverridden());
    }

    @Test
    public void momentsAndProducersStayDataUntilTheyAreShown() {
        Sentence said =
                Sentence.of("tests passed: ").by("job:orders").then(" #7").at(AT);
        assertEquals("tests passed: job:orders #7 at 2026-11-21T13:00:00Z", said.toString());
        assertEquals("tests passed: ORDERS #7 now", said.written(at -> at.equals(AT) ? "now" : "then", p -> "ORDERS"));
        assertEquals(
                "by a or b", Sentence.of("by ").byAny(List.of("a", "b"), " or ").toString());
    }

    @Test
    public void everyKindIsFoundByItsWord() {
        for (Kind kind : Kind.values()) {
            assertEquals(Optional.of(kind), Kind.of(kind.word()));
        }
        assertEquals(Optional.empty(), Kind.of("weather"));
    }

    @Test
    public void onlyAClosedGateWithATimeOpensByItself() {
        assertTrue(CLOSED.until(AT).opensByItself());
        assertFalse(CLOSED.opensByItself());
        assertFalse(
                "it closes then",
                GateStatus.passed(Kind.WINDOW, "open").until(AT).opensByItself());
        assertFalse(GateStatus.blocked(Kind.ORDER, "older").until(AT).opensByItself());
    }
}
