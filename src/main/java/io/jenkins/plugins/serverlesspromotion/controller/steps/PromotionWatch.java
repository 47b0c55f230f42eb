package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionListener;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Notifies steps of changes in the lane of the promotion for which they wait. */
@Extension
public final class PromotionWatch extends PromotionListener {
    private final Map<LaneId, Set<Runnable>> waiting = new ConcurrentHashMap<>();

    static PromotionWatch get() {
        return ExtensionList.lookupSingleton(PromotionWatch.class);
    }

    /**
     * Runs {@code look} once now and once after every change in the lane, each time on a separate thread. It is
     * registered before the first run, so that no change is missed.
     */
    void attach(LaneId lane, Runnable look) {
        waiting.computeIfAbsent(lane, l -> ConcurrentHashMap.newKeySet()).add(look);
        StepThreads.submit(look);
    }

    void detach(LaneId lane, Runnable look) {
        Set<Runnable> looks = waiting.get(lane);
        if (looks != null) {
            looks.remove(look);
        }
    }

    @Override
    public void changed(LaneId lane, Transition transition) {
        waiting.getOrDefault(lane, Set.of()).forEach(StepThreads::submit);
    }
}
