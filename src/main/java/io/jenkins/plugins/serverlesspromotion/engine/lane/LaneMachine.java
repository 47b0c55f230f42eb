package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The engine: a function over a lane. It never waits, has no clock and makes no calls. Every event outside reaches it
 * as a {@link Fact}, and all work that it needs leaves it as a {@link Command}.
 *
 * <p>Commands are not stored. They follow from the lane's state ({@link #outstanding}), so the same state gives the
 * same work after a restart.
 */
public final class LaneMachine {
    private LaneMachine() {}

    /**
     * Applies a fact to {@code lane}. Time passes first: promotions that expire by {@code now} expire before the fact
     * is evaluated. A promotion that was decided under other rules must be decided again, and does not expire because
     * of that.
     *
     * @param brought the fact; only the groups of its people that the rules name count
     */
    public static Transition advance(Lane lane, Fact brought, GateContext around, Instant now) {
        Fact fact = NamedGroups.only(brought, around.rules());
        var draft = new LaneBuilder(lane, now);
        var progress = new TransitionRules(draft, around);
        progress.voidOutdated();
        progress.expire();
        Optional<String> tooLong = LimitCheck.whyNot(fact);
        if (tooLong.isPresent()) {
            return refused(lane, draft, progress, around, fact, tooLong.get());
        }
        Lane before = draft.seal();
        String refusal = new FactHandler(draft, around).take(fact);
        Lane after = settled(lane, draft, progress, around);
        Optional<String> tooLarge = LimitCheck.whyNot(fact, before, after);
        if (tooLarge.isPresent()) {
            var unchanged = new LaneBuilder(lane, now);
            var again = new TransitionRules(unchanged, around);
            again.voidOutdated();
            again.expire();
            return refused(lane, unchanged, again, around, fact, tooLarge.get());
        }
        return new Transition(after, outstanding(after), draft.events, refusal);
    }

    private static Transition refused(
            Lane before, LaneBuilder draft, TransitionRules progress, GateContext around, Fact fact, String why) {
        LimitCheck.refuse(draft, fact, why);
        Lane after = settled(before, draft, progress, around);
        return new Transition(after, outstanding(after), draft.events, why);
    }

    /** The lane after everything that follows from {@code draft}. */
    private static Lane settled(Lane before, LaneBuilder draft, TransitionRules progress, GateContext around) {
        draft.promotions.forEach(p -> Tickets.check(draft, p, before.promotion(p.id()), around));
        progress.settle();
        return draft.seal();
    }

    /** All work that {@code lane} needs now, running or not. */
    public static List<Command> outstanding(Lane lane) {
        List<Command> commands = new ArrayList<>();
        for (Promotion p : lane.promotions()) {
            switch (p.state()) {
                case PLANNING ->
                    commands.add(new Command.MakePlan(p.id(), p.planning().number()));
                case QUEUED -> {
                    if (p.membership() != null && p.membership().answer() == null) {
                        commands.add(new Command.ReadMembership(
                                p.id(), p.membership().number()));
                    }
                }
                case DEPLOYING ->
                    steps(p, Status.RUNNING)
                            .forEach(s -> commands.add(new Command.DeployStep(
                                    p.id(), p.deployment().attempt(), s.key())));
                case VERIFYING ->
                    commands.add(new Command.VerifyWave(
                            p.id(), p.deployment().attempt(), p.deployment().verified()));
                case ROLLING_BACK ->
                    steps(p, Status.UNDOING)
                            .forEach(s -> commands.add(
                                    new Command.UndoStep(p.id(), p.deployment().attempt(), s.key())));
                default -> {}
            }
        }
        return commands;
    }

    private static Stream<Deployment.Step> steps(Promotion p, Status status) {
        return p.deployment().steps().stream().filter(s -> s.status() == status);
    }

    /**
     * When the lane must be evaluated again if nothing else happens; empty: never. At or before {@code now}:
     * immediately, because the next evaluation changes something.
     *
     * @param now when it was evaluated last
     */
    public static Optional<Instant> nextWake(Lane lane, GateContext around, Instant now) {
        return lane.promotions().stream()
                .flatMap(p -> Stream.concat(
                        gates(lane, p, around, now),
                        Stream.of(expires(p, around, now), replans(p, now), opens(lane, p, around, now))
                                .flatMap(Optional::stream)))
                .min(Instant::compareTo);
    }

    /** When time alone opens or closes a gate. */
    private static Stream<Instant> gates(Lane lane, Promotion p, GateContext around, Instant now) {
        return p.state() == State.WAITING || p.state() == State.QUEUED
                ? Gates.of(lane, p, around, now).stream()
                        .map(GateStatus::until)
                        .filter(at -> at != null && at.isAfter(now))
                : Stream.empty();
    }

    private static Optional<Instant> expires(Promotion p, GateContext around, Instant now) {
        return p.state() == State.WAITING || p.state() == State.QUEUED
                ? Gates.expiry(p, around, now)
                : Optional.empty();
    }

    /** When an incomplete plan is made again. After that time, a deployment or a missing policy prevents it. */
    private static Optional<Instant> replans(Promotion p, Instant now) {
        return p.state() == State.WAITING && !p.plan().problems().isEmpty()
                ? Optional.of(TransitionRules.replanAt(p.planning())).filter(now::isBefore)
                : Optional.empty();
    }

    /** When the next wave may start. After that time, it has started, or waits for a window or a person. */
    private static Optional<Instant> opens(Lane lane, Promotion p, GateContext around, Instant now) {
        if (p.state() != State.DEPLOYING || p.deployment().openAt() == null) {
            return Optional.empty();
        }
        if (now.isBefore(p.deployment().openAt())) {
            return Optional.of(p.deployment().openAt());
        }
        boolean overridden = lane.reviews().stream().anyMatch(r -> r.promotion().equals(p.id()));
        return !overridden && around.rules() != null && TimeGates.holdsNextWave(around.rules(), p.kind(), now)
                ? TimeGates.opening(around.rules(), now)
                : Optional.empty();
    }
}
