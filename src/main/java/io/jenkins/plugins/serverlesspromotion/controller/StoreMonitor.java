package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * Reports why nothing can be promoted: the store is damaged, of another product, of a newer format, or cannot be
 * written.
 */
@Extension
@Restricted(NoExternalUse.class)
public class StoreMonitor extends AdministrativeMonitor {
    @Override
    public String getDisplayName() {
        return Messages.StoreMonitor_displayName();
    }

    @Override
    public boolean isActivated() {
        return EngineLifecycle.get().trouble().isPresent();
    }

    /** For the page. */
    public String getTrouble() {
        return EngineLifecycle.get().trouble().orElse("");
    }

    /** Tries again, after the problem has been corrected. */
    @RequirePOST
    public HttpResponse doReopen() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        EngineLifecycle.get().reopen();
        return HttpResponses.redirectViaContextPath("/manage");
    }
}
