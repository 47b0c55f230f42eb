package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.RollbackTrigger;

/**
 * What watches over a stack. Rollback triggers go with the change set; termination protection and stack policy are calls
 * of their own, made after an operation has succeeded: a release cannot lift, in the same step, the policy that stands in
 * its way. Each is compared before it is written, so repeating it changes nothing.
 */
final class StackWatch {
    private static final String ALARM = "AWS::CloudWatch::Alarm";

    private final TargetWork job;
    private final Manifest.StackGuards guards;

    StackWatch(TargetWork job) {
        this.job = job;
        this.guards = ((Manifest.CloudFormation) job.slot.target()).guards();
    }

    /** Null when the release asks for none: those of an adopted stack stay. */
    RollbackConfiguration triggers(Resolution resolution) {
        if (guards == null || guards.rollbackTriggers().isEmpty()) {
            return null;
        }
        var triggers = guards.rollbackTriggers().stream()
                .map(text -> resolution.known(
                        "rollback trigger of target " + job.slot.target().name(), text))
                .map(alarm -> RollbackTrigger.builder()
                        .arn(arn(alarm, job.account.id(), job.region()))
                        .type(ALARM)
                        .build())
                .toList();
        return RollbackConfiguration.builder()
                .rollbackTriggers(triggers)
                .monitoringTimeInMinutes(guards.monitoringMinutes())
                .build();
    }

    /** @param alarm a name, or an ARN, which is taken as it is */
    static String arn(String alarm, String account, String region) {
        return alarm.startsWith("arn:")
                ? alarm
                : "arn:" + Partition.of(region) + ":cloudwatch:" + region + ":" + account + ":alarm:" + alarm;
    }

    /** @param stack name or ARN of a stack that has just been deployed */
    void over(CloudFormationClient client, String stack) {
        if (guards == null) {
            return;
        }
        Boolean protection = guards.terminationProtection();
        if (protection != null) {
            Boolean now = client.describeStacks(r -> r.stackName(stack))
                    .stacks()
                    .get(0)
                    .enableTerminationProtection();
            if (!protection.equals(Boolean.TRUE.equals(now))) {
                job.requests.add("cloudformation:UpdateTerminationProtection "
                        + client.updateTerminationProtection(
                                        r -> r.stackName(stack).enableTerminationProtection(protection))
                                .responseMetadata()
                                .requestId());
            }
        }
        String policy = guards.stackPolicy();
        if (policy != null
                && !policy.equals(client.getStackPolicy(r -> r.stackName(stack)).stackPolicyBody())) {
            job.requests.add("cloudformation:SetStackPolicy "
                    + client.setStackPolicy(r -> r.stackName(stack).stackPolicyBody(policy))
                            .responseMetadata()
                            .requestId());
        }
    }
}
