package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.OnStackFailure;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;

/** Deleting, cancelling, protecting and paging; time moves only when a test settles it. */
public class StackActionsTest {
    private static final String TOPICS = """
            Resources:
              A: {Type: AWS::SNS::Topic, Properties: {DisplayName: NAME}}
              B: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt A.TopicName}}
            """;
    private Sandbox sandbox;
    private SandboxControl control;
    private Clients clients;
    private CloudFormationClient stacks;

    @Before
    public void start() {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(1000));
        control = sandbox.control();
        clients = new Clients(sandbox.endpoint());
        stacks = clients.cloudFormation(Clients.admin("333333333333"), "us-west-2");
    }

    @After
    public void stop() {
        stacks.close();
        clients.close();
        sandbox.close();
    }

    private static void refused(String text, ThrowingRunnable call) {
        CloudFormationException refusal = assertThrows(CloudFormationException.class, call);
        assertTrue(refusal.getMessage(), refusal.getMessage().contains(text));
    }

    private String status(String stack) {
        return stacks.describeStacks(r -> r.stackName(stack)).stacks().get(0).stackStatusAsString();
    }

    private String create(String template) {
        String id =
                stacks.createStack(r -> r.stackName("s").templateBody(template)).stackId();
        control.settle();
        assertEquals("CREATE_COMPLETE", status("s"));
        return id;
    }

    @Test
    public void cancelledUpdatesGoBack() {
        create(TOPICS.replace("NAME", "one"));
        refused("cannot be called from current stack status", () -> stacks.cancelUpdateStack(r -> r.stackName("s")));
        stacks.updateStack(r -> r.stackName("s").templateBody(TOPICS.replace("NAME", "two")));
        stacks.cancelUpdateStack(r -> r.stackName("s"));
        control.settle();
        assertEquals("UPDATE_ROLLBACK_COMPLETE", status("s"));
        refused(
                "No updates are to be performed",
                () -> stacks.updateStack(r -> r.stackName("s").templateBody(TOPICS.replace("NAME", "one"))));
    }

    @Test
    public void protectedStacksStay() {
        String id = create(TOPICS);
        stacks.updateTerminationProtection(r -> r.stackName("s").enableTerminationProtection(true));
        refused("TerminationProtection is enabled", () -> stacks.deleteStack(r -> r.stackName("s")));
        stacks.updateTerminationProtection(r -> r.stackName("s").enableTerminationProtection(false));
        stacks.deleteStack(r -> r.stackName("s"));
        assertEquals("DELETE_IN_PROGRESS", status("s"));
        refused("already exists", () -> stacks.createStack(r -> r.stackName("s").templateBody(TOPICS)));
        control.settle();
        assertEquals("DELETE_COMPLETE", status(id));
        assertFalse(id.equals(create(TOPICS)));
        assertEquals("DELETE_COMPLETE", status(id));
    }

    @Test
    public void failedDeletionsCanRetain() {
        create(TOPICS);
        control.failResource("s", "A", "in use", "cleanup");
        stacks.deleteStack(r -> r.stackName("s"));
        control.settle();
        assertEquals("DELETE_FAILED", status("s"));
        stacks.deleteStack(r -> r.stackName("s").retainResources("A"));
        control.settle();
        refused("does not exist", () -> status("s"));
    }

    @Test
    public void failedCreationsCanVanishOrStay() {
        for (OnStackFailure choice : List.of(OnStackFailure.DELETE, OnStackFailure.DO_NOTHING)) {
            control.failResource("s", "B", "no", "forward");
            var made = stacks.createChangeSet(r -> r.stackName("s")
                    .changeSetName("first")
                    .changeSetType("CREATE")
                    .onStackFailure(choice)
                    .templateBody(TOPICS));
            control.settle();
            stacks.executeChangeSet(r -> r.changeSetName(made.id()));
            control.settle();
            assertEquals(choice == OnStackFailure.DELETE ? "DELETE_COMPLETE" : "CREATE_FAILED", status(made.stackId()));
        }
        refused(
                "CREATE_FAILED state and can not be updated",
                () -> stacks.createChangeSet(
                        r -> r.stackName("s").changeSetName("second").templateBody(TOPICS)));
        stacks.rollbackStack(r -> r.stackName("s"));
        control.settle();
        assertEquals("ROLLBACK_COMPLETE", status("s"));
    }

    @Test
    public void updateFailedCanBeTriedAgainAndStillGoesBackToTheStableState() {
        create(TOPICS.replace("NAME", "one"));
        control.failResource("s", "A", "no", "forward");
        stacks.updateStack(r ->
                r.stackName("s").templateBody(TOPICS.replace("NAME", "two")).disableRollback(true));
        control.settle();
        assertEquals("UPDATE_FAILED", status("s"));
        control.failResource("s", "A", "no again", "forward");
        stacks.updateStack(r -> r.stackName("s").templateBody(TOPICS.replace("NAME", "three")));
        control.settle();
        assertEquals("UPDATE_ROLLBACK_COMPLETE", status("s"));
        assertTrue(stacks.getTemplate(r -> r.stackName("s")).templateBody().contains("one"));
    }

    @Test
    public void eventsAndChangesComeInPages() {
        StringBuilder template = new StringBuilder("Resources:\n");
        for (int i = 0; i < 120; i++) {
            template.append("  T").append(i).append(": {Type: AWS::SNS::Topic}\n");
        }
        var made = stacks.createChangeSet(r ->
                r.stackName("s").changeSetName("first").changeSetType("CREATE").templateBody(template.toString()));
        control.settle();
        var first = stacks.describeChangeSet(r -> r.changeSetName(made.id()));
        assertEquals(100, first.changes().size());
        var second = stacks.describeChangeSet(r -> r.changeSetName(made.id()).nextToken(first.nextToken()));
        assertEquals(20, second.changes().size());
        stacks.executeChangeSet(r -> r.changeSetName(made.id()).clientRequestToken("t-1"));
        control.settle();
        List<StackEvent> events = stacks.describeStackEventsPaginator(r -> r.stackName("s")).stackEvents().stream()
                .toList();
        assertEquals(1 + 1 + 3 * 120 + 1, events.size());
        assertEquals("CREATE_COMPLETE", events.get(0).resourceStatusAsString());
        assertEquals("s", events.get(0).logicalResourceId());
        assertEquals(
                events.size(),
                events.stream().map(StackEvent::eventId).distinct().count());
        assertEquals(
                120,
                stacks.listStackResourcesPaginator(r -> r.stackName("s")).stackResourceSummaries().stream()
                        .count());
    }

    @Test
    public void tokensAndNamesAreChecked() {
        refused(
                "clientRequestToken",
                () -> stacks.createStack(
                        r -> r.stackName("s").templateBody(TOPICS).clientRequestToken("no spaces")));
        refused("stackName", () -> stacks.createStack(r -> r.stackName("1s").templateBody(TOPICS)));
        refused(
                "changeSetName",
                () -> stacks.createChangeSet(r -> r.stackName("s")
                        .changeSetName("a_b")
                        .changeSetType("CREATE")
                        .templateBody(TOPICS)));
    }

    @Test
    public void summariesTellParametersAndCapabilities() {
        var summary = stacks.getTemplateSummary(r -> r.templateBody("""
                Parameters: {Size: {Type: Number, Default: 3}}
                Resources: {R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}}
                """));
        assertEquals("Size", summary.parameters().get(0).parameterKey());
        assertEquals("3", summary.parameters().get(0).defaultValue());
        assertEquals(List.of("CAPABILITY_IAM"), summary.capabilitiesAsStrings());
        assertEquals(List.of("AWS::IAM::Role"), summary.resourceTypes());
    }
}
