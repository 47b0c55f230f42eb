package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ReleaseText;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-explain}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionExplain extends ReleaseCommand {
    @Argument(metaVar = "RELEASE", required = true, usage = "The release, as in orders@1.4.2")
    public String release;

    @Option(name = "--to", metaVar = "ENVIRONMENT", required = true, usage = "The environment")
    public String environment;

    @Option(name = "--ticket", metaVar = "ID", usage = "The ticket that a request would name")
    public String ticket;

    @Option(name = "--user", metaVar = "ID", usage = "For another person; needs Audit or Configure")
    public String user;

    public PromotionExplain() {
        super("promotion-explain", Messages._Explain_description());
    }

    @Override
    void act() throws DecisionException {
        ReleaseText.explanation(release, environment, ticket, user).forEach(stdout::println);
    }
}
