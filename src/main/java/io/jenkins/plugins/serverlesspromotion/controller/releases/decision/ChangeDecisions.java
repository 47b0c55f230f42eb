package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.Proposals;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The decisions about proposed changes of the configuration, for every surface. They check the permission first, then
 * the person.
 */
@Restricted(NoExternalUse.class)
public final class ChangeDecisions {
    private ChangeDecisions() {}

    /** All open proposals, oldest first. */
    public static List<Proposal> open() throws DecisionException {
        Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
        Authorization.store();
        return Proposals.open();
    }

    /** Accepts another person's proposal as the configuration. */
    public static void accept(String id) throws DecisionException {
        String what = "accept change " + id + " of the configuration";
        Authorization.check(what, null, PromotionPermissions.CONFIGURE);
        Proposal proposal = find(id);
        Authorization.check(what, null, Proposals.needed(proposal));
        Person person = Authorization.deciding(what);
        List<String> problems = Proposals.problems(proposal);
        if (!problems.isEmpty()) {
            throw new DecisionException(
                    DecisionException.Kind.REFUSED,
                    "it is not valid, and would pause everything: " + String.join("; ", problems));
        }
        Authorization.act(promotions -> Proposals.accept(proposal.id(), person.id()));
    }

    /** Withdraws the user's own proposal, or rejects one of another person. */
    public static void reject(String id, String reason) throws DecisionException {
        String what = "reject change " + id + " of the configuration";
        Authorization.check(what, null, PromotionPermissions.CONFIGURE);
        Proposal proposal = find(id);
        Person person = Authorization.asking(what);
        String cleaned = Authorization.needed("reason", reason);
        Authorization.act(promotions -> Proposals.reject(proposal.id(), person.id(), cleaned));
    }

    private static Proposal find(String id) throws DecisionException {
        return open().stream()
                .filter(p -> p.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new DecisionException(
                        DecisionException.Kind.UNKNOWN,
                        "there is no proposed change " + id + "; it may have been decided already"));
    }
}
