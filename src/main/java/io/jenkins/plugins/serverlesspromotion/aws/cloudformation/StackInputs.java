package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import io.jenkins.plugins.serverlesspromotion.aws.call.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.Tag;

/**
 * All inputs of CloudFormation for one stack.
 *
 * @param templateUrl versioned address of the rendered template in the account's bucket
 * @param templateDigest of the template as released and the code it names
 * @param values parameters as people see them
 * @param pins versions of parameters and secrets by reference
 * @param known whether no value depends on a pending output of another target
 * @param executionRole ARN, null: the caller's own rights
 * @param rewrites replacements in property values before they are shown or compared: stand-ins by references, versions
 *     of staged objects by digests, NoEcho values by stars
 * @param released the template as in the release
 * @param rendered the same with the locations of its code filled in, as CloudFormation gets it
 * @param nests whether it has nested stacks
 * @param settled whether every parameter has its live value, and only template, parameters and tags determine the stack
 * @param rollback alarms that end an update, null for none
 */
public record StackInputs(
        String stack,
        String templateUrl,
        String templateDigest,
        List<Parameter> parameters,
        Map<String, String> values,
        Map<String, String> pins,
        boolean known,
        List<Tag> tags,
        List<String> capabilities,
        String executionRole,
        Map<String, String> rewrites,
        byte[] released,
        byte[] rendered,
        boolean nests,
        boolean settled,
        RollbackConfiguration rollback) {
    /** For a preview: the change set is not executed, so no alarms are needed. */
    public StackInputs(
            String stack,
            String templateUrl,
            String templateDigest,
            List<Parameter> parameters,
            Map<String, String> values,
            Map<String, String> pins,
            boolean known,
            List<Tag> tags,
            List<String> capabilities,
            String executionRole,
            Map<String, String> rewrites,
            byte[] released,
            byte[] rendered,
            boolean nests,
            boolean settled) {
        this(
                stack,
                templateUrl,
                templateDigest,
                parameters,
                values,
                pins,
                known,
                tags,
                capabilities,
                executionRole,
                rewrites,
                released,
                rendered,
                nests,
                settled,
                null);
    }

    public StackInputs {
        parameters = List.copyOf(parameters);
        values = new TreeMap<>(values);
        pins = new TreeMap<>(pins);
        tags = List.copyOf(tags);
        capabilities = List.copyOf(capabilities);
        rewrites = Map.copyOf(rewrites);
        released = released.clone();
        rendered = rendered.clone();
    }

    /**
     * The same without alarms that end the update, also those that the stack keeps from before (CloudFormation API
     * Reference, RollbackConfiguration): for a rollback while the alarm that caused it is still in ALARM.
     */
    public StackInputs unwatched() {
        return new StackInputs(
                stack,
                templateUrl,
                templateDigest,
                parameters,
                values,
                pins,
                known,
                tags,
                capabilities,
                executionRole,
                rewrites,
                released,
                rendered,
                nests,
                settled,
                RollbackConfiguration.builder()
                        .rollbackTriggers(List.of())
                        .monitoringTimeInMinutes(0)
                        .build());
    }

    /** Two equal digests request the same from CloudFormation. */
    public String digest() {
        var parts = new ArrayList<Object>(List.of(stack, templateUrl, String.valueOf(executionRole), capabilities));
        parameters.forEach(p -> parts.add(p.parameterKey() + "=" + p.parameterValue() + "/" + p.usePreviousValue()));
        tags.forEach(t -> parts.add(t.key() + "=" + t.value()));
        if (rollback != null) {
            rollback.rollbackTriggers().forEach(t -> parts.add(t.arn()));
            parts.add(String.valueOf(rollback.monitoringTimeInMinutes()));
        }
        return Tokens.of(parts.toArray());
    }

    /**
     * The tags that name the owner of a stack. They never change: a changed tag would update every resource each time.
     */
    public static final String SERVICE_TAG = "promotion:service";

    public static final String ENVIRONMENT_TAG = "promotion:environment";

    static boolean isOwnerTag(String key) {
        return key.equals(SERVICE_TAG) || key.equals(ENVIRONMENT_TAG);
    }

    /**
     * The same with only those owner tags that {@code live} has: the tags that a version without owner tags would
     * request.
     */
    public StackInputs tagged(Map<String, String> live) {
        return new StackInputs(
                stack,
                templateUrl,
                templateDigest,
                parameters,
                values,
                pins,
                known,
                tags.stream()
                        .filter(tag -> !isOwnerTag(tag.key()) || live.containsKey(tag.key()))
                        .toList(),
                capabilities,
                executionRole,
                rewrites,
                released,
                rendered,
                nests,
                settled,
                rollback);
    }
}
