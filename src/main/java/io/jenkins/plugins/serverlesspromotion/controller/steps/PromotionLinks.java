package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.console.HyperlinkNote;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import jenkins.model.Jenkins;

/** Links to the page of a promotion. */
final class PromotionLinks {
    private PromotionLinks() {}

    /** For a build log: the id as a link. */
    static String note(String promotion) {
        return HyperlinkNote.encodeTo("/" + PagePaths.promotion(promotion), promotion);
    }

    /** The whole address; without the host where the administrator has not configured Jenkins' URL. */
    static String address(String promotion) {
        String root = Jenkins.get().getRootUrl();
        return (root == null ? "/" : root) + PagePaths.promotion(promotion);
    }
}
