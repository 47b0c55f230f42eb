package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-reject}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionReject extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "Why, for the requesters")
    public String reason;

    public PromotionReject() {
        super("promotion-reject", Messages._Reject_description());
    }

    @Override
    void act() throws DecisionException {
        Decisions.reject(id, reason);
        report(id);
    }
}
