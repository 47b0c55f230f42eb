package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import hudson.model.Describable;
import hudson.model.Descriptor;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A part of the policy as it is configured: kept as it was written, right or wrong, and judged together with all the
 * rest by the one compiler. The classes are beans, not records, because XStream and data binding need them to be.
 */
@Restricted(NoExternalUse.class)
public abstract class PolicyPart<T extends PolicyPart<T>> implements Describable<T> {
    /** In the shape of {@code policy.yaml}: maps, lists, strings, integers and booleans. */
    abstract Object tree();

    /** What the forms of all parts have in common. */
    @Restricted(NoExternalUse.class)
    public abstract static class PartDescriptor<T extends PolicyPart<T>> extends Descriptor<T> {
        /** The first line of everything that a form asks: hole class 11, SECURITY-2032. */
        static void checkMayConfigure() {
            Jenkins.get().checkPermission(PromotionPermissions.CONFIGURE);
        }
    }
}
