package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.OwnershipDecisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-owner-decide}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionOwnerDecide extends ReleaseCommand {
    @Argument(
            metaVar = "RESOURCE",
            required = true,
            usage = "stack:NAME, function:NAME, bucket:NAME or distribution:ID")
    public String resource;

    @Option(name = "--at", metaVar = "ACCOUNT/REGION", required = true, usage = "Where the resource is")
    public String place;

    @Option(name = "--service", metaVar = "NAME", required = true, usage = "The service that owns it")
    public String service;

    @Option(name = "--environment", metaVar = "NAME", required = true, usage = "The environment that owns it")
    public String environment;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "Why, for the audit log")
    public String reason;

    public PromotionOwnerDecide() {
        super("promotion-owner-decide", Messages._OwnerDecide_description());
    }

    @Override
    void act() throws DecisionException {
        stdout.println(OwnershipDecisions.decide(resource, place, service, environment, reason));
    }
}
