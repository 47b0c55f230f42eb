package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A change set and what it would do. */
final class ChangeSet implements Serializable {
    private static final long serialVersionUID = 1L;

    /** One resource that would change. */
    static final class Change implements Serializable {
        private static final long serialVersionUID = 1L;
        String action;
        String policyAction;
        String logicalId;
        String physicalId;
        String type;
        String replacement;
        final List<String> scope = new ArrayList<>();
        final List<Map<String, Object>> details = new ArrayList<>();
        String before;
        String after;

        Map<String, Object> describe(boolean values) {
            List<Object> shown = new ArrayList<>();
            for (Map<String, Object> detail : details) {
                Map<String, Object> copy = new LinkedHashMap<>(detail);
                if (!values) {
                    Map<String, Object> target = new LinkedHashMap<>(castMap(copy.get("Target")));
                    target.keySet().removeAll(List.of("BeforeValue", "AfterValue", "Path", "AttributeChangeType"));
                    copy.put("Target", target);
                }
                shown.add(copy);
            }
            return SandboxJson.map(
                    "Type",
                    "Resource",
                    "ResourceChange",
                    SandboxJson.map(
                            "PolicyAction", policyAction,
                            "Action", action,
                            "LogicalResourceId", logicalId,
                            "PhysicalResourceId", physicalId,
                            "ResourceType", type,
                            "Replacement", replacement,
                            "Scope", scope,
                            "Details", shown,
                            "BeforeContext", values ? before : null,
                            "AfterContext", values ? after : null));
        }

        @SuppressWarnings("unchecked")
        private static Map<String, Object> castMap(Object map) {
            return (Map<String, Object>) map;
        }
    }

    final String id;
    final String name;
    final String stackId;
    final boolean creates;
    final Instant created = Instant.now();
    final Actor actor;
    String description;
    String clientToken;
    String requestDigest;
    String roleArn;
    Stack.Content content;
    List<String> notificationArns = List.of();
    boolean includePropertyValues;
    String onStackFailure;
    String status = "CREATE_PENDING";
    String execution = "UNAVAILABLE";
    String reason;
    String executionToken;
    List<Change> changes = new ArrayList<>();

    ChangeSet(String id, String name, String stackId, boolean creates, Actor actor) {
        this.id = id;
        this.name = name;
        this.stackId = stackId;
        this.creates = creates;
        this.actor = actor;
    }

    /** Works out the changes when the nominal time for it is over. */
    record Computed(String account, String region, String id) implements Timeline.Task {
        private static final long serialVersionUID = 1L;

        @Override
        public void run(World world) {
            Region place = world.region(account, region);
            ChangeSet changeSet = place.changeSets.get(id);
            if (changeSet == null) {
                return;
            }
            Stack stack = place.stacks.get(changeSet.stackId);
            try {
                StackDiff diff = new StackDiff(world, stack, changeSet.content);
                changeSet.changes = diff.changes();
                boolean nothing = !changeSet.creates && changeSet.changes.isEmpty() && !diff.outputsChange();
                changeSet.status = nothing ? "FAILED" : "CREATE_COMPLETE";
                changeSet.execution = nothing ? "UNAVAILABLE" : "AVAILABLE";
                changeSet.reason = nothing
                        ? "The submitted information didn't contain changes. Submit different information to create a "
                                + "change set."
                        : null;
            } catch (AwsError e) {
                changeSet.status = "FAILED";
                changeSet.reason = e.getMessage();
            }
            world.changed(
                    changeSet.actor,
                    place,
                    "cloudformation:change-set",
                    stack.name + "/" + changeSet.name,
                    changeSet.status,
                    changeSet.changes.size() + changeSet.status);
        }
    }
}
