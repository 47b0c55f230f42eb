package io.jenkins.plugins.serverlesspromotion.sandbox;

import java.util.List;
import java.util.Map;

/** CloudFormation: names operations, finds stacks and dispatches. */
final class CloudFormationService implements Service {
    static final String NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/";
    private static final List<String> NOTED = List.of(
            "ChangeSetName",
            "ChangeSetType",
            "ClientToken",
            "ClientRequestToken",
            "RoleARN",
            "TemplateURL",
            "DisableRollback",
            "OnStackFailure",
            "UsePreviousTemplate",
            "IncludePropertyValues",
            "NextToken");

    private final ChangeSetCalls changeSets = new ChangeSetCalls();
    private final StackActions actions = new StackActions();
    private final StackReads reads = new StackReads();

    @Override
    public void name(Call call) {
        call.operation = String.valueOf(call.param("Action"));
        String stack = call.param("StackName");
        String changeSet = call.param("ChangeSetName");
        if (stack == null
                && changeSet != null
                && changeSet.startsWith("arn:")
                && !call.account().isEmpty()) {
            ChangeSet found = call.here().changeSets.get(changeSet);
            stack = found == null ? null : found.stackId;
        }
        call.resource = call.account() + "/" + call.region + "/" + (stack == null ? "" : plainName(stack));
        for (String name : NOTED) {
            if (call.param(name) != null) {
                call.noted.put(name, call.param(name));
            }
        }
    }

    /** The name within a stack ARN, or the name itself. */
    static String plainName(String given) {
        return given.startsWith("arn:") && given.contains("/") ? given.split("/")[1] : given;
    }

    @Override
    public Reply handle(Call call) {
        if (call.signature == null) {
            throw new AwsError(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
        }
        Object result =
                switch (call.operation) {
                    case "CreateChangeSet" -> changeSets.create(call);
                    case "DescribeChangeSet" -> changeSets.describe(call);
                    case "ExecuteChangeSet" -> changeSets.execute(call);
                    case "DeleteChangeSet" -> changeSets.delete(call);
                    case "ListChangeSets" -> changeSets.list(call);
                    case "CreateStack" -> actions.create(call);
                    case "UpdateStack" -> actions.update(call);
                    case "DeleteStack" -> actions.delete(call);
                    case "CancelUpdateStack" -> actions.cancelUpdate(call);
                    case "ContinueUpdateRollback" -> actions.continueRollback(call);
                    case "RollbackStack" -> actions.rollback(call);
                    case "SetStackPolicy" -> actions.setPolicy(call);
                    case "UpdateTerminationProtection" -> actions.protect(call);
                    case "DescribeStacks" -> reads.stacks(call);
                    case "ListStacks" -> reads.list(call);
                    case "DescribeStackEvents" -> reads.events(call);
                    case "DescribeStackResources" -> reads.resources(call);
                    case "ListStackResources" -> reads.listResources(call);
                    case "DescribeStackResource" -> reads.resource(call);
                    case "ListExports" -> reads.exports(call);
                    case "ListImports" -> reads.imports(call);
                    case "GetTemplate" -> reads.template(call);
                    case "GetTemplateSummary", "ValidateTemplate" -> reads.summary(call);
                    case "GetStackPolicy" -> reads.policy(call);
                    default -> throw AwsError.unknownOperation("cloudformation", call.operation);
                };
        return call.queryReply(NAMESPACE, result);
    }

    @Override
    public Reply error(Call call, AwsError error) {
        return call.queryError(NAMESPACE, error);
    }

    static void authorize(Call call, String name, String id) {
        call.authorize(
                "AccessDenied",
                "cloudformation:" + call.operation,
                id != null ? id : call.here().arn("cloudformation", "stack/" + name + "/*"));
    }

    /** The stack of a name, deleted ones left out, or of an ARN; null when there is none. */
    static Stack find(Call call, String given) {
        Region region = call.here();
        if (given.startsWith("arn:")) {
            return region.stacks.get(given);
        }
        for (Stack stack : region.stacks.values()) {
            if (stack.name.equals(given) && !stack.gone()) {
                return stack;
            }
        }
        return null;
    }

    /**
     * The stack a call names, which its caller may use this way.
     *
     * @throws AwsError ValidationError "Stack with id … does not exist"
     */
    static Stack stack(Call call) {
        String given = call.require("StackName");
        Stack stack = find(call, given);
        authorize(call, plainName(given), stack == null ? null : stack.id);
        if (stack == null) {
            throw missing(given);
        }
        return stack;
    }

    static AwsError missing(String given) {
        return AwsError.validation("Stack with id " + given + " does not exist");
    }

    /**
     * Client tokens: at most 128 letters, digits and hyphens, beginning with a letter or digit.
     *
     * @throws AwsError ValidationError
     */
    static String token(Call call, String name) {
        String token = call.param(name);
        if (token != null && !token.matches("[a-zA-Z0-9][-a-zA-Z0-9]{0,127}")) {
            throw AwsError.validation("1 validation error detected: Value '" + token + "' at '"
                    + Character.toLowerCase(name.charAt(0)) + name.substring(1)
                    + "' failed to satisfy constraint: Member must satisfy regular expression pattern: "
                    + "[a-zA-Z0-9][-a-zA-Z0-9]*");
        }
        return token;
    }

    /**
     * Answers a request that repeats the token of an operation.
     *
     * @throws AwsError TokenAlreadyExistsException when the operation is over and {@link
     *     Variant#FINISHED_TOKENS_REFUSED} is on
     */
    static void refuseFinished(Call call, Stack stack) {
        if (call.world().is(Variant.FINISHED_TOKENS_REFUSED) && !stack.busy()) {
            throw new AwsError(400, "TokenAlreadyExistsException", "The specified client token already exists.");
        }
    }

    /** Tags as CloudFormation lists them. */
    static List<Object> tagList(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag -> (Object) SandboxJson.map("Key", tag.getKey(), "Value", tag.getValue()))
                .toList();
    }
}
