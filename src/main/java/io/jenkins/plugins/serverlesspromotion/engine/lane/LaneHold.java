package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Instant;
import java.util.Objects;

/**
 * Keeps forward promotions of a lane waiting.
 *
 * @param by who or what set it
 * @param until when it ends by itself, null: a person or what set it must release it
 */
public record LaneHold(Kind kind, String by, Instant since, Instant until, String reason) {
    public LaneHold {
        Objects.requireNonNull(kind, "a hold has a kind");
    }

    public enum Kind {
        /** Set by a rollback by hand, until a person releases it. */
        ROLLBACK,
        /** A person reserved the lane. This version sets none, and obeys one. */
        RESERVED,
        /** A release set waits for its other members. This version sets none, and obeys one. */
        SET,
        /** A run of a runner needs the lane as it is. This version sets none, and obeys one. */
        RUN
    }

    /** Whether it keeps promotions waiting at {@code now}. */
    boolean standsAt(Instant now) {
        return until == null || now.isBefore(until);
    }
}
