package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;

/** Told what goes on, after it is on disk. Must return quickly and must not call back into {@link Promotions}. */
public interface Observer {
    void changed(LaneId lane, Transition transition);

    /**
     * Work goes on; not recorded.
     *
     * @param promotion id of the one that the work is for
     * @param step as in {@link Deployer.Progress#note}
     */
    void note(String promotion, String step, String line);

    /** Something is wrong that a person must look at: the journal cannot be written, or a bug. */
    void trouble(String sentence, Throwable cause);
}
