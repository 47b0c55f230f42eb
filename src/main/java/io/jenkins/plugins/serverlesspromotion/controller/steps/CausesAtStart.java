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
 * How many causes a build had when it started. Jenkins leaves out of a stored build what it cannot read, as a cause whose
 * class went with its plugin, and the person whom that cause named would be forgotten.
 */
@Restricted(NoExternalUse.class)
public final class CausesAtStart extends InvisibleAction {
    private final int count;

    CausesAtStart(int count) {
        this.count = count;
    }

    /** Whether the build had causes that it does not have any more. */
    static boolean areMissing(Run<?, ?> run) {
        CausesAtStart then = run.getAction(CausesAtStart.class);
        return then != null && count(BuildCauses.of(run)) < then.count;
    }

    /** Those included that are recorded of builds upstream. */
    private static int count(List<Cause> causes) {
        return causes.stream()
                .mapToInt(
                        c -> 1 + (c instanceof Cause.UpstreamCause upstream ? count(upstream.getUpstreamCauses()) : 0))
                .sum();
    }

    /** Marks every build: which ones will cause one that asks for something is not known before. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Marker extends RunListener<Run<?, ?>> {
        @Override
        public void onStarted(Run<?, ?> run, TaskListener listener) {
            run.addAction(new CausesAtStart(count(BuildCauses.of(run))));
        }
    }
}
