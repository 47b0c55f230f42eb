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
 * What must hold before a promotion may deploy, decided from facts only. The one place where gates are decided: those
 * about the release are in {@link ReleaseGates}, those about time in {@link TimeGates}, that about alarms in {@link AlarmGates}, those about people in
 * {@link Approvals}.
 */
public final class Gates {
    private Gates() {}

    /**
     * Every gate of {@code promotion}, in the order in which people ask. A rollback by hand passes by the gates that ask
     * whether this is the time for it and what was found out about the release: it was live here before.
     */
    public static List<GateStatus> of(Lane lane, Promotion promotion, GateContext around, Instant now) {
        List<GateStatus> gates = asked(lane, promotion, around, now);
        return around.rules() == null ? gates : new Overriding(promotion, around, now).applied(gates);
    }

    /** The same without regard to what was overridden. */
    static List<GateStatus> asked(Lane lane, Promotion promotion, GateContext around, Instant now) {
        var gates = new ArrayList<GateStatus>();
        if (around.rules() == null) {
            gates.add(GateStatus.refuses(
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
     * When a promotion that waits now expires; empty while nothing has been asked of anyone, and while no policy says
     * how long that may take. What people have decided is not lost because they did so before a window opens or a freeze
     * ends: then the time counts from there. Nor is it because the directory cannot be asked about them just then.
     */
    public static Optional<Instant> expiry(Promotion promotion, GateContext around, Instant now) {
        Instant asked = promotion.decisions().waitingSince();
        if (asked == null || around.rules() == null) {
            return Optional.empty();
        }
        Optional<Gate.Approval> rule = ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules());
        Duration after = rule.map(Gate.Approval::expiresAfter).orElse(ApprovalRule.DEFAULT_EXPIRY);
        boolean decided = rule.map(r -> new Approvals(promotion, r, around, now).decided())
                .orElse(true);
        if (!decided || promotion.kind() != Kind.FORWARD) {
            return Optional.of(asked.plus(after));
        }
        Instant last = Stream.concat(
                        Stream.of(asked), promotion.standing().stream().map(PromotionDecisions.Approval::at))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Instant ready = new TimeGates(promotion, around).holdsFrom(last);
        return Optional.of((ready.isAfter(last) ? ready : asked).plus(after));
    }

    /** Why {@code person} cannot approve {@code promotion} now, as a sentence to that person; empty when they can. */
    public static Optional<String> whyNot(Person person, Promotion promotion, GateContext around, Instant now) {
        if (around.rules() == null) {
            return Optional.of("no valid policy places this service in this environment");
        }
        Optional<Gate.Approval> rule = ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules());
        return rule.isEmpty()
                ? Optional.of("no approval is needed here")
                : new Approvals(promotion, rule.get(), around, now).whyNot(person);
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

    /**
     * How far people have got in overriding what is closed for {@code promotion}; empty where policy lets nobody do so.
     */
    public static Optional<OverrideStatus> glass(Lane lane, Promotion promotion, GateContext around, Instant now) {
        return around.rules() == null
                ? Optional.empty()
                : new Overriding(promotion, around, now).glass(asked(lane, promotion, around, now));
    }

    /** Why {@code person} cannot override what is closed now, as a sentence to that person; empty when they can. */
    public static Optional<String> whyNotOverride(Person person, Promotion promotion, GateContext around, Instant now) {
        return around.rules() == null
                ? Optional.of("no valid policy places this service in this environment")
                : new Overriding(promotion, around, now).whyNotNow(person);
    }

    /**
     * Why {@code person} cannot state who asked for {@code promotion}, as a sentence to that person; empty when they can.
     * A person of the roles of a gate that is closed for it may, unless they are excluded themselves. For the approval
     * gate it counts only while that person is in its roles; for overrides it counts as well when they are in theirs.
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

    /** Whether a person must state who asked for {@code promotion} before anyone can decide about it. */
    public static boolean needsRequesters(Promotion promotion, GateContext around, Instant now) {
        return around.rules() != null
                && people(promotion, around, now)
                        .anyMatch(approvals -> approvals.people().needsRequesters());
    }

    /** The approval, then the override, each where there is one. */
    private static Stream<Approvals> people(Promotion promotion, GateContext around, Instant now) {
        return Stream.concat(
                ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules()).stream()
                        .map(rule -> new Approvals(promotion, rule, around, now)),
                new Overriding(promotion, around, now).deciders().stream());
    }

    /** Where a statement of {@code person} who asked would open something, of the approval and the override. */
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
            return GateStatus.waits(GateStatus.Kind.PLAN, "not planned yet");
        }
        List<Plan.Problem> problems = promotion.plan().problems();
        return problems.isEmpty()
                ? GateStatus.holds(GateStatus.Kind.PLAN, "planned")
                : GateStatus.waits(
                        GateStatus.Kind.PLAN,
                        "cannot be approved yet: "
                                + problems.stream()
                                        .map(p -> p.key() + ": " + p.cause())
                                        .collect(Collectors.joining("; ")));
    }
}
