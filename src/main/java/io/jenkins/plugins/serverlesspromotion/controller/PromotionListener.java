package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Receives the events of lanes after they are on disk, on the thread that caused them. It must return quickly and must
 * not call the runtime. Its exceptions are logged and change nothing.
 */
@Restricted(NoExternalUse.class)
public abstract class PromotionListener implements ExtensionPoint {
    public void changed(LaneId lane, Transition transition) {}

    /** @param step key of the step, or the environment's name while planning */
    public void note(String promotion, String step, String line) {}

    static ExtensionList<PromotionListener> all() {
        return ExtensionList.lookup(PromotionListener.class);
    }
}
