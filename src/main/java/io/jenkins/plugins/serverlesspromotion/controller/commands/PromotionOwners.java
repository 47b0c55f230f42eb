package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.OwnershipDecisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code jenkins-cli promotion-owners}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionOwners extends ReleaseCommand {
    public PromotionOwners() {
        super("promotion-owners", Messages._Owners_description());
    }

    @Override
    void act() throws DecisionException {
        OwnershipDecisions.report().lines().forEach(stdout::println);
    }
}
