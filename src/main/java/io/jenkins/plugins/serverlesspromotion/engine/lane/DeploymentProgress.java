package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Step;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneBuilder.PromotionDraft;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Moves a deployment or its rollback as far as it can go without a new fact, and ends it. */
final class DeploymentProgress {
    /** After this many stale plans a deployment is not expected to succeed. */
    private static final int STALE_LIMIT = 3;

    private final LaneBuilder lane;
    private final GateContext around;

    DeploymentProgress(LaneBuilder lane, GateContext around) {
        this.lane = lane;
        this.around = around;
    }

    static State endOf(Fact.Failure failure) {
        return failure.verdict() == Fact.FailureKind.FAILED ? State.FAILED : State.ERRORED;
    }

    /** Begins the deployment of a promotion that is first in the queue. */
    void start(PromotionDraft p) {
        int attempt = p.deployment() == null ? 1 : p.deployment().attempt() + 1;
        breakGlass(p);
        List<Step> steps = p.plan().steps().stream()
                .map(s -> new Step(
                        s.key(), s.wave(), s.after(), Status.PENDING, lane.now, null, Map.of(), null, List.of()))
                .map(s -> s.returningTo(liveAt(s.place())))
                .toList();
        own(p);
        List<OwnershipClaim> pinned = lane.owns.stream()
                .filter(claim -> !around.taken().containsKey(claim.resource()))
                .toList();
        p.deploy(
                lane.live == null ? null : lane.live.release(),
                new Deployment(attempt, steps, 0, null, null, List.of(), pinned));
        lane.move(p, State.DEPLOYING, null);
    }

    /** From here on no other lane may claim what this deployment is about to write to. */
    private void own(PromotionDraft p) {
        List<OwnershipClaim> claims =
                p.plan().claims() == null ? List.of() : p.plan().claims();
        lane.forget(around.answered(), claims);
        List<ResourceId> gone = p.plan().gone() == null ? List.of() : p.plan().gone();
        String forgotten =
                lane.forget(gone, claims).stream().map(ResourceId::toString).collect(Collectors.joining(", "));
        if (!forgotten.isEmpty()) {
            lane.say(Event.Type.OWNERS, p, null, "no longer owns " + forgotten + ", because it does not exist");
        }
        String all = lane.unrecorded(claims).stream()
                .map(c -> c.resource() + " (" + c.how().word() + ")")
                .collect(Collectors.joining(", "));
        if (lane.own(claims, p.id())) {
            lane.say(Event.Type.OWNERS, p, null, "owns " + all);
        }
    }

    /** A start that overrides closed gates is recorded as an event, and its post-review is due afterwards. */
    private void breakGlass(PromotionDraft p) {
        List<String> closed = Overriding.closed(Gates.evaluated(lane.seal(), p.seal(), around, lane.now)).stream()
                .map(GateStatus.Kind::word)
                .toList();
        boolean known = lane.reviews.stream().anyMatch(r -> r.promotion().equals(p.id()));
        if (closed.isEmpty() || known) {
            return;
        }
        Overriding.Open open = new Overriding(p.seal(), around, lane.now).open().orElseThrow();
        lane.reviews.add(new Lane.PostReview(p.id(), p.release(), lane.now, open.by(), closed, open.reason()));
        lane.say(
                Event.Type.OVERRIDE_CONFIRMED,
                p,
                null,
                "BREAK-GLASS: starts although " + String.join(", ", closed) + " did not hold, overridden by "
                        + String.join(", ", open.by()) + ": " + open.reason() + "; a review is open");
    }

    private ReleaseRef liveAt(String place) {
        if (lane.live == null) {
            return null;
        }
        // A place that was left incomplete returns to the last release of the whole lane.
        ReleaseRef there = lane.live.places().get(place);
        return there == null ? lane.live.release() : there;
    }

    /** Starts the steps that are ready, or ends the deployment or its wave. */
    void advance(PromotionDraft p) {
        if (any(p, s -> s.status() == Status.FAILED || s.status() == Status.ERRORED || s.status() == Status.STALE)
                || p.deployment().abort() != null) {
            stopped(p);
            return;
        }
        int wave = p.deployment().verified();
        List<Step> now = p.steps().stream().filter(s -> s.wave() == wave).toList();
        if (now.stream().allMatch(s -> s.status().isGood())) {
            lane.move(p, State.VERIFYING, null);
            return;
        }
        boolean open = wave == 0
                || any(p, s -> s.wave() == wave && s.status() != Status.PENDING)
                || around.pause() == null && !lane.now.isBefore(p.deployment().openAt()) && !waitsForWindow(p);
        for (Step s : now) {
            if (open && s.status() == Status.PENDING && s.after().stream().allMatch(key -> isGood(p, key))) {
                p.step(s.key(), step -> step.at(Status.RUNNING, lane.now));
                lane.say(Event.Type.STEP, p, null, s.key() + " started");
            }
        }
    }

    private boolean waitsForWindow(PromotionDraft p) {
        boolean overridden = lane.reviews.stream().anyMatch(r -> r.promotion().equals(p.id()));
        return !overridden && around.rules() != null && TimeGates.holdsNextWave(around.rules(), p.kind(), lane.now);
    }

    private static boolean isGood(PromotionDraft p, String key) {
        return p.steps().stream()
                .anyMatch(s -> s.key().equals(key) && s.status().isGood());
    }

    private static boolean any(PromotionDraft p, Predicate<Step> which) {
        return p.steps().stream().anyMatch(which);
    }

    /** A step failed, or a person stopped the deployment: nothing more starts, and running steps are awaited. */
    private void stopped(PromotionDraft p) {
        if (any(p, s -> s.status() == Status.RUNNING)) {
            return;
        }
        Optional<Step> errored = first(p, Status.ERRORED);
        Optional<Step> failed = first(p, Status.FAILED);
        Optional<Step> stale = first(p, Status.STALE);
        if (errored.isPresent()) {
            fail(
                    p,
                    new Fact.Failure(
                            Fact.FailureKind.ERRORED,
                            errored.get().key() + ": " + errored.get().detail()));
        } else if (p.deployment().abort() != null) {
            // A step that was aborted ends as failed. The cause is the person's request, not that step.
            stop(p);
        } else if (failed.isPresent()) {
            fail(
                    p,
                    new Fact.Failure(
                            Fact.FailureKind.FAILED,
                            failed.get().key() + ": " + failed.get().detail()));
        } else if (any(p, s -> s.status().isTouched())) {
            fail(
                    p,
                    new Fact.Failure(
                            Fact.FailureKind.FAILED,
                            "the plan changed while it was deployed: "
                                    + stale.get().detail()));
        } else {
            stale(p, stale.get().detail());
        }
    }

    private void stale(PromotionDraft p, String why) {
        p.planning(PromotionPlanning::foundStale);
        int times = p.seal().planning().stale();
        if (times >= STALE_LIMIT) {
            fail(
                    p,
                    new Fact.Failure(
                            Fact.FailureKind.ERRORED, "the plan was void " + times + " times in a row: " + why));
        } else {
            lane.replan(p, "the plan is void: " + why);
        }
    }

    private static Optional<Step> first(PromotionDraft p, Status status) {
        return p.steps().stream().filter(s -> s.status() == status).findFirst();
    }

    /** Ends the verification of a wave: starts the next wave, or ends the deployment. */
    void waveSucceeded(PromotionDraft p) {
        Duration pause = around.rules() == null
                ? Duration.ZERO
                : around.rules().placement().pause();
        p.deployment(d -> d.verified(d.verified() + 1, lane.now.plus(pause)));
        if (p.deployment().abort() != null) {
            stop(p);
        } else if (p.deployment().verified() == p.deployment().waves()) {
            succeed(p);
        } else {
            lane.move(p, State.DEPLOYING, "wave " + p.deployment().verified() + " has succeeded");
        }
    }

    /** Ends a deployment that a person stopped. */
    private void stop(PromotionDraft p) {
        fail(p, new Fact.Failure(Fact.FailureKind.FAILED, p.deployment().abort()), State.ABORTED);
    }

    /** Decides the outcome of a deployment that did not succeed. */
    void fail(PromotionDraft p, Fact.Failure failure) {
        fail(p, failure, State.FAILED);
    }

    /** @param untouched the outcome when nothing was changed */
    private void fail(PromotionDraft p, Fact.Failure failure, State untouched) {
        List<Step> touched =
                p.steps().stream().filter(s -> s.status().isTouched()).toList();
        if (failure.verdict() == Fact.FailureKind.ERRORED) {
            end(p, State.ERRORED, failure.cause());
        } else if (touched.isEmpty()) {
            end(p, untouched, failure.cause());
        } else if (p.kind() == Kind.ROLLBACK) {
            end(p, State.FAILED, failure.cause() + "; a rollback that fails is not undone");
        } else if (touched.stream().allMatch(s -> s.returnTo() == null)) {
            end(p, State.FAILED, failure.cause() + "; there is no earlier release to return to, nothing was undone");
        } else {
            lane.move(p, State.ROLLING_BACK, failure.cause());
        }
    }

    /** Rolls back the steps that can be rolled back, or ends the rollback. */
    void rollBack(PromotionDraft p) {
        for (Step s : p.steps()) {
            if (undoable(s) && dependents(p, s).stream().noneMatch(d -> undoable(d) || d.status() == Status.UNDOING)) {
                p.step(s.key(), step -> step.at(Status.UNDOING, lane.now));
                lane.say(
                        Event.Type.STEP,
                        p,
                        null,
                        s.key() + " goes back to " + s.returnTo().id());
            }
        }
        if (any(p, s -> s.status() == Status.UNDOING)) {
            return;
        }
        List<Step> left = p.steps().stream()
                .filter(s -> s.status().isTouched() && s.status() != Status.UNDONE)
                .toList();
        if (left.isEmpty()) {
            end(p, State.ROLLED_BACK, p.seal().why());
        } else {
            end(p, State.ROLLBACK_FAILED, p.seal().why() + "; " + whatIsWhere(p, left));
        }
    }

    /** Every step that was begun, with its current release. */
    private static String whatIsWhere(PromotionDraft p, List<Step> left) {
        String not = left.stream()
                .map(s -> s.key() + " (not back at " + s.returnTo().id() + ": " + s.detail() + ")")
                .collect(Collectors.joining(", "));
        String back = p.steps().stream()
                .filter(s -> s.status() == Status.UNDONE)
                .map(s -> s.key() + " (" + s.returnTo().id() + ")")
                .collect(Collectors.joining(", "));
        return "not undone: " + not + (back.isEmpty() ? "" : "; undone: " + back);
    }

    /** Excludes steps in an unknown state: they are not rolled back, and their deployment ends there. */
    private static boolean undoable(Step s) {
        return (s.status() == Status.DONE || s.status() == Status.FAILED) && s.returnTo() != null;
    }

    private static List<Step> dependents(PromotionDraft p, Step of) {
        return p.steps().stream().filter(s -> s.after().contains(of.key())).toList();
    }

    private void succeed(PromotionDraft p) {
        Map<String, ReleaseRef> places = new TreeMap<>();
        p.steps().forEach(s -> places.put(s.place(), p.release()));
        if (p.kind() == Kind.ROLLBACK) {
            // A rollback passed over these releases, so a later rollback must not return to them.
            lane.good = lane.good.subList(0, lastIndex(lane.good, p.release()));
            PromotionDecisions.Request request = p.requests().get(0);
            String reason = request.reason() == null ? "rolled back" : request.reason();
            lane.holds.removeIf(h -> h.kind() == LaneHold.Kind.ROLLBACK);
            lane.holds.add(new LaneHold(LaneHold.Kind.ROLLBACK, request.by(), lane.now, null, reason));
            lane.say(Event.Type.HOLD, p, request.by(), lane.id + " is on hold after the rollback");
        } else if (lane.live != null
                && !lane.live.release().digest().equals(p.release().digest())) {
            lane.good.add(lane.live);
            if (lane.good.size() > Lane.GOOD_KEPT) {
                lane.good.remove(0);
            }
        }
        lane.live = new Lane.Live(p.release(), p.id(), lane.now, places);
        lane.say(Event.Type.LIVE, p, null, p.release().id() + " is live in " + lane.id.environment());
        lane.move(p, State.SUCCEEDED, null);
    }

    /** 0 when it is no longer among them: then all of them came after it. */
    private static int lastIndex(List<Lane.Live> good, ReleaseRef release) {
        return IntStream.range(0, good.size())
                .filter(i -> good.get(i).release().equals(release))
                .max()
                .orElse(0);
    }

    /** Ends a deployment that did not succeed, and records which release it left in which place. */
    private void end(PromotionDraft p, State state, String why) {
        if (state != State.ROLLED_BACK && lane.live != null) {
            Map<String, ReleaseRef> places = new TreeMap<>(lane.live.places());
            p.steps().stream().collect(Collectors.groupingBy(Step::place)).forEach((place, steps) -> {
                List<Step> left = steps.stream()
                        .filter(s -> s.status().isTouched() && s.status() != Status.UNDONE)
                        .toList();
                if (!left.isEmpty()) {
                    boolean whole = steps.stream().allMatch(s -> s.status().isGood());
                    places.put(place, whole ? p.release() : null);
                }
            });
            lane.live = new Lane.Live(lane.live.release(), lane.live.promotion(), lane.live.since(), places);
        }
        lane.move(p, state, why);
    }
}
