package io.jenkins.plugins.serverlesspromotion.format.json;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;

/**
 * The part of one target that the digest of a plan covers: everything except its handles, because the location of a
 * change set is not part of the approval.
 */
public record PlanForm(String key, int wave, List<String> after, Plan.Content content) {
    static PlanForm of(Plan.TargetPlan target) {
        return new PlanForm(target.key(), target.wave(), target.after(), target.content());
    }
}
