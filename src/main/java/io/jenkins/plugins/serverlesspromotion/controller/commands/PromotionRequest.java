package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-promote}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionRequest extends ReleaseCommand {
    @Argument(metaVar = "RELEASE", required = true, usage = "The release, as in orders@1.4.2")
    public String release;

    @Option(name = "--to", metaVar = "ENVIRONMENT", required = true, usage = "The environment")
    public String environment;

    @Option(name = "--reason", metaVar = "TEXT", usage = "Why, for those who decide")
    public String reason;

    @Option(name = "--ticket", metaVar = "ID", usage = "Of the change")
    public String ticket;

    public PromotionRequest() {
        super("promotion-promote", Messages._Promote_description());
    }

    @Override
    void act() throws DecisionException {
        report(Decisions.request(release, environment, reason, ticket));
    }
}
