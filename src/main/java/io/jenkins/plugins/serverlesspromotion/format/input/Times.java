package io.jenkins.plugins.serverlesspromotion.format.input;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads durations and points in time. */
public final class Times {
    private final TypedReader typedReader;

    public Times(TypedReader typedReader) {
        this.typedReader = typedReader;
    }

    public Optional<Duration> duration(Node node, Duration least, Duration most) {
        return typedReader.text(node).flatMap(text -> {
            try {
                Duration duration = Durations.parse(text);
                if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                    return Optional.of(duration);
                }
                typedReader.problem(
                        node.where(),
                        "must be from " + shown(least) + " to " + shown(most) + ", not " + TypedReader.shown(text));
            } catch (IllegalArgumentException e) {
                typedReader.problem(node.where(), e.getMessage());
            }
            return Optional.empty();
        });
    }

    private static String shown(Duration duration) {
        return duration.toDays() > 0
                ? duration.toDays() + "d"
                : duration.toMinutes() > 0 ? duration.toMinutes() + "m" : "0s";
    }

    /** {@code MON} or {@code monday}, case-insensitive. */
    public Optional<DayOfWeek> day(Node node) {
        return typedReader.text(node).flatMap(text -> {
            String wanted = text.strip().toUpperCase(Locale.ROOT);
            Optional<DayOfWeek> day = Arrays.stream(DayOfWeek.values())
                    .filter(d -> wanted.equals(d.name()) || wanted.equals(TextPatterns.shortName(d)))
                    .findFirst();
            if (day.isEmpty()) {
                typedReader.problem(
                        node.where(),
                        "'" + TypedReader.shown(text) + "' is no day; write one of "
                                + Arrays.stream(DayOfWeek.values())
                                        .map(TextPatterns::shortName)
                                        .collect(Collectors.joining(", ")));
            }
            return day;
        });
    }

    /** {@code 09:00}; {@code 24:00} is midnight at the end of the day, which as a time of day is {@code 00:00}. */
    public Optional<LocalTime> timeOfDay(Node node) {
        return typedReader.text(node).flatMap(text -> {
            if (text.equals("24:00")) {
                return Optional.of(LocalTime.MIDNIGHT);
            }
            if (TextPatterns.CLOCK.matcher(text).matches()) {
                return Optional.of(LocalTime.parse(text));
            }
            typedReader.problem(
                    node.where(),
                    "'" + TypedReader.shown(text) + "' is no time of day; write it in quotes, as in \"09:00\"");
            return Optional.empty();
        });
    }

    /** {@code 2026-12-20T00:00}, or a day, which means its beginning. */
    public Optional<LocalDateTime> moment(Node node) {
        return typedReader.text(node).flatMap(text -> {
            if (TextPatterns.MOMENT.matcher(text).matches()) {
                try {
                    String whole = text.length() == 10 ? text + "T00:00" : text.replace(' ', 'T');
                    return Optional.of(LocalDateTime.parse(whole));
                } catch (DateTimeParseException e) {
                    // Reported below: there is no such day or time.
                }
            }
            typedReader.problem(
                    node.where(),
                    "'" + TypedReader.shown(text)
                            + "' is no day and time; write it in quotes, as in \"2026-12-20T00:00\"");
            return Optional.empty();
        });
    }

    /** The name of a region such as {@code Europe/Berlin}, or {@code UTC}: an offset would not follow clock changes. */
    public Optional<ZoneId> zone(Node node) {
        return typedReader.text(node).flatMap(text -> {
            if (text.equals("UTC")
                    || text.contains("/") && ZoneId.getAvailableZoneIds().contains(text)) {
                return Optional.of(ZoneId.of(text));
            }
            typedReader.problem(
                    node.where(),
                    "'" + TypedReader.shown(text) + "' is no time zone"
                            + Suggestion.of(text, ZoneId.getAvailableZoneIds())
                                    .map(z -> "; did you mean '" + z + "'?")
                                    .orElse("; write one such as Europe/Berlin or UTC"));
            return Optional.empty();
        });
    }
}
