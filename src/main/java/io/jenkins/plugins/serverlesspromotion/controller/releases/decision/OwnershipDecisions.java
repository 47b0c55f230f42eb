package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.PolicyOwners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.OwnerReport;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The owners of resources in AWS, and the decisions about them of people who may configure. */
@Restricted(NoExternalUse.class)
public final class OwnershipDecisions {
    private OwnershipDecisions() {}

    /** The recorded owners, the resources with several claims, and the text for the policy. */
    public static OwnerReport report() throws DecisionException {
        Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
        return OwnerReport.of(Authorization.store());
    }

    /** The part that concerns services that the user may see; all of it for users who may decide. */
    public static OwnerReport visible() throws DecisionException {
        if (Jenkins.get().hasPermission(PromotionPermissions.CONFIGURE)) {
            return report();
        }
        OwnerReport all = OwnerReport.of(ReleaseLookup.reading());
        return all.about(Authorization.serviceVisibility()::sees);
    }

    /**
     * Records the owner of a resource.
     *
     * @param resource {@code stack:orders-prod}
     * @param place {@code orders-prod/eu-west-1}
     * @return the decision as a sentence
     */
    public static String decide(String resource, String place, String service, String environment, String reason)
            throws DecisionException {
        String what = "decide the owner of " + resource;
        Authorization.check(what, null, PromotionPermissions.CONFIGURE);
        Person person = Authorization.deciding(what);
        String cleaned = Authorization.needed("reason", reason);
        if (resource == null || place == null || service == null || environment == null) {
            throw Authorization.wrong("name the resource, its place, and the service and the environment that own it");
        }
        ResourceId id;
        LaneId lane;
        try {
            id = new PolicyOwners(Authorization.policy(Authorization.store())).named(resource, place);
            lane = new LaneId(service, environment);
        } catch (IllegalArgumentException e) {
            throw Authorization.wrong(e.getMessage());
        }
        Authorization.act(promotions -> promotions.decideOwner(id, lane, "user:" + person.id(), cleaned));
        return id + " belongs to " + service + " in " + environment;
    }
}
