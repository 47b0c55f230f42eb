package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All permissions of one identity, all permissions of others on one resource, or everyone who may become one role. */
final class PermissionSet {
    enum Kind {
        /** The permissions of an identity. */
        IDENTITY,
        /** Who may become a role. */
        TRUST,
        /** The permissions of others on a resource. */
        RESOURCE
    }

    final Kind kind;
    /** Logical id of the resource that people search for. */
    final String subject;
    /** The name that people use for it. */
    final String named;

    final List<IamStatement> statements = new ArrayList<>();
    /** Rights by name, with the place of each, whose content is not in the template (managed policies). */
    final Map<String, String> others = new TreeMap<>();
    /** Values in place of a policy that cannot be read, with their places. */
    final Map<String, String> opaque = new TreeMap<>();
    /** Permissions boundary, null for none. */
    String boundary;

    PermissionSet(Kind kind, String subject, String named) {
        this.kind = kind;
        this.subject = subject;
        this.named = named;
    }
}
