package io.jenkins.plugins.serverlesspromotion.engine.port;

import java.util.Optional;

/**
 * Compares texts with the patterns of a policy. The time is linear in the length of the text, whatever the pattern is:
 * a person who may only enter a text must not be able to keep a processor busy.
 */
public interface Patterns {
    /** Why {@code pattern} cannot be used, as the rest of a sentence about it; empty when it can. */
    Optional<String> problem(String pattern);

    /**
     * Whether all of {@code text} matches.
     *
     * @throws IllegalArgumentException when the pattern has a {@link #problem}
     */
    boolean matches(String pattern, String text);
}
