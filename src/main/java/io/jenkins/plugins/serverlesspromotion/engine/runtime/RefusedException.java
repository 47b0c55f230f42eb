package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import java.time.Duration;
import java.util.Optional;

/** A request was refused. The message gives the requester the reason. The refusal is already in the audit log. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration wait;

    public RefusedException(String why) {
        this(why, null);
    }

    /** @param wait after which it may be requested again, null: waiting does not help */
    RefusedException(String why, Duration wait) {
        super(why);
        this.wait = wait;
    }

    /** The time after which it may be requested again; empty where waiting does not help. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(wait);
    }
}
