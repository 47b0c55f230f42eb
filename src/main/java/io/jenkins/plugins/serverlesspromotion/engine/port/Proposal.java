package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry.ConfigurationProposed;
import java.time.Instant;
import java.util.Optional;

/**
 * A change of the configuration that has been proposed and has not ended.
 *
 * @param at when it was proposed
 * @param acceptedBy null until another person has accepted it
 */
public record Proposal(ConfigurationProposed made, Instant at, String acceptedBy) {
    public String id() {
        return made.id();
    }

    /** The person who has accepted it; present when a crash came before it was carried out. */
    public Optional<String> accepted() {
        return Optional.ofNullable(acceptedBy);
    }

    public Proposal acceptedBy(String person) {
        return new Proposal(made, at, person);
    }
}
