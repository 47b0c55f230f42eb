package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.PeopleDecisions;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-authors}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionAuthors extends ReleaseCommand {
    @Argument(metaVar = "PROMOTION", required = true, usage = "Its id, as in orders.prod.17")
    public String id;

    @Option(name = "--release", metaVar = "RELEASE", required = true, usage = "Its id, as in orders@1.4.2")
    public String release;

    @Option(name = "--people", metaVar = "IDS", required = true, usage = "Who wrote it, separated by commas")
    public String people;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "How you know; kept in the audit log")
    public String reason;

    public PromotionAuthors() {
        super("promotion-authors", Messages._Authors_description());
    }

    @Override
    void act() throws DecisionException {
        PeopleDecisions.authors(id, release, people, reason);
        report(id);
    }
}
