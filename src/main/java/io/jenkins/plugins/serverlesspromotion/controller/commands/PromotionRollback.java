package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-rollback}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionRollback extends ReleaseCommand {
    @Argument(metaVar = "SERVICE", required = true, usage = "The service")
    public String service;

    @Option(name = "--in", metaVar = "ENVIRONMENT", required = true, usage = "The environment")
    public String environment;

    @Option(name = "--to", metaVar = "VERSION", usage = "The version to return to. Default: the last good one")
    public String version;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "Why, for the audit log")
    public String reason;

    @Option(name = "--ticket", metaVar = "TEXT", usage = "Of the incident")
    public String ticket;

    public PromotionRollback() {
        super("promotion-rollback", Messages._Rollback_description());
    }

    @Override
    void act() throws DecisionException {
        report(Decisions.rollback(service, environment, version, reason, ticket));
    }
}
