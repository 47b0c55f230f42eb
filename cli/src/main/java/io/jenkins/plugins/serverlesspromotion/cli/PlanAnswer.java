package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;

/**
 * The answer of {@code promotion plan}: what promoting a release would do.
 *
 * @param release id
 * @param live release that is live there, null for none
 */
record PlanAnswer(String release, String environment, String live, Plan plan) {}
