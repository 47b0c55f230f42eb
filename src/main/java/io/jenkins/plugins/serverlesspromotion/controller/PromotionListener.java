package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Told what goes on in lanes, after it is on disk, on whatever thread brought it about. Must return quickly and must not
 * call back into the runtime; what it throws is logged and changes nothing.
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
