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

/** Moves every promotion of a lane as far as it can go without anything further happening. */
final class TransitionRules {
    /** A promotion takes fewer rounds than this to come to rest. */
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

    /** How long an incomplete plan stands before it is tried again by itself: 1 minute, doubling, at most 30. */
    private static Duration replanPause(int planning) {
        return Duration.ofMinutes(Math.min(30, 1L << Math.min(planning - 1, 5)));
    }

    /** Approvals count under the rules that they were given under. */
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
        // Every move is said. A round without one is rest; any other moves a promotion forward, and none can for ever.
        int rounds = ROUNDS * (1 + lane.promotions.size());
        int said;
        do {
            if (rounds-- == 0) {
                throw new IllegalStateException(lane.id + " does not come to rest");
            }
            said = lane.events.size();
            round();
            // A deployment that has become a plan again is judged by the rules of now.
            voidOutdated();
        } while (lane.events.size() > said);
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
            case VERIFYING -> {} // only the answer moves it
            default -> deployments.rollBack(p);
        }
    }

    /**
     * WAITING ⇄ QUEUED, and back to PLANNING when the plan was made against something that is no longer so. While the
     * environment is being changed nobody plans against it; whoever must will afterwards.
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
                .filter(g -> g.verdict() != GateStatus.GateResult.HOLDS)
                .toList();
        if (p.state() == State.WAITING && closed.isEmpty()) {
            lane.move(p, State.QUEUED, null);
        } else if (p.state() == State.QUEUED && !closed.isEmpty()) {
            lane.move(p, State.WAITING, closed.get(0).seenByAnyone().sentence());
        }
    }

    /** Why something that was planned may not be written to any more; the next plan says what can be done. */
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

    /** Nobody starts while somebody plans against what is there. */
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

    /** Whether it is known which groups those who decided, stated and attested are in now; asks for it where it is not. */
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
            lane.say(Event.Type.MEMBERSHIP, p, null, "reads again which groups those who decided are in");
        }
        return false;
    }
}
