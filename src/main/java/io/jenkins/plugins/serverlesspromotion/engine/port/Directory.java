package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import java.util.Set;

/** Reads the groups of people again before their decisions are carried out. */
public interface Directory {
    /**
     * Reads the current groups.
     *
     * @param users ids of people who decided
     * @return with a failure when the directory does not answer; without an entry for users that it cannot report on
     */
    PromotionDecisions.Answer read(Set<String> users) throws InterruptedException;
}
