package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.CreateChangeSetRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.s3.S3Client;

public class CloudFormationServiceTest {
    private static final String DEV = "222222222222";
    private static final String STAGING = "serverless-promotion-222222222222-eu-west-1";
    private static final String QUEUE = """
            Parameters:
              Name: {Type: String, Default: jobs}
              Delay: {Type: Number, Default: 0, MaxValue: 900}
            Resources:
              Queue:
                Type: AWS::SQS::Queue
                Properties: {QueueName: !Ref Name, DelaySeconds: !Ref Delay}
              Topic:
                Type: AWS::SNS::Topic
                Properties:
                  DisplayName: !Sub 'for ${Queue.Arn}'
            Outputs:
              Url: {Value: !Ref Queue, Export: {Name: !Sub '${AWS::StackName}-url'}}
            """;
    private Sandbox sandbox;
    private SandboxControl control;
    private Clients clients;
    private CloudFormationClient cloudFormation;
    private int number;

    @Before
    public void start() {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.001));
        control = sandbox.control();
        clients = new Clients(sandbox.endpoint());
        cloudFormation = clients.cloudFormation(Clients.admin(DEV), "eu-west-1");
    }

    @After
    public void stop() {
        cloudFormation.close();
        clients.close();
        sandbox.close();
    }

    private static CloudFormationException refused(String code, String text, ThrowingRunnable call) {
        CloudFormationException refusal = assertThrows(CloudFormationException.class, call);
        assertEquals(refusal.getMessage(), code, refusal.awsErrorDetails().errorCode());
        assertTrue(refusal.getMessage(), refusal.getMessage().contains(text));
        return refusal;
    }

    private Stack describe(String stack) {
        return cloudFormation.describeStacks(r -> r.stackName(stack)).stacks().get(0);
    }

    private Stack settled(String stack) {
        SandboxControl.await(
                "end of " + stack, () -> !describe(stack).stackStatusAsString().endsWith("_IN_PROGRESS"));
        return describe(stack);
    }

    private DescribeChangeSetResponse changeSet(
            String stack, ChangeSetType type, Consumer<CreateChangeSetRequest.Builder> more) {
        String name = "change-" + ++number;
        cloudFormation.createChangeSet(r -> {
            r.stackName(stack).changeSetName(name).changeSetType(type).clientToken(name);
            more.accept(r);
        });
        SandboxControl.await(
                "change set",
                () -> !cloudFormation
                        .describeChangeSet(r -> r.stackName(stack).changeSetName(name))
                        .statusAsString()
                        .endsWith("PROGRESS"));
        return cloudFormation.describeChangeSet(
                r -> r.stackName(stack).changeSetName(name).includePropertyValues(true));
    }

    private Stack deploy(String stack, ChangeSetType type, Consumer<CreateChangeSetRequest.Builder> more) {
        DescribeChangeSetResponse changes = changeSet(stack, type, more);
        assertEquals(changes.statusReason(), "CREATE_COMPLETE", changes.statusAsString());
        cloudFormation.executeChangeSet(r -> r.changeSetName(changes.changeSetId())
                .clientRequestToken("token-" + number)
                .disableRollback(false));
        return settled(stack);
    }

    private static Parameter parameter(String key, String value) {
        return Parameter.builder().parameterKey(key).parameterValue(value).build();
    }

    /** "Logical STATUS" of all events, oldest first. */
    private List<String> events(String stack) {
        List<StackEvent> events = new ArrayList<>(
                cloudFormation.describeStackEventsPaginator(r -> r.stackName(stack)).stackEvents().stream()
                        .toList());
        Collections.reverse(events);
        return events.stream()
                .map(event -> event.logicalResourceId() + " " + event.resourceStatusAsString())
                .toList();
    }

    @Test
    public void createUpdateAndDelete() {
        Stack created = deploy("jobs-stack", ChangeSetType.CREATE, r -> r.templateBody(QUEUE));
        assertEquals("CREATE_COMPLETE", created.stackStatusAsString());
        assertEquals(
                "https://sqs.eu-west-1.amazonaws.com/222222222222/jobs",
                created.outputs().get(0).outputValue());
        assertEquals(
                List.of(
                        "jobs-stack REVIEW_IN_PROGRESS",
                        "jobs-stack CREATE_IN_PROGRESS",
                        "Queue CREATE_IN_PROGRESS",
                        "Queue CREATE_IN_PROGRESS",
                        "Queue CREATE_COMPLETE",
                        "Topic CREATE_IN_PROGRESS",
                        "Topic CREATE_IN_PROGRESS",
                        "Topic CREATE_COMPLETE",
                        "jobs-stack CREATE_COMPLETE"),
                events("jobs-stack"));
        assertTrue(cloudFormation.describeStackEvents(r -> r.stackName("jobs-stack")).stackEvents().stream()
                .limit(8)
                .allMatch(event -> event.clientRequestToken().equals("token-1")));

        DescribeChangeSetResponse nothing =
                changeSet("jobs-stack", ChangeSetType.UPDATE, r -> r.usePreviousTemplate(true));
        assertEquals("FAILED", nothing.statusAsString());
        assertTrue(
                nothing.statusReason(),
                nothing.statusReason().startsWith("The submitted information didn't contain changes."));
        refused(
                "InvalidChangeSetStatus",
                "FAILED",
                () -> cloudFormation.executeChangeSet(r -> r.changeSetName(nothing.changeSetId())));

        Stack updated = deploy(
                "jobs-stack",
                ChangeSetType.UPDATE,
                r -> r.usePreviousTemplate(true).parameters(parameter("Delay", "5")));
        assertEquals("UPDATE_COMPLETE", updated.stackStatusAsString());
        assertTrue(events("jobs-stack").contains("jobs-stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
        assertFalse(events("jobs-stack").contains("Topic UPDATE_COMPLETE"));

        cloudFormation.deleteStack(r -> r.stackName("jobs-stack"));
        SandboxControl.await(
                "deletion",
                () -> describe(created.stackId()).stackStatusAsString().equals("DELETE_COMPLETE"));
        refused("ValidationError", "Stack with id jobs-stack does not exist", () -> describe("jobs-stack"));
    }

    @Test
    public void changeSetsTellWhatWouldHappen() {
        deploy("s", ChangeSetType.CREATE, r -> r.templateBody(QUEUE));
        DescribeChangeSetResponse change = changeSet(
                "s", ChangeSetType.UPDATE, r -> r.usePreviousTemplate(true).parameters(parameter("Name", "other")));
        ResourceChange queue = change.changes().get(0).resourceChange();
        assertEquals("Modify", queue.actionAsString());
        assertEquals("True", queue.replacementAsString());
        assertEquals("QueueName", queue.details().get(0).target().name());
        assertEquals("Always", queue.details().get(0).target().requiresRecreationAsString());
        assertEquals("jobs", queue.details().get(0).target().beforeValue());
        assertEquals("other", queue.details().get(0).target().afterValue());
        assertEquals("ParameterReference", queue.details().get(0).changeSourceAsString());
        assertEquals("Name", queue.details().get(0).causingEntity());
        assertTrue(queue.afterContext(), queue.afterContext().contains("\"QueueName\":\"other\""));
        ResourceChange topic = change.changes().get(1).resourceChange();
        assertEquals("Dynamic", topic.details().get(0).evaluationAsString());
        assertEquals("False", topic.replacementAsString());

        cloudFormation.executeChangeSet(r -> r.changeSetName(change.changeSetId()));
        assertEquals("UPDATE_COMPLETE", settled("s").stackStatusAsString());
        assertTrue(events("s").contains("Queue DELETE_COMPLETE"));
        assertEquals(
                "https://sqs.eu-west-1.amazonaws.com/222222222222/other",
                describe("s").outputs().get(0).outputValue());
    }

    @Test
    public void executionIsIdempotentAndObsoletesOthers() {
        deploy("s", ChangeSetType.CREATE, r -> r.templateBody(QUEUE));
        DescribeChangeSetResponse one = changeSet(
                "s", ChangeSetType.UPDATE, r -> r.usePreviousTemplate(true).parameters(parameter("Delay", "1")));
        DescribeChangeSetResponse two = changeSet(
                "s", ChangeSetType.UPDATE, r -> r.usePreviousTemplate(true).parameters(parameter("Delay", "2")));
        control.timeScale(1);
        cloudFormation.executeChangeSet(r -> r.changeSetName(one.changeSetId()).clientRequestToken("once"));
        cloudFormation.executeChangeSet(r -> r.changeSetName(one.changeSetId()).clientRequestToken("once"));
        refused(
                "InvalidChangeSetStatus",
                "OBSOLETE",
                () -> cloudFormation.executeChangeSet(r -> r.changeSetName(two.changeSetId())));
        refused(
                "ValidationError",
                "UPDATE_IN_PROGRESS state and can not be updated",
                () -> cloudFormation.createChangeSet(
                        r -> r.stackName("s").changeSetName("third").usePreviousTemplate(true)));
        refused("ValidationError", "can not be deleted", () -> cloudFormation.deleteStack(r -> r.stackName("s")));
        control.timeScale(0.001);
        settled("s");
        assertEquals(
                1,
                control.history("cloudformation:stack", "s").stream()
                        .filter(change -> change.path("what").asText().equals("UPDATE_IN_PROGRESS"))
                        .count());
    }

    @Test
    public void failedCreationRollsBackAndCannotBeUpdated() {
        control.failResource("s", "Topic", "Topic limit reached", "forward");
        Stack stack = deploy("s", ChangeSetType.CREATE, r -> r.templateBody(QUEUE));
        assertEquals("ROLLBACK_COMPLETE", stack.stackStatusAsString());
        List<String> events = events("s");
        assertTrue(events.indexOf("Topic CREATE_FAILED") < events.indexOf("s ROLLBACK_IN_PROGRESS"));
        assertTrue(events.contains("Queue DELETE_COMPLETE"));
        refused(
                "ValidationError",
                "ROLLBACK_COMPLETE state and can not be updated",
                () -> cloudFormation.createChangeSet(
                        r -> r.stackName("s").changeSetName("x").templateBody(QUEUE)));
        refused(
                "ValidationError",
                "already exists",
                () -> cloudFormation.createChangeSet(r -> r.stackName("s")
                        .changeSetName("x")
                        .changeSetType(ChangeSetType.CREATE)
                        .templateBody(QUEUE)));
    }

    @Test
    public void failedUpdateGoesBack() {
        deploy("s", ChangeSetType.CREATE, r -> r.templateBody(QUEUE));
        control.failResource("s", "Topic", "Topic is locked", "forward");
        Stack stack = deploy(
                "s", ChangeSetType.UPDATE, r -> r.usePreviousTemplate(true).parameters(parameter("Name", "other")));
        assertEquals("UPDATE_ROLLBACK_COMPLETE", stack.stackStatusAsString());
        assertEquals("jobs", stack.parameters().get(0).parameterValue());
        assertTrue(stack.outputs().get(0).outputValue().endsWith("/jobs"));
        StackEvent first = cloudFormation.describeStackEvents(r -> r.stackName("s")).stackEvents().stream()
                .filter(event -> event.resourceStatusAsString().equals("UPDATE_FAILED"))
                .findFirst()
                .orElseThrow();
        assertEquals("Topic is locked", first.resourceStatusReason());
    }

    @Test
    public void failedRollbackContinues() {
        deploy("s", ChangeSetType.CREATE, r -> r.templateBody(QUEUE));
        control.failResource("s", "Topic", "Topic is locked", "forward");
        control.failResource("s", "Queue", "Queue is locked", "rollback");
        Stack stack = deploy(
                "s", ChangeSetType.UPDATE, r -> r.usePreviousTemplate(true).parameters(parameter("Name", "other")));
        assertEquals("UPDATE_ROLLBACK_FAILED", stack.stackStatusAsString());
        refused(
                "ValidationError",
                "UPDATE_ROLLBACK_FAILED state",
                () -> cloudFormation.createChangeSet(
                        r -> r.stackName("s").changeSetName("x").usePreviousTemplate(true)));
        refused(
                "ValidationError",
                "must be in UPDATE_FAILED",
                () -> cloudFormation.continueUpdateRollback(
                        r -> r.stackName("s").resourcesToSkip("Nothing")));
        cloudFormation.continueUpdateRollback(r -> r.stackName("s"));
        assertEquals("UPDATE_ROLLBACK_COMPLETE", settled("s").stackStatusAsString());
    }

    @Test
    public void disabledRollbackLeavesFailedStacks() {
        deploy("s", ChangeSetType.CREATE, r -> r.templateBody(QUEUE));
        control.failResource("s", "Topic", "Topic is locked", "forward");
        DescribeChangeSetResponse change = changeSet(
                "s", ChangeSetType.UPDATE, r -> r.usePreviousTemplate(true).parameters(parameter("Name", "other")));
        cloudFormation.executeChangeSet(
                r -> r.changeSetName(change.changeSetId()).disableRollback(true));
        assertEquals("UPDATE_FAILED", settled("s").stackStatusAsString());
        cloudFormation.rollbackStack(r -> r.stackName("s"));
        assertEquals("UPDATE_ROLLBACK_COMPLETE", settled("s").stackStatusAsString());
        assertTrue(describe("s").outputs().get(0).outputValue().endsWith("/jobs"));
    }

    @Test
    public void parametersAreChecked() {
        String template = """
                Parameters:
                  Size: {Type: String, AllowedValues: [small, large]}
                  Password: {Type: String, NoEcho: true, Default: very-secret}
                Resources:
                  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub '${Size} ${Password}'}}
                """;
        refused("ValidationError", "Parameters: [Size] must have values", () -> create(template));
        refused(
                "ValidationError",
                "Parameters: [Other] do not exist in the template",
                () -> create(template, parameter("Size", "small"), parameter("Other", "x")));
        refused(
                "ValidationError",
                "Parameter 'Size' must be one of AllowedValues",
                () -> create(template, parameter("Size", "medium")));
        DescribeChangeSetResponse change = changeSet(
                "s", ChangeSetType.CREATE, r -> r.templateBody(template).parameters(parameter("Size", "small")));
        assertFalse(change.toString(), change.toString().contains("very-secret"));
        assertTrue(change.changes().get(0).resourceChange().afterContext().contains("****"));
    }

    private void create(String template, Parameter... parameters) {
        cloudFormation.createChangeSet(r -> r.stackName("s")
                .changeSetName("x")
                .changeSetType(ChangeSetType.CREATE)
                .templateBody(template)
                .parameters(parameters));
    }

    @Test
    public void capabilitiesAreAskedFor() {
        String role = """
                Resources:
                  Role:
                    Type: AWS::IAM::Role
                    Properties:
                      AssumeRolePolicyDocument: {Statement: []}
                """;
        refused("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]", () -> create(role));
        refused(
                "InsufficientCapabilitiesException",
                "CAPABILITY_NAMED_IAM",
                () -> cloudFormation.createChangeSet(r -> r.stackName("s")
                        .changeSetName("x")
                        .changeSetType(ChangeSetType.CREATE)
                        .capabilities(Capability.CAPABILITY_IAM)
                        .templateBody(role + "      RoleName: fixed\n")));
    }

    @Test
    public void templatesAreChecked() {
        refused(
                "ValidationError",
                "Unresolved resource dependencies [Nowhere]",
                () -> create("Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Nowhere}}}"));
        refused(
                "ValidationError",
                "Circular dependency",
                () -> create(
                        "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: B}, B: {Type: AWS::SNS::Topic, DependsOn: A}}"));
        refused("ValidationError", "At least one Resources member", () -> create("Resources: {}"));
        refused("ValidationError", "not well-formed", () -> create("Resources: ["));
        refused("ValidationError", "length less than or equal to 51200", () -> create(QUEUE + "#".repeat(52000)));
    }

    @Test
    public void templatesComeFromVersionedObjects() {
        try (S3Client s3 = clients.s3(Clients.admin(DEV), "eu-west-1")) {
            String version = s3.putObject(r -> r.bucket(STAGING).key("t/queue.yaml"), RequestBody.fromString(QUEUE))
                    .versionId();
            s3.putObject(r -> r.bucket(STAGING).key("t/queue.yaml"), RequestBody.fromString("broken: ["));
            String url = "https://" + STAGING + ".s3.eu-west-1.amazonaws.com/t/queue.yaml";
            refused(
                    "ValidationError",
                    "format error",
                    () -> cloudFormation.createChangeSet(r -> r.stackName("s")
                            .changeSetName("x")
                            .changeSetType(ChangeSetType.CREATE)
                            .templateURL(url)));
            Stack stack = deploy("s", ChangeSetType.CREATE, r -> r.templateURL(url + "?versionId=" + version));
            assertEquals("CREATE_COMPLETE", stack.stackStatusAsString());
            assertEquals(
                    QUEUE, cloudFormation.getTemplate(r -> r.stackName("s")).templateBody());
        }
    }

    @Test
    public void planRoleCannotExecuteAndExecutionRoleIsUsed() {
        try (CloudFormationClient plan = clients.cloudFormation(clients.role(DEV, "promotion-plan"), "eu-west-1");
                CloudFormationClient deploy =
                        clients.cloudFormation(clients.role(DEV, "promotion-deploy"), "eu-west-1")) {
            String id = plan.createChangeSet(r -> r.stackName("s")
                            .changeSetName("x")
                            .changeSetType(ChangeSetType.CREATE)
                            .roleARN("arn:aws:iam::" + DEV + ":role/promotion-cfn")
                            .templateBody(QUEUE))
                    .id();
            control.settle();
            refused("AccessDenied", "ExecuteChangeSet", () -> plan.executeChangeSet(r -> r.changeSetName(id)));
            deploy.executeChangeSet(r -> r.changeSetName(id));
            assertEquals("CREATE_COMPLETE", settled("s").stackStatusAsString());
            assertEquals(
                    "arn:aws:iam::" + DEV + ":role/promotion-cfn", describe("s").roleARN());
            assertTrue(control.history("cloudformation:resource", "s/Queue")
                    .get(0)
                    .path("principal")
                    .asText()
                    .endsWith("assumed-role/promotion-cfn/AWSCloudFormation"));
            refused(
                    "AccessDenied",
                    "iam:PassRole",
                    () -> plan.createChangeSet(r -> r.stackName("t")
                            .changeSetName("x")
                            .changeSetType(ChangeSetType.CREATE)
                            .roleARN("arn:aws:iam::" + DEV + ":role/promotion-test")
                            .templateBody(QUEUE)));
        }
    }

    @Test
    public void conditionsMappingsAndFunctions() {
        String template = """
                Parameters:
                  Stage: {Type: String, Default: dev}
                  Names: {Type: CommaDelimitedList, Default: "a, b"}
                Mappings:
                  Sizes: {dev: {Memory: 128}, prod: {Memory: 1024}}
                Conditions:
                  IsProd: !Equals [!Ref Stage, prod]
                  IsNot: !Not [!Condition IsProd]
                Resources:
                  Always: {Type: AWS::SSM::Parameter, Properties: {Type: String, Name: /x, Value: !If [IsProd, p, n]}}
                  Prod: {Type: AWS::SNS::Topic, Condition: IsProd}
                Outputs:
                  Join: {Value: !Join ['-', [!Select [1, !Ref Names], !FindInMap [Sizes, !Ref Stage, Memory]]]}
                  Value: {Value: !GetAtt Always.Value}
                  Sub: {Value: !Sub ['${AWS::Region}:${A}:${!lit}', {A: !Select [0, !Split ['.', 'q.r']]}]}
                  Not: {Condition: IsNot, Value: 'yes'}
                  Prod: {Condition: IsProd, Value: 'no'}
                """;
        Stack stack = deploy("s", ChangeSetType.CREATE, r -> r.templateBody(template));
        Map<String, String> outputs = new java.util.TreeMap<>();
        stack.outputs().forEach(output -> outputs.put(output.outputKey(), output.outputValue()));
        assertEquals(Map.of("Join", "b-128", "Value", "n", "Sub", "eu-west-1:q:${lit}", "Not", "yes"), outputs);
        assertEquals(
                1,
                cloudFormation
                        .describeStackResources(r -> r.stackName("s"))
                        .stackResources()
                        .size());
    }

    @Test
    public void exportsInUseStay() {
        deploy("s", ChangeSetType.CREATE, r -> r.templateBody(QUEUE));
        deploy(
                "t",
                ChangeSetType.CREATE,
                r -> r.templateBody(
                        "Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !ImportValue s-url}}}"));
        cloudFormation.deleteStack(r -> r.stackName("s"));
        assertEquals("DELETE_FAILED", describe("s").stackStatusAsString());
        assertTrue(describe("s").stackStatusReason().contains("in use by t"));
    }

    @Test
    public void staleReadsShowTheFormerStatus() {
        deploy("s", ChangeSetType.CREATE, r -> r.templateBody(QUEUE));
        control.fault("staleReads", "operation", "DescribeStacks", "millis", 600000);
        assertEquals("CREATE_IN_PROGRESS", describe("s").stackStatusAsString());
        assertEquals("CREATE_COMPLETE", describe("s").stackStatusAsString());
    }
}
