package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.RollbackTrigger;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.TemplateStage;

/**
 * The current state of a stack.
 *
 * @param arn null when there is none
 * @param status null when there is none
 * @param root ARN of the outermost stack that it is nested in; null when it is in none
 * @param guards null when it was not read
 */
public record LiveStack(
        String name,
        String arn,
        String status,
        java.time.Instant changed,
        Map<String, String> parameters,
        Map<String, String> tags,
        Map<String, String> outputs,
        String root,
        LiveGuards guards) {
    public LiveStack {
        parameters = new TreeMap<>(parameters);
        tags = new TreeMap<>(tags);
        outputs = new TreeMap<>(outputs);
    }

    /** A stack whose guards were not read. */
    public LiveStack(
            String name,
            String arn,
            String status,
            java.time.Instant changed,
            Map<String, String> parameters,
            Map<String, String> tags,
            Map<String, String> outputs,
            String root) {
        this(name, arn, status, changed, parameters, tags, outputs, root, null);
    }

    /**
     * What a stack has besides template, parameters and tags.
     *
     * @param triggers ARNs of the alarms that end an update, in order
     * @param monitoringMinutes null when CloudFormation reports none
     * @param drifted when CloudFormation's own drift detection last found a difference, null when it found none
     */
    public record LiveGuards(
            boolean terminationProtection,
            List<String> triggers,
            Integer monitoringMinutes,
            java.time.Instant drifted) {
        public LiveGuards {
            triggers = List.copyOf(triggers);
        }

        private static LiveGuards of(Stack found) {
            RollbackConfiguration rollback = found.rollbackConfiguration();
            var drift = found.driftInformation();
            return new LiveGuards(
                    Boolean.TRUE.equals(found.enableTerminationProtection()),
                    rollback == null
                            ? List.of()
                            : rollback.rollbackTriggers().stream()
                                    .map(RollbackTrigger::arn)
                                    .sorted()
                                    .toList(),
                    rollback == null ? null : rollback.monitoringTimeInMinutes(),
                    drift != null && drift.stackDriftStatus() == StackDriftStatus.DRIFTED
                            ? drift.lastCheckTimestamp()
                            : null);
        }
    }

    /** A stack that was not read, to be addressed by name. */
    public static LiveStack named(String name) {
        return new LiveStack(name, null, null, null, Map.of(), Map.of(), Map.of(), null);
    }

    /** @param stack name, or ARN: a deleted stack cannot be found by name, or the name belongs to a new stack */
    public static LiveStack read(CloudFormationClient client, String stack) {
        Stack found;
        try {
            found = client.describeStacks(r -> r.stackName(stack)).stacks().get(0);
        } catch (CloudFormationException e) {
            if (isAbsent(e)) {
                return named(stack);
            }
            throw e;
        }
        return of(found);
    }

    public static LiveStack of(Stack found) {
        var parameters = new TreeMap<String, String>();
        found.parameters().forEach(p -> parameters.put(p.parameterKey(), String.valueOf(p.parameterValue())));
        var tags = new TreeMap<String, String>();
        found.tags().forEach(t -> tags.put(t.key(), t.value()));
        var outputs = new TreeMap<String, String>();
        found.outputs().forEach(o -> outputs.put(o.outputKey(), String.valueOf(o.outputValue())));
        return new LiveStack(
                found.stackName(),
                found.stackId(),
                found.stackStatusAsString(),
                found.lastUpdatedTime() == null ? found.creationTime() : found.lastUpdatedTime(),
                parameters,
                tags,
                outputs,
                found.rootId(),
                LiveGuards.of(found));
    }

    public static boolean isAbsent(CloudFormationException e) {
        return Failures.code(e).equals("ValidationError") && Failures.message(e).contains("does not exist");
    }

    public StackState state() {
        return StackState.of(status);
    }

    /** Whether the stack was ever deployed. */
    public boolean exists() {
        return arn != null && state() != StackState.ABSENT;
    }

    /**
     * Identifies this state of this stack: while it is the same, no process has begun to change the stack. Null where
     * this cannot be determined: during a change, and where times are in whole seconds, because two changes can have
     * the same second.
     */
    public String stamp() {
        boolean settled = "CREATE_COMPLETE".equals(status) || "UPDATE_COMPLETE".equals(status);
        return settled && changed != null && changed.getNano() != 0 ? arn + " " + status + " " + changed : null;
    }

    /** Name or ARN to address it by. */
    public String id() {
        return arn != null && !"DELETE_COMPLETE".equals(status) ? arn : name;
    }

    /** The template as given to CloudFormation, before any transform; null when there is none. */
    public String template(CloudFormationClient client) {
        return exists()
                ? client.getTemplate(r -> r.stackName(arn).templateStage(TemplateStage.ORIGINAL))
                        .templateBody()
                : null;
    }

    /** Digest over template, parameters and tags; null when there is no stack. */
    String digest(CloudFormationClient client) {
        return digest(template(client));
    }

    /** @param template of this stack, null when there is none */
    public String digest(String template) {
        if (template == null) {
            return null;
        }
        List<Object> parts = new ArrayList<>();
        parts.add(template);
        parameters.forEach((key, value) -> parts.addAll(List.of("parameter", key, value)));
        tags.forEach((key, value) -> parts.addAll(List.of("tag", key, value)));
        var text = new StringBuilder();
        parts.forEach(
                part -> text.append(String.valueOf(part).length()).append(':').append(part));
        return Sha256.of(text.toString());
    }
}
