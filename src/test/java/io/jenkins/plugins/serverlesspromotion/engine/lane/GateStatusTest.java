package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** What can be told of a gate from what it says. */
public class GateStatusTest {
    private static final Instant AT = Instant.parse("2026-11-21T13:00:00.5Z");
    private static final GateStatus CLOSED = GateStatus.waits("window", "closed until Mon 2026-11-23 09:00 UTC");

    @Test
    public void anOverriddenGateHoldsForAWhileAndStillSaysWhatItPassesBy() {
        GateStatus passed = CLOSED.overridden(List.of("alice", "bob"), AT);
        assertEquals(
                new GateStatus(
                        "window",
                        GateStatus.Verdict.HOLDS,
                        "OVERRIDDEN by alice, bob before 2026-11-21T13:00:00Z: closed until Mon 2026-11-23 09:00 UTC",
                        List.of(),
                        AT),
                passed);
        assertTrue(passed.isOverridden());
        assertFalse(CLOSED.isOverridden());
        assertFalse(GateStatus.holds("window", "open until Mon 2026-11-23 15:00 UTC")
                .isOverridden());
        assertFalse(
                "whatever a closed gate says",
                GateStatus.waits("ticket", "OVERRIDDEN by me is no ticket").isOverridden());
    }

    @Test
    public void onlyAClosedGateWithATimeOpensByItself() {
        assertTrue(CLOSED.until(AT).opensByItself());
        assertFalse(CLOSED.opensByItself());
        assertFalse(
                "it closes then", GateStatus.holds("window", "open").until(AT).opensByItself());
        assertFalse(GateStatus.refuses("order", "older").until(AT).opensByItself());
    }
}
