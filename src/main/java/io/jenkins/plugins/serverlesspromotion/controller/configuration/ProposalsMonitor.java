package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.PagePaths;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Reports that proposals wait for a second person, with a link. Only the linked page shows them, to people who may
 * configure.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ProposalsMonitor extends AdministrativeMonitor {
    @Override
    public String getDisplayName() {
        return Messages.ProposalsMonitor_displayName();
    }

    @Override
    public boolean isActivated() {
        return !Proposals.open().isEmpty();
    }

    /** Users who may manage Jenkins, because saving the form leads to the page that shows this. */
    @Override
    public Permission getRequiredPermission() {
        return Jenkins.MANAGE;
    }

    /** For the page. */
    public String getUrl() {
        return PagePaths.CHANGES;
    }
}
