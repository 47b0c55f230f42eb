package io.jenkins.plugins.serverlesspromotion.controller;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The title of a promotion in pages, commands and messages. */
@Restricted(NoExternalUse.class)
public final class PromotionTitle {
    private PromotionTitle() {}

    /** {@code orders 1.4.2 → prod}, or {@code orders back to 1.4.0 → prod}. */
    public static String of(Promotion promotion) {
        return Wording.title(promotion);
    }
}
