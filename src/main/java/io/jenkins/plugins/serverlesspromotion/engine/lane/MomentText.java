package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A moment in sentences for people: the same everywhere, with day of the week, date and zone. */
public final class MomentText {
    private static final ZoneId UTC = ZoneId.of("UTC");

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss", Locale.ENGLISH);

    private MomentText() {}

    /** {@code Mon 2026-11-23 09:00 Europe/Berlin} */
    public static String of(Instant at, ZoneId zone) {
        return text(MINUTE, at, zone);
    }

    /** {@code Mon 2026-11-23 09:00 UTC}, where no zone is known. */
    public static String of(Instant at) {
        return of(at, UTC);
    }

    /** As {@link #of(Instant, ZoneId)}, in the first whole minute that is not before {@code at}. */
    public static String notBefore(Instant at, ZoneId zone) {
        return of(at.plus(Duration.ofMinutes(1)).minusNanos(1), zone);
    }

    /** {@code Mon 2026-11-23 09:00:12 Europe/Berlin} */
    public static String seconds(Instant at, ZoneId zone) {
        return text(SECOND, at, zone);
    }

    private static String text(DateTimeFormatter formatter, Instant at, ZoneId zone) {
        return formatter.format(at.atZone(zone)) + " " + (zone.equals(ZoneOffset.UTC) ? UTC : zone);
    }
}
