package io.jenkins.plugins.serverlesspromotion.format.importers;

import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Determines exactly the capabilities that CloudFormation requires for a template ("Acknowledging IAM resources in
 * CloudFormation templates", CloudFormation user guide).
 */
final class Capabilities {
    private static final Set<String> IAM = Set.of(
            "AWS::IAM::AccessKey",
            "AWS::IAM::Group",
            "AWS::IAM::InstanceProfile",
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::Policy",
            "AWS::IAM::Role",
            "AWS::IAM::User",
            "AWS::IAM::UserToGroupAddition");

    /** Resources for which SAM creates a role when the template names none. */
    private static final Set<String> SAM_WITH_ROLE =
            Set.of("AWS::Serverless::Function", "AWS::Serverless::StateMachine", "AWS::Serverless::Connector");

    private static final Set<String> NAMES =
            Set.of("RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName");

    private Capabilities() {}

    /** In alphabetical order. */
    static List<String> of(Node template) {
        var needed = new TreeSet<String>();
        if (transforms(template)) {
            needed.add("CAPABILITY_AUTO_EXPAND");
        }
        if (template instanceof Node.Mapping root && root.get("Resources").orElse(null) instanceof Node.Mapping all) {
            all.members().forEach(member -> resource(member.value(), needed));
        }
        // The stronger one includes the other.
        if (needed.contains("CAPABILITY_NAMED_IAM")) {
            needed.remove("CAPABILITY_IAM");
        }
        return List.copyOf(needed);
    }

    /** Those of a stack with its nested stacks. */
    static List<String> of(Collection<Node> templates) {
        var needed = new TreeSet<String>();
        templates.forEach(template -> needed.addAll(of(template)));
        if (needed.contains("CAPABILITY_NAMED_IAM")) {
            needed.remove("CAPABILITY_IAM");
        }
        return List.copyOf(needed);
    }

    private static void resource(Node resource, Set<String> needed) {
        if (!(resource instanceof Node.Mapping map)) {
            return;
        }
        String type = map.get("Type").orElse(null) instanceof Node.Scalar text ? text.text() : "";
        Node properties = map.get("Properties").orElse(null);
        if (IAM.contains(type)) {
            needed.add(
                    properties instanceof Node.Mapping p && p.members().stream().anyMatch(m -> NAMES.contains(m.key()))
                            ? "CAPABILITY_NAMED_IAM"
                            : "CAPABILITY_IAM");
        } else if (SAM_WITH_ROLE.contains(type)
                && !(properties instanceof Node.Mapping p && p.get("Role").isPresent())) {
            needed.add("CAPABILITY_IAM");
        }
    }

    private static boolean transforms(Node node) {
        if (node instanceof Node.Mapping map) {
            return "!Transform".equals(map.tag())
                    || map.members().stream()
                            .anyMatch(m -> m.key().equals("Fn::Transform")
                                    || m.key().equals("Transform") && m.where().isAtTop()
                                    || m.key().startsWith("Fn::ForEach::")
                                    || transforms(m.value()));
        }
        return node instanceof Node.Sequence list && list.items().stream().anyMatch(Capabilities::transforms);
    }
}
