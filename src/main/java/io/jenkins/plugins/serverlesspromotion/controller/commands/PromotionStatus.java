package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ReleaseText;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;

/** {@code jenkins-cli promotion-status}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionStatus extends ReleaseCommand {
    @Argument(metaVar = "SERVICE", usage = "Only this one")
    public String service;

    public PromotionStatus() {
        super("promotion-status", Messages._Status_description());
    }

    @Override
    void act() throws DecisionException {
        ReleaseText.board(service).forEach(stdout::println);
    }
}
