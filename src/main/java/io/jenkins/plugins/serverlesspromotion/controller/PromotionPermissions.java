package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import jenkins.model.Jenkins;
import org.jvnet.localizer.Localizable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What people may do. Every permission is implied by {@link Jenkins#ADMINISTER} and by nothing else; {@link #APPROVE}
 * never replaces membership of the role that a gate requires. Jobs need none of these. {@code services[].jobs} of the
 * policy determines what a job may do, because steps run as SYSTEM, which has every permission.
 */
@Restricted(NoExternalUse.class)
public final class PromotionPermissions {
    /** Can also be granted on a job or folder, where it counts for the services that these jobs publish. */
    private static final PermissionScope ON_JOBS = PermissionScope.ITEM;

    private static final PermissionScope OVERALL = PermissionScope.JENKINS;

    public static final PermissionGroup GROUP =
            new PermissionGroup(PromotionPermissions.class, Messages._PromotionPermissions_title());

    /** See releases, promotions, plans and gates. */
    public static final Permission VIEW = permission("View", Messages._PromotionPermissions_view(), ON_JOBS);

    /** Publish a release by hand. */
    public static final Permission PUBLISH = permission("Publish", Messages._PromotionPermissions_publish(), ON_JOBS);

    /**
     * Request a promotion or a rollback, plan again, and abort. With the permission on all of Jenkins, also pause and
     * resume, and release the hold after a rollback.
     */
    public static final Permission PROMOTE = permission("Promote", Messages._PromotionPermissions_promote(), ON_JOBS);

    /** Approve, withdraw, reject, and close the post-review of an override, where policy grants the role for it. */
    public static final Permission APPROVE = permission("Approve", Messages._PromotionPermissions_approve(), OVERALL);

    /** Override closed gates, where policy names the role for it; with {@link #PROMOTE}, have a stuck stack deleted. */
    public static final Permission OVERRIDE =
            permission("Override", Messages._PromotionPermissions_override(), OVERALL);

    /** Change the policy. */
    public static final Permission CONFIGURE =
            permission("Configure", Messages._PromotionPermissions_configure(), OVERALL);

    /** Read and export the audit log of everything. */
    public static final Permission AUDIT = permission("Audit", Messages._PromotionPermissions_audit(), OVERALL);

    private PromotionPermissions() {}

    private static Permission permission(String id, Localizable description, PermissionScope scope) {
        return new Permission(GROUP, id, description, Jenkins.ADMINISTER, scope);
    }

    /** Permissions must be known before authorization strategies are read, which name them by their ids. */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.EXTENSIONS_AUGMENTED)
    public static void register() {
        if (GROUP.getPermissions().isEmpty()) {
            throw new IllegalStateException("no permission is known");
        }
    }
}
