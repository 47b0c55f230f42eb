package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.controller.releases.Messages;
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
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What gates say, as people say it, to whoever looks. Decides nothing: the engine has. */
public final class GateWords {
    /** Commits that are named; more help nobody. */
    private static final int NAMED = 3;

    private static final int COMMIT_SHOWN = 7;

    private final LaneRules rules;
    private final Instant now;

    /** @param rules null when no valid policy places the service there */
    GateWords(LaneRules rules, Instant now) {
        this.rules = rules;
        this.now = now;
    }

    /** One line of a list of gates. */
    @Restricted(NoExternalUse.class)
    public record Row(Words.Mark mark, String name, String sentence) {}

    /**
     * Who looks.
     *
     * @param person null: not a person
     * @param other whether it is told to somebody else than {@code person}
     * @param whyNot why they could not approve, null when they could
     * @param author whether that is because they wrote part of it
     * @param commits that come in, newest first
     */
    record Onlooker(Person person, boolean other, String whyNot, boolean author, Collection<String> commits) {}

    List<Row> rows(List<GateStatus> gates, List<RoleProgress> roles, Pause pause, Onlooker onlooker) {
        var rows = new ArrayList<Row>();
        for (GateStatus gate : gates) {
            if (gate.kind() == GateStatus.Kind.APPROVAL && !gate.isOverridden() && !roles.isEmpty()) {
                roles.forEach(role -> rows.add(role(role, onlooker)));
            } else {
                rows.add(new Row(mark(gate), name(gate.kind()), sentence(gate)));
            }
        }
        if (pause != null) {
            rows.add(new Row(
                    new Words.Mark(Messages.Gate_waits(), "symbol-pause", Words.RISK),
                    Messages.GateName_pause(),
                    Messages.Gate_paused(pause.scope(), Words.who(pause.by()), pause.reason())));
        }
        return rows;
    }

    private static Words.Mark mark(GateStatus gate) {
        return gate.isOverridden()
                ? new Words.Mark(Messages.Gate_overridden(), "symbol-warning", Words.BAD)
                : Words.mark(gate.verdict());
    }

    /** A gate as people call it. */
    static String name(GateStatus.Kind gate) {
        return switch (gate) {
            case CONTAINS_LIVE -> Messages.GateName_containsLive();
            case DEPENDENCY -> Messages.GateName_dependency();
            default -> gate.word();
        };
    }

    /** The same for the word that was recorded of a gate, which may be of another version. */
    static String recordedName(String word) {
        return GateStatus.Kind.of(word).map(GateWords::name).orElse(word);
    }

    private String sentence(GateStatus gate) {
        if (gate.isOverridden()) {
            return Messages.Gate_overriddenBy(
                    String.join(", ", gate.overridden().by()),
                    Words.day(gate.overridden().until(), now, ZoneId.systemDefault()),
                    said(gate.said(), now));
        }
        if (rules != null && gate.until() != null) {
            Optional<String> timed = timed(gate);
            if (timed.isPresent()) {
                return timed.get();
            }
        }
        return said(gate.said(), now);
    }

    /** A sentence of the engine as people say it: moments as {@code 3 min ago}, jobs without their kind. */
    static String said(Sentence said, Instant now) {
        return said.written(at -> Words.moment(at, now).relative(), Words::job);
    }

    /** Gates of time say when, in the zone of their rule. */
    private Optional<String> timed(GateStatus gate) {
        boolean holds = gate.verdict() == GateResult.HOLDS;
        return switch (gate.kind()) {
            case WINDOW ->
                rules.gates(Gate.Window.class)
                        .findFirst()
                        .map(w -> window(holds, Words.day(gate.until(), now, w.zone())));
            case FREEZE ->
                holds
                        ? Optional.empty()
                        : rules.freezes().stream()
                                .filter(f -> f.name().equals(gate.subject()))
                                .findFirst()
                                .map(f -> Messages.Gate_frozen(Words.day(gate.until(), now, f.zone()), f.name()));
            case SOAK ->
                holds
                        ? Optional.empty()
                        : rules.gates(Gate.Soak.class)
                                .filter(s -> s.environment().equals(gate.subject()))
                                .findFirst()
                                .map(s -> Messages.Gate_soaks(
                                        Words.length(Duration.between(now, gate.until())),
                                        Words.length(s.duration()),
                                        s.environment(),
                                        Words.day(gate.until(), now, ZoneId.systemDefault())));
            default -> Optional.empty();
        };
    }

    private String window(boolean holds, String day) {
        if (!holds) {
            return Messages.Gate_opens(day);
        }
        boolean waits = rules.gates(Gate.Window.class).anyMatch(w -> w.overrun() == Gate.Overrun.WAIT);
        return waits ? Messages.Gate_openWaves(day) : Messages.Gate_open(day);
    }

    private Row role(RoleProgress role, Onlooker onlooker) {
        String count = Messages.Gate_count(role.given().size(), role.required());
        String given = role.given().stream()
                .map(a -> Messages.Gate_approved(
                        a.person().id(), Words.moment(a.at(), now).relative()))
                .collect(Collectors.joining(", "));
        if (role.complete()) {
            return new Row(Words.mark(GateResult.HOLDS), role.role(), joined(role.required() == 0 ? "" : count, given));
        }
        boolean excluded = onlooker.person() != null
                && onlooker.whyNot() != null
                && rules != null
                && rules.roles().get(role.role()) != null
                && rules.roles().get(role.role()).includes(onlooker.person());
        return excluded
                ? new Row(
                        new Words.Mark(
                                onlooker.other()
                                        ? Messages.Gate_notThem(
                                                onlooker.person().id())
                                        : Messages.Gate_notYou(),
                                "symbol-close-circle",
                                Words.QUIET),
                        role.role(),
                        joined(count, given) + "; " + told(onlooker) + "; " + who(role))
                : new Row(Words.mark(GateResult.WAITS), role.role(), joined(count, given) + "; " + who(role));
    }

    private static String joined(String count, String given) {
        return Stream.of(count, given).filter(s -> !s.isEmpty()).collect(Collectors.joining(" — "));
    }

    private static String who(RoleProgress role) {
        List<String> able = Stream.concat(
                        role.users().stream(), role.groups().stream().map(Messages::Gate_members))
                .toList();
        if (able.isEmpty()) {
            return Messages.Gate_nobodyLeft();
        }
        String last = able.get(able.size() - 1);
        return Messages.Gate_can(
                able.size() == 1
                        ? last
                        : String.join(", ", able.subList(0, able.size() - 1)) + Messages.List_or() + last);
    }

    private static String told(Onlooker onlooker) {
        String why = whyNot(onlooker);
        return onlooker.other() ? Messages.Gate_toldThem(onlooker.person().id(), why) : why;
    }

    /** Whoever wrote part of it is told of which commits, as far as builds have recorded them. */
    private static String whyNot(Onlooker onlooker) {
        if (!onlooker.author() || onlooker.commits().isEmpty()) {
            return onlooker.whyNot();
        }
        String named = onlooker.commits().stream()
                .limit(NAMED)
                .map(c -> c.substring(0, Math.min(COMMIT_SHOWN, c.length())))
                .collect(Collectors.joining(", "));
        return Messages.Gate_wrote(
                onlooker.commits().size(), named + (onlooker.commits().size() > NAMED ? ", …" : ""));
    }
}
