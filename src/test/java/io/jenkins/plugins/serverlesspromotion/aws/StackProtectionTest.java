package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.StackGuards;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.sandbox.NewRole;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Stack;

/** What a stack is given besides its template: who watches over it, as whom it works, what it is called. */
public class StackProtectionTest {
    private static final String KEY = "orders-dev/eu-west-1/api";
    private static final String STACK = "orders-dev";
    private static final String POLICY = """
            {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"},
             {"Effect": "Deny", "Principal": "*", "Action": "Update:*", "Resource": "LogicalResourceId/OrdersFunction"}]}""";

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    private Lab lab() {
        return sandbox.lab();
    }

    private Published release(String version, int memory, StackGuards guards, Map<String, String> tags)
            throws Exception {
        var api = (Manifest.CloudFormation) OrdersSamples.api(memory).targets().get(0);
        var guarded = new Manifest.CloudFormation(
                api.name(),
                api.after(),
                api.regions(),
                api.template(),
                api.stack(),
                api.capabilities(),
                api.parameters(),
                tags,
                null,
                guards);
        return lab().publish(
                        version,
                        OrdersSamples.manifest(guarded),
                        OrdersSamples.files(AwsSuite.V1, OrdersSamples.api("")));
    }

    private Fact.StepResult promoted(String version, int memory, StackGuards guards) throws Exception {
        return lab().promote(lab().work("orders.dev." + version, release(version, memory, guards, Map.of())))
                .get(KEY);
    }

    private <T> T asked(Function<CloudFormationClient, T> question) {
        try (var scope = lab().scope()) {
            return question.apply(scope.session(lab().accounts.get(Lab.DEV), AwsSessions.Purpose.DEPLOY, Lab.REGION)
                    .cloudFormation(Lab.REGION));
        }
    }

    private Stack stack() {
        return asked(c -> c.describeStacks(r -> r.stackName(STACK)).stacks().get(0));
    }

    private void alarm(String name, String state) {
        sandbox.control().alarm("222222222222", Lab.REGION, name, state, 0);
    }

    private void alarmExists() throws Exception {
        var alarm = """
                Resources:
                  Alarm:
                    Type: AWS::CloudWatch::Alarm
                    Properties: {AlarmName: orders-errors, Namespace: AWS/Lambda, MetricName: Errors, Period: 60,
                      EvaluationPeriods: 1, Threshold: 1, Statistic: Sum, ComparisonOperator: GreaterThanThreshold}
                """;
        asked(c -> NewRole.accepted(() -> c.createStack(r ->
                r.stackName("alarms").templateBody(alarm).roleARN("arn:aws:iam::222222222222:role/promotion-cfn"))));
        SandboxLab.await(
                "the alarm",
                () -> asked(c -> c.describeStacks(r -> r.stackName("alarms"))
                                .stacks()
                                .get(0))
                        .stackStatusAsString()
                        .equals("CREATE_COMPLETE"));
    }

    private static StackGuards triggers(String alarm) {
        return new StackGuards(List.of(alarm), 0, null, null);
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: alarm goes off")
    public void anAlarmRollsTheUpdateBackAndIsTheCause() throws Exception {
        alarmExists();
        assertEquals(
                Status.DONE, promoted("1.0.0", 128, triggers("orders-errors")).status());
        assertEquals(
                "arn:aws:cloudwatch:eu-west-1:222222222222:alarm:orders-errors",
                stack().rollbackConfiguration().rollbackTriggers().get(0).arn());
        alarm("orders-errors", "ALARM");
        SandboxLab.await("the state of the alarm", () -> sandbox.control().pending() == 0);
        Fact.StepResult result = promoted("1.1.0", 256, triggers("orders-errors"));
        assertEquals(result.detail(), Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("went to ALARM state"));
        assertEquals("UPDATE_ROLLBACK_COMPLETE", stack().stackStatusAsString());
    }

    @Test
    @Shows(table = Shows.DEPLOYING, cell = "stack: alarm goes off")
    public void anAlarmThatIsStillOnDoesNotStopTheWayBack() throws Exception {
        alarmExists();
        Published old = release("1.0.0", 128, triggers("orders-errors"), Map.of());
        lab().promote(lab().work("orders.dev.1", old));
        var work = lab().work("orders.dev.2", release("1.1.0", 256, triggers("orders-errors"), Map.of()));
        Plan plan = lab().plan(work, 1);
        assertEquals(Status.DONE, lab().carryOut(work, plan).get(KEY).status());
        alarm("orders-errors", "ALARM");
        SandboxLab.await("the state of the alarm", () -> sandbox.control().pending() == 0);
        var undone = lab().deployer().undo(work, 1, plan.targets().get(0), old, lab().progress);
        assertNull(undone.detail(), undone.failure());
        assertEquals("UPDATE_COMPLETE", stack().stackStatusAsString());
        assertEquals("128", asked(c -> LiveStack.read(c, STACK)).parameters().get("MemorySize"));
        // The next release is watched again.
        alarm("orders-errors", "OK");
        SandboxLab.await("the state of the alarm", () -> sandbox.control().pending() == 0);
        assertEquals(
                Status.DONE, promoted("1.2.0", 512, triggers("orders-errors")).status());
        assertEquals(1, stack().rollbackConfiguration().rollbackTriggers().size());
    }

    @Test
    public void aMissingAlarmFailsTheDeploymentAndIsNamed() throws Exception {
        Fact.StepResult result = promoted("1.0.0", 128, triggers("orders-nothing"));
        assertEquals(Status.FAILED, result.status());
        assertTrue(result.detail(), result.detail().contains("do not exist"));
        assertTrue(result.detail(), result.detail().contains("orders-nothing"));
    }

    @Test
    public void terminationProtectionIsSetOnceAndTakenOffOnlyOnRequest() throws Exception {
        promoted("1.0.0", 128, new StackGuards(List.of(), null, true, null));
        assertTrue(stack().enableTerminationProtection());
        promoted("1.1.0", 256, new StackGuards(List.of(), null, true, null));
        assertEquals(
                1,
                sandbox.control()
                        .log("cloudformation", "UpdateTerminationProtection")
                        .size());
        promoted("1.2.0", 512, null);
        assertTrue("left out: it stays", stack().enableTerminationProtection());
        Fact.StepResult result = promoted("1.2.1", 512, new StackGuards(List.of(), null, false, null));
        assertEquals("also where nothing else changes", Status.UNCHANGED, result.status());
        assertEquals(false, stack().enableTerminationProtection());
        assertTrue(
                result.requests().toString(),
                result.requests()
                        .get(result.requests().size() - 1)
                        .startsWith("cloudformation:UpdateTerminationProtection "));
    }

    @Test
    public void aStackPolicyGuardsAgainstTheNextReleaseAndCannotBeLiftedByIt() throws Exception {
        promoted("1.0.0", 128, new StackGuards(List.of(), null, null, POLICY));
        assertEquals(
                POLICY, asked(c -> c.getStackPolicy(r -> r.stackName(STACK))).stackPolicyBody());
        String open = POLICY.replace("Deny", "Allow");
        Fact.StepResult refused = promoted("1.1.0", 256, new StackGuards(List.of(), null, null, open));
        assertEquals(Status.FAILED, refused.status());
        assertTrue(refused.detail(), refused.detail().contains("Action denied by stack policy"));
        assertEquals(
                POLICY, asked(c -> c.getStackPolicy(r -> r.stackName(STACK))).stackPolicyBody());
        assertEquals(
                Status.UNCHANGED,
                promoted("1.2.0", 128, new StackGuards(List.of(), null, null, open))
                        .status());
        assertEquals(
                Status.DONE,
                promoted("1.3.0", 256, new StackGuards(List.of(), null, null, open))
                        .status());
        assertEquals(
                "set, lifted, and not written again",
                2,
                sandbox.control().log("cloudformation", "SetStackPolicy").size());
    }

    @Test
    public void tagsAndExecutionRoleAreThoseOfReleaseAndPolicy() throws Exception {
        var work = lab().work("orders.dev.1", release("1.0.0", 128, null, Map.of("cost", "${environment}-${version}")));
        Plan plan = lab().plan(work, 1);
        assertEquals(Status.DONE, lab().carryOut(work, plan).get(KEY).status());
        assertEquals("arn:aws:iam::222222222222:role/promotion-cfn", stack().roleARN());
        var tags = new java.util.TreeMap<String, String>();
        stack().tags().forEach(t -> tags.put(t.key(), t.value()));
        assertEquals(Map.of("cost", "dev-1.0.0", "promotion:service", "orders", "promotion:environment", "dev"), tags);
        assertTrue(stack().rollbackConfiguration() == null
                || stack().rollbackConfiguration().rollbackTriggers().isEmpty());
    }
}
