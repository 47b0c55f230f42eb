package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.model.Cause;
import hudson.model.Run;
import org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause;

/** Declarative Pipelines restarted from a stage. */
@Extension(optional = true)
public final class RestartedStages extends Requesters.Repeats {
    @Override
    boolean knows(Cause cause) {
        return cause instanceof RestartDeclarativePipelineCause;
    }

    @Override
    Run<?, ?> original(Cause cause) {
        return ((RestartDeclarativePipelineCause) cause).getOriginal();
    }
}
