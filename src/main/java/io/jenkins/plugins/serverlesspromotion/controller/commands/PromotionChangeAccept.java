package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ChangeDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;

/** {@code jenkins-cli promotion-change-accept}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionChangeAccept extends ReleaseCommand {
    @Argument(metaVar = "CHANGE", required = true, usage = "Its id, as promotion-changes prints it")
    public String id;

    public PromotionChangeAccept() {
        super("promotion-change-accept", Messages._ChangeAccept_description());
    }

    @Override
    void act() throws DecisionException {
        ChangeDecisions.accept(id);
        stdout.println("accepted: " + id);
    }
}
