package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Overrides gates and closes post-reviews: as {@link Decisions}, for every surface. The permission alone is not
 * sufficient: the environment's {@code breakGlass} rule must also name the person.
 */
@Restricted(NoExternalUse.class)
public final class BreakGlassDecisions {
    private BreakGlassDecisions() {}

    /**
     * Records the user's confirmation of the override; the last one that is required starts the deployment.
     *
     * @param planDigest of the plan that was reviewed
     */
    public static void override(String id, String planDigest, String reason, String ticket) throws DecisionException {
        Authorization.check("override the gates of " + id, id, null, PromotionPermissions.OVERRIDE);
        Promotion promotion = ReleaseLookup.promotion(id);
        Person person = Authorization.deciding("override the gates of " + promotion.id(), promotion.id());
        String cleaned = Authorization.needed("reason", reason);
        String named = Authorization.ticket(ticket);
        if (named == null) {
            throw Authorization.wrong("name the ticket of the incident: ticket is missing");
        }
        if (planDigest == null || planDigest.isBlank()) {
            throw Authorization.wrong("name the plan you reviewed: planDigest is missing");
        }
        Authorization.act(
                promotions -> promotions.override(promotion.id(), person, planDigest.strip(), cleaned, named));
    }

    /** Closes the post-review of an override. */
    public static void review(String id, String finding) throws DecisionException {
        Authorization.check("review " + id, id, null, PromotionPermissions.APPROVE);
        Promotion promotion = ReleaseLookup.promotion(id);
        Person person = Authorization.deciding("review " + promotion.id(), promotion.id());
        String found = Authorization.text("finding", finding);
        if (found == null) {
            throw Authorization.wrong("state what you found: finding is missing");
        }
        Authorization.act(promotions -> promotions.review(promotion.id(), person, found));
    }
}
