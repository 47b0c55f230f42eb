package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneBuilder.PromotionDraft;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes results of commands into a lane. A late result (its attempt is over) is ignored. */
final class ResultHandler {
    private final LaneBuilder lane;
    private final GateContext around;
    private final DeploymentProgress deployments;

    ResultHandler(LaneBuilder lane, GateContext around) {
        this.lane = lane;
        this.around = around;
        this.deployments = new DeploymentProgress(lane, around);
    }

    /** Also pins them for the running deployment: later decisions must not affect its rollback. */
    void ownersRecorded(Fact.OwnersRecorded fact) {
        boolean any = lane.own(fact.owns(), null);
        for (PromotionDraft p : lane.promotions) {
            List<OwnershipClaim> claims = fact.promotions().get(p.id());
            if (claims == null || p.plan() == null || p.plan().claims() != null) {
                continue;
            }
            any = true;
            p.planning(planning -> planning.with(planning.plan().claiming(claims)));
            if (p.isRunning()) {
                p.deployment(d -> d.owning(claims));
            }
        }
        if (any) {
            lane.say(
                    Event.Type.OWNERS,
                    null,
                    null,
                    "recorded from the journal: owns "
                            + (lane.owns.isEmpty()
                                    ? "nothing"
                                    : lane.owns.stream()
                                            .map(o -> o.resource().toString())
                                            .collect(Collectors.joining(", "))));
        }
    }

    void planned(Fact.Planned fact) {
        lane.find(fact.promotion())
                .filter(p -> p.state() == State.PLANNING && p.seal().planning().number() == fact.planning())
                .ifPresent(p -> {
                    p.planning(planning ->
                            planning.with(PromotionPlanning.Planned.of(fact.plan(), lane.basis(around), lane.now)));
                    p.decisions(d -> d.waitingSince() == null ? d.waitingSince(lane.now) : d);
                    lane.say(Event.Type.PLANNED, p, null, summary(fact));
                    lane.voidApprovals(p, a -> !a.planDigest().equals(p.plan().digest()), "the plan changed");
                    lane.move(p, State.WAITING, null);
                });
    }

    private static String summary(Fact.Planned fact) {
        if (!fact.plan().complete()) {
            return "incomplete plan: " + fact.plan().problems().get(0).cause();
        }
        int changes = fact.plan().targets().stream()
                .mapToInt(t -> t.content().changes().size())
                .sum();
        int findings = fact.plan().targets().stream()
                .mapToInt(t -> t.content().findings().size())
                .sum();
        return count(fact.plan().targets().size(), "target") + ", " + count(changes, "change") + ", "
                + count(findings, "finding") + ", plan " + fact.plan().digest();
    }

    private static String count(int number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    void planningEnded(Fact.PlanningEnded fact) {
        lane.find(fact.promotion())
                .filter(p -> p.state() == State.PLANNING && p.seal().planning().number() == fact.planning())
                .ifPresent(p -> lane.move(
                        p,
                        DeploymentProgress.endOf(fact.failure()),
                        fact.failure().cause()));
    }

    void stepEnded(Fact.StepEnded fact) {
        deploying(fact.promotion(), fact.attempt(), State.DEPLOYING)
                .ifPresent(p -> p.steps().stream()
                        .filter(s -> s.key().equals(fact.step()) && s.status() == Status.RUNNING)
                        .findFirst()
                        .ifPresent(s -> {
                            Fact.StepResult r = fact.result();
                            p.step(s.key(), step -> ended(step, r.status(), r.outputs(), r.detail(), r.requests()));
                            p.checked(r.results(), lane.now);
                            lane.say(Event.Type.STEP, p, null, s.key() + " " + r.status() + ": " + r.detail());
                        }));
    }

    private Deployment.Step ended(
            Deployment.Step s, Status status, Map<String, String> outputs, String detail, List<String> requests) {
        var all = new ArrayList<>(s.requests());
        all.addAll(requests);
        return new Deployment.Step(s.key(), s.wave(), s.after(), status, lane.now, s.returnTo(), outputs, detail, all);
    }

    void verified(Fact.Verified fact) {
        deploying(fact.promotion(), fact.attempt(), State.VERIFYING)
                .filter(p -> p.deployment().verified() == fact.wave())
                .ifPresent(p -> {
                    String wave = "wave " + (fact.wave() + 1) + " of "
                            + p.deployment().waves();
                    p.checked(fact.results(), lane.now);
                    if (fact.failure() != null) {
                        lane.say(
                                Event.Type.VERIFIED,
                                p,
                                null,
                                wave + ": " + fact.failure().cause());
                        deployments.fail(p, fact.failure());
                        return;
                    }
                    lane.say(Event.Type.VERIFIED, p, null, wave + ": " + String.join("; ", fact.checks()));
                    deployments.waveSucceeded(p);
                });
    }

    void undone(Fact.Undone fact) {
        deploying(fact.promotion(), fact.attempt(), State.ROLLING_BACK)
                .ifPresent(p -> p.steps().stream()
                        .filter(s -> s.key().equals(fact.step()) && s.status() == Status.UNDOING)
                        .findFirst()
                        .ifPresent(s -> {
                            Status status = fact.failure() == null ? Status.UNDONE : Status.UNDO_FAILED;
                            String detail = fact.failure() == null
                                    ? fact.detail()
                                    : fact.failure().cause();
                            p.step(s.key(), step -> ended(step, status, step.outputs(), detail, fact.requests()));
                            lane.say(Event.Type.STEP, p, null, s.key() + " " + status + ": " + detail);
                        }));
    }

    private Optional<PromotionDraft> deploying(String promotion, int attempt, State state) {
        return lane.find(promotion)
                .filter(p -> p.state() == state && p.deployment().attempt() == attempt);
    }
}
