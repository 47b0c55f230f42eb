package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneBuilder.PromotionDraft;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Moves every promotion of a lane as far as it can go without a new fact. */
final class TransitionRules {
    /** Upper bound of the rounds that a promotion needs until nothing changes. */
    private static final int ROUNDS = 20;

    private final LaneBuilder lane;
    private final GateContext around;
    private final DeploymentProgress deployments;

    TransitionRules(LaneBuilder lane, GateContext around) {
        this.lane = lane;
        this.around = around;
        this.deployments = new DeploymentProgress(lane, around);
    }

    /** When an incomplete plan is made again. */
    static Instant replanAt(PromotionPlanning planning) {
        return planning.plan().at().plus(replanPause(planning.number()));
    }

    /** The delay before an incomplete plan is made again: 1 minute, doubling, at most 30. */
    private static Duration replanPause(int planning) {
        return Duration.ofMinutes(Math.min(30, 1L << Math.min(planning - 1, 5)));
    }

    /** Approvals count only under the rules that were in force when they were given. */
    void voidOutdated() {
        if (around.policyDigest() != null) {
            for (PromotionDraft p : lane.promotions) {
                if (!p.isOver() && !p.isRunning()) {
                    lane.voidApprovals(p, a -> !a.policyDigest().equals(around.policyDigest()), "the policy changed");
                }
            }
        }
    }

    void expire() {
        for (PromotionDraft p : lane.promotions) {
            if (p.state() == State.WAITING || p.state() == State.QUEUED) {
                Gates.expiry(p.seal(), around, lane.now)
                        .filter(at -> !lane.now.isBefore(at))
                        .ifPresent(at -> lane.move(p, State.EXPIRED, "not decided and deployed by " + at));
            }
        }
    }

    void settle() {
        // Every move has an event. A round without one ends the loop. Any other round moves a promotion forward, which
        // cannot continue without end.
        int rounds = ROUNDS * (1 + lane.promotions.size());
        int before;
        do {
            if (rounds-- == 0) {
                throw new IllegalStateException(lane.id + " does not come to rest");
            }
            before = lane.events.size();
            round();
            // A deployment that returned to planning is evaluated under the current rules.
            voidOutdated();
        } while (lane.events.size() > before);
    }

    private void round() {
        lane.running().ifPresent(this::run);
        boolean busy = lane.running().isPresent();
        lane.promotions.forEach(p -> gates(p, busy));
        if (!busy) {
            start();
        }
        if (lane.running().isEmpty()) {
            lane.promotions.forEach(this::plan);
        }
    }

    private void run(PromotionDraft p) {
        switch (p.state()) {
            case DEPLOYING -> deployments.advance(p);
            case VERIFYING -> {} // only the result moves it
            default -> deployments.rollBack(p);
        }
    }

    /**
     * WAITING ⇄ QUEUED, and back to PLANNING when the plan's basis has changed. While a deployment is running no plan
     * is made; planning follows afterwards.
     */
    private void gates(PromotionDraft p, boolean busy) {
        if (p.state() != State.WAITING && p.state() != State.QUEUED || around.rules() == null) {
            return;
        }
        if (!busy && !p.plan().basis().equals(lane.basis(around))) {
            lane.replan(p, "the environment or the policy changed since it was planned");
            return;
        }
        if (!busy
                && !p.plan().problems().isEmpty()
                && !lane.now.isBefore(replanAt(p.seal().planning()))) {
            lane.replan(p, "the last plan was incomplete");
            return;
        }
        if (!busy && p.plan().claims() == null) {
            lane.replan(p, "it was planned by a version that did not record owners");
            return;
        }
        Optional<String> taken = taken(p);
        if (!busy && taken.isPresent()) {
            lane.replan(p, taken.get());
            return;
        }
        List<GateStatus> closed = Gates.of(lane.seal(), p.seal(), around, lane.now).stream()
                .filter(g -> g.result() != GateStatus.GateResult.PASSED)
                .toList();
        if (p.state() == State.WAITING && closed.isEmpty()) {
            lane.move(p, State.QUEUED, null);
        } else if (p.state() == State.QUEUED && !closed.isEmpty()) {
            lane.move(p, State.WAITING, closed.get(0).seenByAnyone().sentence());
        }
    }

    /** Why a planned resource must not be written to any more; the next plan shows what is possible. */
    private Optional<String> taken(PromotionDraft p) {
        return p.plan().claims().stream()
                .map(claim -> around.taken().get(claim.resource()))
                .filter(Objects::nonNull)
                .findFirst();
    }

    private void plan(PromotionDraft p) {
        if (p.state() == State.REQUESTED && around.rules() != null) {
            lane.replan(p, null);
        }
    }

    /** No deployment starts while another promotion is being planned against the current state. */
    private void start() {
        boolean planning = lane.promotions.stream().anyMatch(p -> p.state() == State.PLANNING);
        if (planning || around.pause() != null || around.rules() == null) {
            return;
        }
        lane.promotions.stream()
                .filter(p -> p.state() == State.QUEUED)
                .min(Comparator.comparing((PromotionDraft p) -> p.kind() == Kind.ROLLBACK ? 0 : 1)
                        .thenComparing(p -> p.decisions().queuedAt()))
                .filter(this::decidersKnown)
                .ifPresent(deployments::start);
    }

    /**
     * Whether the current groups are known of the people who decided, stated and attested; requests them where they are
     * not.
     */
    private boolean decidersKnown(PromotionDraft p) {
        Promotion now = p.seal();
        Optional<Instant> last = Stream.of(
                        now.standing().stream().map(PromotionDecisions.Approval::at),
                        now.overrides().stream().map(PromotionDecisions.Override::at),
                        now.requestersStated().stream().map(PeopleStatements.RequestersStatement::at),
                        now.authorsAttested().stream().map(PeopleStatements.AuthorsAttestation::at))
                .flatMap(times -> times)
                .max(Comparator.naturalOrder());
        PromotionDecisions.Membership read = now.membership();
        if (!around.directory() || last.isEmpty() || new MembershipSnapshot(read).fresh(last.get(), lane.now)) {
            return true;
        }
        if (read == null || read.answer() != null) {
            int number = read == null ? 1 : read.number() + 1;
            p.decisions(d -> d.with(new PromotionDecisions.Membership(number, lane.now, null)));
            lane.say(Event.Type.MEMBERSHIP, p, null, "reads the groups of the people who decided again");
        }
        return false;
    }
}
