package io.jenkins.plugins.serverlesspromotion.engine.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Computes the times of windows and freezes. A local time that occurs twice means its first occurrence. A local time
 * that the clocks skip means the moment at which they skip it. So a window never opens or closes later than its rule
 * states. A window whose hours are skipped completely does not open that day.
 */
public final class Hours {
    /** Every window opens within this number of days, even if a clock change removes a whole opening. */
    private static final int DAYS_AHEAD = 14;

    private Hours() {}

    /** From {@code start} (inclusive) to {@code end} (exclusive). */
    public record Span(Instant start, Instant end) {
        public boolean contains(Instant at) {
            return !at.isBefore(start) && at.isBefore(end);
        }
    }

    /** The moment at which clocks in {@code zone} first show or skip {@code local}. */
    public static Instant instant(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
    }

    public static Span of(Freeze freeze) {
        return new Span(instant(freeze.from(), freeze.zone()), instant(freeze.until(), freeze.zone()));
    }

    /**
     * The opening of any of {@code windows} that contains {@code at}; adjacent openings count as one. An end more than
     * two weeks away is reported as two weeks away.
     */
    public static Optional<Span> open(List<Window> windows, Instant at) {
        return openings(windows, at).stream().filter(s -> s.contains(at)).findFirst();
    }

    /** The next opening that begins after {@code at}; empty when there is none in the two weeks that follow. */
    public static Optional<Span> next(List<Window> windows, Instant at) {
        return openings(windows, at).stream().filter(s -> s.start().isAfter(at)).findFirst();
    }

    private static List<Span> openings(List<Window> windows, Instant around) {
        var all = new ArrayList<Span>();
        for (Window window : windows) {
            LocalDate today = LocalDate.ofInstant(around, window.zone());
            // A window that opened yesterday may still be open.
            for (int day = -1; day <= DAYS_AHEAD; day++) {
                LocalDate date = today.plusDays(day);
                if (window.days().contains(date.getDayOfWeek())) {
                    boolean overnight = !window.lastStart().isAfter(window.from());
                    Instant start = instant(date.atTime(window.from()), window.zone());
                    Instant end = instant(date.plusDays(overnight ? 1 : 0).atTime(window.lastStart()), window.zone());
                    if (start.isBefore(end)) {
                        all.add(new Span(start, end));
                    }
                }
            }
        }
        all.sort(Comparator.comparing(Span::start));
        var joined = new ArrayList<Span>();
        for (Span span : all) {
            Span last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last == null || span.start().isAfter(last.end())) {
                joined.add(span);
            } else if (span.end().isAfter(last.end())) {
                joined.set(joined.size() - 1, new Span(last.start(), span.end()));
            }
        }
        return joined;
    }
}
