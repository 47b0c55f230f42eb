package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.time.LocalDate;

/**
 * That releases adopt what exists and no one owns.
 *
 * @param until the last day, in UTC, on which releases adopt what exists and no one owns
 */
public record Adoption(LocalDate until) {}
