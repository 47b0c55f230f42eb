package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;

/**
 * What promoting a release would do, as {@code promotion plan} answers it.
 *
 * @param release id
 * @param live release that is live there, null for none
 */
record PlanAnswer(String release, String environment, String live, Plan plan) {}
