package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Evaluates the gates that must pass before a promotion may deploy, from facts only. The only place that evaluates
 * gates. Release gates are in {@link ReleaseGates}, time gates in {@link TimeGates}, the alarm gate in
 * {@link AlarmGates}, and the approval gate in {@link Approvals}.
 */
public final class Gates {
    private Gates() {}

    /**
     * Every gate of {@code promotion}, in the order in which people need them. A rollback by hand skips the gates about
     * time and about evidence for the release: it was live here before.
     */
    public static List<GateStatus> of(Lane lane, Promotion promotion, GateContext around, Instant now) {
        List<GateStatus> gates = evaluated(lane, promotion, around, now);
        return around.rules() == null ? gates : new Overriding(promotion, around, now).applied(gates);
    }

    /** The same without overrides. */
    static List<GateStatus> evaluated(Lane lane, Promotion promotion, GateContext around, Instant now) {
        var gates = new ArrayList<GateStatus>();
        if (around.rules() == null) {
            gates.add(GateStatus.blocked(
                    GateStatus.Kind.POLICY,
                    "no valid policy places " + lane.id().service() + " in "
                            + lane.id().environment()));
            return gates;
        }
        var releaseGates = new ReleaseGates(lane, promotion, around, now);
        if (promotion.kind() == Kind.FORWARD) {
            releaseGates.path().ifPresent(gates::add);
            releaseGates.order().ifPresent(gates::add);
            releaseGates.hold().ifPresent(gates::add);
            releaseGates.containsLive().ifPresent(gates::add);
        }
        gates.addAll(releaseGates.dependencies());
        if (promotion.kind() == Kind.FORWARD) {
            gates.addAll(releaseGates.evidence());
            releaseGates.ticket().ifPresent(gates::add);
            gates.addAll(new TimeGates(promotion, around).gates(now));
            new AlarmGates(around, now).gate().ifPresent(gates::add);
        }
        gates.add(plan(promotion));
        ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules())
                .ifPresent(rule -> gates.add(new Approvals(promotion, rule, around, now).gate()));
        return gates;
    }

    /**
     * The approval that this kind of promotion needs here.
     *
     * @param plan null: not planned yet
     */
    public static Optional<Gate.Approval> approval(Kind kind, PromotionPlanning.Planned plan, LaneRules rules) {
        return ApprovalRule.of(kind, plan, rules);
    }

    /**
     * When a pending promotion expires; empty while no one can decide yet, and while no policy sets a time limit.
     * People may decide before a window opens or a freeze ends. Their decisions are not lost: then the time counts from
     * the opening. Nor are they lost while the directory is unavailable.
     */
    public static Optional<Instant> expiry(Promotion promotion, GateContext around, Instant now) {
        Instant since = promotion.decisions().waitingSince();
        if (since == null || around.rules() == null) {
            return Optional.empty();
        }
        Optional<Gate.Approval> rule = ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules());
        Duration after = rule.map(Gate.Approval::expiresAfter).orElse(ApprovalRule.DEFAULT_EXPIRY);
        boolean decided = rule.map(r -> new Approvals(promotion, r, around, now).decided())
                .orElse(true);
        if (!decided || promotion.kind() != Kind.FORWARD) {
            return Optional.of(since.plus(after));
        }
        Instant last = Stream.concat(
                        Stream.of(since), promotion.standing().stream().map(PromotionDecisions.Approval::at))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Instant ready = new TimeGates(promotion, around).passedFrom(last);
        return Optional.of((ready.isAfter(last) ? ready : since).plus(after));
    }

    /** Why {@code person} cannot approve {@code promotion} now, as a sentence to that person; empty when they can. */
    public static Optional<String> whyNot(Person person, Promotion promotion, GateContext around, Instant now) {
        if (around.rules() == null) {
            return Optional.of("no valid policy places this service in this environment");
        }
        Optional<Gate.Approval> rule = ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules());
        if (rule.isEmpty()) {
            return Optional.of("no approval is needed here");
        }
        var approvals = new Approvals(promotion, rule.get(), around, now);
        return approvals.whyNot(person).or(() -> approvals.approvedAs(person.id()));
    }

    /** Whether {@code person} cannot approve {@code promotion} because they wrote part of it. */
    public static boolean excludedAsAuthor(Person person, Promotion promotion, GateContext around, Instant now) {
        return around.rules() != null
                && ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules())
                        .filter(rule -> new Approvals(promotion, rule, around, now).excludedAsAuthor(person))
                        .isPresent();
    }

    /** The approval that {@code promotion} needs, role by role; empty where it needs none, or too little is known. */
    public static List<RoleProgress> roles(Promotion promotion, GateContext around, Instant now) {
        return around.rules() == null
                ? List.of()
                : ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules())
                        .map(rule -> new Approvals(promotion, rule, around, now).roles())
                        .orElse(List.of());
    }

    /** The progress of an override of the closed gates of {@code promotion}; empty where policy allows no override. */
    public static Optional<OverrideStatus> overrideStatus(
            Lane lane, Promotion promotion, GateContext around, Instant now) {
        return around.rules() == null
                ? Optional.empty()
                : new Overriding(promotion, around, now).overrideStatus(evaluated(lane, promotion, around, now));
    }

    /** Why {@code person} cannot override the closed gates now, as a sentence to that person; empty when they can. */
    public static Optional<String> whyNotOverride(Person person, Promotion promotion, GateContext around, Instant now) {
        return around.rules() == null
                ? Optional.of("no valid policy places this service in this environment")
                : new Overriding(promotion, around, now).whyNotNow(person);
    }

    /**
     * Why {@code person} cannot state who requested {@code promotion}, as a sentence to that person; empty when they
     * can. A person of the roles of a gate that is closed for it may, unless they are excluded themselves. For the
     * approval gate it counts only while that person is in its roles; for overrides it counts as well when they are in
     * theirs.
     */
    public static Optional<String> whyNotState(Person person, Promotion promotion, GateContext around, Instant now) {
        return whyNot(promotion, around, now, people -> people.whyNotState(person));
    }

    /** The same for stating who wrote {@code release}, which is the promotion's own or comes in with it. */
    public static Optional<String> whyNotAttest(
            Person person, String release, Promotion promotion, GateContext around, Instant now) {
        return whyNot(promotion, around, now, people -> people.whyNotAttest(person, release));
    }

    private static Optional<String> whyNot(
            Promotion promotion, GateContext around, Instant now, Function<Approvals, Optional<String>> question) {
        if (around.rules() == null) {
            return Optional.of("no valid policy places this service in this environment");
        }
        List<Optional<String>> answers =
                people(promotion, around, now).map(question).toList();
        return answers.stream().anyMatch(Optional::isEmpty)
                ? Optional.empty()
                : Optional.of(
                        answers.isEmpty()
                                ? "no approval is needed here"
                                : answers.get(0).orElseThrow());
    }

    /** Whether a person must state who requested {@code promotion} before anyone can decide about it. */
    public static boolean needsRequesters(Promotion promotion, GateContext around, Instant now) {
        return around.rules() != null
                && people(promotion, around, now)
                        .anyMatch(approvals -> approvals.people().needsRequesters());
    }

    /** The approval, then the override, each where it exists. */
    private static Stream<Approvals> people(Promotion promotion, GateContext around, Instant now) {
        return Stream.concat(
                ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules()).stream()
                        .map(rule -> new Approvals(promotion, rule, around, now)),
                new Overriding(promotion, around, now).deciders().stream());
    }

    /** Whether a statement of {@code person} about the requesters would help the approval or the override. */
    static List<Approvals> openedByStatement(Person person, Promotion promotion, GateContext around, Instant now) {
        return people(promotion, around, now)
                .filter(gate -> gate.whyNotState(person).isEmpty())
                .toList();
    }

    /** Ids of the releases whose authors a person must state before anyone can decide about {@code promotion}. */
    public static List<String> needsAuthors(Promotion promotion, GateContext around, Instant now) {
        return around.rules() == null
                ? List.of()
                : ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules())
                        .map(rule -> new Approvals(promotion, rule, around, now)
                                .people()
                                .needsAuthors())
                        .orElse(List.of());
    }

    /**
     * Why {@code person} cannot close a review, as a sentence to that person; empty when they can.
     *
     * @param rules null when no valid policy places the service there
     */
    public static Optional<String> whyNotReview(Person person, Lane.PostReview postReview, LaneRules rules) {
        return Overriding.whyNotReview(person, postReview, rules);
    }

    /** Whether {@code person} is in a role that decides about {@code promotion}, and so may reject it. */
    public static boolean decides(Person person, Promotion promotion, LaneRules rules) {
        return ApprovalRule.of(promotion.kind(), promotion.plan(), rules)
                .filter(rule -> InvolvedPeople.inAnyRole(person, rule.require(), rules))
                .isPresent();
    }

    private static GateStatus plan(Promotion promotion) {
        if (promotion.plan() == null) {
            return GateStatus.pending(GateStatus.Kind.PLAN, "not planned yet");
        }
        List<Plan.Problem> problems = promotion.plan().problems();
        return problems.isEmpty()
                ? GateStatus.passed(GateStatus.Kind.PLAN, "planned")
                : GateStatus.pending(
                        GateStatus.Kind.PLAN,
                        "cannot be approved yet: "
                                + problems.stream()
                                        .map(p -> p.key() + ": " + p.cause())
                                        .collect(Collectors.joining("; ")));
    }
}
