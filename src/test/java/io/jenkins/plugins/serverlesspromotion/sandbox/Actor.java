package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.Serializable;

/**
 * On whose behalf something changes, for the history of resources.
 *
 * @param seq number of the request that caused it; 0 for the initial world
 */
record Actor(Principal principal, long seq) implements Serializable {
    static final Actor WORLD = new Actor(Principal.ANONYMOUS, 0);

    Actor as(Principal other) {
        return new Actor(other, seq);
    }
}
