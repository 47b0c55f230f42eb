package io.jenkins.plugins.serverlesspromotion.format.json;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;

/**
 * What the digest of a plan covers of one target: everything but its handles, because where a change set happens to be
 * stored is not what was approved.
 */
public record PlanForm(String key, int wave, List<String> after, Plan.Content content) {
    static PlanForm of(Plan.TargetPlan target) {
        return new PlanForm(target.key(), target.wave(), target.after(), target.content());
    }
}
