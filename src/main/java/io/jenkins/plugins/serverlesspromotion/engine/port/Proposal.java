package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry.ConfigurationProposed;
import java.time.Instant;
import java.util.Optional;

/**
 * A change of the configuration that has been proposed and has not come to its end.
 *
 * @param at when it was proposed
 * @param acceptedBy null until somebody has accepted it
 */
public record Proposal(ConfigurationProposed made, Instant at, String acceptedBy) {
    public String id() {
        return made.id();
    }

    /** Who has accepted it; present where a crash came before it was carried out. */
    public Optional<String> accepted() {
        return Optional.ofNullable(acceptedBy);
    }

    public Proposal acceptedBy(String person) {
        return new Proposal(made, at, person);
    }
}
