package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.model.Descriptor.FormException;
import io.jenkins.plugins.serverlesspromotion.controller.Identity;
import io.jenkins.plugins.serverlesspromotion.controller.NotAPersonException;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import jenkins.model.Jenkins;

/**
 * A configuration that the current user has submitted with the form.
 *
 * @param saved the configuration that it would replace
 */
record SubmittedConfiguration(Configured saved, Configured wanted) {
    /** Replaces the whole configuration, or changes nothing and throws. */
    @FunctionalInterface
    interface Replacement {
        /** @param people who changed it */
        void replace(Configured wanted, Collection<String> people) throws IOException;
    }

    /**
     * Requires the permission to administer Jenkins for a change of the destination of requests: a person who redirects
     * them receives every signature, so {@link PromotionPermissions#CONFIGURE} is not enough (hole class 12).
     *
     * @param before the current configuration, saved or not
     */
    static void requireAdministratorForReach(Configured before, Configured wanted) throws FormException {
        if (!wanted.reachesAsMuchAs(before) && !Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            throw new FormException(Messages.ServerlessPromotionConfiguration_needsAdministrator(), "endpoint");
        }
    }

    /**
     * Refuses what would make a valid configuration invalid: saving it would pause every deployment. While the saved one
     * is invalid itself nothing more stops, and it can be corrected in steps.
     */
    void requireValid() throws FormException {
        // A proposal pauses nothing, and shows its problems to the person who would accept it.
        if (saved.settings().isSecondPersonForChanges()
                || saved.whole().equals(wanted.whole())
                || !PolicyActivator.wouldPause(saved).isEmpty()) {
            return;
        }
        List<String> problems = PolicyActivator.wouldPause(wanted);
        if (!problems.isEmpty()) {
            throw new FormException(
                    Messages.ServerlessPromotionConfiguration_invalid(
                            PolicyActivator.stoppedBy(), String.join("; ", problems)),
                    "");
        }
    }

    /**
     * Replaces the configuration, or only proposes the change where a second person must accept it. A form that changes
     * nothing proposes nothing.
     */
    void submit(Identity identity, Replacement replacement) throws FormException {
        try {
            if (!saved.settings().isSecondPersonForChanges()) {
                replacement.replace(wanted, List.of(PolicyActivator.whoChanges()));
            } else if (!saved.whole().equals(wanted.whole())) {
                ProposalJournal.propose(saved, wanted, identity.asking().id());
            }
        } catch (IOException e) {
            throw new FormException(Messages.ServerlessPromotionConfiguration_notSaved(e.getMessage()), e, "");
        } catch (NotAPersonException e) {
            throw new FormException(Messages.ServerlessPromotionConfiguration_nobody(e.getMessage()), e, "");
        }
    }
}
