package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.model.Run;
import hudson.tasks.test.AbstractTestResultAction;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Reads the results that the JUnit plugin has collected in a build so far. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public class JUnitResults implements TestResults {
    @Override
    public Optional<Counts> of(Run<?, ?> run) {
        return Optional.ofNullable(run.getAction(AbstractTestResultAction.class))
                .filter(action -> action.getTotalCount() > 0)
                .map(action -> new Counts(action.getTotalCount(), action.getFailCount(), action.getSkipCount()));
    }
}
