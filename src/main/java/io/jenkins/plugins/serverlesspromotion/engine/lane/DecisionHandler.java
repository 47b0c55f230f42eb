package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneBuilder.PromotionDraft;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Approval;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Membership;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Comment;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.BreakGlass;
import java.util.ArrayList;
import java.util.Optional;

/** Takes people's decisions about a promotion into a lane. */
final class DecisionHandler {
    private final LaneBuilder lane;
    private final GateContext around;

    DecisionHandler(LaneBuilder lane, GateContext around) {
        this.lane = lane;
        this.around = around;
    }

    String approved(Fact.Approved fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().isOver()) {
            return lane.refuse(found.orElse(null), actor, "approval", over(found));
        }
        PromotionDraft p = found.get();
        boolean counted = p.decisions().approvals().stream()
                .anyMatch(a -> a.voided() == null
                        && a.person().id().equals(fact.person().id()));
        if (counted && p.plan().digest().equals(fact.planDigest())) {
            return null; // a second click of the same person adds nothing
        }
        if (p.isRunning() || p.state() == State.QUEUED) {
            return lane.refuse(p, actor, "approval", "nothing more is needed: it is " + p.state());
        }
        if (p.state() != State.WAITING) {
            return lane.refuse(p, actor, "approval", "there is no plan to approve yet: it is " + p.state());
        }
        if (!p.plan().problems().isEmpty()) {
            return lane.refuse(
                    p,
                    actor,
                    "approval",
                    "it cannot be approved yet: " + p.plan().problems().get(0).key() + ": "
                            + p.plan().problems().get(0).cause());
        }
        if (!p.plan().digest().equals(fact.planDigest())) {
            return lane.refuse(p, actor, "approval", "the plan changed since you reviewed it; review it again");
        }
        Optional<String> whyNot = Gates.whyNot(fact.person(), p.seal(), around, lane.now);
        if (whyNot.isPresent()) {
            return lane.refuse(p, actor, "approval", whyNot.get());
        }
        boolean silent = fact.comment() == null || fact.comment().isBlank();
        if (silent && needsComment(p)) {
            return lane.refuse(
                    p,
                    actor,
                    "approval",
                    "state the reason: in " + lane.id.environment() + " an approval needs a comment");
        }
        // The journal keeps void approvals of the same person; in the lane they would only use space.
        var approvals = new ArrayList<>(p.decisions().approvals());
        approvals.removeIf(a -> a.person().id().equals(fact.person().id()));
        p.decisions(d -> d.withApprovals(approvals));
        if (approvals.size() >= LaneLimits.APPROVALS) {
            return lane.refuse(
                    p, actor, "approval", LaneLimits.APPROVALS + " approvals are recorded, which is the limit");
        }
        approvals.add(new Approval(
                fact.person(),
                lane.now,
                fact.comment(),
                p.release().digest(),
                p.plan().digest(),
                around.policyDigest(),
                null));
        p.decisions(d -> d.withApprovals(approvals));
        lane.say(
                Event.Type.APPROVED,
                p,
                actor,
                "approved (" + fact.person().assurance() + ")" + (fact.comment() == null ? "" : ": " + fact.comment()));
        return null;
    }

    private boolean needsComment(PromotionDraft p) {
        return ApprovalRule.of(p.kind(), p.plan(), around.rules())
                .map(rule -> rule.comment() == Comment.REQUIRED)
                .orElse(false);
    }

    String withdrawn(Fact.ApprovalWithdrawn fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().isOver()) {
            return lane.refuse(found.orElse(null), actor, "withdrawal", over(found));
        }
        PromotionDraft p = found.get();
        if (p.isRunning()) {
            return lane.refuse(p, actor, "withdrawal", "it is " + p.state() + " already; abort it instead");
        }
        boolean given = p.decisions().approvals().stream()
                .anyMatch(a -> a.voided() == null
                        && a.person().id().equals(fact.person().id()));
        if (!given) {
            return lane.refuse(p, actor, "withdrawal", "you have given no approval that stands");
        }
        lane.say(
                Event.Type.APPROVAL_WITHDRAWN,
                p,
                actor,
                "approval withdrawn" + (fact.reason() == null ? "" : ": " + fact.reason()));
        p.decisions(d -> d.withApprovals(d.approvals().stream()
                        .map(a -> a.voided() == null
                                        && a.person().id().equals(fact.person().id())
                                ? a.withdrawn(fact.reason())
                                : a)
                        .toList())
                .waitingSince(lane.now));
        return null;
    }

    String overridden(Fact.Overridden fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().isOver()) {
            return lane.refuse(found.orElse(null), actor, "override", over(found));
        }
        PromotionDraft p = found.get();
        Optional<String> whyNot = whyNotOverride(p, fact);
        if (whyNot.isPresent()) {
            return lane.refuse(p, actor, "override", whyNot.get());
        }
        var overrides = new ArrayList<>(p.decisions().overrides());
        overrides.removeIf(o -> o.person().id().equals(fact.person().id()));
        p.decisions(d -> d.withOverrides(overrides));
        if (overrides.size() >= LaneLimits.APPROVALS) {
            return lane.refuse(
                    p, actor, "override", LaneLimits.APPROVALS + " overrides are recorded, which is the limit");
        }
        if (lane.reviews.size() >= LaneLimits.REVIEWS) {
            return lane.refuse(
                    p,
                    actor,
                    "override",
                    lane.reviews.size()
                            + " overrides here wait for their review, which is the limit; review one first");
        }
        overrides.add(new PromotionDecisions.Override(
                fact.person(),
                lane.now,
                fact.reason().strip(),
                fact.ticket().strip(),
                p.plan().digest(),
                around.policyDigest()));
        p.decisions(d -> d.withOverrides(overrides));
        BreakGlass rule = around.rules().environment().breakGlass();
        boolean open = new Overriding(p.seal(), around, lane.now).open().isPresent();
        lane.say(
                Event.Type.OVERRIDDEN,
                p,
                actor,
                "BREAK-GLASS (" + fact.person().assurance() + "): "
                        + fact.reason().strip() + " ("
                        + fact.ticket().strip() + ")"
                        + (open
                                ? ""
                                : "; more people must confirm it before "
                                        + MomentText.of(lane.now.plus(rule.timeBox()))));
        return null;
    }

    private Optional<String> whyNotOverride(PromotionDraft p, Fact.Overridden fact) {
        Optional<String> whyNot = Gates.whyNotOverride(fact.person(), p.seal(), around, lane.now);
        if (whyNot.isPresent()) {
            return whyNot;
        }
        if (!p.plan().digest().equals(fact.planDigest())) {
            return Optional.of("the plan changed since you reviewed it; review it again");
        }
        if (isBlank(fact.reason()) || isBlank(fact.ticket())) {
            return Optional.of("state the reason, and name a ticket");
        }
        return Tickets.problem(fact.ticket().strip(), around.rules(), around.patterns());
    }

    static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    String reviewed(Fact.Reviewed fact) {
        String actor = "user:" + fact.person().id();
        Optional<Lane.PostReview> found = lane.reviews.stream()
                .filter(r -> r.promotion().equals(fact.promotion()))
                .findFirst();
        if (found.isEmpty()) {
            return lane.refuse(null, actor, "review", "there is no open review of " + fact.promotion());
        }
        Optional<String> whyNot = Gates.whyNotReview(fact.person(), found.get(), around.rules());
        if (whyNot.isPresent()) {
            return lane.refuse(null, actor, "review", whyNot.get());
        }
        if (isBlank(fact.finding())) {
            return lane.refuse(null, actor, "review", "state what you found");
        }
        lane.reviews.remove(found.get());
        lane.events.add(new Event(
                Event.Type.REVIEWED,
                fact.promotion(),
                actor,
                "reviewed the override: " + fact.finding().strip()));
        return null;
    }

    /**
     * A promotion that ended with the transition before is no longer in the lane; one that just expired gives the
     * reason.
     */
    static String over(Optional<PromotionDraft> found) {
        return found.map(p -> "it is over: " + p.state() + " (" + p.seal().why() + ")")
                .orElse("it is over");
    }

    /** A person whose decision does not count is informed now, and not later when nothing happens. */
    void membership(Fact.MembershipRead fact) {
        Optional<PromotionDraft> found =
                lane.find(fact.promotion()).filter(p -> isAwaited(p.seal().membership(), fact.number()));
        if (found.isEmpty()) {
            return;
        }
        PromotionDraft p = found.get();
        boolean known = knowsPeople(p);
        p.decisions(d -> d.with(new Membership(fact.number(), lane.now, fact.answer())));
        if (known && !knowsPeople(p)) {
            p.decisions(d -> d.waitingSince(lane.now));
        }
        String failure = fact.answer().failure();
        lane.say(
                Event.Type.MEMBERSHIP,
                p,
                null,
                failure == null
                        ? "read the groups of the people who decided"
                        : "could not read the groups of the people who decided: " + failure);
        if (failure != null || around.rules() == null) {
            return;
        }
        ApprovalRule.of(p.kind(), p.plan(), around.rules()).ifPresent(rule -> {
            var membershipSnapshot = new MembershipSnapshot(p.decisions().membership());
            lane.voidApprovals(
                    p,
                    a -> membershipSnapshot.gone(a.person()),
                    "the security realm has no such user any more, or locked it");
            lane.voidApprovals(
                    p,
                    a -> !InvolvedPeople.inAnyRole(
                            membershipSnapshot.now(a.person(), a.at()), rule.require(), around.rules()),
                    "they are in none of the roles that decide here any more");
        });
    }

    private static boolean isAwaited(Membership query, int number) {
        return query != null && query.number() == number && query.answer() == null;
    }

    private boolean knowsPeople(PromotionDraft p) {
        Promotion now = p.seal();
        return !Gates.needsRequesters(now, around, lane.now)
                && Gates.needsAuthors(now, around, lane.now).isEmpty();
    }

    String rejected(Fact.Rejected fact) {
        String actor = "user:" + fact.person().id();
        Optional<PromotionDraft> found = lane.find(fact.promotion());
        if (found.isEmpty() || found.get().isOver()) {
            return lane.refuse(found.orElse(null), actor, "rejection", over(found));
        }
        PromotionDraft p = found.get();
        if (p.isRunning()) {
            return lane.refuse(p, actor, "rejection", "it is " + p.state() + " already; abort it instead");
        }
        if (around.rules() == null || !Gates.decides(fact.person(), p.seal(), around.rules())) {
            return lane.refuse(p, actor, "rejection", "you are in none of the roles that decide here");
        }
        if (isBlank(fact.reason())) {
            return lane.refuse(p, actor, "rejection", "state the reason: the requester must know what to do about it");
        }
        lane.say(Event.Type.REJECTED, p, actor, "rejected: " + fact.reason());
        lane.move(p, State.REJECTED, "rejected by " + fact.person().id() + ": " + fact.reason());
        return null;
    }
}
