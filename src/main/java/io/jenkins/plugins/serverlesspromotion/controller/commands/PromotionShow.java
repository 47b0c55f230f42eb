package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;

/** {@code jenkins-cli promotion-show}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionShow extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    public PromotionShow() {
        super("promotion-show", Messages._Show_description());
    }

    @Override
    void act() throws DecisionException {
        report(id);
    }
}
