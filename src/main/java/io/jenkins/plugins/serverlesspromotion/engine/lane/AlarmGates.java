package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Alarm;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.AlarmReading;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Evaluates the alarm gate: all places of the lane must be healthy before anything new is deployed there. It uses the
 * last reading, which counts for a minute, so no deployment starts on an old one. Only OK passes; an unknown state does
 * not.
 */
public final class AlarmGates {
    /** How long a reading counts. */
    public static final Duration COUNTS = Duration.ofMinutes(1);

    /** How often alarms are read while no other gate is closed. */
    public static final Duration EVERY = Duration.ofSeconds(30);

    /** How often alarms are read, for people to see, while another gate is closed. */
    public static final Duration SELDOM = Duration.ofMinutes(10);

    /** Limit of sentences: more would not help the reader. */
    private static final int NAMED = 3;

    private final LaneRules rules;
    private final AlarmReading reading;
    private final Instant now;

    /** @param around with rules */
    AlarmGates(GateContext around, Instant now) {
        this.rules = around.rules();
        this.reading = around.alarms();
        this.now = now;
    }

    /** Names of all alarms that the gates of a lane need, in order; each of its places is searched for them. */
    public static List<String> wanted(LaneRules rules) {
        var names = new TreeSet<String>();
        rules.gates(Gate.Alarm.class)
                .forEach(gate -> names.addAll(
                        gate.in(rules.service(), rules.environment().name())));
        return List.copyOf(names);
    }

    Optional<GateStatus> gate() {
        List<String> names = wanted(rules);
        if (names.isEmpty()) {
            return Optional.empty();
        }
        if (reading == null) {
            return Optional.of(GateStatus.pending(
                            GateStatus.Kind.ALARM, "the alarms were not read yet: " + String.join(", ", names))
                    .until(now.plus(EVERY)));
        }
        List<Alarm> bad = rules.placement().places().stream()
                .flatMap(place -> names.stream().map(name -> alarm(place, name)))
                .filter(a -> a.state() != Alarm.State.OK)
                .toList();
        if (!bad.isEmpty()) {
            return Optional.of(GateStatus.pending(
                            GateStatus.Kind.ALARM, Sentence.of(describe(bad)).at(reading.at()))
                    .until(next()));
        }
        Sentence good = Sentence.of((names.size() == 1 ? names.get(0) + " was OK" : names.size() + " alarms were OK")
                        + " in " + places())
                .at(reading.at());
        Instant end = reading.at().plus(COUNTS);
        // A reading from the future means that the clock was set back since: its age is unknown.
        boolean counts = now.isBefore(end) && !now.isBefore(reading.at());
        return Optional.of(
                counts
                        ? GateStatus.passed(GateStatus.Kind.ALARM, good).until(end)
                        : GateStatus.pending(
                                        GateStatus.Kind.ALARM,
                                        good.then("; they are read again when nothing else is missing"))
                                .until(next()));
    }

    private Instant next() {
        Instant next = reading.at().plus(SELDOM);
        return next.isAfter(now) ? next : now.plus(EVERY);
    }

    private Alarm alarm(Place place, String name) {
        return reading.alarms().stream()
                .filter(a -> a.place().equals(place.toString()) && a.name().equals(name))
                .findFirst()
                .orElseGet(() -> new Alarm(place.toString(), name, Alarm.State.UNREADABLE, "it was not read yet"));
    }

    private String places() {
        List<Place> places = rules.placement().places();
        return places.size() == 1 ? places.get(0).toString() : places.size() + " places";
    }

    private static String describe(List<Alarm> bad) {
        return bad.stream().limit(NAMED).map(AlarmGates::describe).collect(Collectors.joining("; "))
                + (bad.size() > NAMED ? "; and " + (bad.size() - NAMED) + " more" : "");
    }

    private static String describe(Alarm alarm) {
        String what = alarm.name() + " in " + alarm.place();
        return switch (alarm.state()) {
            case OK -> what + " was OK";
            case ALARM -> what + " was in ALARM" + (alarm.detail() == null ? "" : " (" + alarm.detail() + ")");
            case INSUFFICIENT_DATA -> "could not find out about " + what + ": it has too little data";
            case MISSING -> "could not find out about " + what + ": there is no such alarm";
            case UNREADABLE -> "could not find out about " + what + ": " + alarm.detail();
        };
    }
}
