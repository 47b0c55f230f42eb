package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Instant;
import java.util.Objects;

/**
 * Keeps forward promotions of a lane pending.
 *
 * @param by who or what set it
 * @param until when it ends by itself, null: its setter or a person must release it
 */
public record LaneHold(Kind kind, String by, Instant since, Instant until, String reason) {
    public LaneHold {
        Objects.requireNonNull(kind, "a hold has a kind");
    }

    public enum Kind {
        /** Set by a rollback by hand, until a person releases it. */
        ROLLBACK,
        /** A person reserved the lane. This version sets no such hold, but respects it. */
        RESERVED,
        /** A release set waits for its other members. This version sets no such hold, but respects it. */
        SET,
        /** A run of a runner needs the lane unchanged. This version sets no such hold, but respects it. */
        RUN
    }

    /** Whether it keeps promotions pending at {@code now}. */
    boolean standsAt(Instant now) {
        return until == null || now.isBefore(until);
    }
}
