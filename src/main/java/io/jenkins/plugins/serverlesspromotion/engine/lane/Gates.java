package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What must hold before a promotion may deploy, decided from facts only. The one place where gates are decided. */
public final class Gates {
    /** How long a promotion waits where no approval rule says otherwise. */
    static final Duration DEFAULT_EXPIRY = Duration.ofHours(24);

    private Gates() {}

    /** Every gate of {@code promotion}, in the order in which people ask. */
    public static List<GateStatus> of(Lane lane, Promotion promotion, Surroundings around) {
        var gates = new ArrayList<GateStatus>();
        if (around.rules() == null) {
            gates.add(GateStatus.refuses(
                    "policy",
                    "no valid policy places " + lane.id().service() + " in "
                            + lane.id().environment()));
            return gates;
        }
        if (promotion.kind() == Kind.FORWARD) {
            path(promotion, around).ifPresent(gates::add);
            order(lane, promotion).ifPresent(gates::add);
            hold(lane).ifPresent(gates::add);
        }
        gates.add(plan(promotion));
        approval(promotion.kind(), around.rules())
                .ifPresent(rule -> gates.add(quorum(promotion, rule, around.rules())));
        return gates;
    }

    static boolean allHold(Lane lane, Promotion promotion, Surroundings around) {
        return of(lane, promotion, around).stream().allMatch(g -> g.verdict() == GateStatus.Verdict.HOLDS);
    }

    /**
     * The approval that this kind of promotion needs here. A rollback by hand needs the environment's
     * {@code rollback} rule where there is one, and whoever asks for it may also decide it: at 3 a.m. the person who
     * sees the damage is the person on call.
     */
    public static Optional<Gate.Approval> approval(Kind kind, LaneRules rules) {
        Optional<Gate.Approval> forward = rules.approval();
        if (kind == Kind.FORWARD) {
            return forward;
        }
        Duration expires = forward.map(Gate.Approval::expiresAfter).orElse(DEFAULT_EXPIRY);
        Requirement rollback = rules.environment().rollback();
        return rollback != null
                ? Optional.of(new Gate.Approval(List.of(rollback), false, expires))
                : forward.map(rule -> new Gate.Approval(rule.require(), false, expires));
    }

    /** When a promotion that waits now expires; empty while nothing has been asked of anyone. */
    public static Optional<Instant> expiry(Promotion promotion, Surroundings around) {
        if (promotion.waitingSince() == null) {
            return Optional.empty();
        }
        Duration after = around.rules() == null
                ? DEFAULT_EXPIRY
                : approval(promotion.kind(), around.rules())
                        .map(Gate.Approval::expiresAfter)
                        .orElse(DEFAULT_EXPIRY);
        return Optional.of(promotion.waitingSince().plus(after));
    }

    /** Why {@code person} cannot approve {@code promotion} now, as a sentence to that person; empty when they can. */
    public static Optional<String> whyNot(Person person, Promotion promotion, Surroundings around) {
        if (around.rules() == null) {
            return Optional.of("no valid policy places this service in this environment");
        }
        Optional<Gate.Approval> rule = approval(promotion.kind(), around.rules());
        if (rule.isEmpty()) {
            return Optional.of("no approval is needed here");
        }
        if (rule.get().excludeRequesters() && promotion.requesters().contains(person.id())) {
            return Optional.of("you asked for this, so you cannot approve it");
        }
        if (!inAnyRole(person, rule.get(), around.rules())) {
            return Optional.of("you are in none of the roles that decide here: " + roles(rule.get()));
        }
        return Optional.empty();
    }

    static boolean inAnyRole(Person person, Gate.Approval rule, LaneRules rules) {
        return rule.require().stream()
                .map(r -> rules.roles().get(r.role()))
                .anyMatch(role -> role != null && role.includes(person));
    }

    private static Optional<GateStatus> path(Promotion promotion, Surroundings around) {
        String before = around.rules().environment().after();
        if (before == null) {
            return Optional.empty();
        }
        Instant at = around.succeededBefore().get(promotion.release().digest());
        return Optional.of(
                at != null
                        ? GateStatus.holds(
                                "path", "succeeded in " + before + " at " + at.truncatedTo(ChronoUnit.SECONDS))
                        : GateStatus.waits(
                                "path",
                                "waiting for " + promotion.release().id() + " to succeed in " + before + " first"));
    }

    /** An older release never overtakes a newer one unless it is a rollback. */
    private static Optional<GateStatus> order(Lane lane, Promotion promotion) {
        if (lane.live() == null
                || lane.live().release().number() <= promotion.release().number()) {
            return Optional.empty();
        }
        return Optional.of(GateStatus.refuses(
                "order",
                promotion.release().version() + " is older than "
                        + lane.live().release().version() + ", which is live here; use a rollback to go back"));
    }

    private static Optional<GateStatus> hold(Lane lane) {
        return lane.hold() == null
                ? Optional.empty()
                : Optional.of(GateStatus.waits(
                        "hold",
                        "on hold since a rollback by " + lane.hold().by() + " ("
                                + lane.hold().reason() + "); release the hold to go on"));
    }

    private static GateStatus plan(Promotion promotion) {
        if (promotion.plan() == null) {
            return GateStatus.waits("plan", "not planned yet");
        }
        List<Plan.Problem> problems = promotion.plan().problems();
        return problems.isEmpty()
                ? GateStatus.holds("plan", "planned")
                : GateStatus.waits(
                        "plan",
                        "cannot be approved yet: "
                                + problems.stream()
                                        .map(p -> p.key() + ": " + p.cause())
                                        .collect(Collectors.joining("; ")));
    }

    private static GateStatus quorum(Promotion promotion, Gate.Approval rule, LaneRules rules) {
        if (rule.excludeRequesters() && promotion.requesters().isEmpty()) {
            return GateStatus.waits("approval", "cannot establish who asked, so nobody can be told apart from them");
        }
        List<Person> counted = counted(promotion, rule);
        Quorum quorum = Quorum.of(rule.require(), rules.roles(), counted);
        String by = counted.stream().map(Person::id).sorted().collect(Collectors.joining(", "));
        if (quorum.complete()) {
            return GateStatus.holds("approval", counted.isEmpty() ? "nobody needs to approve" : "approved by " + by);
        }
        String missing = quorum.missing().entrySet().stream()
                .map(e -> e.getValue() + " of " + required(rule, e.getKey()) + " " + e.getKey())
                .collect(Collectors.joining(" and "));
        return new GateStatus(
                "approval",
                GateStatus.Verdict.WAITS,
                "waiting for " + missing + (by.isEmpty() ? "" : "; approved by " + by)
                        + who(quorum, rules, promotion, rule),
                List.copyOf(quorum.missing().keySet()));
    }

    /** The people whose approvals stand and count: not those who, by now, are among the requesters. */
    static List<Person> counted(Promotion promotion, Gate.Approval rule) {
        return promotion.standing().stream()
                .map(Promotion.Approval::person)
                .filter(p ->
                        !rule.excludeRequesters() || !promotion.requesters().contains(p.id()))
                .toList();
    }

    private static int required(Gate.Approval rule, String role) {
        return rule.require().stream()
                .filter(r -> r.role().equals(role))
                .mapToInt(Requirement::count)
                .sum();
    }

    private static String who(Quorum quorum, LaneRules rules, Promotion promotion, Gate.Approval rule) {
        Map<String, Role> roles = rules.roles();
        List<String> able = quorum.missing().keySet().stream()
                .map(roles::get)
                .filter(java.util.Objects::nonNull)
                .flatMap(r -> java.util.stream.Stream.concat(
                        r.users().stream()
                                .filter(u -> !rule.excludeRequesters()
                                        || !promotion.requesters().contains(u))
                                .filter(u -> promotion.standing().stream()
                                        .noneMatch(a -> a.person().id().equals(u))),
                        r.groups().stream().map(g -> "members of " + g)))
                .distinct()
                .sorted()
                .toList();
        return able.isEmpty() ? " — nobody left can give it" : " — " + String.join(", ", able) + " can give it";
    }

    private static String roles(Gate.Approval rule) {
        return rule.require().stream().map(Requirement::role).distinct().collect(Collectors.joining(", "));
    }
}
