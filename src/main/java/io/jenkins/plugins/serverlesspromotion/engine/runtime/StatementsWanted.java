package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import java.util.List;

/**
 * What one person can state about people of a promotion who could not be established.
 *
 * @param requesters whether they can state who requested it
 * @param releases ids of the releases that come in with it and whose authors they can attest
 */
public record StatementsWanted(boolean requesters, List<String> releases) {
    public static final StatementsWanted NONE = new StatementsWanted(false, List.of());

    public StatementsWanted {
        releases = List.copyOf(releases);
    }
}
