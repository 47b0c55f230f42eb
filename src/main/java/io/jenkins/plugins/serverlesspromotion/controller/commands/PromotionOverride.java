package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.BreakGlassDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-override}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionOverride extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    @Option(
            name = "--plan",
            metaVar = "DIGEST",
            required = true,
            usage = "The plan you reviewed, as promotion-show prints it")
    public String plan;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "Why it cannot wait")
    public String reason;

    @Option(name = "--ticket", metaVar = "ID", required = true, usage = "The ticket of the incident")
    public String ticket;

    public PromotionOverride() {
        super("promotion-override", Messages._Override_description());
    }

    @Override
    void act() throws DecisionException {
        BreakGlassDecisions.override(id, plan, reason, ticket);
        report(id);
    }
}
