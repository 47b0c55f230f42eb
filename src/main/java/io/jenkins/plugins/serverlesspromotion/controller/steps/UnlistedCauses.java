package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AdministrativeMonitor;
import hudson.model.Cause;
import hudson.triggers.SCMTrigger;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Knows the causes of builds that mean that no person started them. Its monitor names the classes of other causes that
 * were seen. They are kept in memory: after a restart a class is named again at the next request of a build with it.
 */
@Extension
@Restricted(NoExternalUse.class)
public class UnlistedCauses extends AdministrativeMonitor {
    /** The most class names that are kept; only plugins make causes, so there are few. */
    private static final int MOST = 100;

    private static final Set<String> NO_PERSON = Set.of(
            TimerTrigger.TimerTriggerCause.class.getName(),
            "jenkins.branch.BranchIndexingCause",
            "jenkins.branch.BranchEventCause");

    private final Set<String> seen = new ConcurrentSkipListSet<>();

    static UnlistedCauses get() {
        return ExtensionList.lookupSingleton(UnlistedCauses.class);
    }

    /** Whether the cause means that no person started the build. */
    static boolean isNoPerson(Cause cause) {
        String name = cause.getClass().getName();
        return NO_PERSON.contains(name)
                || cause instanceof SCMTrigger.SCMTriggerCause
                || configured().contains(name);
    }

    private static List<String> configured() {
        return ServerlessPromotionConfiguration.get().settingsInEffect().getAutomaticCauses();
    }

    void saw(Cause cause) {
        if (seen.size() < MOST) {
            seen.add(cause.getClass().getName());
        }
    }

    @Override
    public String getDisplayName() {
        return Messages.UnlistedCauses_displayName();
    }

    @Override
    public boolean isActivated() {
        return !getUnlisted().isEmpty();
    }

    /** Names of the classes that were seen and are not listed, in order. */
    public List<String> getUnlisted() {
        List<String> configured = configured();
        return seen.stream().filter(name -> !configured.contains(name)).toList();
    }
}
