package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** What an operation does to one resource: forward, back and away, with the events that tell so. */
final class StackSteps {
    private final World world;
    private final Stack stack;
    private final Region region;
    private final Provisioner provisioner;
    private final String token;

    StackSteps(World world, Stack stack, Actor hands, String token) {
        this.world = world;
        this.stack = stack;
        this.region = world.region(stack.account, stack.region);
        this.provisioner = new Provisioner(world, stack, hands);
        this.token = token;
    }

    static boolean differs(Stack.Resource existing, ObjectNode properties, Map<String, String> tags) {
        return !StackDiff.changed(existing.properties, properties).isEmpty()
                || ResourceTypes.of(existing.type).tagged() && !existing.stackTags.equals(tags)
                || existing.status.endsWith("_FAILED");
    }

    static void adopt(Stack.Resource resource, JsonNode definition, ObjectNode properties, Map<String, String> tags) {
        resource.definition = definition;
        resource.properties = properties;
        resource.stackTags = tags;
        resource.needs = Dependencies.references(definition);
    }

    private void inject(String logicalId, String during) {
        String reason = world.faults.failure(region, stack.name, logicalId, during);
        if (reason != null) {
            throw new AwsError(500, "InternalFailure", reason);
        }
    }

    private String text(AwsError e) {
        return e.code.equals("InternalFailure") ? e.getMessage() : Provisioner.handlerText(world, e);
    }

    /**
     * Creates, updates or replaces; what was replaced becomes garbage.
     *
     * @return why it failed, or null
     */
    String forward(
            Stack.Resource resource,
            boolean isNew,
            JsonNode definition,
            ObjectNode properties,
            Map<String, String> tags,
            List<Stack.Resource> garbage) {
        try {
            inject(resource.logicalId, "forward");
            if (isNew) {
                provisioner.create(resource);
                stack.turn(world, resource, "CREATE_IN_PROGRESS", "Resource creation Initiated", token);
                stack.turn(world, resource, "CREATE_COMPLETE", null, token);
            } else {
                change(resource, definition, properties, tags, garbage);
                stack.turn(world, resource, "UPDATE_COMPLETE", null, token);
            }
            return null;
        } catch (AwsError e) {
            return text(e);
        }
    }

    private void change(
            Stack.Resource resource,
            JsonNode definition,
            ObjectNode properties,
            Map<String, String> tags,
            List<Stack.Resource> garbage) {
        Stack.Resource before = resource.copy();
        boolean replaces = StackDiff.changed(before.properties, properties).stream()
                .anyMatch(name -> ResourceTypes.replaces(resource.type, name));
        adopt(resource, definition, properties, tags);
        try {
            if (replaces) {
                stack.turn(
                        world,
                        resource,
                        "UPDATE_IN_PROGRESS",
                        "Requested update requires the creation of a new physical resource; hence creating one.",
                        token);
                provisioner.create(resource);
                if (resource.physicalId.equals(before.physicalId)) {
                    throw new AwsError(400, "AlreadyExists", resource.physicalId + " already exists");
                }
                stack.turn(world, resource, "UPDATE_IN_PROGRESS", "Resource creation Initiated", token);
                garbage.add(before);
            } else {
                provisioner.update(resource, before);
            }
        } catch (AwsError e) {
            adopt(resource, before.definition, before.properties, before.stackTags);
            resource.physicalId = before.physicalId;
            resource.attributes = before.attributes;
            throw e;
        }
    }

    /**
     * Goes back to what a resource was; what had replaced it becomes garbage.
     *
     * @return why it failed, or null
     */
    String undo(Stack.Resource now, Stack.Resource before, List<Stack.Resource> garbage) {
        stack.turn(world, now, "UPDATE_IN_PROGRESS", null, token);
        Stack.Resource failed = now.copy();
        Stack.Resource restored = before.copy();
        try {
            inject(now.logicalId, "rollback");
            if (!now.physicalId.equals(before.physicalId)) {
                garbage.removeIf(resource -> resource.physicalId.equals(before.physicalId));
                garbage.add(failed);
            } else if (!StackDiff.changed(now.properties, before.properties).isEmpty()
                    || !now.stackTags.equals(before.stackTags)) {
                provisioner.update(restored, failed);
            }
        } catch (AwsError e) {
            return text(e);
        }
        stack.resources.put(now.logicalId, restored);
        stack.turn(world, restored, "UPDATE_COMPLETE", null, token);
        return null;
    }

    /** Deletes; whether that went well. */
    boolean remove(Stack.Resource resource, String during) {
        Stack.Resource shown = resource.copy();
        stack.turn(world, shown, "DELETE_IN_PROGRESS", null, token);
        try {
            inject(resource.logicalId, during);
            provisioner.delete(resource);
            stack.turn(world, shown, "DELETE_COMPLETE", null, token);
            return true;
        } catch (AwsError e) {
            stack.turn(world, shown, "DELETE_FAILED", text(e), token);
            resource.status = "DELETE_FAILED";
            resource.reason = shown.reason;
            return false;
        }
    }
}
