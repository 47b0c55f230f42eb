package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Run;
import java.util.List;

/** Reads why a build runs. */
final class BuildCauses {
    private BuildCauses() {}

    /** All causes of all cause actions: {@link Run#getCauses} reads only the first action. */
    static List<Cause> of(Run<?, ?> run) {
        return run.getActions(CauseAction.class).stream()
                .flatMap(a -> a.getCauses().stream())
                .toList();
    }
}
