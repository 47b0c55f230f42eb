package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.ChangeSets;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.stack.StackContent;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.Before;
import org.junit.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.DescribeStacksRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeStacksResponse;
import software.amazon.awssdk.services.cloudformation.model.GetTemplateRequest;
import software.amazon.awssdk.services.cloudformation.model.GetTemplateResponse;
import software.amazon.awssdk.services.cloudformation.model.Stack;

/** Stacks in stacks, as CloudFormation tells of them when a change set is made with IncludeNestedStacks. */
public class NestedStacksTest {
    private static final String OUTER =
            "Resources: { Data: { Type: AWS::CloudFormation::Stack, Properties: { V: %s } },"
                    + " Old: { Type: AWS::CloudFormation::Stack }, Same: { Type: AWS::CloudFormation::Stack } }";

    /** Change sets, stacks and templates by ARN. */
    private final Map<String, DescribeChangeSetResponse> sets = new HashMap<>();

    private final Map<String, String> templates = new HashMap<>();

    private final CloudFormationClient client = new CloudFormationClient() {
        @Override
        public String serviceName() {
            return "cloudformation";
        }

        @Override
        public void close() {}

        @Override
        public DescribeChangeSetResponse describeChangeSet(DescribeChangeSetRequest request) {
            return sets.get(request.changeSetName());
        }

        @Override
        public GetTemplateResponse getTemplate(GetTemplateRequest request) {
            String of = request.changeSetName() == null ? request.stackName() : request.changeSetName();
            return GetTemplateResponse.builder().templateBody(templates.get(of)).build();
        }

        @Override
        public DescribeStacksResponse describeStacks(DescribeStacksRequest request) {
            return DescribeStacksResponse.builder()
                    .stacks(Stack.builder()
                            .stackName(request.stackName())
                            .stackId(request.stackName())
                            .stackStatus("UPDATE_COMPLETE")
                            .creationTime(Instant.EPOCH)
                            .build())
                    .build();
        }
    };

    private static Change change(String id, String type, String action, String set, String physical) {
        return Change.builder()
                .resourceChange(r -> r.logicalResourceId(id)
                        .resourceType(type)
                        .action(action)
                        .changeSetId(set)
                        .physicalResourceId(physical)
                        .policyAction(action.equals("Remove") ? "Delete" : null))
                .build();
    }

    private static DescribeChangeSetResponse set(String arn, Change... changes) {
        return DescribeChangeSetResponse.builder()
                .changeSetId(arn)
                .stackId("stack-of-" + arn)
                .status("CREATE_COMPLETE")
                .executionStatus("AVAILABLE")
                .creationTime(Instant.EPOCH)
                .changes(changes)
                .build();
    }

    @Before
    public void threeNestedStacks() {
        String nested = "AWS::CloudFormation::Stack";
        sets.put(
                "outer-set",
                set(
                        "outer-set",
                        change("Data", nested, "Modify", "data-set", "data"),
                        change("Old", nested, "Remove", null, "old")));
        sets.put("data-set", set("data-set", change("Orders", "AWS::DynamoDB::Table", "Remove", null, "orders")));
        templates.put("outer", OUTER.formatted("1"));
        templates.put("data", "Resources: { Orders: { Type: AWS::DynamoDB::Table }, R: { Type: AWS::IAM::Role } }");
        templates.put(
                "data-set",
                "Resources: { R: { Type: AWS::IAM::Role, Properties: { ManagedPolicyArns:"
                        + " [ 'arn:aws:iam::aws:policy/AdministratorAccess' ] } } }");
        templates.put("old", "Resources: { Alarm: { Type: AWS::CloudWatch::Alarm } }");
    }

    private Plan.Content content() throws InterruptedException {
        var live =
                new LiveStack("outer", "outer", "UPDATE_COMPLETE", Instant.EPOCH, Map.of(), Map.of(), Map.of(), null);
        var set = new ChangeSets(client, Pace.scaledBy(0.001), "stack outer").find("outer-set");
        byte[] template = OUTER.formatted("2")
                .replace(" Old: { Type: AWS::CloudFormation::Stack },", "")
                .getBytes(StandardCharsets.UTF_8);
        var inputs = new StackInputs(
                "outer",
                "https://example.com/t",
                "sha256:t",
                List.of(),
                Map.of(),
                Map.of(),
                true,
                List.of(),
                List.of(),
                null,
                Map.of(),
                template,
                template,
                true,
                false);
        return new StackContent(new TemplateReader(), "t.yaml", "111111111111", "eu-west-1", client, live)
                .of(inputs, set);
    }

    @Test
    public void whatNestedStacksThemselvesChangeIsInThePlan() throws Exception {
        templates.put("data", templates.get("data") + "\n");
        templates.put(
                "data-set",
                "Outputs: { Url: { Value: !Ref R } }\nResources: { R: { Type: AWS::IAM::Role, DeletionPolicy: Retain } }");
        var nested = content().changes().stream()
                .filter(c -> c.subject().equals("Data/(stack)"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                List.of(new Plan.PropertyChange("/Outputs/Url", null, "${R}", Plan.Replacement.NO)),
                nested.properties());
    }

    @Test
    public void changesOfNestedStacksAreInThePlan() throws Exception {
        assertEquals(
                List.of("Data MODIFY", "Data/Orders REMOVE", "Old REMOVE"),
                content().changes().stream()
                        .map(c -> c.subject() + " " + c.action())
                        .toList());
    }

    @Test
    public void risksOfNestedStacksAreFound() throws Exception {
        var found = new TreeSet<String>();
        content().findings().forEach(f -> found.add(f.kind() + " " + f.subject()));
        assertEquals(
                new TreeSet<>(
                        List.of("iamBroadening Data/R", "removedAlarm Old/Alarm", "statefulDeletion Data/Orders")),
                found);
        assertTrue(content().findings().stream().noneMatch(f -> f.evidence().isEmpty()));
    }

    @Test
    public void aNestedStackThatCloudFormationDoesNotTellOfIsSaid() throws Exception {
        sets.put("outer-set", set("outer-set", change("Same", "AWS::CloudFormation::Stack", "Modify", null, "same")));
        assertTrue(content().findings().stream()
                .anyMatch(f -> f.kind().equals("notAnalysable") && f.subject().equals("Same")));
    }
}
