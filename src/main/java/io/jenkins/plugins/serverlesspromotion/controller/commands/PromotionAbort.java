package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-abort}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionAbort extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    @Option(name = "--reason", metaVar = "TEXT", usage = "Why, for the audit log")
    public String reason;

    public PromotionAbort() {
        super("promotion-abort", Messages._Abort_description());
    }

    @Override
    void act() throws DecisionException {
        Decisions.abort(id, reason);
        report(id);
    }
}
