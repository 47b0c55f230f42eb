package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;

/** Receives events after they are on disk. Must return quickly and must not call back into {@link Promotions}. */
public interface Observer {
    void changed(LaneId lane, Transition transition);

    /**
     * Reports progress of running work; not recorded.
     *
     * @param promotion id of the promotion that the work is for
     * @param step as in {@link Deployer.Progress#note}
     */
    void note(String promotion, String step, String line);

    /** Reports a problem that a person must examine: the journal cannot be written, or a bug. */
    void trouble(String sentence, Throwable cause);
}
