package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import java.util.Set;

/** Who is in which group, asked again before what people decided is carried out. */
public interface Directory {
    /**
     * What is so now.
     *
     * @param users ids of people who decided
     * @return with a failure when the directory does not answer; without an entry for those of whom it cannot tell
     */
    PromotionDecisions.Answer read(Set<String> users) throws InterruptedException;
}
