package io.jenkins.plugins.serverlesspromotion.controller.releases;

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

/** What a person can state about the people behind a promotion where they could not be established; as in {@link Decisions}. */
@Restricted(NoExternalUse.class)
public final class PeopleDecisions {
    private PeopleDecisions() {}

    /** @param people ids, separated by commas; empty: no person asked */
    public static void requesters(String id, String people, String reason) throws DecisionException {
        state(id, people, true, reason);
    }

    /**
     * As a form sends it, in which an empty field is no statement that no person asked.
     *
     * @param who {@code people} or {@code none}
     */
    static void requesters(String id, String who, String people, String reason) throws DecisionException {
        boolean none = "none".equals(who);
        state(id, none ? null : people, none, reason);
    }

    private static void state(String id, String people, boolean mayBeNone, String reason) throws DecisionException {
        // Those who may override decide about it too, and are kept from it by an unknown requester as well.
        if (!Jenkins.get().hasPermission(PromotionPermissions.OVERRIDE)) {
            Access.check("state who asked for " + id, id, null, PromotionPermissions.APPROVE);
        }
        Promotion promotion = Lookup.promotion(id);
        Person person = Access.deciding("state who asked for " + promotion.id(), promotion.id());
        Set<String> named = ids(people);
        if (named.isEmpty() && !mayBeNone) {
            throw Access.wrong("name the people who requested it, or say that no person did");
        }
        String said = Access.needed("reason", reason);
        Access.act(promotions -> promotions.stateRequesters(promotion.id(), person, named, said));
    }

    /**
     * @param release id of the release whose authors are named: {@code orders@1.4.2}
     * @param people ids, separated by commas, at least one
     */
    public static void authors(String id, String release, String people, String reason) throws DecisionException {
        Access.check("attest who wrote what comes in with " + id, id, null, PromotionPermissions.APPROVE);
        Promotion promotion = Lookup.promotion(id);
        Person person = Access.deciding("attest who wrote what comes in with " + promotion.id(), promotion.id());
        String named = Access.text("release", release);
        if (named == null) {
            throw Access.wrong("name the release whose authors you attest: release is missing");
        }
        Set<String> authors = ids(people);
        String said = Access.needed("reason", reason);
        Access.act(promotions -> promotions.attestAuthors(promotion.id(), person, named, authors, said));
    }

    /** What whoever asks can state; for showing, never for deciding. */
    static StatementsWanted wanted(Promotions promotions, Promotion promotion) {
        Person person = Access.onlooker();
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
        String text = Access.text("people", people);
        for (String id : text == null ? new String[0] : text.split(",", -1)) {
            if (!id.isBlank()) {
                ids.add(Identity.canonicalUser(id.strip()));
            }
        }
        return ids;
    }
}
