package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.BreakGlassDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-review}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionReview extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    @Option(name = "--finding", metaVar = "TEXT", required = true, usage = "What you found")
    public String finding;

    public PromotionReview() {
        super("promotion-review", Messages._Review_description());
    }

    @Override
    void act() throws DecisionException {
        BreakGlassDecisions.review(id, finding);
        report(id);
    }
}
