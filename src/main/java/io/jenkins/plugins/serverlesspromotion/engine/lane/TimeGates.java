package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.LiveInterval;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Overrun;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Hours;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Evaluates the gates about time: soak, freeze, window. They depend only on the moment, not on people. */
final class TimeGates {

    /** Limit of alternations between freezes and windows; a policy with more of them is never open. */
    private static final int MOST_CHANGES = 50;

    private final Promotion promotion;
    private final GateContext around;
    private final LaneRules rules;
    private final List<Gate.Window> windows;

    /** @param around with rules */
    TimeGates(Promotion promotion, GateContext around) {
        this.promotion = promotion;
        this.around = around;
        this.rules = around.rules();
        this.windows = rules.gates(Gate.Window.class).toList();
    }

    List<GateStatus> gates(Instant now) {
        var gates = new ArrayList<GateStatus>();
        rules.gates(Gate.Soak.class).forEach(soak -> gates.add(soak(soak, now)));
        freeze(now).ifPresent(gates::add);
        window(now).ifPresent(gates::add);
        return gates;
    }

    /**
     * The first moment from {@code at} on at which all gates that depend on time pass; {@code at} itself when none is
     * known.
     */
    Instant passedFrom(Instant at) {
        Instant from = at;
        for (int i = 0; i < MOST_CHANGES; i++) {
            Instant moment = from;
            Optional<Instant> later = gates(moment).stream()
                    .filter(GateStatus::opensByItself)
                    .map(GateStatus::until)
                    .filter(moment::isBefore)
                    .max(Comparator.naturalOrder());
            if (later.isEmpty()) {
                return from;
            }
            from = later.get();
        }
        return at;
    }

    /** Whether the next wave of a deployment must wait for a window to open. */
    static boolean holdsNextWave(LaneRules rules, Promotion.Kind kind, Instant now) {
        List<Gate.Window> windows = rules.gates(Gate.Window.class).toList();
        return kind == Promotion.Kind.FORWARD
                && windows.stream().anyMatch(w -> w.overrun() == Overrun.WAIT)
                && Hours.open(windows, now).isEmpty();
    }

    /** When a window opens next; empty: not in the next two weeks. */
    static Optional<Instant> opening(LaneRules rules, Instant now) {
        return Hours.next(rules.gates(Gate.Window.class).toList(), now).map(Hours.Span::start);
    }

    private GateStatus soak(Gate.Soak wanted, Instant now) {
        String where = wanted.environment();
        String length = ReleaseGates.words(wanted.duration());
        Optional<LiveInterval> stay = around.stay(where, promotion.release().digest());
        if (stay.isEmpty()) {
            return GateStatus.pending(
                            GateStatus.Kind.SOAK,
                            "must be live in " + where + " for " + length + "; it has not succeeded there yet")
                    .helpedBy(List.of(where));
        }
        Instant done = stay.get().since().plus(wanted.duration());
        Instant left = stay.get().until();
        if (left != null && left.isBefore(done)) {
            return GateStatus.pending(
                            GateStatus.Kind.SOAK,
                            "must be live in " + where + " for " + length + " and was for "
                                    + ReleaseGates.words(
                                            Duration.between(stay.get().since(), left))
                                    + " before another release took its place; bring it there again")
                    .helpedBy(List.of(where));
        }
        return now.isBefore(done)
                ? GateStatus.pending(
                                GateStatus.Kind.SOAK,
                                Sentence.of("must be live in " + where + " for " + length + ", which is so")
                                        .at(done))
                        .until(done)
                        .about(where)
                : GateStatus.passed(GateStatus.Kind.SOAK, "was live in " + where + " for " + length);
    }

    private Optional<GateStatus> freeze(Instant now) {
        String path = around.known(promotion)
                .flatMap(releaseFacts -> rules.route(releaseFacts.branch()))
                .filter(route -> !rules.routes().isEmpty())
                .map(Route::path)
                .orElse(null);
        List<Freeze> held = rules.freezes().stream()
                .filter(f -> path == null || !f.exempt().contains(path))
                .toList();
        Optional<Freeze> frozen = held.stream()
                .filter(f -> Hours.of(f).contains(now))
                .max(Comparator.comparing(f -> Hours.of(f).end()));
        if (frozen.isPresent()) {
            Instant end = Hours.of(frozen.get()).end();
            return Optional.of(GateStatus.pending(
                            GateStatus.Kind.FREEZE,
                            "frozen by " + frozen.get().name() + " until "
                                    + local(end, frozen.get().zone()))
                    .until(end)
                    .about(frozen.get().name()));
        }
        Optional<Freeze> exempt =
                rules.freezes().stream().filter(f -> Hours.of(f).contains(now)).findFirst();
        Optional<Freeze> next = held.stream()
                .filter(f -> Hours.of(f).start().isAfter(now))
                .min(Comparator.comparing(f -> Hours.of(f).start()));
        if (exempt.isEmpty() && next.isEmpty()) {
            return Optional.empty();
        }
        String note = exempt.map(f -> "the path " + path + " is exempt from " + f.name())
                .orElseGet(() -> "no freeze before " + next.get().name() + ", "
                        + local(Hours.of(next.get()).start(), next.get().zone()));
        return Optional.of(GateStatus.passed(GateStatus.Kind.FREEZE, note)
                .until(next.map(f -> Hours.of(f).start()).orElse(null)));
    }

    private Optional<GateStatus> window(Instant now) {
        if (windows.isEmpty()) {
            return Optional.empty();
        }
        ZoneId zone = windows.get(0).zone();
        Optional<Hours.Span> open = Hours.open(windows, now);
        if (open.isPresent()) {
            Instant end = open.get().end();
            return Optional.of(GateStatus.passed(GateStatus.Kind.WINDOW, "open until " + local(end, zone))
                    .until(end));
        }
        return Optional.of(Hours.next(windows, now)
                .map(next -> GateStatus.pending(GateStatus.Kind.WINDOW, "closed until " + local(next.start(), zone))
                        .until(next.start()))
                .orElseGet(() ->
                        GateStatus.pending(GateStatus.Kind.WINDOW, "closed, and does not open in the next two weeks")));
    }

    private static String local(Instant at, ZoneId zone) {
        return MomentText.of(at, zone);
    }
}
