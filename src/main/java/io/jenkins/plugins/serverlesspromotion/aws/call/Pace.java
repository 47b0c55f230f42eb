package io.jenkins.plugins.serverlesspromotion.aws.call;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Controls time for AWS calls: the one place that waits, so that tests and the sandbox can run fast. */
public interface Pace {
    Instant now();

    /** Waits for {@code nominal}, which is the real duration against AWS itself. */
    void sleep(Duration nominal) throws InterruptedException;

    /** The real duration of {@code nominal}. */
    Duration scaled(Duration nominal);

    /** The nominal duration that takes {@code real}: the reverse of {@link #scaled}. */
    default Duration nominal(Duration real) {
        // Computed for many seconds, because very short waits are rounded up.
        double factor = scaled(Duration.ofSeconds(1_000)).toNanos() / 1e12;
        return Duration.ofNanos((long) (real.toNanos() / factor));
    }

    /** The system clock with every wait multiplied by {@code factor}. */
    static Pace scaledBy(double factor) {
        var clock = Clock.systemUTC();
        return new Pace() {
            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public void sleep(Duration nominal) throws InterruptedException {
                Thread.sleep(scaled(nominal).toMillis());
            }

            @Override
            public Duration scaled(Duration nominal) {
                return Duration.ofNanos(Math.max(1_000_000L, (long) (nominal.toNanos() * factor)));
            }
        };
    }
}
