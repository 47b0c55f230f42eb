package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.console.HyperlinkNote;
import jenkins.model.Jenkins;

/** Where a promotion can be looked at. Ids hold nothing that a URL would have to escape. */
final class PromotionLinks {
    private static final String PAGE = "promotion-releases/promotion/";

    private PromotionLinks() {}

    /** For a build log: the id as a link. */
    static String note(String promotion) {
        return HyperlinkNote.encodeTo("/" + PAGE + promotion + "/", promotion);
    }

    /** The whole address; without the host where the administrator has not said what Jenkins is called. */
    static String address(String promotion) {
        String root = Jenkins.get().getRootUrl();
        return (root == null ? "/" : root) + PAGE + promotion + "/";
    }
}
