package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.PeopleDecisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-requesters}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionRequesters extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    @Option(name = "--people", metaVar = "IDS", usage = "Who requested it, separated by commas")
    public String people;

    @Option(name = "--none", usage = "No person requested it; instead of --people")
    public boolean none;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "How you know; kept in the audit log")
    public String reason;

    public PromotionRequesters() {
        super("promotion-requesters", Messages._Requesters_description());
    }

    @Override
    void act() throws DecisionException {
        PeopleDecisions.requesters(id, people, none, reason, "--people IDS or --none");
        report(id);
    }
}
