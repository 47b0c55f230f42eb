package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.model.Describable;
import hudson.model.Descriptor;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A part of the configured policy. It keeps the values as written, valid or not; the policy compiler checks the whole
 * policy. The classes are beans, not records, because XStream and data binding need beans.
 */
@Restricted(NoExternalUse.class)
public abstract class PolicyPart<T extends PolicyPart<T>> implements Describable<T> {
    /** In the shape of {@code policy.yaml}: maps, lists, strings, integers and booleans. */
    abstract Object tree();

    /** The common base of the forms of all parts. */
    @Restricted(NoExternalUse.class)
    public abstract static class PartDescriptor<T extends PolicyPart<T>> extends Descriptor<T> {
        /** The permission check of every form method: hole class 11, SECURITY-2032. */
        static void checkMayConfigure() {
            Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
        }
    }
}
