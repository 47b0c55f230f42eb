package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Create, describe, execute, delete and list change sets. */
final class ChangeSetCalls {
    private static final int PAGE = 100;

    Object create(Call call) {
        String name = call.require("ChangeSetName");
        String given = call.require("StackName");
        if (!name.matches("[a-zA-Z][-a-zA-Z0-9]{0,127}")) {
            throw AwsError.validation("1 validation error detected: Value '" + name
                    + "' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression "
                    + "pattern: [a-zA-Z][-a-zA-Z0-9]*");
        }
        String type = call.param("ChangeSetType") == null ? "UPDATE" : call.param("ChangeSetType");
        if (!type.equals("CREATE") && !type.equals("UPDATE")) {
            throw AwsError.validation("The sandbox supports change sets of type CREATE and UPDATE, not " + type + ".");
        }
        String token = CloudFormationService.token(call, "ClientToken");
        Stack stack = CloudFormationService.find(call, given);
        CloudFormationService.authorize(call, CloudFormationService.plainName(given), stack == null ? null : stack.id);
        ChangeSet same = same(call, stack, name, token);
        if (same != null) {
            return SandboxJson.map("Id", same.id, "StackId", same.stackId);
        }
        boolean creates = type.equals("CREATE");
        checkState(stack, given, creates, name);
        String onFailure = call.param("OnStackFailure");
        if (onFailure != null && !List.of("DO_NOTHING", "ROLLBACK", "DELETE").contains(onFailure)) {
            throw AwsError.validation("OnStackFailure must be DO_NOTHING, ROLLBACK or DELETE");
        }
        Stack.Content content = StackInput.content(call, stack);
        String role = StackInput.role(call, stack);
        if (stack == null) {
            StackInput.checkName(given);
            stack = StackInput.newStack(call, given);
            stack.turn(call.world(), call.actor(), "REVIEW_IN_PROGRESS", "User Initiated", token);
        }
        ChangeSet changeSet = new ChangeSet(
                call.here()
                        .arn(
                                "cloudformation",
                                "changeSet/" + name + "/" + call.world().uuid()),
                name,
                stack.id,
                creates,
                call.actor());
        changeSet.content = content;
        changeSet.clientToken = token;
        changeSet.requestDigest = digest(call);
        changeSet.roleArn = role;
        changeSet.description = call.param("Description");
        changeSet.includePropertyValues = call.flag("IncludePropertyValues");
        changeSet.notificationArns = call.list("NotificationARNs");
        changeSet.onStackFailure = onFailure;
        call.here().changeSets.put(changeSet.id, changeSet);
        World world = call.world();
        world.changed(
                call.actor(),
                call.here(),
                "cloudformation:change-set",
                stack.name + "/" + name,
                "create",
                changeSet.requestDigest);
        changeSet.status = "CREATE_IN_PROGRESS";
        world.later(world.durations.changeSetMillis, new ChangeSet.Computed(stack.account, stack.region, changeSet.id));
        return SandboxJson.map("Id", changeSet.id, "StackId", stack.id);
    }

    private static void checkState(Stack stack, String given, boolean creates, String name) {
        if (creates) {
            if (stack != null && !stack.status.equals("REVIEW_IN_PROGRESS")) {
                throw AwsError.validation("Stack [" + stack.name
                        + "] already exists and cannot be created again with the changeSet [" + name + "].");
            }
            return;
        }
        if (stack == null || stack.gone()) {
            throw AwsError.validation("Stack [" + given + "] does not exist");
        }
        StackActions.checkUpdatable(stack);
    }

    /** An earlier request with the same token is answered again; another one must not take its name. */
    private static ChangeSet same(Call call, Stack stack, String name, String token) {
        for (ChangeSet other : call.here().changeSets.values()) {
            boolean here = stack != null && other.stackId.equals(stack.id);
            if (here && token != null && token.equals(other.clientToken)) {
                boolean refused = call.world().is(Variant.FINISHED_TOKENS_REFUSED)
                        && !other.status.endsWith("_PENDING")
                        && !other.status.endsWith("_IN_PROGRESS");
                if (other.name.equals(name) && other.requestDigest.equals(digest(call)) && !refused) {
                    return other;
                }
                if (refused) {
                    throw exists(name);
                }
                throw AwsError.validation("ClientToken " + token + " was already used with other parameters");
            }
        }
        for (ChangeSet other : call.here().changeSets.values()) {
            if (stack != null && other.stackId.equals(stack.id) && other.name.equals(name)) {
                throw exists(name);
            }
        }
        return null;
    }

    private static AwsError exists(String name) {
        return new AwsError(
                400,
                "AlreadyExistsException",
                "ChangeSet " + name + " cannot be created due to a mismatch with existing attribute Template");
    }

    private static String digest(Call call) {
        Map<String, String> sorted = new TreeMap<>(call.form());
        sorted.keySet().removeIf(key -> key.equals("ClientToken") || key.startsWith("X-Amz-"));
        return SandboxJson.digest(sorted.toString());
    }

    /** The change set a call names by ARN, or by name together with its stack; the caller may use it this way. */
    private static ChangeSet find(Call call) {
        String given = call.require("ChangeSetName");
        String stackName = call.param("StackName");
        Stack stack = stackName == null ? null : CloudFormationService.find(call, stackName);
        ChangeSet found = null;
        if (given.startsWith("arn:")) {
            found = call.here().changeSets.get(given);
        } else if (stackName == null) {
            throw AwsError.validation("StackName must be specified if ChangeSetName is not specified as an ARN.");
        } else {
            for (ChangeSet changeSet : call.here().changeSets.values()) {
                if (stack != null && changeSet.stackId.equals(stack.id) && changeSet.name.equals(given)) {
                    found = changeSet;
                }
            }
        }
        String id = found != null ? found.stackId : stack != null ? stack.id : null;
        CloudFormationService.authorize(call, stackName == null ? "*" : CloudFormationService.plainName(stackName), id);
        if (stackName != null && stack == null) {
            throw AwsError.validation("Stack [" + stackName + "] does not exist");
        }
        if (found == null) {
            throw new AwsError(404, "ChangeSetNotFound", "ChangeSet [" + given + "] does not exist");
        }
        return found;
    }

    Object describe(Call call) {
        ChangeSet changeSet = find(call);
        boolean values = call.flag("IncludePropertyValues");
        int from = Paging.from(call);
        List<Object> page = new ArrayList<>();
        List<ChangeSet.Change> all = changeSet.changes;
        int to = Math.min(all.size(), from + PAGE);
        all.subList(Math.min(from, to), to).forEach(change -> page.add(change.describe(values)));
        Map<String, Object> described = summary(call, changeSet);
        described.put("Parameters", StackReads.parameters(changeSet.content));
        described.put("NotificationARNs", changeSet.notificationArns);
        described.put("Capabilities", changeSet.content.capabilities);
        described.put("Tags", CloudFormationService.tagList(changeSet.content.tags));
        described.put("RollbackConfiguration", StackReads.rollbackConfiguration(changeSet.content));
        described.put("Changes", page);
        if (changeSet.onStackFailure != null) {
            described.put("OnStackFailure", changeSet.onStackFailure);
        }
        if (to < all.size()) {
            described.put("NextToken", Paging.token(to));
        }
        return described;
    }

    private static Map<String, Object> summary(Call call, ChangeSet changeSet) {
        return SandboxJson.map(
                "ChangeSetName", changeSet.name,
                "ChangeSetId", changeSet.id,
                "StackId", changeSet.stackId,
                "StackName", call.here().stacks.get(changeSet.stackId).name,
                "Description", changeSet.description,
                "CreationTime", changeSet.created,
                "ExecutionStatus", changeSet.execution,
                "Status", changeSet.status,
                "StatusReason", changeSet.reason,
                "IncludeNestedStacks", false);
    }

    Object list(Call call) {
        Stack stack = CloudFormationService.stack(call);
        List<Object> all = new ArrayList<>();
        for (ChangeSet changeSet : call.here().changeSets.values()) {
            if (changeSet.stackId.equals(stack.id)) {
                all.add(summary(call, changeSet));
            }
        }
        return Paging.page(call, "Summaries", all, PAGE);
    }

    Object execute(Call call) {
        String token = CloudFormationService.token(call, "ClientRequestToken");
        ChangeSet changeSet = find(call);
        if (changeSet.executionToken != null && changeSet.executionToken.equals(token)) {
            CloudFormationService.refuseFinished(call, call.here().stacks.get(changeSet.stackId));
            return Map.of();
        }
        if (!changeSet.execution.equals("AVAILABLE") || !changeSet.status.equals("CREATE_COMPLETE")) {
            throw new AwsError(
                    400,
                    "InvalidChangeSetStatus",
                    "ChangeSet [" + changeSet.id + "] cannot be executed in its current status of ["
                            + (changeSet.status.equals("CREATE_COMPLETE") ? changeSet.execution : changeSet.status)
                            + "]");
        }
        Stack stack = call.here().stacks.get(changeSet.stackId);
        if (changeSet.creates ? !stack.status.equals("REVIEW_IN_PROGRESS") : stack.busy()) {
            throw new AwsError(
                    400,
                    "InvalidChangeSetStatus",
                    "Stack:" + stack.id + " is in " + stack.status + " state and can not be updated.");
        }
        if (!changeSet.creates) {
            StackActions.checkUpdatable(stack);
        }
        boolean keep = call.flag("DisableRollback");
        if (changeSet.onStackFailure != null && call.param("DisableRollback") != null) {
            throw AwsError.validation(
                    "DisableRollback cannot be specified when OnStackFailure was set on the change set");
        }
        changeSet.executionToken = token == null ? "" : token;
        changeSet.execution = "EXECUTE_COMPLETE";
        obsolete(call, changeSet);
        StackOperation.Builder operation = new StackOperation.Builder();
        operation.creates = changeSet.creates;
        operation.token = token;
        operation.actor = call.actor();
        operation.hands = StackInput.hands(call, changeSet.roleArn);
        operation.target = changeSet.content;
        operation.keepFailed = keep || "DO_NOTHING".equals(changeSet.onStackFailure);
        operation.deleteOnFailure = "DELETE".equals(changeSet.onStackFailure);
        stack.roleArn = changeSet.roleArn;
        stack.changeSetId = changeSet.id;
        stack.notificationArns = changeSet.notificationArns;
        call.world()
                .changed(
                        call.actor(),
                        call.here(),
                        "cloudformation:change-set",
                        stack.name + "/" + changeSet.name,
                        "execute",
                        "executed");
        StackOperation.forward(call.world(), stack, operation);
        return Map.of();
    }

    /** The stack's other change sets cannot be executed any more. */
    private static void obsolete(Call call, ChangeSet executed) {
        Collection<ChangeSet> all = call.here().changeSets.values();
        if (call.world().is(Variant.CHANGE_SETS_DELETED)) {
            all.removeIf(other -> other != executed && other.stackId.equals(executed.stackId));
        }
        for (ChangeSet other : all) {
            if (other != executed && other.stackId.equals(executed.stackId) && other.execution.equals("AVAILABLE")) {
                other.execution = "OBSOLETE";
            }
        }
    }

    Object delete(Call call) {
        ChangeSet changeSet;
        try {
            changeSet = find(call);
        } catch (AwsError e) {
            if (e.code.equals("ChangeSetNotFound")) {
                return Map.of();
            }
            throw e;
        }
        if (changeSet.status.equals("CREATE_IN_PROGRESS")) {
            throw new AwsError(
                    400,
                    "InvalidChangeSetStatus",
                    "ChangeSet [" + changeSet.id + "] cannot be deleted in its current status of [CREATE_IN_PROGRESS]");
        }
        call.here().changeSets.remove(changeSet.id);
        Stack stack = call.here().stacks.get(changeSet.stackId);
        call.world()
                .changed(
                        call.actor(),
                        call.here(),
                        "cloudformation:change-set",
                        stack.name + "/" + changeSet.name,
                        "delete",
                        null);
        return Map.of();
    }
}
