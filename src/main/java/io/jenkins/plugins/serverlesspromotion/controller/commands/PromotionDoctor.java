package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code jenkins-cli promotion-doctor}: the old name of {@code promotion-recover}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionDoctor extends PromotionRecover {
    public PromotionDoctor() {
        super("promotion-doctor");
    }

    @Override
    void act() throws DecisionException {
        stderr.println("promotion-doctor is now called promotion-recover; the old name still works");
        super.act();
    }
}
