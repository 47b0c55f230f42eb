package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls that read stacks. */
final class StackReads {
    private static final int PAGE = 100;

    /** Parameters as CloudFormation shows them, those with NoEcho masked. */
    static List<Object> parameters(Stack.Content content) {
        List<Object> shown = new ArrayList<>();
        if (content != null) {
            Template template = content.template();
            content.parameters.forEach((name, value) -> {
                JsonNode declaration = template.parameters().get(name);
                boolean hidden = declaration != null && Template.isNoEcho(declaration);
                String effective = content.effective.get(name);
                shown.add(SandboxJson.map(
                        "ParameterKey", name,
                        "ParameterValue", hidden ? "****" : value,
                        "ResolvedValue", hidden || value.equals(effective) ? null : effective));
            });
        }
        return shown;
    }

    Object stacks(Call call) {
        List<Object> found = new ArrayList<>();
        if (call.param("StackName") != null && !call.param("StackName").isEmpty()) {
            found.add(describe(call, CloudFormationService.stack(call)));
        } else {
            CloudFormationService.authorize(call, "*", null);
            call.here().stacks.values().stream()
                    .filter(stack -> !stack.gone())
                    .forEach(stack -> found.add(describe(call, stack)));
        }
        return Paging.page(call, "Stacks", found, PAGE);
    }

    private static Map<String, Object> describe(Call call, Stack stack) {
        String status = stack.status;
        Faults.Rule stale = call.world().faults.strike("staleReads", call);
        if (stale != null
                && stack.previousStatus != null
                && System.currentTimeMillis() - stack.statusSince < stale.millis) {
            status = stack.previousStatus;
        }
        List<Object> outputs = new ArrayList<>();
        stack.outputs
                .values()
                .forEach(output -> outputs.add(SandboxJson.map(
                        "OutputKey", output.key(),
                        "OutputValue", output.value(),
                        "Description", output.description(),
                        "ExportName", output.export())));
        // In REVIEW_IN_PROGRESS there is nothing yet but the name.
        Stack.Content content =
                stack.content != null ? stack.content : stack.operation != null ? stack.operation.target : null;
        Template template = content == null ? null : content.template();
        return SandboxJson.map(
                "StackId", stack.id,
                "StackName", stack.name,
                "ChangeSetId", stack.changeSetId,
                "Description", template == null ? null : template.description(),
                "Parameters", parameters(content),
                "CreationTime", stack.created,
                "DeletionTime", stack.deleted,
                "LastUpdatedTime", stack.updated,
                "StackStatus", status,
                "StackStatusReason", stack.reason,
                "DisableRollback", stack.disableRollback,
                "NotificationARNs", stack.notificationArns,
                "Capabilities", content == null ? List.of() : content.capabilities,
                "Outputs", outputs,
                "RoleARN", stack.roleArn,
                "RollbackConfiguration", rollbackConfiguration(content),
                "Tags", content == null ? List.of() : CloudFormationService.tagList(content.tags),
                "EnableTerminationProtection", stack.terminationProtection,
                "DriftInformation", SandboxJson.map("StackDriftStatus", "NOT_CHECKED"));
    }

    static Map<String, Object> rollbackConfiguration(Stack.Content content) {
        if (content == null) {
            return Map.of();
        }
        return SandboxJson.map(
                "RollbackTriggers",
                content.triggers.stream()
                        .map(arn -> SandboxJson.map("Arn", arn, "Type", "AWS::CloudWatch::Alarm"))
                        .toList(),
                "MonitoringTimeInMinutes",
                content.monitoringMinutes);
    }

    Object list(Call call) {
        CloudFormationService.authorize(call, "*", null);
        List<String> wanted = call.list("StackStatusFilter");
        List<Object> found = new ArrayList<>();
        for (Stack stack : call.here().stacks.values()) {
            if (wanted.isEmpty() || wanted.contains(stack.status)) {
                found.add(SandboxJson.map(
                        "StackId", stack.id,
                        "StackName", stack.name,
                        "CreationTime", stack.created,
                        "LastUpdatedTime", stack.updated,
                        "DeletionTime", stack.deleted,
                        "StackStatus", stack.status,
                        "StackStatusReason", stack.reason));
            }
        }
        return Paging.page(call, "StackSummaries", found, PAGE);
    }

    /** Newest first. A page token counts from the oldest, so that new events do not shift the pages. */
    Object events(Call call) {
        Stack stack = CloudFormationService.stack(call);
        int end = call.param("NextToken") == null ? shown(call.world(), stack) : Paging.from(call);
        int start = Math.max(0, end - PAGE);
        List<Stack.Event> page = new ArrayList<>(stack.events.subList(start, end));
        Collections.reverse(page);
        List<Object> shown = new ArrayList<>();
        page.forEach(event -> shown.add(SandboxJson.map(
                "StackId", stack.id,
                "EventId", event.id(),
                "StackName", stack.name,
                "LogicalResourceId", event.logicalId(),
                "PhysicalResourceId", event.physicalId(),
                "ResourceType", event.type(),
                "Timestamp", event.at(),
                "ResourceStatus", event.status(),
                "ResourceStatusReason", event.reason(),
                "ResourceProperties", event.properties(),
                "ClientRequestToken", event.token())));
        return SandboxJson.map("StackEvents", shown, "NextToken", start > 0 ? Paging.token(start) : null);
    }

    /** How many of the stack's events show already, the oldest first. */
    private static int shown(World world, Stack stack) {
        if (!world.is(Variant.EVENTS_LAG)) {
            return stack.events.size();
        }
        stack.eventsAsked.add(stack.events.size());
        int before = stack.eventsAsked.size() - 1 - world.durations.eventLagRequests;
        return before < 0 ? 0 : stack.eventsAsked.get(before);
    }

    private static Map<String, Object> describe(Stack stack, Stack.Resource resource, boolean summary, boolean single) {
        Map<String, Object> shown = new LinkedHashMap<>();
        if (!summary) {
            shown.put("StackName", stack.name);
            shown.put("StackId", stack.id);
        }
        shown.put("LogicalResourceId", resource.logicalId);
        shown.put("PhysicalResourceId", resource.physicalId);
        shown.put("ResourceType", resource.type);
        shown.put(summary || single ? "LastUpdatedTimestamp" : "Timestamp", resource.updated);
        shown.put("ResourceStatus", resource.status);
        shown.put("ResourceStatusReason", resource.reason);
        shown.put("DriftInformation", SandboxJson.map("StackResourceDriftStatus", "NOT_CHECKED"));
        shown.values().removeIf(java.util.Objects::isNull);
        return shown;
    }

    Object resources(Call call) {
        Stack stack = null;
        if (call.param("StackName") == null && call.param("PhysicalResourceId") != null) {
            CloudFormationService.authorize(call, "*", null);
            String physical = call.param("PhysicalResourceId");
            for (Stack other : call.here().stacks.values()) {
                if (!other.gone()
                        && other.resources.values().stream().anyMatch(each -> physical.equals(each.physicalId))) {
                    stack = other;
                }
            }
            if (stack == null) {
                throw AwsError.validation("Stack for " + physical + " does not exist");
            }
        } else {
            stack = CloudFormationService.stack(call);
        }
        String logical = call.param("LogicalResourceId");
        List<Object> all = new ArrayList<>();
        for (Stack.Resource resource : stack.resources.values()) {
            if (logical == null || logical.equals(resource.logicalId)) {
                all.add(describe(stack, resource, false, false));
            }
        }
        return SandboxJson.map("StackResources", all.subList(0, Math.min(100, all.size())));
    }

    Object listResources(Call call) {
        Stack stack = CloudFormationService.stack(call);
        List<Object> all = new ArrayList<>();
        stack.resources.values().forEach(resource -> all.add(describe(stack, resource, true, false)));
        return Paging.page(call, "StackResourceSummaries", all, PAGE);
    }

    Object resource(Call call) {
        Stack stack = CloudFormationService.stack(call);
        String logical = call.require("LogicalResourceId");
        Stack.Resource resource = stack.resources.get(logical);
        if (resource == null) {
            throw AwsError.validation("Resource " + logical + " does not exist for stack " + stack.name);
        }
        return SandboxJson.map("StackResourceDetail", describe(stack, resource, false, true));
    }

    Object exports(Call call) {
        CloudFormationService.authorize(call, "*", null);
        List<Object> all = new ArrayList<>();
        call.here()
                .exports
                .values()
                .forEach(export -> all.add(SandboxJson.map(
                        "ExportingStackId", export.stackId(), "Name", export.name(), "Value", export.value())));
        return Paging.page(call, "Exports", all, PAGE);
    }

    Object imports(Call call) {
        CloudFormationService.authorize(call, "*", null);
        String name = call.require("ExportName");
        List<Object> all = new ArrayList<>();
        call.here().stacks.values().stream()
                .filter(stack -> !stack.gone() && stack.imports.contains(name))
                .forEach(stack -> all.add(stack.name));
        if (all.isEmpty()) {
            throw AwsError.validation("Export '" + name + "' is not imported by any stack.");
        }
        return Paging.page(call, "Imports", all, PAGE);
    }

    Object template(Call call) {
        String changeSetName = call.param("ChangeSetName");
        Stack.Content content = null;
        if (changeSetName != null) {
            for (ChangeSet changeSet : call.here().changeSets.values()) {
                Stack of = call.here().stacks.get(changeSet.stackId);
                boolean named = changeSet.id.equals(changeSetName)
                        || changeSet.name.equals(changeSetName)
                                && of == CloudFormationService.find(call, call.require("StackName"));
                if (named) {
                    CloudFormationService.authorize(call, of.name, of.id);
                    content = changeSet.content;
                }
            }
            if (content == null) {
                throw new AwsError(404, "ChangeSetNotFound", "ChangeSet [" + changeSetName + "] does not exist");
            }
        } else {
            Stack stack = CloudFormationService.stack(call);
            content = stack.content != null ? stack.content : stack.operation != null ? stack.operation.target : null;
        }
        boolean processed = "Processed".equals(call.param("TemplateStage"));
        return SandboxJson.map(
                "TemplateBody",
                content == null ? "" : processed ? SandboxJson.write(content.template().root) : content.body,
                "StagesAvailable",
                List.of("Original", "Processed"));
    }

    Object summary(Call call) {
        Stack stack = null;
        String body;
        if (call.param("StackName") != null) {
            stack = CloudFormationService.stack(call);
            body = stack.content == null ? null : stack.content.body;
        } else {
            CloudFormationService.authorize(call, "*", null);
            body = StackInput.body(call, null);
        }
        if (body == null) {
            throw AwsError.validation("Stack " + call.param("StackName") + " has no template yet");
        }
        Template template = Template.parse(body);
        boolean validate = call.operation.equals("ValidateTemplate");
        List<Object> parameters = new ArrayList<>();
        template.parameters()
                .forEach((name, declaration) -> parameters.add(SandboxJson.map(
                        "ParameterKey", name,
                        "DefaultValue", SandboxJson.text(declaration, "Default"),
                        "ParameterType",
                                validate ? null : declaration.path("Type").asText(),
                        "NoEcho", Template.isNoEcho(declaration),
                        "Description", SandboxJson.text(declaration, "Description"))));
        List<String> capabilities = new ArrayList<>(template.capabilities().keySet());
        capabilities.remove("CAPABILITY_AUTO_EXPAND");
        return SandboxJson.map(
                "Parameters",
                parameters,
                "Description",
                template.description(),
                "Capabilities",
                capabilities,
                "CapabilitiesReason",
                capabilities.isEmpty()
                        ? null
                        : "The following resource(s) require capabilities: "
                                + template.capabilities().get(capabilities.get(0)),
                "DeclaredTransforms",
                template.transforms(),
                "ResourceTypes",
                validate
                        ? null
                        : template.resources().values().stream()
                                .map(resource -> resource.path("Type").asText())
                                .distinct()
                                .toList());
    }

    Object policy(Call call) {
        return SandboxJson.map("StackPolicyBody", CloudFormationService.stack(call).stackPolicy);
    }
}
