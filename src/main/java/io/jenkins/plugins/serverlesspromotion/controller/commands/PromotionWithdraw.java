package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-withdraw}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionWithdraw extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "Why, for the others")
    public String reason;

    public PromotionWithdraw() {
        super("promotion-withdraw", Messages._Withdraw_description());
    }

    @Override
    void act() throws DecisionException {
        Decisions.withdraw(id, reason);
        report(id);
    }
}
