package io.jenkins.plugins.serverlesspromotion.controller.releases;

import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.util.Set;
import java.util.TreeSet;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What a person can state about the people behind a promotion where they could not be established; as in {@link Decisions}. */
@Restricted(NoExternalUse.class)
public final class PeopleDecisions {
    private PeopleDecisions() {}

    /** @param people ids, separated by commas; empty: no person asked */
    public static void requesters(String id, String people, String reason) throws DecisionException {
        Access.check("state who asked for " + id, null, PromotionPermissions.APPROVE);
        Promotion promotion = Lookup.promotion(id);
        Person person = Access.deciding("state who asked for " + promotion.id());
        Set<String> named = ids(people);
        String said = Access.needed("reason", reason);
        Access.act(promotions -> promotions.stateRequesters(promotion.id(), person, named, said));
    }

    /**
     * @param release id of the release whose authors are named: {@code orders@1.4.2}
     * @param people ids, separated by commas, at least one
     */
    public static void authors(String id, String release, String people, String reason) throws DecisionException {
        Access.check("attest who wrote what comes in with " + id, null, PromotionPermissions.APPROVE);
        Promotion promotion = Lookup.promotion(id);
        Person person = Access.deciding("attest who wrote what comes in with " + promotion.id());
        String named = Access.text("release", release);
        if (named == null) {
            throw Access.wrong("name the release whose authors you attest: release is missing");
        }
        Set<String> authors = ids(people);
        String said = Access.needed("reason", reason);
        Access.act(promotions -> promotions.attestAuthors(promotion.id(), person, named, authors, said));
    }

    private static Set<String> ids(String people) throws DecisionException {
        var ids = new TreeSet<String>();
        String text = Access.text("people", people);
        for (String id : text == null ? new String[0] : text.split(",", -1)) {
            if (!id.isBlank()) {
                ids.add(Identity.canonicalUser(id.strip()));
            }
        }
        return ids;
    }
}
