package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.RoleProgress;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Sentence;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Explains gates to a person who looks. Decides nothing: the engine has. */
public final class GateRows {
    /** The most commits that are named; more do not help the reader. */
    private static final int NAMED = 3;

    private static final int COMMIT_SHOWN = 7;

    private final LaneRules rules;
    private final Instant now;

    /** @param rules null when no valid policy places the service there */
    public GateRows(LaneRules rules, Instant now) {
        this.rules = rules;
        this.now = now;
    }

    /**
     * Who looks.
     *
     * @param person null: a system account
     * @param other whether it is explained to another person than {@code person}
     * @param whyNot why they could not approve, null when they could
     * @param author whether that is because they wrote part of it
     * @param commits that come in, newest first
     */
    public record Onlooker(Person person, boolean other, String whyNot, boolean author, Collection<String> commits) {}

    public List<GateRow> of(List<GateStatus> gates, List<RoleProgress> roles, Pause pause, Onlooker onlooker) {
        var rows = new ArrayList<GateRow>();
        for (GateStatus gate : gates) {
            if (gate.kind() == GateStatus.Kind.APPROVAL && !gate.isOverridden() && !roles.isEmpty()) {
                roles.forEach(role -> rows.add(role(role, onlooker)));
            } else {
                rows.add(new GateRow(GateRow.State.of(gate), GateNames.name(gate.kind()), sentence(gate)));
            }
        }
        if (pause != null) {
            rows.add(new GateRow(GateRow.State.PAUSED, GateNames.PAUSE, "paused: " + Wording.pause(pause)));
        }
        return rows;
    }

    private String sentence(GateStatus gate) {
        if (gate.isOverridden()) {
            return "OVERRIDDEN by " + String.join(", ", gate.overridden().by()) + " before "
                    + Wording.moment(gate.overridden().until(), ZoneId.systemDefault()) + ": "
                    + sentence(gate.detail());
        }
        if (rules != null && gate.until() != null) {
            Optional<String> timed = timed(gate);
            if (timed.isPresent()) {
                return timed.get();
            }
        }
        return sentence(gate.detail());
    }

    /** A sentence of the engine for people: moments as {@code 3 min ago}, jobs without their kind. */
    private String sentence(Sentence sentence) {
        return sentence.written(at -> Wording.relative(at, now), Wording::producer);
    }

    /** Time gates state their times in the zone of their rule. */
    private Optional<String> timed(GateStatus gate) {
        boolean passed = gate.result() == GateResult.PASSED;
        return switch (gate.kind()) {
            case WINDOW ->
                rules.gates(Gate.Window.class)
                        .findFirst()
                        .map(w -> window(passed, Wording.moment(gate.until(), w.zone())));
            case FREEZE ->
                passed
                        ? Optional.empty()
                        : rules.freezes().stream()
                                .filter(f -> f.name().equals(gate.subject()))
                                .findFirst()
                                .map(f -> "frozen until " + Wording.moment(gate.until(), f.zone()) + " (" + f.name()
                                        + ")");
            case SOAK ->
                passed
                        ? Optional.empty()
                        : rules.gates(Gate.Soak.class)
                                .filter(s -> s.environment().equals(gate.subject()))
                                .findFirst()
                                .map(s -> Wording.length(Duration.between(now, gate.until())) + " left of "
                                        + Wording.length(s.duration()) + " in " + s.environment() + ", until "
                                        + Wording.notBefore(gate.until(), ZoneId.systemDefault()));
            default -> Optional.empty();
        };
    }

    private String window(boolean passed, String day) {
        if (!passed) {
            return "opens " + day;
        }
        boolean waiting = rules.gates(Gate.Window.class).anyMatch(w -> w.overrun() == Gate.Overrun.WAIT);
        return "open until " + day
                + (waiting
                        ? " (start); a wave that has not begun by then waits until it opens again"
                        : " (start), may finish later");
    }

    private GateRow role(RoleProgress role, Onlooker onlooker) {
        String count = role.given().size() + " of " + role.required();
        String given = role.given().stream()
                .map(a -> a.person().id() + " approved " + Wording.relative(a.at(), now))
                .collect(Collectors.joining(", "));
        if (role.complete()) {
            return new GateRow(GateRow.State.PASSED, role.role(), joined(role.required() == 0 ? "" : count, given));
        }
        boolean excluded = onlooker.person() != null
                && onlooker.whyNot() != null
                && rules != null
                && rules.roles().get(role.role()) != null
                && rules.roles().get(role.role()).includes(onlooker.person());
        return excluded
                ? new GateRow(
                        GateRow.State.NOT_YOU,
                        onlooker.other() ? "not " + onlooker.person().id() : GateRow.State.NOT_YOU.word(),
                        role.role(),
                        joined(count, given) + "; " + addressee(onlooker) + "; " + who(role))
                : new GateRow(GateRow.State.PENDING, role.role(), joined(count, given) + "; " + who(role));
    }

    private static String joined(String count, String given) {
        return Stream.of(count, given).filter(s -> !s.isEmpty()).collect(Collectors.joining(" — "));
    }

    private static String who(RoleProgress role) {
        List<String> able = Stream.concat(
                        role.users().stream(), role.groups().stream().map(group -> "members of " + group))
                .toList();
        if (able.isEmpty()) {
            return "no one else can approve";
        }
        String last = able.get(able.size() - 1);
        return (able.size() == 1 ? last : String.join(", ", able.subList(0, able.size() - 1)) + " or " + last)
                + " can approve";
    }

    private static String addressee(Onlooker onlooker) {
        String why = whyNot(onlooker);
        return onlooker.other() ? "the message for " + onlooker.person().id() + " would be: " + why : why;
    }

    /** Names the commits of an author, as far as builds have recorded them. */
    private static String whyNot(Onlooker onlooker) {
        int commits = onlooker.commits().size();
        if (!onlooker.author() || commits == 0) {
            return onlooker.whyNot();
        }
        String named = onlooker.commits().stream()
                .limit(NAMED)
                .map(c -> c.substring(0, Math.min(COMMIT_SHOWN, c.length())))
                .collect(Collectors.joining(", "));
        return "you wrote part of the " + (commits == 1 ? "one commit" : commits + " commits") + " (" + named
                + (commits > NAMED ? ", …" : "") + "), so you cannot approve it";
    }
}
