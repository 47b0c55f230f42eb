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

/** A CloudFormation stack with its resources and events. */
final class Stack implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A resource as it is now. */
    static final class Resource implements Serializable {
        private static final long serialVersionUID = 1L;
        final String logicalId;
        final String type;
        String physicalId;
        /** The resource in its template, unevaluated. */
        JsonNode definition;
        /** Evaluated properties; dynamic references are still references. */
        ObjectNode properties = SandboxJson.object();

        Map<String, String> attributes = new LinkedHashMap<>();
        Map<String, String> stackTags = Map.of();
        Set<String> needs = new TreeSet<>();
        String status = "";
        String reason;
        Instant updated = Instant.now();

        Resource(String logicalId, String type) {
            this.logicalId = logicalId;
            this.type = type;
        }

        Resource copy() {
            Resource copy = new Resource(logicalId, type);
            copy.physicalId = physicalId;
            copy.definition = definition;
            copy.properties = properties.deepCopy();
            copy.attributes = new LinkedHashMap<>(attributes);
            copy.stackTags = stackTags;
            copy.needs = new TreeSet<>(needs);
            copy.status = status;
            copy.reason = reason;
            copy.updated = updated;
            return copy;
        }

        boolean retained() {
            String policy = definition.path("DeletionPolicy").asText("Delete");
            return policy.startsWith("Retain");
        }
    }

    /** What a stack was made from; kept to go back to. */
    static final class Content implements Serializable {
        private static final long serialVersionUID = 1L;
        String body;
        /** Values as given; parameters of SSM types by name. */
        Map<String, String> parameters = new LinkedHashMap<>();

        Map<String, String> effective = new LinkedHashMap<>();
        Map<String, String> tags = new LinkedHashMap<>();
        List<String> capabilities = List.of();
        /** ARNs of alarms that roll an operation back, watched for some minutes after it too. */
        List<String> triggers = List.of();

        int monitoringMinutes;
        private transient Template parsed;

        Template template() {
            if (parsed == null) {
                parsed = Template.parse(body);
            }
            return parsed;
        }
    }

    record Output(String key, String value, String description, String export) implements Serializable {}

    record Event(
            String id,
            Instant at,
            String logicalId,
            String physicalId,
            String type,
            String status,
            String reason,
            String token,
            String properties)
            implements Serializable {}

    final String id;
    final String name;
    final String account;
    final String region;
    final Instant created = Instant.now();
    Instant updated;
    Instant deleted;
    String status = "REVIEW_IN_PROGRESS";
    String reason;
    String previousStatus;
    long statusSince = System.currentTimeMillis();
    Content content;
    String roleArn;
    String changeSetId;
    boolean terminationProtection;
    boolean disableRollback;
    String stackPolicy;
    List<String> notificationArns = List.of();
    Map<String, Output> outputs = new LinkedHashMap<>();
    Set<String> imports = new TreeSet<>();
    Map<String, Resource> resources = new LinkedHashMap<>();
    final List<Event> events = new ArrayList<>();
    /** How many events there were at each request for them, under {@link Variant#EVENTS_LAG}. */
    final List<Integer> eventsAsked = new ArrayList<>();

    StackOperation operation;

    Stack(String id, String name, String account, String region) {
        this.id = id;
        this.name = name;
        this.account = account;
        this.region = region;
    }

    boolean busy() {
        return status.endsWith("_IN_PROGRESS") && !status.equals("REVIEW_IN_PROGRESS");
    }

    boolean gone() {
        return status.equals("DELETE_COMPLETE");
    }

    /** Changes the stack's own status and tells so in an event. */
    void turn(World world, Actor actor, String newStatus, String why, String token) {
        previousStatus = status;
        statusSince = System.currentTimeMillis();
        status = newStatus;
        reason = why;
        event(world, name, id, "AWS::CloudFormation::Stack", newStatus, why, token, null);
        world.changed(actor, account, region, "cloudformation:stack", name, newStatus, newStatus + id);
    }

    void event(
            World world,
            String logicalId,
            String physicalId,
            String type,
            String newStatus,
            String why,
            String token,
            String properties) {
        String eventId = type.equals("AWS::CloudFormation::Stack")
                ? world.uuid()
                : logicalId + "-" + newStatus + "-" + Instant.now() + "-" + events.size();
        events.add(new Event(eventId, Instant.now(), logicalId, physicalId, type, newStatus, why, token, properties));
    }

    /** Changes the status of a resource and tells so in an event. */
    void turn(World world, Resource resource, String newStatus, String why, String token) {
        resource.status = newStatus;
        resource.reason = why;
        resource.updated = Instant.now();
        event(
                world,
                resource.logicalId,
                resource.physicalId == null ? "" : resource.physicalId,
                resource.type,
                newStatus,
                why,
                token,
                SandboxJson.write(resource.properties));
    }

    /** References as they are now; of what does not exist, nothing. */
    Expressions.Scope scope() {
        return new Expressions.Scope() {
            @Override
            public String ref(String logicalId) {
                Resource resource = resources.get(logicalId);
                return resource == null ? "" : resource.physicalId;
            }

            @Override
            public String attribute(String logicalId, String attribute) {
                Resource resource = resources.get(logicalId);
                return resource == null ? "" : ResourceTypes.attribute(resource, attribute);
            }
        };
    }

    Expressions expressions(World world, Template template, Map<String, String> values) {
        return new Expressions(template, values, world.region(account, region), name, id, scope());
    }
}
