package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.init.InitMilestone;
import hudson.init.Initializer;
import org.kohsuke.stapler.MetaClass;

/**
 * Lets every Jenkins of these tests keep the views it has compiled, as a real one does. The harness switches that off, for
 * whoever edits a page while Jenkins runs; a page of this plugin then takes seconds instead of milliseconds.
 */
public final class CachedViews {
    private CachedViews() {}

    @Initializer(before = InitMilestone.PLUGINS_STARTED)
    public static void keep() {
        MetaClass.NO_CACHE = false;
    }
}
