package io.jenkins.plugins.serverlesspromotion.controller.drift;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class DriftScheduleTest {
    private static final Instant SINCE = Instant.parse("2026-11-02T09:00:00Z");
    private static final Duration INTERVAL = Duration.ofHours(10);
    private static final ReleaseRef RELEASE = new ReleaseRef("orders", "1.0.0", "sha256:" + "a".repeat(64), 1);

    private static Lane lane(String service, long changes) {
        var live = new Lane.Live(RELEASE, "orders.prod.1", SINCE, Map.of());
        return new Lane(new LaneId(service, "prod"), live, List.of(), null, List.of(), 1, changes);
    }

    private static DriftReading reading(Lane lane, Instant at, long changes) {
        return new DriftReading(lane.id(), "orders.prod.1", RELEASE, changes, at, "schedule", List.of(), List.of());
    }

    private static Duration after(Instant from, Lane lane, DriftReading last) {
        return Duration.between(from, DriftSchedule.due(lane, last, INTERVAL).orElseThrow());
    }

    @Test
    public void aLaneIsDueAboutOneIntervalAfterItWasPromotedAndAfterEachLook() {
        Lane lane = lane("orders", 1);
        Instant looked = SINCE.plus(Duration.ofDays(3));
        for (Duration length : List.of(after(SINCE, lane, null), after(looked, lane, reading(lane, looked, 1)))) {
            assertTrue(length.toString(), length.compareTo(Duration.ofHours(8)) >= 0);
            assertTrue(length.toString(), length.compareTo(Duration.ofHours(12)) <= 0);
        }
    }

    @Test
    public void lanesPromotedTogetherAreNotLookedAtTogether() {
        var lengths = new HashSet<Duration>();
        for (int i = 0; i < 20; i++) {
            lengths.add(after(SINCE, lane("svc-" + i, 1), null));
        }
        assertTrue("" + lengths, lengths.size() >= 19);
        assertEquals(
                "the same each time it is asked",
                after(SINCE, lane("orders", 1), null),
                after(SINCE, lane("orders", 1), null));
    }

    @Test
    public void whatWasFoundBeforeADeploymentThatWentWrongDoesNotCount() {
        Lane lane = lane("orders", 2);
        Instant looked = SINCE.plus(Duration.ofDays(3));
        assertFalse(
                "overdue",
                DriftSchedule.due(lane, reading(lane, looked, 1), INTERVAL)
                        .orElseThrow()
                        .isAfter(looked));
    }

    @Test
    public void whereNothingIsLiveNothingIsDue() {
        assertEquals(Optional.empty(), DriftSchedule.due(Lane.empty(new LaneId("orders", "prod")), null, INTERVAL));
    }
}
