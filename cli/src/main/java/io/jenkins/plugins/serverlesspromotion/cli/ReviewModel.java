package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Everything that somebody who decides about a promotion looks at.
 *
 * @param plan null before the first
 * @param live what is live in the lane, null before the first release
 * @param rules null when policy places the service there no longer
 * @param provenance of every release after the live one up to this one, newest first: what approving lets in
 * @param gates empty when it is over
 * @param pause what keeps it from starting, null when nothing does
 * @param person who looks
 * @param whyNot why {@code person} could not approve, null when they could
 * @param expires when it does, null while nobody has been asked
 * @param next the command that brings it on, null when there is none
 */
record ReviewModel(
        Promotion promotion,
        Plan plan,
        Lane.Live live,
        LaneRules rules,
        List<Provenance> provenance,
        List<GateStatus> gates,
        Pause pause,
        Person person,
        String whyNot,
        Instant expires,
        String next) {
    ReviewModel {
        provenance = List.copyOf(provenance);
        gates = List.copyOf(gates);
    }

    static ReviewModel of(Home home, Invocation invocation, PromotionId id) {
        return of(home, invocation, home.promotion(id));
    }

    static ReviewModel of(Home home, Invocation invocation, Promotion promotion) {
        Person person = invocation.person();
        LaneId lane = LaneId.ofPromotion(promotion.id());
        Lane.Live live = home.store().lane(lane).live();
        List<GateStatus> gates = home.promotions().gates(promotion.id());
        LaneRules rules = home.store()
                .policy()
                .flatMap(p -> LaneRules.of(p.policy(), lane.service(), lane.environment()))
                .orElse(null);
        Pause pause = home.store().pauses().stream()
                .filter(p -> p.covers(lane))
                .findFirst()
                .orElse(null);
        String whyNot = promotion.state().isOver()
                ? null
                : home.promotions().whyNot(person, promotion).orElse(null);
        Instant expires = promotion.state() == Promotion.State.WAITING || promotion.state() == Promotion.State.QUEUED
                ? home.promotions().expiry(promotion).orElse(null)
                : null;
        return new ReviewModel(
                promotion,
                home.store().shownPlan(promotion.id()).orElse(null),
                live,
                rules,
                provenance(home, promotion.release(), live),
                gates,
                pause,
                person,
                whyNot,
                expires,
                next(home, invocation, promotion, gates, pause, whyNot, rules));
    }

    private static String next(
            Home home,
            Invocation invocation,
            Promotion promotion,
            List<GateStatus> gates,
            Pause pause,
            String whyNot,
            LaneRules rules) {
        String repeated = invocation.options().repeated();
        return NextStep.statement(promotion, home.promotions().statementsMissing(promotion), repeated)
                .orElseGet(() -> NextStep.of(
                        promotion,
                        gates,
                        pause,
                        whyNot != null || hasApproved(invocation.person(), promotion),
                        needsComment(promotion, rules),
                        repeated));
    }

    private static boolean needsComment(Promotion promotion, LaneRules rules) {
        return rules != null
                && Gates.approval(promotion.kind(), promotion.plan(), rules)
                        .map(rule -> rule.comment() == Gate.Comment.REQUIRED)
                        .orElse(false);
    }

    private static boolean hasApproved(Person person, Promotion promotion) {
        return promotion.standing().stream().anyMatch(a -> a.person().id().equals(person.id()));
    }

    /** Whether whoever looks has approved it, and nothing has voided that. */
    boolean hasApproved() {
        return hasApproved(person, promotion);
    }

    private static List<Provenance> provenance(Home home, ReleaseRef release, Lane.Live live) {
        long from = live == null ? 0 : live.release().number();
        return home.store().releases(release.service()).stream()
                .filter(p -> p.ref().number() > from && p.ref().number() <= release.number())
                .map(Published::provenance)
                .toList();
    }

    LaneId lane() {
        return LaneId.ofPromotion(promotion.id());
    }

    boolean isWaiting() {
        return promotion.state() == Promotion.State.WAITING;
    }

    /** What is live at {@code place}: {@code nothing}, a version, or that it was left half way. */
    String liveAt(String place) {
        if (live == null) {
            return "nothing";
        }
        Map<String, ReleaseRef> places = live.places();
        if (!places.containsKey(place)) {
            return live.release().version();
        }
        ReleaseRef there = places.get(place);
        return there == null ? "left half way" : there.version();
    }

    List<Plan.Finding> findings() {
        var all = new ArrayList<Plan.Finding>();
        if (plan != null) {
            plan.targets().forEach(t -> all.addAll(t.content().findings()));
        }
        return all;
    }

    int changes() {
        return plan == null
                ? 0
                : plan.targets().stream()
                        .mapToInt(t -> t.content().changes().size())
                        .sum();
    }
}
