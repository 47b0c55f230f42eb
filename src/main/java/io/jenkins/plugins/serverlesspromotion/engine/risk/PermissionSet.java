package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that one identity may do, that one resource lets others do, or who may become one role. */
final class PermissionSet {
    enum Kind {
        /** What an identity may do. */
        IDENTITY,
        /** Who may become a role. */
        TRUST,
        /** What others may do with a resource. */
        RESOURCE
    }

    final Kind kind;
    /** Logical id of the resource that people look for. */
    final String subject;
    /** How people know it. */
    final String named;

    final List<IamStatement> statements = new ArrayList<>();
    /** Rights by name, whose content is not in the template (managed policies), with where each is given. */
    final Map<String, String> others = new TreeMap<>();
    /** What stands where a policy should, and cannot be read, with its place. */
    final Map<String, String> opaque = new TreeMap<>();
    /** Permissions boundary, null for none. */
    String boundary;

    PermissionSet(Kind kind, String subject, String named) {
        this.kind = kind;
        this.subject = subject;
        this.named = named;
    }
}
