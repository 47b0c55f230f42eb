package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.time.LocalDate;

/**
 * Allows releases to adopt resources that exist and have no owner.
 *
 * @param until the last day, in UTC, on which releases may adopt them
 */
public record Adoption(LocalDate until) {}
