package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.AbortException;
import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DriftDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ReleaseText;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/**
 * {@code jenkins-cli promotion-drift}; its exit code is 5 when something drifted, and 4 when that could not be
 * determined.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionDrift extends ReleaseCommand {
    @Argument(metaVar = "SERVICE", required = true, usage = "The service")
    public String service;

    @Option(name = "--in", metaVar = "ENVIRONMENT", required = true, usage = "The environment")
    public String environment;

    private DriftResult driftResult;

    public PromotionDrift() {
        super("promotion-drift", Messages._Drift_description());
    }

    @Override
    void act() throws DecisionException {
        DriftReading reading = DriftDecisions.look(service, environment);
        ReleaseText.drift(reading).forEach(stdout::println);
        driftResult = reading.driftResult();
    }

    @Override
    protected int run() throws Exception {
        int code = super.run();
        if (driftResult == DriftResult.DRIFTED) {
            throw new AbortException("something is not as it was promoted");
        }
        if (driftResult == DriftResult.UNKNOWN) {
            throw new IllegalStateException("it could not be found out");
        }
        return code;
    }
}
