package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;

/** For tests in which nothing goes wrong outside of the lanes. */
final class StrictObserver implements Observer {
    @Override
    public void changed(LaneId lane, Transition transition) {}

    @Override
    public void trouble(String sentence, Throwable cause) {
        throw new AssertionError(sentence, cause);
    }

    @Override
    public void note(String promotion, String step, String line) {}
}
