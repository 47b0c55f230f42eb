package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Requirement;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.RiskNeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The approvers whom policy requires for the findings of a plan.
 *
 * @param require never empty, each role once
 * @param reasons the kinds of findings, by the role that they require
 */
record RiskApproval(List<Requirement> require, Map<String, Set<String>> reasons) {
    /** Empty when no finding requires anyone. */
    static Optional<RiskApproval> of(LaneRules rules, PromotionPlanning.Planned plan) {
        List<RiskNeed> needs = rules.environment().riskNeeds();
        if (needs == null || plan == null) {
            return Optional.empty();
        }
        var counts = new LinkedHashMap<String, Integer>();
        var reasons = new TreeMap<String, Set<String>>();
        // A plan of an older version does not list its findings, so it may have any of them.
        List<String> found = plan.findings();
        needs.stream().filter(n -> found == null || found.contains(n.finding())).forEach(need -> {
            counts.merge(need.requirement().role(), need.requirement().count(), Math::max);
            reasons.computeIfAbsent(need.requirement().role(), r -> new TreeSet<>())
                    .add(need.finding());
        });
        return counts.isEmpty() ? Optional.empty() : Optional.of(new RiskApproval(requirements(counts), reasons));
    }

    /**
     * The environment's rule with these people added. For a role that it already names, the larger number applies.
     * Where it has no approval gate, only these people approve, and requesters do not count.
     *
     * @param expiresAfter how long a promotion waits where the environment has no approval gate
     */
    Gate.Approval added(Optional<Gate.Approval> rule, Duration expiresAfter) {
        if (rule.isEmpty()) {
            return new Gate.Approval(require, true, expiresAfter);
        }
        Gate.Approval base = rule.get();
        var counts = new LinkedHashMap<String, Integer>();
        base.require().forEach(r -> counts.put(r.role(), r.count()));
        require.forEach(r -> counts.merge(r.role(), r.count(), Math::max));
        return new Gate.Approval(
                requirements(counts), base.excludeRequesters(), base.expiresAfter(), base.authors(), base.comment());
    }

    private static List<Requirement> requirements(Map<String, Integer> counts) {
        var require = new ArrayList<Requirement>();
        counts.forEach((role, count) -> require.add(new Requirement(role, count)));
        return require;
    }
}
