package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.model.Cause;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Records how many causes a build had when it started. Jenkins drops causes of a stored build that it cannot read, such
 * as those of an uninstalled plugin. The person whom such a cause named would be lost.
 */
@Restricted(NoExternalUse.class)
public final class CausesAtStart extends InvisibleAction {
    private final int count;

    CausesAtStart(int count) {
        this.count = count;
    }

    /** Whether the build has lost causes. */
    static boolean areMissing(Run<?, ?> run) {
        CausesAtStart then = run.getAction(CausesAtStart.class);
        return then != null && count(BuildCauses.of(run)) < then.count;
    }

    /** Including the recorded causes of upstream builds. */
    private static int count(List<Cause> causes) {
        return causes.stream()
                .mapToInt(
                        c -> 1 + (c instanceof Cause.UpstreamCause upstream ? count(upstream.getUpstreamCauses()) : 0))
                .sum();
    }

    /** Marks every build: it is not known in advance which builds will cause one that makes a request. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Marker extends RunListener<Run<?, ?>> {
        @Override
        public void onStarted(Run<?, ?> run, TaskListener listener) {
            run.addAction(new CausesAtStart(count(BuildCauses.of(run))));
        }
    }
}
