package io.jenkins.plugins.serverlesspromotion.controller.releases;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Letting something in although gates are closed, and looking at it afterwards: as {@link Decisions}, for every surface.
 * The permission alone lets nobody do either: the environment's {@code breakGlass} rule must name the person as well.
 */
@Restricted(NoExternalUse.class)
public final class BreakGlassDecisions {
    private BreakGlassDecisions() {}

    /**
     * Adds the word of whoever asks; the last that it takes starts the deployment.
     *
     * @param planDigest of the plan that was looked at
     */
    public static void override(String id, String planDigest, String reason, String ticket) throws DecisionException {
        Access.check("override the gates of " + id, id, null, PromotionPermissions.OVERRIDE);
        Promotion promotion = Lookup.promotion(id);
        Person person = Access.deciding("override the gates of " + promotion.id(), promotion.id());
        String said = Access.needed("reason", reason);
        String named = Access.ticket(ticket);
        if (named == null) {
            throw Access.wrong("name the ticket of the incident: ticket is missing");
        }
        if (planDigest == null || planDigest.isBlank()) {
            throw Access.wrong("say which plan you looked at: planDigest is missing");
        }
        Access.act(promotions -> promotions.override(promotion.id(), person, planDigest.strip(), said, named));
    }

    /** Closes the review of what was let in. */
    public static void review(String id, String finding) throws DecisionException {
        Access.check("review " + id, id, null, PromotionPermissions.APPROVE);
        Promotion promotion = Lookup.promotion(id);
        Person person = Access.deciding("review " + promotion.id(), promotion.id());
        String found = Access.text("finding", finding);
        if (found == null) {
            throw Access.wrong("say what you found: finding is missing");
        }
        Access.act(promotions -> promotions.review(promotion.id(), person, found));
    }
}
