package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Create, update, delete or roll back: a state machine that takes one step per tick of the timeline. Resources are
 * worked on in dependency order; those of one level begin and end together. States and texts after the CloudFormation
 * User Guide, "Stack status codes" and "Stack failure options".
 */
final class StackOperation implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What is being done now. */
    enum Phase {
        FORWARD,
        CLEANUP,
        ROLLBACK,
        ROLLBACK_CLEANUP,
        DELETE,
        DONE
    }

    /** One tick. */
    record Tick(String account, String region, String stackId, String operation) implements Timeline.Task {
        private static final long serialVersionUID = 1L;

        @Override
        public void run(World world) {
            Stack stack = world.region(account, region).stacks.get(stackId);
            if (stack != null && stack.operation != null && stack.operation.id.equals(operation)) {
                stack.operation.step(world, stack);
            }
        }
    }

    final String id;
    final boolean creates;
    final Actor actor;
    /** Caller or execution role: who touches resources. */
    final Principal hands;

    final Stack.Content target;
    final Stack.Content former;
    final boolean keepFailed;
    final boolean deleteOnFailure;
    Phase phase = Phase.FORWARD;
    boolean cancelled;
    private String token;
    private final Map<String, Stack.Resource> formerResources = new LinkedHashMap<>();
    private final List<String> touched = new ArrayList<>();
    private final List<Stack.Resource> garbage = new ArrayList<>();
    private final Set<String> skipped = new TreeSet<>();
    private List<List<String>> levels = List.of();
    private int level;
    private boolean begun;
    private final Map<String, ObjectNode> wanted = new LinkedHashMap<>();
    private long pace;
    /** Periods of ten seconds since the last resource was done. */
    private int watched;

    private StackOperation(World world, Stack stack, Builder from) {
        this.id = world.uuid();
        this.creates = from.creates;
        this.token = from.token;
        this.actor = from.actor;
        this.hands = from.hands;
        this.target = from.target;
        this.former = stack.content;
        this.keepFailed = from.keepFailed;
        this.deleteOnFailure = from.deleteOnFailure;
        if (stack.status.equals("UPDATE_FAILED") && stack.operation != null) {
            // A further attempt still goes back to the last stable state, not to the half-done one.
            formerResources.putAll(stack.operation.formerResources);
            garbage.addAll(stack.operation.garbage);
            touched.addAll(stack.operation.touched);
        } else {
            stack.resources.forEach((name, resource) -> formerResources.put(name, resource.copy()));
        }
    }

    /** What an operation is told. */
    static final class Builder {
        boolean creates;
        String token;
        Actor actor;
        Principal hands;
        Stack.Content target;
        boolean keepFailed;
        boolean deleteOnFailure;
    }

    /** Begins a creation or an update. */
    static void forward(World world, Stack stack, Builder from) {
        StackOperation operation = new StackOperation(world, stack, from);
        stack.operation = operation;
        stack.disableRollback = from.keepFailed;
        stack.updated = operation.creates ? stack.updated : Instant.now();
        stack.turn(
                world,
                from.actor,
                operation.creates ? "CREATE_IN_PROGRESS" : "UPDATE_IN_PROGRESS",
                "User Initiated",
                from.token);
        Template template = from.target.template();
        Expressions expressions = stack.expressions(world, template, from.target.effective);
        List<String> included = new ArrayList<>();
        template.resources().forEach((name, definition) -> {
            if (expressions.included(definition)) {
                included.add(name);
            }
        });
        operation.levels = Dependencies.levels(template, included);
        operation.pace = world.durations.stackMillis / Math.max(1, operation.levels.size());
        operation.next(world, stack, 0);
    }

    /** Begins a deletion; resources to retain stay where they are. */
    static void delete(World world, Stack stack, Builder from, List<String> retain) {
        StackOperation operation = new StackOperation(world, stack, from);
        stack.operation = operation;
        operation.phase = Phase.DELETE;
        operation.skipped.addAll(retain);
        stack.turn(world, from.actor, "DELETE_IN_PROGRESS", "User Initiated", from.token);
        operation.planDeletion(stack, world.durations.stackDeleteMillis);
        operation.next(world, stack, 0);
    }

    /** Takes up a rollback that stopped, or rolls back what was left failed. */
    void resumeRollback(World world, Stack stack, List<String> skip, String why, String newToken) {
        token = newToken;
        skipped.addAll(skip);
        cancelled = false;
        rollBack(world, stack, why);
    }

    private void next(World world, Stack stack, long millis) {
        world.later(millis, new Tick(stack.account, stack.region, stack.id, id));
    }

    private StackSteps steps(World world, Stack stack) {
        return new StackSteps(world, stack, actor.as(hands), token);
    }

    private void step(World world, Stack stack) {
        switch (phase) {
            case FORWARD -> forward(world, stack);
            case CLEANUP, ROLLBACK_CLEANUP -> cleanUp(world, stack);
            case ROLLBACK -> undoOne(world, stack);
            case DELETE -> deleteLevel(world, stack);
            default -> {}
        }
    }

    private void forward(World world, Stack stack) {
        String alarm = StackGuards.alarm(world, stack, target);
        if (cancelled || alarm != null) {
            rollBack(world, stack, alarm == null ? "User Initiated" : alarm);
        } else if (level == levels.size() && watched < target.monitoringMinutes * 6) {
            watched++;
            next(world, stack, 10_000);
        } else if (level == levels.size()) {
            succeed(world, stack);
        } else if (!begun) {
            begun = true;
            begin(world, stack);
        } else {
            begun = false;
            end(world, stack);
        }
    }

    /** Tells what begins; evaluates now, since everything needed is there. */
    private void begin(World world, Stack stack) {
        wanted.clear();
        Template template = target.template();
        try {
            StackGuards.checkRemovals(stack, levels);
        } catch (AwsError e) {
            rollBack(world, stack, e.getMessage());
            return;
        }
        for (String name : levels.get(level)) {
            JsonNode definition = template.resources().get(name);
            Stack.Resource existing = stack.resources.get(name);
            try {
                JsonNode value =
                        stack.expressions(world, template, target.effective).evaluate(definition.get("Properties"));
                ObjectNode properties = value instanceof ObjectNode object ? object : SandboxJson.object();
                if (existing == null) {
                    Stack.Resource resource =
                            new Stack.Resource(name, definition.path("Type").asText());
                    StackSteps.adopt(resource, definition, properties, target.tags);
                    stack.resources.put(name, resource);
                    touched.add(name);
                    stack.turn(world, resource, "CREATE_IN_PROGRESS", null, token);
                    wanted.put(name, properties);
                } else if (StackSteps.differs(existing, properties, target.tags)) {
                    StackGuards.checkPolicy(stack, existing, properties);
                    touched.add(name);
                    stack.turn(world, existing, "UPDATE_IN_PROGRESS", null, token);
                    wanted.put(name, properties);
                } else {
                    existing.definition = definition;
                    existing.needs = Dependencies.references(definition);
                }
            } catch (AwsError e) {
                Stack.Resource failed = existing == null
                        ? new Stack.Resource(name, definition.path("Type").asText())
                        : existing;
                failed.definition = failed.definition == null ? definition : failed.definition;
                stack.resources.put(name, failed);
                touched.add(name);
                fail(world, stack, failed, e.getMessage(), List.of());
                return;
            }
        }
        next(world, stack, wanted.isEmpty() ? 0 : pace);
    }

    private void end(World world, Stack stack) {
        List<String> open = new ArrayList<>(wanted.keySet());
        Template template = target.template();
        while (!open.isEmpty()) {
            String name = open.remove(0);
            Stack.Resource resource = stack.resources.get(name);
            boolean isNew = !formerResources.containsKey(name);
            JsonNode definition = template.resources().get(name);
            String failure =
                    steps(world, stack).forward(resource, isNew, definition, wanted.get(name), target.tags, garbage);
            if (failure != null) {
                fail(world, stack, resource, failure, open);
                return;
            }
        }
        level++;
        next(world, stack, 0);
    }

    private void fail(World world, Stack stack, Stack.Resource failed, String why, List<String> open) {
        boolean isNew = !formerResources.containsKey(failed.logicalId);
        stack.turn(world, failed, isNew ? "CREATE_FAILED" : "UPDATE_FAILED", why, token);
        List<String> names = new ArrayList<>(List.of(failed.logicalId));
        for (String name : open) {
            Stack.Resource other = stack.resources.get(name);
            boolean newOne = !formerResources.containsKey(name);
            stack.turn(
                    world,
                    other,
                    newOne ? "CREATE_FAILED" : "UPDATE_FAILED",
                    newOne ? "Resource creation cancelled" : "Resource update cancelled",
                    token);
            names.add(name);
        }
        String summary = "The following resource(s) failed to " + (creates ? "create" : isNew ? "create" : "update")
                + ": " + names + ". ";
        if (keepFailed) {
            phase = Phase.DONE;
            stack.turn(world, actor, creates ? "CREATE_FAILED" : "UPDATE_FAILED", summary, token);
        } else {
            rollBack(world, stack, creates ? summary + "Rollback requested by user." : summary);
        }
    }

    private void succeed(World world, Stack stack) {
        Template template = target.template();
        Expressions expressions = stack.expressions(world, template, target.effective);
        try {
            Map<String, Stack.Output> outputs = StackDiff.outputs(template, expressions);
            Exports.publish(world, stack, outputs);
            stack.outputs = outputs;
            // References between stacks stand in resources as well as in outputs.
            template.resources().values().stream()
                    .filter(expressions::included)
                    .forEach(resource -> expressions.evaluate(resource.get("Properties")));
        } catch (AwsError e) {
            rollBack(world, stack, e.getMessage());
            return;
        }
        stack.imports = new TreeSet<>(expressions.imports);
        stack.content = target;
        Set<String> kept = new TreeSet<>();
        levels.forEach(kept::addAll);
        new ArrayList<>(stack.resources.values())
                .stream().filter(resource -> !kept.contains(resource.logicalId)).forEach(resource -> {
                    stack.resources.remove(resource.logicalId);
                    garbage.add(resource);
                });
        if (creates) {
            phase = Phase.DONE;
            stack.turn(world, actor, "CREATE_COMPLETE", null, token);
            return;
        }
        phase = Phase.CLEANUP;
        stack.turn(world, actor, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", null, token);
        next(world, stack, world.durations.stackMillis / 12);
    }

    /** Deletes what was replaced or removed; what cannot be deleted stays behind and does not fail the update. */
    private void cleanUp(World world, Stack stack) {
        if (!garbage.isEmpty()) {
            Stack.Resource resource = garbage.remove(garbage.size() - 1);
            String policy = stack.resources.containsKey(resource.logicalId) ? "UpdateReplacePolicy" : "DeletionPolicy";
            if (resource.definition.path(policy).asText("").startsWith("Retain")) {
                stack.turn(world, resource, "DELETE_SKIPPED", null, token);
            } else {
                steps(world, stack).remove(resource, "cleanup");
            }
            next(world, stack, world.durations.stackMillis / 12);
            return;
        }
        boolean back = phase == Phase.ROLLBACK_CLEANUP;
        phase = Phase.DONE;
        stack.turn(world, actor, back ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE", null, token);
    }

    private void rollBack(World world, Stack stack, String why) {
        begun = false;
        if (creates) {
            stack.turn(world, actor, "ROLLBACK_IN_PROGRESS", why, token);
            if (deleteOnFailure) {
                stack.turn(world, actor, "DELETE_IN_PROGRESS", null, token);
            }
            phase = Phase.DELETE;
            planDeletion(stack, world.durations.stackDeleteMillis);
            next(world, stack, pace / 4);
            return;
        }
        phase = Phase.ROLLBACK;
        stack.turn(world, actor, "UPDATE_ROLLBACK_IN_PROGRESS", why, token);
        next(world, stack, pace / 2);
    }

    private void undoOne(World world, Stack stack) {
        if (touched.isEmpty()) {
            stack.content = former;
            phase = Phase.ROLLBACK_CLEANUP;
            stack.turn(world, actor, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", null, token);
            next(world, stack, world.durations.stackMillis / 12);
            return;
        }
        String name = touched.get(touched.size() - 1);
        Stack.Resource now = stack.resources.get(name);
        Stack.Resource before = formerResources.get(name);
        if (before == null) {
            stack.resources.remove(name);
            if (now.physicalId != null) {
                garbage.add(now);
            }
        } else if (skipped.contains(name)) {
            stack.turn(world, now, "UPDATE_COMPLETE", "Resource was skipped during rollback", token);
        } else {
            String failure = steps(world, stack).undo(now, before, garbage);
            if (failure != null) {
                stack.turn(world, now, "UPDATE_FAILED", failure, token);
                phase = Phase.DONE;
                stack.turn(
                        world,
                        actor,
                        "UPDATE_ROLLBACK_FAILED",
                        "The following resource(s) failed to update: [" + name + "]. ",
                        token);
                return;
            }
        }
        touched.remove(touched.size() - 1);
        next(world, stack, pace / 4);
    }

    private void planDeletion(Stack stack, long millis) {
        Map<String, Set<String>> neededBy = new LinkedHashMap<>();
        stack.resources.keySet().forEach(name -> neededBy.put(name, new TreeSet<>()));
        stack.resources
                .values()
                .forEach(resource -> resource.needs.stream()
                        .filter(neededBy::containsKey)
                        .forEach(need -> neededBy.get(need).add(resource.logicalId)));
        levels = Dependencies.levels(neededBy);
        level = 0;
        pace = millis / Math.max(1, levels.size());
    }

    private void deleteLevel(World world, Stack stack) {
        boolean rollback = stack.status.equals("ROLLBACK_IN_PROGRESS");
        if (level == levels.size()) {
            phase = Phase.DONE;
            if (rollback) {
                stack.turn(world, actor, "ROLLBACK_COMPLETE", null, token);
            } else {
                stack.deleted = Instant.now();
                stack.outputs.clear();
                Exports.withdraw(world, stack);
                stack.turn(world, actor, "DELETE_COMPLETE", null, token);
            }
            return;
        }
        List<String> failed = new ArrayList<>();
        for (String name : levels.get(level)) {
            Stack.Resource resource = stack.resources.get(name);
            String policy = resource.definition.path("DeletionPolicy").asText("Delete");
            boolean keep = policy.equals("Retain") || policy.equals("RetainExceptOnCreate") && !rollback;
            if (resource.physicalId == null || resource.status.equals("DELETE_COMPLETE")) {
                continue;
            }
            if (skipped.contains(name) || keep) {
                stack.turn(world, resource, "DELETE_SKIPPED", null, token);
            } else if (steps(world, stack).remove(resource, rollback ? "rollback" : "cleanup")) {
                resource.status = "DELETE_COMPLETE";
            } else {
                failed.add(name);
            }
        }
        if (!failed.isEmpty()) {
            phase = Phase.DONE;
            stack.turn(
                    world,
                    actor,
                    rollback ? "ROLLBACK_FAILED" : "DELETE_FAILED",
                    "The following resource(s) failed to delete: " + failed + ". ",
                    token);
            return;
        }
        level++;
        next(world, stack, pace);
    }
}
