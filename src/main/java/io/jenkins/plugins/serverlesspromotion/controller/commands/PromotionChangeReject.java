package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.ChangeDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-change-reject}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionChangeReject extends ReleaseCommand {
    @Argument(metaVar = "CHANGE", required = true, usage = "Its id, as promotion-changes prints it")
    public String id;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "Why, for the person who proposed it")
    public String reason;

    public PromotionChangeReject() {
        super("promotion-change-reject", Messages._ChangeReject_description());
    }

    @Override
    void act() throws DecisionException {
        ChangeDecisions.reject(id, reason);
        stdout.println("rejected: " + id);
    }
}
