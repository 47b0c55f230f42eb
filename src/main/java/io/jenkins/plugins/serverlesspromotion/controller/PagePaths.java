package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.Util;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The paths of the pages that messages, build logs and the configuration link to, relative to Jenkins' root URL and
 * without a leading slash. Old mails and bookmarks contain them, so they must not change. Ids of promotions need no
 * escaping.
 */
@Restricted(NoExternalUse.class)
public final class PagePaths {
    /** The URL name of the board; every other page is below it. */
    public static final String RELEASES = "promotion-releases";

    /** The page of configuration changes that wait for a second person. */
    public static final String CHANGES = RELEASES + "/changes/";

    private PagePaths() {}

    /** The page of one promotion. */
    public static String promotion(String id) {
        return RELEASES + "/promotion/" + id + "/";
    }

    /** The page of a service in all its environments. */
    public static String service(String name) {
        return RELEASES + "/service/" + name + "/";
    }

    /** How policy evaluates a version in an environment. */
    public static String explanation(LaneId lane, String version) {
        return service(lane.service()) + "explain?environment=" + Util.rawEncode(lane.environment()) + "&version="
                + Util.rawEncode(version);
    }
}
