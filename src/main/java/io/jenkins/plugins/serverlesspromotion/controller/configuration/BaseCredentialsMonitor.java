package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.SystemCredentials;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Reports which base credentials of the policy in force are refused and why: missing, of scope GLOBAL and so readable
 * by every Pipeline, or the controller's own role while builds run on the built-in node.
 */
@Extension
@Restricted(NoExternalUse.class)
public class BaseCredentialsMonitor extends AdministrativeMonitor {
    @Override
    public String getDisplayName() {
        return Messages.BaseCredentialsMonitor_displayName();
    }

    @Override
    public boolean isActivated() {
        return !getRefused().isEmpty();
    }

    /** For the page: a sentence for each credential, with the accounts that need it. */
    public List<String> getRefused() {
        Map<Optional<String>, List<String>> accounts = new LinkedHashMap<>();
        EngineLifecycle.get()
                .store()
                .flatMap(store -> store.policy().map(Entry.PolicyApplied::policy))
                .map(Policy::accounts)
                .orElse(Map.of())
                .values()
                .forEach(account -> accounts.computeIfAbsent(
                                Optional.ofNullable(account.credentialsId()), id -> new ArrayList<>())
                        .add(account.name()));
        var refused = new ArrayList<String>();
        accounts.forEach((id, names) -> SystemCredentials.whyNot(id.orElse(null))
                .ifPresent(why -> refused.add(String.join(", ", names) + ": " + why)));
        return refused;
    }
}
