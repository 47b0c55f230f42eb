package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import java.util.List;

/** The digests that approvals bind to: SHA-256 of canonical JSON, as {@code sha256:…}. */
public interface Digests {
    String release(Release release);

    /** Over key, wave, order and content of every target; never over its handles. */
    String plan(List<Plan.TargetPlan> targets);

    String rules(LaneRules rules);

    String policy(Policy policy);
}
