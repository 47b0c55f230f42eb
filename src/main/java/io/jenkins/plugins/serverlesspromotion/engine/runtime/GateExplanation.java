package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.RoleProgress;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The status of a lane's gates for a release.
 *
 * @param promotion the one that is open, empty when no one has requested it yet
 * @param roles the approval role by role; empty where none is needed, or too little is known
 * @param rules null when no valid policy places the service there
 * @param pause null when nothing is paused there
 * @param whyNot why the person could not approve it, empty when they could
 * @param author whether that is because they wrote part of it
 */
public record GateExplanation(
        Optional<Promotion> promotion,
        List<GateStatus> gates,
        List<RoleProgress> roles,
        LaneRules rules,
        Pause pause,
        Optional<String> whyNot,
        boolean author) {
    public GateExplanation {
        gates = List.copyOf(gates);
        roles = List.copyOf(roles);
    }

    /** The same, for a person who may see the services that {@code sees} accepts. */
    public GateExplanation seenBy(Predicate<String> sees) {
        return new GateExplanation(
                promotion, gates.stream().map(g -> g.seenBy(sees)).toList(), roles, rules, pause, whyNot, author);
    }

    /** Whether no gate or pause blocks it. */
    public boolean open() {
        return pause == null && gates.stream().allMatch(g -> g.result() == GateStatus.GateResult.PASSED);
    }

    /** The gates that have not passed, each kind once. A pause is not a gate. */
    public List<GateStatus.Kind> closed() {
        return gates.stream()
                .filter(g -> g.result() != GateStatus.GateResult.PASSED)
                .map(GateStatus::kind)
                .distinct()
                .toList();
    }
}
