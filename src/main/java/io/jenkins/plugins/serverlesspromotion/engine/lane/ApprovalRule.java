package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Determines the approval that a promotion needs. */
final class ApprovalRule {
    /** How long a promotion waits where no approval rule sets a time. */
    static final Duration DEFAULT_EXPIRY = Duration.ofHours(24);

    private ApprovalRule() {}

    /**
     * The approval that this kind of promotion needs here, with the people whom {@code riskNeeds} names for the
     * findings of the plan. A rollback by hand needs the environment's {@code rollback} rule where there is one. Its
     * requester may also approve it: at 3 a.m. the person who sees the damage is the person on call.
     *
     * @param plan null: not planned yet
     */
    static Optional<Gate.Approval> of(Promotion.Kind kind, PromotionPlanning.Planned plan, LaneRules rules) {
        Optional<Gate.Approval> forward = rules.approval();
        if (kind == Promotion.Kind.FORWARD) {
            return RiskApproval.of(rules, plan)
                    .map(risk -> risk.added(forward, DEFAULT_EXPIRY))
                    .or(() -> forward);
        }
        Duration expires = forward.map(Gate.Approval::expiresAfter).orElse(DEFAULT_EXPIRY);
        Gate.Requirement rollback = rules.environment().rollback();
        return rollback != null
                ? Optional.of(new Gate.Approval(List.of(rollback), false, expires))
                : forward.map(rule -> new Gate.Approval(rule.require(), false, expires));
    }
}
