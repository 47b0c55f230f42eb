package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.context.OwnerCheck;
import io.jenkins.plugins.serverlesspromotion.aws.context.Resolution;
import io.jenkins.plugins.serverlesspromotion.aws.context.StackSecrets;
import io.jenkins.plugins.serverlesspromotion.aws.context.TargetContext;
import io.jenkins.plugins.serverlesspromotion.aws.session.OwnershipProof;
import io.jenkins.plugins.serverlesspromotion.aws.session.Partition;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Glob;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.RollbackTrigger;

/**
 * Applies the guards of a stack. Rollback triggers are part of the change set. Termination protection and stack policy
 * are separate calls after a successful operation: a release cannot remove, in the same step, the policy that blocks
 * it. Each is compared before it is written, so repeating it changes nothing.
 */
public final class StackProtection {
    private static final String ALARM = "AWS::CloudWatch::Alarm";

    private static final String TERMINATION_PROTECTION = "/EnableTerminationProtection";

    private static final String STACK_POLICY = "/StackPolicy";

    /** Where {@link #differences} names the alarms that end an update. */
    public static final String ROLLBACK = "/RollbackConfiguration";

    /** Everything that {@link #differences} names. */
    static final Set<String> PATHS = Set.of(TERMINATION_PROTECTION, STACK_POLICY, ROLLBACK);

    private final TargetContext job;
    private final Manifest.StackGuards guards;

    public StackProtection(TargetContext job) {
        this.job = job;
        this.guards = ((Manifest.CloudFormation) job.targetInstance.target()).guards();
    }

    /** Null when the release defines none: those of an adopted stack stay. */
    public RollbackConfiguration triggers(Resolution resolution) {
        if (guards == null || guards.rollbackTriggers().isEmpty()) {
            return null;
        }
        var triggers = guards.rollbackTriggers().stream()
                .map(text -> resolution.known(
                        "rollback trigger of target "
                                + job.targetInstance.target().name(),
                        text))
                .map(alarm -> RollbackTrigger.builder()
                        .arn(allowed(alarm))
                        .type(ALARM)
                        .build())
                .toList();
        return RollbackConfiguration.builder()
                .rollbackTriggers(triggers)
                .monitoringTimeInMinutes(guards.monitoringMinutes())
                .build();
    }

    /**
     * The ARN of an alarm that may end an update: of the same account, or one that policy lists under {@code alarms}.
     */
    private String allowed(String alarm) {
        String arn = arn(alarm, job.account.id(), job.region());
        String[] parts = arn.split(":", 7);
        boolean own = parts.length == 7 && parts[4].equals(job.account.id());
        boolean listed = job.account.alarms() != null
                && job.account.alarms().stream().anyMatch(pattern -> Glob.matches(pattern, arn));
        if (!own && !listed) {
            throw DeploymentException.problem("rollback trigger " + alarm + " of target "
                    + job.targetInstance.target().name() + " is an alarm of another account than " + job.account.name()
                    + "; name one of this account, or have it listed under 'alarms' of the account in the policy");
        }
        return arn;
    }

    /** @param alarm a name, or an ARN, which is used unchanged */
    public static String arn(String alarm, String account, String region) {
        return alarm.startsWith("arn:")
                ? alarm
                : "arn:" + Partition.of(region) + ":cloudwatch:" + region + ":" + account + ":alarm:" + alarm;
    }

    /**
     * The guards that the release defines and the stack has otherwise: before is the live value, after that of the
     * release.
     *
     * @param rollback the alarms of the release; null: not compared
     */
    public List<Plan.PropertyChange> differences(
            CloudFormationClient client, LiveStack live, RollbackConfiguration rollback) {
        if (guards == null || live.guards() == null || !live.exists()) {
            return List.of();
        }
        var found = new ArrayList<Plan.PropertyChange>();
        Boolean protection = guards.terminationProtection();
        if (protection != null && protection != live.guards().terminationProtection()) {
            found.add(new Plan.PropertyChange(
                    TERMINATION_PROTECTION,
                    String.valueOf(live.guards().terminationProtection()),
                    String.valueOf(protection),
                    Plan.Replacement.NO));
        }
        if (rollback != null) {
            List<String> triggers = rollback.rollbackTriggers().stream()
                    .map(RollbackTrigger::arn)
                    .sorted()
                    .toList();
            Integer minutes = rollback.monitoringTimeInMinutes();
            boolean timed = minutes == null || minutes.equals(live.guards().monitoringMinutes());
            if (!timed || !triggers.equals(live.guards().triggers())) {
                found.add(new Plan.PropertyChange(
                        ROLLBACK,
                        rollback(live.guards().triggers(), live.guards().monitoringMinutes()),
                        rollback(triggers, minutes),
                        Plan.Replacement.NO));
            }
        }
        if (guards.stackPolicy() != null) {
            String policy = client.getStackPolicy(r -> r.stackName(live.id())).stackPolicyBody();
            if (!json(guards.stackPolicy()).equals(json(policy))) {
                found.add(new Plan.PropertyChange(STACK_POLICY, policy, guards.stackPolicy(), Plan.Replacement.NO));
            }
        }
        return found;
    }

    private static String rollback(List<String> triggers, Integer minutes) {
        return triggers.isEmpty()
                ? null
                : String.join(", ", triggers) + (minutes == null ? "" : " for " + minutes + " min");
    }

    /** A text in the form in which it is compared: the same JSON may be written in several ways. */
    private Object json(String text) {
        Object tree = StackSecrets.tree(job.templates, "policy.json", text);
        return Map.of().equals(tree) ? String.valueOf(text) : tree;
    }

    /** @param deployed the stack that has just been deployed */
    void over(CloudFormationClient client, LiveStack deployed) {
        if (guards == null) {
            return;
        }
        String stack = deployed.id();
        Boolean protection = guards.terminationProtection();
        if (protection != null) {
            Boolean now = client.describeStacks(r -> r.stackName(stack))
                    .stacks()
                    .get(0)
                    .enableTerminationProtection();
            if (!protection.equals(Boolean.TRUE.equals(now))) {
                OwnershipProof owned = new OwnerCheck(job).writeStack(deployed);
                job.requests.add("cloudformation:UpdateTerminationProtection "
                        + client.updateTerminationProtection(r -> r.overrideConfiguration(owned::allow)
                                        .stackName(stack)
                                        .enableTerminationProtection(protection))
                                .responseMetadata()
                                .requestId());
            }
        }
        String policy = guards.stackPolicy();
        if (policy != null
                && !policy.equals(client.getStackPolicy(r -> r.stackName(stack)).stackPolicyBody())) {
            OwnershipProof owned = new OwnerCheck(job).writeStack(deployed);
            job.requests.add("cloudformation:SetStackPolicy "
                    + client.setStackPolicy(r -> r.overrideConfiguration(owned::allow)
                                    .stackName(stack)
                                    .stackPolicyBody(policy))
                            .responseMetadata()
                            .requestId());
        }
    }
}
