package io.jenkins.plugins.serverlesspromotion.format.importers;

import static io.jenkins.plugins.serverlesspromotion.format.importers.PlainTree.map;
import static io.jenkins.plugins.serverlesspromotion.format.importers.PlainTree.members;
import static io.jenkins.plugins.serverlesspromotion.format.importers.PlainTree.type;

import io.jenkins.plugins.serverlesspromotion.format.input.Node;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateTree;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Determines exactly the capabilities that CloudFormation requires for a template ("Acknowledging IAM resources in
 * CloudFormation templates", CloudFormation user guide). What a macro of an account or a nested stack in S3 holds is not
 * known here.
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

    private static final Set<String> NAMES =
            Set.of("RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName");

    private static final String ROTATION = "AWS::SecretsManager::RotationSchedule";

    private Capabilities() {}

    /** In alphabetical order. */
    static List<String> of(Node template) {
        Map<?, ?> root = map(TemplateTree.of(template));
        var needed = new TreeSet<String>();
        if (root.containsKey("Transform") || transforms(root)) {
            needed.add("CAPABILITY_AUTO_EXPAND");
        }
        var resources = members(root.get("Resources"));
        if (resources.stream().map(Map.Entry::getValue).anyMatch(Capabilities::isNamed)) {
            // It includes the weaker one.
            needed.add("CAPABILITY_NAMED_IAM");
        } else if (resources.stream().map(Map.Entry::getValue).anyMatch(Capabilities::isIam)
                || new SamIamResources(root, resources).any()) {
            needed.add("CAPABILITY_IAM");
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

    private static boolean isNamed(Object resource) {
        return IAM.contains(type(resource))
                && members(map(resource).get("Properties")).stream()
                        // A loop may make any key of it.
                        .anyMatch(m -> NAMES.contains(m.getKey()) || m.getKey().contains("${"));
    }

    private static boolean isIam(Object resource) {
        // The function that rotates a secret comes with its role (AWS::SecretsManager transform).
        return IAM.contains(type(resource))
                || type(resource).equals(ROTATION)
                        && map(map(resource).get("Properties")).containsKey("HostedRotationLambda");
    }

    private static boolean transforms(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.keySet().stream()
                            .anyMatch(key -> key.equals("Fn::Transform")
                                    || String.valueOf(key).startsWith(PlainTree.LOOP))
                    || map.values().stream().anyMatch(Capabilities::transforms);
        }
        return value instanceof Collection<?> list && list.stream().anyMatch(Capabilities::transforms);
    }
}
