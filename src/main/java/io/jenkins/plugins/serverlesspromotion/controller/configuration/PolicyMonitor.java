package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Reports why the configured policy is not in force. */
@Extension
@Restricted(NoExternalUse.class)
public class PolicyMonitor extends AdministrativeMonitor {
    @Override
    public String getDisplayName() {
        return Messages.PolicyMonitor_displayName();
    }

    @Override
    public boolean isActivated() {
        return !getProblems().isEmpty() || !getUnusablePatterns().isEmpty();
    }

    /** For the page. */
    public List<String> getProblems() {
        return PolicyActivator.get().problems();
    }

    /** For the page. */
    public List<String> getUnusablePatterns() {
        return PolicyActivator.get().unusablePatterns();
    }
}
