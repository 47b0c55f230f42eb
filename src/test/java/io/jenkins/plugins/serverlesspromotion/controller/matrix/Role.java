package io.jenkins.plugins.serverlesspromotion.controller.matrix;

import hudson.security.Permission;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import java.util.List;
import java.util.Locale;
import jenkins.model.Jenkins;

/** The columns of the matrix: one person each, who may read Jenkins and has just what is said here. */
enum Role {
    /** Not logged in. */
    ANONYMOUS,
    /** Logged in. */
    STRANGER,
    READER(PromotionPermissions.VIEW),
    PUBLISHER(PromotionPermissions.VIEW, PromotionPermissions.PUBLISH),
    PROMOTER(PromotionPermissions.VIEW, PromotionPermissions.PROMOTE),
    /** May approve, and decides about rollbacks only. */
    OTHER_APPROVER(PromotionPermissions.VIEW, PromotionPermissions.APPROVE),
    APPROVER(PromotionPermissions.VIEW, PromotionPermissions.APPROVE),
    /** An approver who has asked for everything. */
    REQUESTER(PromotionPermissions.VIEW, PromotionPermissions.APPROVE),
    /** An approver who has written everything. */
    AUTHOR(PromotionPermissions.VIEW, PromotionPermissions.APPROVE),
    /** In the role that may break glass. */
    OVERRIDER(PromotionPermissions.VIEW, PromotionPermissions.OVERRIDE),
    AUDITOR(PromotionPermissions.AUDIT),
    CONFIGURER(PromotionPermissions.CONFIGURE),
    /** In no role of the policy. */
    ADMINISTRATOR(Jenkins.ADMINISTER);

    private final List<Permission> permissions;

    Role(Permission... permissions) {
        this.permissions = List.of(permissions);
    }

    List<Permission> permissions() {
        return permissions;
    }

    /** Id of the user. */
    String user() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
