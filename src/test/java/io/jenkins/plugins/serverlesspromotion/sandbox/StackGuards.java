package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** What stops an operation from outside its resources: rollback triggers and the stack policy. */
final class StackGuards {
    private StackGuards() {}

    /**
     * Why the alarms of an operation end it now, or null. A missing alarm ends it, insufficient data does not; rule:
     * CloudFormation API Reference, RollbackConfiguration.
     */
    static String alarm(World world, Stack stack, Stack.Content content) {
        Region region = world.region(stack.account, stack.region);
        for (String arn : content.triggers) {
            Alarm alarm = region.alarms.get(arn.substring(arn.lastIndexOf(':') + 1));
            if (alarm == null) {
                return "The following CloudWatch Alarm(s) do not exist: [" + arn + "]. ";
            }
            if (alarm.state.equals("ALARM")) {
                return "The following CloudWatch Alarm(s) went to ALARM state: [" + arn + "]. ";
            }
        }
        return null;
    }

    /**
     * Refuses an update of a resource the stack policy protects.
     *
     * @throws AwsError "Action denied by stack policy"
     */
    static void checkPolicy(Stack stack, Stack.Resource resource, ObjectNode properties) {
        boolean replaces = StackDiff.changed(resource.properties, properties).stream()
                .anyMatch(name -> ResourceTypes.replaces(resource.type, name));
        check(stack, resource, replaces ? "Update:Replace" : "Update:Modify");
    }

    /** Refuses when a resource the policy protects from deletion is not among those that stay. */
    static void checkRemovals(Stack stack, List<List<String>> staying) {
        for (Stack.Resource resource : stack.resources.values()) {
            if (staying.stream().noneMatch(level -> level.contains(resource.logicalId))) {
                check(stack, resource, "Update:Delete");
            }
        }
    }

    private static void check(Stack stack, Stack.Resource resource, String action) {
        if (stack.stackPolicy == null) {
            return;
        }
        JsonNode policy = SandboxJson.read(stack.stackPolicy);
        IamPolicy.Decision decision = IamPolicy.evaluate(
                List.of(policy),
                Principal.ANONYMOUS,
                action,
                "LogicalResourceId/" + resource.logicalId,
                Map.of("ResourceType", resource.type));
        if (decision != IamPolicy.Decision.ALLOW) {
            throw AwsError.validation("Action denied by stack policy: Statement does not allow [" + action
                    + "] for resource [LogicalResourceId/" + resource.logicalId + "]");
        }
    }
}
