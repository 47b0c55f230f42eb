package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.StatementsWanted;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Records a person's statements about the people behind a promotion where they could not be established; as in {@link
 * Decisions}.
 */
@Restricted(NoExternalUse.class)
public final class PeopleDecisions {
    private PeopleDecisions() {}

    /**
     * That no person requested it must be stated explicitly: a missing or empty value, such as an empty variable of a
     * script, is no statement.
     *
     * @param people ids, separated by commas; must be empty with {@code none}
     * @param none whether no person requested it
     * @param how to state it on the surface that was used, as a part of a sentence; empty where that is seen
     */
    public static void requesters(String id, String people, boolean none, String reason, String how)
            throws DecisionException {
        // People who may override also decide about it, and an unknown requester also blocks them.
        if (!Jenkins.get().hasPermission(PromotionPermissions.OVERRIDE)) {
            Authorization.check("state who requested " + id, id, null, PromotionPermissions.APPROVE);
        }
        Promotion promotion = ReleaseLookup.promotion(id);
        Person person = Authorization.deciding("state who requested " + promotion.id(), promotion.id());
        Set<String> named = ids(people);
        if (named.isEmpty() != none) {
            throw Authorization.wrong("name the people who requested it, or state that no person did"
                    + (how.isEmpty() ? "" : ", with " + how));
        }
        String cleaned = Authorization.needed("reason", reason);
        Authorization.act(promotions -> promotions.stateRequesters(promotion.id(), person, named, cleaned));
    }

    /**
     * @param release id of the release whose authors are named: {@code orders@1.4.2}
     * @param people ids, separated by commas, at least one
     */
    public static void authors(String id, String release, String people, String reason) throws DecisionException {
        Authorization.check("attest who wrote what comes in with " + id, id, null, PromotionPermissions.APPROVE);
        Promotion promotion = ReleaseLookup.promotion(id);
        Person person = Authorization.deciding("attest who wrote what comes in with " + promotion.id(), promotion.id());
        String named = Authorization.text("release", release);
        if (named == null) {
            throw Authorization.wrong("name the release whose authors you attest: release is missing");
        }
        Set<String> authors = ids(people);
        String cleaned = Authorization.needed("reason", reason);
        Authorization.act(promotions -> promotions.attestAuthors(promotion.id(), person, named, authors, cleaned));
    }

    /** What the user can state. Only for display, never for authorization. */
    public static StatementsWanted wanted(Promotions promotions, Promotion promotion) {
        Person person = Authorization.onlooker();
        if (promotions == null || person == null) {
            return StatementsWanted.NONE;
        }
        StatementsWanted all = promotions.statementsWanted(person, promotion);
        boolean approves = Jenkins.get().hasPermission(PromotionPermissions.APPROVE);
        boolean overrides = Jenkins.get().hasPermission(PromotionPermissions.OVERRIDE);
        return new StatementsWanted(all.requesters() && (approves || overrides), approves ? all.releases() : List.of());
    }

    private static Set<String> ids(String people) throws DecisionException {
        var ids = new TreeSet<String>();
        String text = Authorization.text("people", people);
        for (String id : text == null ? new String[0] : text.split(",", -1)) {
            if (!id.isBlank()) {
                ids.add(Identity.canonicalUser(id.strip()));
            }
        }
        return ids;
    }
}
