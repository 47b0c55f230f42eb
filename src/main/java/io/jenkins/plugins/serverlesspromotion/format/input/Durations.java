package io.jenkins.plugins.serverlesspromotion.format.input;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 30s}, {@code 30m}, {@code 24h}, {@code 7d}, {@code 1h30m}, or ISO 8601. */
public final class Durations {
    private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}(d|h|m|s|ms))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|d|h|m|s)");
    /** A repeated group recurses, and a text of a megabyte would overflow the stack. */
    private static final int LONGEST = 100;

    private static final Map<String, Duration> UNITS = Map.of(
            "d", Duration.ofDays(1),
            "h", Duration.ofHours(1),
            "m", Duration.ofMinutes(1),
            "s", Duration.ofSeconds(1),
            "ms", Duration.ofMillis(1));

    private Durations() {}

    /** @throws IllegalArgumentException when {@code text} is not a duration, or a negative one */
    public static Duration parse(String text) {
        String compact = text.strip();
        if (compact.length() <= LONGEST && WHOLE.matcher(compact).matches()) {
            Duration sum = Duration.ZERO;
            Matcher part = PART.matcher(compact);
            while (part.find()) {
                sum = sum.plus(UNITS.get(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
            }
            return sum;
        }
        try {
            if (compact.startsWith("P")) {
                Duration iso = Duration.parse(compact);
                if (!iso.isNegative()) {
                    return iso;
                }
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            throw refuse(text);
        }
        throw refuse(text);
    }

    private static IllegalArgumentException refuse(String text) {
        return new IllegalArgumentException("'" + TypedReader.shown(text)
                + "' is not a duration; write a number and a unit of d, h, m, s or ms, as in 30m or 1h30m");
    }
}
