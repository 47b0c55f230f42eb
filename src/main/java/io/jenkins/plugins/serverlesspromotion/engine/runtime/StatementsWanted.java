package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import java.util.List;

/**
 * The statements that can be made, by anyone or by one person, about people of a promotion who could not be
 * established.
 *
 * @param requesters whether who requested it
 * @param releases ids of the releases that come in with it and whose authors can be attested
 */
public record StatementsWanted(boolean requesters, List<String> releases) {
    public static final StatementsWanted NONE = new StatementsWanted(false, List.of());

    public StatementsWanted {
        releases = List.copyOf(releases);
    }
}
