package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.SingleLine;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Decisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ReleaseText;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Option;

/** {@code jenkins-cli promotion-resume}. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionResume extends ReleaseCommand {
    @Option(name = "--environment", metaVar = "NAME", forbids = "--service", usage = "Only this environment")
    public String environment;

    @Option(name = "--service", metaVar = "NAME", forbids = "--environment", usage = "Only this service")
    public String service;

    @Option(name = "--reason", metaVar = "TEXT", required = true, usage = "Why, for the audit log")
    public String reason;

    public PromotionResume() {
        super("promotion-resume", Messages._Resume_description());
    }

    @Override
    void act() throws DecisionException {
        String scope = ReleaseText.scope(environment, service);
        Decisions.resume(scope, reason);
        stdout.println("resumed: " + scope);
        for (Pause pause : Decisions.paused()) {
            stdout.println(SingleLine.of("still paused: " + Wording.pause(pause)));
        }
    }
}
