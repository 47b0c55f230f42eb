package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.Proposals;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ChangeDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code jenkins-cli promotion-changes}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionChanges extends ReleaseCommand {
    public PromotionChanges() {
        super("promotion-changes", Messages._Changes_description());
    }

    @Override
    void act() throws DecisionException {
        for (Proposal proposal : ChangeDecisions.open()) {
            stdout.println(proposal.id() + "  " + proposal.made().by() + "  " + proposal.at());
            proposal.made().differences().forEach(difference -> stdout.println("  " + difference));
            Proposals.problems(proposal).forEach(problem -> stdout.println("  not right: " + problem));
        }
    }
}
