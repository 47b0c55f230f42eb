package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-release-hold}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionReleaseHold extends ReleaseCommand {
    @Argument(metaVar = "SERVICE", required = true, usage = "The service")
    public String service;

    @Option(name = "--in", metaVar = "ENVIRONMENT", required = true, usage = "The environment")
    public String environment;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "Why, for the audit log")
    public String reason;

    public PromotionReleaseHold() {
        super("promotion-release-hold", Messages._ReleaseHold_description());
    }

    @Override
    void act() throws DecisionException {
        Decisions.releaseHold(service, environment, reason);
        stdout.println("released: " + service + " in " + environment);
    }
}
