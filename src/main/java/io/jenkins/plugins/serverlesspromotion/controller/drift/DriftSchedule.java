package io.jenkins.plugins.serverlesspromotion.controller.drift;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/** Determines when a lane is checked next. */
final class DriftSchedule {
    /** The deviation from the interval, as a fraction of it, so that not all lanes are checked at the same time. */
    private static final double SPREAD = 0.2;

    private DriftSchedule() {}

    /**
     * @param last null when it was never checked
     * @return empty while nothing is live there, or a deployment is under way
     */
    static Optional<Instant> due(Lane lane, DriftReading last, Duration interval) {
        if (lane.live() == null || lane.running().isPresent()) {
            return Optional.empty();
        }
        // After a deployment that was rolled back this time is long past, and the lane is checked at once.
        Instant from =
                last != null && last.isAbout(lane) ? last.at() : lane.live().since();
        long seed = Objects.hash(lane.id(), from);
        double part = 1 - SPREAD + 2 * SPREAD * new SplittableRandom(seed).nextDouble();
        return Optional.of(from.plusMillis((long) (interval.toMillis() * part)));
    }
}
