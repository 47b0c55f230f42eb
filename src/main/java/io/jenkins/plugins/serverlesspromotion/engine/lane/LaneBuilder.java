package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Step;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane.Live;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Approval;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.Request;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionPlanning.Planned;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Builds the new state of a lane during one transition. It exists for one call only and is not visible outside the
 * package.
 */
final class LaneBuilder {
    final LaneId id;
    final Instant now;
    final List<Event> events = new ArrayList<>();
    final List<PromotionDraft> promotions = new ArrayList<>();
    Live live;
    List<Live> good;
    final List<LaneHold> holds;
    final List<Lane.PostReview> reviews;
    final List<OwnershipClaim> owns;
    private long counted;
    private long changes;

    /** Leaves out promotions that the last transition ended: the record of that transition contains them. */
    LaneBuilder(Lane lane, Instant now) {
        this.id = lane.id();
        this.now = now;
        this.live = lane.live();
        this.good = new ArrayList<>(lane.good());
        this.holds = new ArrayList<>(lane.holds());
        this.reviews = new ArrayList<>(lane.reviews());
        this.owns = new ArrayList<>(lane.owns());
        this.counted = lane.counted();
        this.changes = lane.changes();
        lane.promotions().stream().filter(p -> !p.state().isOver()).forEach(p -> promotions.add(new PromotionDraft(p)));
    }

    Lane seal() {
        return new Lane(
                id,
                live,
                good,
                holds,
                promotions.stream().map(PromotionDraft::seal).toList(),
                counted,
                changes,
                reviews,
                owns);
    }

    /** Records the claims that are not recorded yet; @return whether there were any. */
    boolean own(List<OwnershipClaim> claims, String promotion) {
        List<OwnershipClaim> unrecorded = unrecorded(claims);
        unrecorded.forEach(claim -> {
            owns.removeIf(o -> o.resource().equals(claim.resource()));
            owns.add(promotion == null ? claim : claim.by(promotion));
        });
        owns.sort(null);
        return !unrecorded.isEmpty();
    }

    /**
     * Drops the recorded resources in {@code answered}, except those in {@code claims}, when {@link LaneLimits#OWNED}
     * are recorded.
     */
    void forget(Set<ResourceId> answered, List<OwnershipClaim> claims) {
        if (owns.size() >= LaneLimits.OWNED) {
            Set<ResourceId> kept = claims.stream().map(OwnershipClaim::resource).collect(Collectors.toSet());
            owns.removeIf(o -> answered.contains(o.resource()) && !kept.contains(o.resource()));
        }
    }

    /** Drops the recorded resources in {@code gone}, except those in {@code claims}; @return those it dropped. */
    List<ResourceId> forget(List<ResourceId> gone, List<OwnershipClaim> claims) {
        Set<ResourceId> kept = claims.stream().map(OwnershipClaim::resource).collect(Collectors.toSet());
        List<ResourceId> dropped = owns.stream()
                .map(OwnershipClaim::resource)
                .filter(r -> gone.contains(r) && !kept.contains(r))
                .toList();
        owns.removeIf(o -> dropped.contains(o.resource()));
        return dropped;
    }

    /**
     * A resource that was recorded as created is recorded again when it is adopted: another party had created it
     * meanwhile.
     */
    List<OwnershipClaim> unrecorded(List<OwnershipClaim> claims) {
        return claims.stream()
                .filter(claim -> owns.stream()
                        .noneMatch(o -> o.resource().equals(claim.resource())
                                && (o.how() != OwnershipClaim.How.CREATED || claim.how() == o.how())))
                .toList();
    }

    /** The basis of a plan: the deployments so far and the policy. */
    String basis(GateContext around) {
        return changes + "/" + around.policyDigest();
    }

    Optional<PromotionDraft> find(String promotion) {
        return promotions.stream().filter(p -> p.id().equals(promotion)).findFirst();
    }

    /** The promotions that have not ended. */
    List<PromotionDraft> open(Kind kind) {
        return promotions.stream().filter(p -> !p.isOver() && p.kind() == kind).toList();
    }

    Optional<PromotionDraft> running() {
        return promotions.stream().filter(p -> p.isRunning()).findFirst();
    }

    PromotionDraft add(Kind kind, ReleaseRef release, Request request) {
        var added =
                new PromotionDraft(Promotion.requested(id.promotion(++counted), kind, release, request.bounded(), now));
        promotions.add(added);
        return added;
    }

    void say(Event.Type type, PromotionDraft promotion, String actor, String text) {
        events.add(new Event(type, promotion == null ? null : promotion.id(), actor, text));
    }

    /** Records the event that the actor is not allowed to do this, and returns the reason. */
    String refuse(PromotionDraft promotion, String actor, String what, String why) {
        say(Event.Type.REFUSED, promotion, actor, what + " refused: " + why);
        return why;
    }

    /** @throws IllegalStateException when {@link StateTransition} has no such move: then nothing is recorded */
    void move(PromotionDraft promotion, State to, String why) {
        StateTransition.check(promotion.id(), promotion.state(), to);
        boolean deployed = promotion.isRunning() && !to.isRunning();
        promotion.now = promotion.now.moved(to, now, why);
        promotion.decisions(d -> d.queuedAt(to == State.QUEUED ? now : null));
        if (deployed) {
            changes++;
        }
        say(Event.Type.STATE, promotion, null, to + (why == null ? "" : ": " + why));
    }

    /** The plan is void: it is planned again. */
    void replan(PromotionDraft promotion, String why) {
        promotion.planning(PromotionPlanning::again);
        move(promotion, State.PLANNING, why);
    }

    /** People who must decide again get the full time again, however long the first decision was valid. */
    void voidApprovals(PromotionDraft p, Predicate<Approval> which, String why) {
        var approvals = new ArrayList<Approval>();
        boolean any = false;
        for (Approval a : p.decisions().approvals()) {
            boolean voided = a.voided() == null && which.test(a);
            approvals.add(voided ? a.because(why) : a);
            if (voided) {
                say(
                        Event.Type.APPROVAL_VOIDED,
                        p,
                        null,
                        "approval of " + a.person().id() + " is void because " + why);
                any = true;
            }
        }
        if (any) {
            p.decisions(d -> d.withApprovals(approvals).waitingSince(now));
        }
    }

    /** A promotion during the transition, in its current state. */
    static final class PromotionDraft {
        private Promotion now;

        PromotionDraft(Promotion promotion) {
            this.now = promotion;
        }

        Promotion seal() {
            return now;
        }

        String id() {
            return now.id();
        }

        Kind kind() {
            return now.kind();
        }

        ReleaseRef release() {
            return now.release();
        }

        State state() {
            return now.state();
        }

        boolean isOver() {
            return now.state().isOver();
        }

        boolean isRunning() {
            return now.state().isRunning();
        }

        Planned plan() {
            return now.plan();
        }

        PromotionDecisions decisions() {
            return now.decisions();
        }

        List<Request> requests() {
            return now.requests();
        }

        Deployment deployment() {
            return now.deployment();
        }

        List<Step> steps() {
            return now.deployment().steps();
        }

        void planning(UnaryOperator<PromotionPlanning> change) {
            now = now.with(change.apply(now.planning()));
        }

        void decisions(UnaryOperator<PromotionDecisions> change) {
            now = now.with(change.apply(now.decisions()));
        }

        void deployment(UnaryOperator<Deployment> change) {
            now = now.with(change.apply(now.deployment()));
        }

        /** @param live the live release, null: none */
        void deploy(ReleaseRef live, Deployment begun) {
            now = now.after(live).with(begun);
        }

        void step(String key, UnaryOperator<Step> change) {
            deployment(d -> d.with(d.steps().stream()
                    .map(s -> s.key().equals(key) ? change.apply(s) : s)
                    .toList()));
        }

        void checked(List<CheckResult> results, Instant at) {
            var checks = new ArrayList<>(now.deployment().checks());
            results.forEach(r -> checks.add(new Deployment.Checked(at, r)));
            deployment(d -> d.checked(checks));
        }
    }
}
