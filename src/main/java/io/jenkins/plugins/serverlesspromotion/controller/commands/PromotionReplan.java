package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;

/** {@code jenkins-cli promotion-replan}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionReplan extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    public PromotionReplan() {
        super("promotion-replan", Messages._Replan_description());
    }

    @Override
    void act() throws DecisionException {
        Decisions.replan(id);
        report(id);
    }
}
