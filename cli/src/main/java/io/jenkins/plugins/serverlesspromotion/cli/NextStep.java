package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.StatementsWanted;
import io.jenkins.plugins.serverlesspromotion.view.OverrideNotice;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The command that continues a promotion, ready to be copied. */
final class NextStep {
    private NextStep() {}

    /**
     * @param pause that keeps it from starting, may be null
     * @param somebodyElse whether the person who looks cannot approve it
     * @param comment whether an approval needs one
     * @param repeated options that the command needs to reach the same home
     * @return null when no command helps
     */
    static String of(
            Promotion promotion,
            List<GateStatus> gates,
            Pause pause,
            boolean somebodyElse,
            boolean comment,
            String repeated) {
        String command =
                switch (promotion.state()) {
                    case REQUESTED, PLANNING, VERIFYING, ROLLING_BACK -> "work";
                    case DEPLOYING -> pause == null || isBusy(promotion) ? "work" : resume(pause);
                    case QUEUED -> pause == null ? "work" : resume(pause);
                    case WAITING -> waiting(promotion, gates, pause, somebodyElse, comment);
                    default -> null;
                };
        return command == null ? null : "promotion " + command + repeated;
    }

    /**
     * When that command begins to help; null: at once.
     *
     * @param pause what keeps it from starting, may be null
     */
    static Instant at(Promotion promotion, List<GateStatus> gates, Pause pause, Instant now) {
        if (pause != null) {
            return null;
        }
        if (promotion.state() == Promotion.State.DEPLOYING && !isBusy(promotion)) {
            Instant wave = promotion.deployment().openAt();
            return wave == null || !wave.isAfter(now) ? null : wave;
        }
        List<GateStatus> closed = closed(gates);
        return promotion.state() != Promotion.State.WAITING || !closed.stream().allMatch(GateStatus::opensByItself)
                ? null
                : closed.stream().map(GateStatus::until).max(Comparator.naturalOrder()).orElse(null);
    }

    static List<GateStatus> closed(List<GateStatus> gates) {
        return gates.stream()
                .filter(g -> g.result() != GateStatus.GateResult.PASSED)
                .toList();
    }

    /** The command of the next person where people have begun to override the closed gates, and more are required. */
    static Optional<String> override(Promotion promotion, OverrideNotice override, String repeated) {
        return override == null || override.complete() || promotion.state() != Promotion.State.WAITING
                ? Optional.empty()
                : Optional.of("promotion break-glass " + promotion.id() + " --plan "
                        + Wording.digest(promotion.plan().digest()) + " --reason TEXT --ticket ID --as PERSON"
                        + repeated);
    }

    /**
     * The command that states the requesters or attests the authors. An approval requires them; empty when they are
     * known.
     */
    static Optional<String> statement(Promotion promotion, StatementsWanted missing, String repeated) {
        if (promotion.state() != Promotion.State.WAITING) {
            return Optional.empty();
        }
        Optional<String> command = missing.requesters()
                ? Optional.of("requesters " + promotion.id())
                : missing.releases().stream()
                        .findFirst()
                        .map(release -> "authors " + promotion.id() + " --release " + release);
        return command.map(c -> "promotion " + c + " --people IDS --reason TEXT --as PERSON" + repeated);
    }

    /** A pause keeps the next wave from starting, not what has started. */
    private static boolean isBusy(Promotion promotion) {
        return promotion.deployment().verified() == 0
                || promotion.deployment().steps().stream().anyMatch(s -> s.status() == Deployment.Status.RUNNING);
    }

    private static String waiting(
            Promotion promotion, List<GateStatus> gates, Pause pause, boolean somebodyElse, boolean comment) {
        LaneId lane = LaneId.ofPromotion(promotion.id());
        for (GateStatus gate : gates) {
            if (gate.result() == GateStatus.GateResult.PASSED || gate.opensByItself()) {
                continue;
            }
            switch (gate.kind()) {
                case PLAN:
                    return "replan " + promotion.id();
                case HOLD:
                    return "release-hold " + lane.service() + " --in " + lane.environment() + " --reason TEXT";
                case APPROVAL:
                    return "approve " + promotion.id() + " --plan "
                            + Wording.digest(promotion.plan().digest()) + (comment ? " --comment TEXT" : "")
                            + (somebodyElse ? " --as PERSON" : "");
                case TICKET:
                    if (gate.result() == GateStatus.GateResult.BLOCKED) {
                        return null; // its pattern must be replaced in the policy
                    }
                    return "promote " + promotion.release().id() + " --to " + lane.environment() + " --ticket TICKET";
                default:
                    return null; // another environment, another release or another person must act first
            }
        }
        return pause == null ? "work" : resume(pause);
    }

    private static String resume(Pause pause) {
        return pause.covered()
                .map(scope -> switch (scope.kind()) {
                    case ENVIRONMENT -> "resume --environment " + scope.name() + " --reason TEXT";
                    case SERVICE -> "resume --service " + scope.name() + " --reason TEXT";
                    case EVERYTHING, CONFIGURATION -> "resume --reason TEXT";
                })
                .orElse("resume --reason TEXT");
    }
}
