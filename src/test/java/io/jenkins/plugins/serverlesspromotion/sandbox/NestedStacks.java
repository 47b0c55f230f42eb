package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * AWS::CloudFormation::Stack: a stack that is made, changed and deleted within the step of its resource, as the role of
 * the outer stack. Its change set is not computed.
 */
final class NestedStacks {
    static final String TYPE = "AWS::CloudFormation::Stack";

    private NestedStacks() {}

    static void apply(Provisioner.Work work) {
        World world = work.world;
        Stack child = work.before == null ? create(work) : find(work);
        authorize(work, child, work.before == null ? "CreateStack" : "UpdateStack");
        Stack.Content content = content(work, child);
        String verb = work.before == null ? "CREATE" : "UPDATE";
        child.turn(world, work.actor, verb + "_IN_PROGRESS", "User Initiated", null);
        try {
            resources(work, child, content);
        } catch (AwsError e) {
            child.turn(world, work.actor, verb + "_FAILED", e.getMessage(), null);
            if (child.content == null) {
                remove(work, child);
            } else {
                resources(work, child, child.content);
                child.turn(world, work.actor, "UPDATE_ROLLBACK_COMPLETE", null, null);
            }
            throw e;
        }
        child.content = content;
        child.outputs =
                StackDiff.outputs(content.template(), child.expressions(world, content.template(), content.effective));
        child.turn(world, work.actor, verb + "_COMPLETE", null, null);
        work.resource.attributes.clear();
        child.outputs.forEach((key, output) -> work.resource.attributes.put("Outputs." + key, output.value()));
    }

    private static Stack create(Provisioner.Work work) {
        String name = work.stack.name + "-" + work.resource.logicalId + "-" + work.world.letters(12);
        Stack child = new Stack(
                work.region.arn("cloudformation", "stack/" + name + "/" + work.world.uuid()),
                name,
                work.region.account,
                work.region.name);
        work.region.stacks.put(child.id, child);
        work.resource.physicalId = child.id;
        return child;
    }

    private static Stack find(Provisioner.Work work) {
        Stack child = work.region.stacks.get(work.resource.physicalId);
        if (child == null || child.gone()) {
            throw AwsError.validation("Stack [" + work.resource.physicalId + "] does not exist");
        }
        return child;
    }

    private static void authorize(Provisioner.Work work, Stack child, String action) {
        work.world.authorize(work.actor.principal(), "AccessDenied", "cloudformation:" + action, child.id, Map.of());
    }

    private static Stack.Content content(Provisioner.Work work, Stack child) {
        byte[] template =
                StackInput.fromS3(work.world, work.actor.principal(), String.valueOf(work.text("TemplateURL")));
        Stack.Content content = new Stack.Content();
        content.body = new String(template, StandardCharsets.UTF_8);
        List<Map<String, String>> given = new ArrayList<>();
        for (Map.Entry<String, JsonNode> parameter :
                work.properties.path("Parameters").properties()) {
            given.add(Map.of(
                    "ParameterKey", parameter.getKey(),
                    "ParameterValue", parameter.getValue().asText()));
        }
        content.parameters = TemplateParameters.resolve(
                content.template(), given, child.content == null ? Map.of() : child.content.parameters);
        content.effective = TemplateParameters.effective(
                work.world, work.actor.principal(), work.region, content.template(), content.parameters);
        content.tags = new LinkedHashMap<>(work.resource.stackTags);
        return content;
    }

    private static void resources(Provisioner.Work work, Stack child, Stack.Content content) {
        World world = work.world;
        Template template = content.template();
        Expressions expressions = child.expressions(world, template, content.effective);
        List<String> wanted = new ArrayList<>();
        template.resources().forEach((id, definition) -> {
            if (expressions.included(definition)) {
                wanted.add(id);
            }
        });
        StackSteps steps = new StackSteps(world, child, work.actor, null);
        List<Stack.Resource> garbage = new ArrayList<>();
        for (List<String> level : Dependencies.levels(template, wanted)) {
            for (String id : level) {
                resource(work, child, content, id, steps, garbage);
            }
        }
        List<String> gone = new ArrayList<>(new TreeSet<>(child.resources.keySet()));
        gone.removeAll(wanted);
        gone.forEach(id -> garbage.add(child.resources.remove(id)));
        garbage.forEach(resource -> steps.remove(resource, "cleanup"));
    }

    private static void resource(
            Provisioner.Work work,
            Stack child,
            Stack.Content content,
            String id,
            StackSteps steps,
            List<Stack.Resource> garbage) {
        JsonNode definition = content.template().resources().get(id);
        JsonNode value = child.expressions(work.world, content.template(), content.effective)
                .evaluate(definition.get("Properties"));
        ObjectNode properties = value instanceof ObjectNode object ? object : SandboxJson.object();
        Stack.Resource existing = child.resources.get(id);
        boolean isNew = existing == null;
        if (isNew) {
            existing = new Stack.Resource(id, definition.path("Type").asText());
            StackSteps.adopt(existing, definition, properties, content.tags);
            child.resources.put(id, existing);
        } else if (!StackSteps.differs(existing, properties, content.tags)) {
            return;
        }
        String failure = steps.forward(existing, isNew, definition, properties, content.tags, garbage);
        if (failure != null) {
            if (isNew) {
                child.resources.remove(id);
            }
            throw new AwsError(
                    400,
                    "GeneralServiceException",
                    "Embedded stack " + child.id + " was not successful: The following resource failed: [" + id + "]. "
                            + failure);
        }
    }

    static void delete(Provisioner.Work work) {
        Stack child = work.region.stacks.get(work.resource.physicalId);
        if (child == null || child.gone()) {
            return;
        }
        authorize(work, child, "DeleteStack");
        remove(work, child);
    }

    private static void remove(Provisioner.Work work, Stack child) {
        StackSteps steps = new StackSteps(work.world, child, work.actor, null);
        List<Stack.Resource> all = new ArrayList<>(child.resources.values());
        for (int i = all.size() - 1; i >= 0; i--) {
            if (!all.get(i).retained() && !steps.remove(all.get(i), "delete")) {
                child.turn(work.world, work.actor, "DELETE_FAILED", all.get(i).reason, null);
                throw new AwsError(400, "GeneralServiceException", "Embedded stack " + child.id + " was not deleted");
            }
        }
        child.resources.clear();
        child.outputs = new LinkedHashMap<>();
        child.turn(work.world, work.actor, "DELETE_COMPLETE", null, null);
    }
}
