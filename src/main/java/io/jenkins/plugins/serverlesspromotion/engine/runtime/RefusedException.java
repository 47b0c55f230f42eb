package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import java.time.Duration;
import java.util.Optional;

/** The answer is no, and the message says why to whoever asked. The refusal is in the audit log already. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration wait;

    public RefusedException(String why) {
        this(why, null);
    }

    /** @param wait after which it may be asked for again, null: time changes nothing */
    RefusedException(String why, Duration wait) {
        super(why);
        this.wait = wait;
    }

    /** After which time it may be asked for again; empty where time changes nothing. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(wait);
    }
}
