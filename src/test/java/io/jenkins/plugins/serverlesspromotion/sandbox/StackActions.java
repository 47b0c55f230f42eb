package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls that change stacks without a change set. */
final class StackActions {
    private static final Set<String> UPDATABLE = Set.of(
            "CREATE_COMPLETE",
            "UPDATE_COMPLETE",
            "UPDATE_ROLLBACK_COMPLETE",
            "IMPORT_COMPLETE",
            "IMPORT_ROLLBACK_COMPLETE",
            "UPDATE_FAILED");

    /**
     * Refuses a stack that cannot take an update now.
     *
     * @throws AwsError ValidationError "… is in … state and can not be updated."
     */
    static void checkUpdatable(Stack stack) {
        if (!UPDATABLE.contains(stack.status)) {
            throw AwsError.validation(
                    "Stack:" + stack.id + " is in " + stack.status + " state and can not be updated.");
        }
    }

    private static StackOperation.Builder builder(Call call, String role) {
        StackOperation.Builder operation = new StackOperation.Builder();
        operation.token = CloudFormationService.token(call, "ClientRequestToken");
        operation.actor = call.actor();
        operation.hands = StackInput.hands(call, role);
        operation.keepFailed = call.flag("DisableRollback");
        return operation;
    }

    Object create(Call call) {
        String name = call.require("StackName");
        CloudFormationService.authorize(call, name, null);
        StackInput.checkName(name);
        Stack existing = CloudFormationService.find(call, name);
        if (existing != null) {
            String token = call.param("ClientRequestToken");
            if (token != null
                    && existing.operation != null
                    && token.equals(existing.events.get(0).token())) {
                CloudFormationService.refuseFinished(call, existing);
                return SandboxJson.map("StackId", existing.id);
            }
            throw new AwsError(400, "AlreadyExistsException", "Stack [" + name + "] already exists");
        }
        Stack.Content content = StackInput.content(call, null);
        String role = StackInput.role(call, null);
        StackOperation.Builder operation = builder(call, role);
        operation.creates = true;
        operation.target = content;
        operation.keepFailed |= "DO_NOTHING".equals(call.param("OnFailure"));
        operation.deleteOnFailure = "DELETE".equals(call.param("OnFailure"));
        Stack stack = StackInput.newStack(call, name);
        stack.roleArn = role;
        stack.notificationArns = call.list("NotificationARNs");
        stack.terminationProtection = call.flag("EnableTerminationProtection");
        StackOperation.forward(call.world(), stack, operation);
        return SandboxJson.map("StackId", stack.id);
    }

    Object update(Call call) {
        Stack stack = CloudFormationService.stack(call);
        checkToken(call, stack);
        checkUpdatable(stack);
        Stack.Content content = StackInput.content(call, stack);
        String role = StackInput.role(call, stack);
        StackDiff diff = new StackDiff(call.world(), stack, content);
        if (diff.changes().isEmpty() && !diff.outputsChange()) {
            throw AwsError.validation("No updates are to be performed.");
        }
        StackOperation.Builder operation = builder(call, role);
        operation.target = content;
        stack.roleArn = role;
        StackOperation.forward(call.world(), stack, operation);
        return SandboxJson.map("StackId", stack.id);
    }

    Object delete(Call call) {
        String given = call.require("StackName");
        Stack stack = CloudFormationService.find(call, given);
        CloudFormationService.authorize(call, CloudFormationService.plainName(given), stack == null ? null : stack.id);
        if (stack == null || stack.gone() || stack.status.equals("DELETE_IN_PROGRESS")) {
            return null;
        }
        checkToken(call, stack);
        if (stack.terminationProtection) {
            throw AwsError.validation(
                    "Stack [" + stack.name + "] cannot be deleted while TerminationProtection is enabled");
        }
        if (stack.busy()) {
            throw AwsError.validation(
                    "Stack:" + stack.id + " is in " + stack.status + " state and can not be deleted.");
        }
        List<String> retain = call.list("RetainResources");
        if (!retain.isEmpty() && !stack.status.equals("DELETE_FAILED")) {
            throw AwsError.validation(
                    "Invalid operation on stack [" + stack.id + "]. RetainResources is only valid in DELETE_FAILED.");
        }
        String role = StackInput.role(call, stack);
        try {
            Exports.checkUnused(call.world(), stack);
        } catch (AwsError e) {
            stack.turn(call.world(), call.actor(), "DELETE_FAILED", e.getMessage(), call.param("ClientRequestToken"));
            return null;
        }
        call.here().changeSets.values().removeIf(changeSet -> changeSet.stackId.equals(stack.id));
        StackOperation.delete(call.world(), stack, builder(call, role), retain);
        return null;
    }

    Object cancelUpdate(Call call) {
        Stack stack = CloudFormationService.stack(call);
        if (!stack.status.equals("UPDATE_IN_PROGRESS")) {
            throw AwsError.validation("CancelUpdateStack cannot be called from current stack status");
        }
        stack.operation.cancelled = true;
        return null;
    }

    /** A token that the stack's events know is that of an earlier operation. */
    private static void checkToken(Call call, Stack stack) {
        String token = CloudFormationService.token(call, "ClientRequestToken");
        if (token != null && stack.events.stream().anyMatch(event -> token.equals(event.token()))) {
            CloudFormationService.refuseFinished(call, stack);
        }
    }

    Object continueRollback(Call call) {
        Stack stack = CloudFormationService.stack(call);
        checkToken(call, stack);
        if (!stack.status.equals("UPDATE_ROLLBACK_FAILED")) {
            throw AwsError.validation(
                    "Stack:" + stack.id + " is in " + stack.status + " state and can not continue to roll back.");
        }
        List<String> skip = call.list("ResourcesToSkip");
        for (String resource : skip) {
            Stack.Resource found = stack.resources.get(resource);
            if (found == null || !found.status.equals("UPDATE_FAILED")) {
                throw AwsError.validation(
                        "Resource(s) " + List.of(resource) + " to be skipped must be in UPDATE_FAILED state");
            }
        }
        stack.operation.resumeRollback(
                call.world(), stack, skip, "User Initiated", CloudFormationService.token(call, "ClientRequestToken"));
        return Map.of();
    }

    Object rollback(Call call) {
        Stack stack = CloudFormationService.stack(call);
        checkToken(call, stack);
        if (!stack.status.equals("UPDATE_FAILED") && !stack.status.equals("CREATE_FAILED")) {
            throw AwsError.validation(
                    "Stack:" + stack.id + " is in " + stack.status + " state and can not be rolled back.");
        }
        stack.operation.resumeRollback(
                call.world(),
                stack,
                List.of(),
                "User Initiated",
                CloudFormationService.token(call, "ClientRequestToken"));
        return SandboxJson.map("StackId", stack.id);
    }

    Object setPolicy(Call call) {
        Stack stack = CloudFormationService.stack(call);
        stack.stackPolicy = call.require("StackPolicyBody");
        call.world()
                .changed(
                        call.actor(), call.here(), "cloudformation:stack-policy", stack.name, "set", stack.stackPolicy);
        return null;
    }

    Object protect(Call call) {
        Stack stack = CloudFormationService.stack(call);
        stack.terminationProtection = call.flag("EnableTerminationProtection");
        call.world()
                .changed(
                        call.actor(),
                        call.here(),
                        "cloudformation:termination-protection",
                        stack.name,
                        "set",
                        String.valueOf(stack.terminationProtection));
        return SandboxJson.map("StackId", stack.id);
    }
}
