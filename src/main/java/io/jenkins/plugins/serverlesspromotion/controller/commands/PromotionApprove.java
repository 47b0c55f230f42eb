package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-approve}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionApprove extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    @Option(
            name = "--plan",
            metaVar = "DIGEST",
            required = true,
            usage = "The plan you reviewed, as promotion-show prints it")
    public String plan;

    @Option(name = "--comment", metaVar = "TEXT", usage = "Kept in the audit log")
    public String comment;

    public PromotionApprove() {
        super("promotion-approve", Messages._Approve_description());
    }

    @Override
    void act() throws DecisionException {
        Decisions.approve(id, plan, comment);
        report(id);
    }
}
