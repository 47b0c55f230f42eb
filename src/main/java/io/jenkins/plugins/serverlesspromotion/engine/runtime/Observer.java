package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;

/** Told what goes on, after it is on disk. Must return quickly and must not call back into {@link Promotions}. */
public interface Observer extends Deployer.Progress {
    void changed(LaneId lane, Transition transition);

    /** As {@link #note(String, String)}, with the promotion that the work is for. */
    default void note(String promotion, String step, String line) {
        note(step, line);
    }

    /** Something is wrong that a person must look at: the journal cannot be written, or a bug. */
    void trouble(String sentence, Throwable cause);
}
