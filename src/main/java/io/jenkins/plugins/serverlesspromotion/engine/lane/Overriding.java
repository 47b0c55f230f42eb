package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.BreakGlass;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Role;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Override (break-glass): enough people, whom policy names for this purpose only, allow a promotion to pass closed
 * gates for a limited time. Each gives a reason and a ticket. Their decision is bound to the plan and the rules that
 * they saw, like an approval.
 */
final class Overriding {
    /**
     * Gates that no one can override: without a valid policy and a complete plan, people cannot know what they accept.
     */
    private static final Set<GateStatus.Kind> FIXED =
            EnumSet.of(GateStatus.Kind.POLICY, GateStatus.Kind.PLAN, GateStatus.Kind.ORDER, GateStatus.Kind.HOLD);

    private final Promotion promotion;
    private final GateContext around;
    private final Instant now;
    private final BreakGlass rule;
    private final MembershipSnapshot membershipSnapshot;

    /** @param around with rules */
    Overriding(Promotion promotion, GateContext around, Instant now) {
        this.promotion = promotion;
        this.around = around;
        this.now = now;
        this.rule = around.rules().environment().breakGlass();
        this.membershipSnapshot = new MembershipSnapshot(promotion.membership());
    }

    /** @param until when the quorum is no longer complete */
    record Open(List<String> by, String reason, Instant until) {
        Open {
            by = List.copyOf(by);
        }
    }

    private Approvals people() {
        // The approvers decide about the overridden gate, so their statements count here too.
        List<Requirement> trusted = Stream.concat(
                        rule.require().stream(),
                        ApprovalRule.of(promotion.kind(), promotion.plan(), around.rules()).stream()
                                .flatMap(approval -> approval.require().stream()))
                .toList();
        return new Approvals(promotion, new Gate.Approval(rule.require(), true, rule.timeBox()), trusted, around, now);
    }

    /** The people who can override; empty where no one can. */
    Optional<Approvals> deciders() {
        return rule == null ? Optional.empty() : Optional.of(people());
    }

    /** Why an override of {@code person} would not count; empty when it would. */
    Optional<String> whyNot(Person person) {
        return rule == null
                ? Optional.of("the policy allows no one to override a gate in "
                        + around.rules().environment().name())
                : people().whyNot(person, "override its gates");
    }

    /** Why {@code person} cannot override now, as a sentence to that person; empty when they can. */
    Optional<String> whyNotNow(Person person) {
        if (promotion.state() != Promotion.State.WAITING) {
            return Optional.of("only the gates of a waiting promotion can be overridden; it is " + promotion.state());
        }
        List<Plan.Problem> problems = promotion.plan().problems();
        return problems.isEmpty()
                ? whyNot(person).or(() -> overrodeAs(person.id()))
                : Optional.of("its plan is not complete: " + problems.get(0).cause());
    }

    private Optional<String> overrodeAs(String user) {
        var names = new PersonNames(around.rules());
        return words().stream()
                .map(w -> w.person().id())
                .filter(other -> !other.equals(user) && names.areOne(other, user))
                .findFirst()
                .map(other -> "you overrode the gates as " + other + " already, and one person counts once");
    }

    /** Why {@code person} cannot make the post-review, as a sentence to that person; empty when they can. */
    static Optional<String> whyNotReview(Person person, Lane.PostReview postReview, LaneRules rules) {
        BreakGlass rule = rules == null ? null : rules.environment().breakGlass();
        Role role = rule == null ? null : rules.roles().get(rule.review());
        if (role == null || !role.includes(person)) {
            return Optional.of(
                    "you are not in the role that reviews here" + (rule == null ? "" : ": " + rule.review()));
        }
        var names = new PersonNames(rules);
        return names.isAmong(person.id(), names.all(postReview.by()))
                ? Optional.of("you overrode the gates yourself; another person must review it")
                : Optional.empty();
    }

    /** @param gates every gate without overrides; empty where no one can override anything */
    Optional<OverrideStatus> overrideStatus(List<GateStatus> gates) {
        if (rule == null) {
            return Optional.empty();
        }
        List<PromotionDecisions.Override> words = words();
        Map<String, Integer> missing = quorum(words).missing();
        Instant until = open().map(Open::until)
                .or(() -> words.stream().map(this::end).min(Comparator.naturalOrder()))
                .orElse(null);
        return Optional.of(new OverrideStatus(
                rule,
                words.stream().map(w -> new OverrideStatus.Word(w, end(w))).toList(),
                missing,
                until,
                closed(gates)));
    }

    /** Empty while too few people have overridden, and when the override has expired. */
    Optional<Open> open() {
        List<PromotionDecisions.Override> words = words();
        if (words.isEmpty() || !complete(words)) {
            return Optional.empty();
        }
        // The first moment at which too few overrides still count.
        Instant until = words.stream()
                .map(this::end)
                .sorted()
                .filter(at ->
                        !complete(words.stream().filter(w -> end(w).isAfter(at)).toList()))
                .findFirst()
                .orElseThrow();
        return Optional.of(new Open(
                words.stream().map(w -> w.person().id()).sorted().toList(),
                words.stream()
                        .map(w -> w.reason() + " (" + w.ticket() + ")")
                        .distinct()
                        .collect(Collectors.joining("; ")),
                until));
    }

    private Instant end(PromotionDecisions.Override word) {
        return word.at().plus(rule.timeBox());
    }

    private boolean complete(List<PromotionDecisions.Override> words) {
        return quorum(words).complete();
    }

    private Quorum quorum(List<PromotionDecisions.Override> words) {
        return Quorum.of(
                rule.require(),
                around.rules().roles(),
                words.stream()
                        .map(w -> membershipSnapshot.now(w.person(), w.at()))
                        .toList());
    }

    /** The last override of each person, if it counts now. */
    private List<PromotionDecisions.Override> words() {
        if (rule == null) {
            return List.of();
        }
        Map<String, PromotionDecisions.Override> last = new LinkedHashMap<>();
        promotion.overrides().forEach(w -> last.put(w.person().id(), w));
        Approvals people = people();
        List<PromotionDecisions.Override> counted = last.values().stream()
                .filter(w -> w.planDigest().equals(promotion.plan().digest())
                        && w.policyDigest().equals(around.policyDigest())
                        && now.isBefore(end(w))
                        && !membershipSnapshot.gone(w.person())
                        && people.whyNot(membershipSnapshot.now(w.person(), w.at()))
                                .isEmpty())
                .toList();
        return new PersonNames(around.rules()).each(counted, w -> w.person().id());
    }

    /** The same gates; those that are closed and can be overridden pass while the override is in force. */
    List<GateStatus> applied(List<GateStatus> gates) {
        Optional<Open> open = open();
        return open.isEmpty()
                ? gates
                : gates.stream()
                        .map(g -> passes(g)
                                ? g.overridden(open.get().by(), open.get().until())
                                : g)
                        .toList();
    }

    private static boolean passes(GateStatus gate) {
        return gate.result() != GateStatus.GateResult.PASSED && !FIXED.contains(gate.kind());
    }

    /** The closed gates that the override passes. */
    static List<GateStatus.Kind> closed(List<GateStatus> gates) {
        return gates.stream()
                .filter(Overriding::passes)
                .map(GateStatus::kind)
                .distinct()
                .toList();
    }
}
