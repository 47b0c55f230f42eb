package io.jenkins.plugins.serverlesspromotion.controller;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The title of a promotion in pages, commands and messages. */
@Restricted(NoExternalUse.class)
public final class PromotionTitle {
    private PromotionTitle() {}

    /** {@code orders 1.4.2 → prod}, or {@code orders back to 1.4.0 → prod}. */
    public static String of(Promotion promotion) {
        LaneId lane = LaneId.ofPromotion(promotion.id());
        String version = promotion.release().version();
        return lane.service()
                + " "
                + (promotion.kind() == Promotion.Kind.ROLLBACK ? Messages.PromotionTitle_backTo(version) : version)
                + " → "
                + lane.environment();
    }
}
