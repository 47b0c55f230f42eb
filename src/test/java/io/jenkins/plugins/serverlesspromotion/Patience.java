package io.jenkins.plugins.serverlesspromotion;

import java.time.Duration;

/**
 * How long tests wait for what must happen. Long enough where the machine is busy with other things; a test that passes
 * never waits so long.
 */
public final class Patience {
    public static final Duration LIMIT = Duration.ofMinutes(4);
    public static final long SECONDS = LIMIT.toSeconds();
    public static final long MILLIS = LIMIT.toMillis();

    private Patience() {}
}
