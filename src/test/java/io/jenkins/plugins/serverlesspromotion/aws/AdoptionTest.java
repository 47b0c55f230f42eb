package io.jenkins.plugins.serverlesspromotion.aws;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.LiveStack;
import io.jenkins.plugins.serverlesspromotion.aws.cloudformation.StackInputs;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;

/** A stack that somebody else made is the baseline of its first promotion. */
public class AdoptionTest {
    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: "2010-09-09"
            Resources:
              Topic:
                Type: AWS::SNS::Topic
                Properties: { DisplayName: %s }
              Work:
                Type: AWS::SQS::Queue
              Worker:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }
                  Policies:
                    - PolicyName: send
                      PolicyDocument:
                        Version: "2012-10-17"
                        Statement: [ { Effect: Allow, Action: "sqs:*", Resource: "*" } ]
            """;

    @Rule
    public final SandboxLab sandbox = new SandboxLab();

    @Before
    public void aStackThatSomebodyElseMade() {
        try (CloudFormationClient admin = CloudFormationClient.builder()
                .endpointOverride(sandbox.control().endpoint())
                .region(Region.of(Lab.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("AKIA222222222222ADMI", "sandbox-secret-of-admin")))
                .build()) {
            admin.createStack(r -> r.stackName("orders-dev")
                    .templateBody(TEMPLATE.formatted("by-hand"))
                    .capabilities(Capability.CAPABILITY_IAM)
                    .tags(t -> t.key("cost-centre").value("4711")));
            SandboxLab.await(
                    "the stack is there",
                    () -> admin.describeStacks(r -> r.stackName("orders-dev"))
                            .stacks()
                            .get(0)
                            .stackStatusAsString()
                            .equals("CREATE_COMPLETE"));
        }
    }

    private Deployer.Work work(String promotion, String template) throws Exception {
        var manifest =
                OrdersSamples.manifest(OrdersSamples.stack("api", OrdersSamples.TEMPLATE, "orders-dev", Map.of()));
        return sandbox.lab()
                .work(promotion, sandbox.lab().publish("1.0.0", manifest, Map.of(OrdersSamples.TEMPLATE, template)));
    }

    @Test
    public void theFirstPlanIsTheDifferenceToWhatIsThere() throws Exception {
        Deployer.Work work = work("orders.dev.1", TEMPLATE.formatted("released"));
        Plan.TargetPlan step = sandbox.lab().plan(work, 1).targets().get(0);
        assertNotNull(step.content().liveDigest());
        Plan.Change topic = step.content().changes().stream()
                .filter(c -> c.subject().equals("Topic"))
                .findFirst()
                .orElseThrow();
        assertEquals(Plan.Action.MODIFY, topic.action());
        assertTrue(topic.properties().stream()
                .anyMatch(p -> "by-hand".equals(p.before()) && "released".equals(p.after())));
        assertEquals(
                "what the role may do is nothing new", List.of(), step.content().findings());
        assertEquals(Status.DONE, sandbox.lab().deploy(work, step).status());
        Map<String, String> tags = LiveStack.read(
                        sandbox.lab()
                                .scope()
                                .session(Lab.account(Lab.DEV, "222222222222"), AwsSessions.Purpose.PLAN, Lab.REGION)
                                .cloudFormation(Lab.REGION),
                        "orders-dev")
                .tags();
        assertEquals("a bill that somebody else set up is still paid", "4711", tags.get("cost-centre"));
        assertEquals("orders", tags.get(StackInputs.SERVICE_TAG));
        assertEquals("dev", tags.get(StackInputs.ENVIRONMENT_TAG));
    }

    @Test
    public void whatIsTakenAwayFromItIsFoundLikeAnyOtherLoss() throws Exception {
        String without = TEMPLATE.formatted("by-hand").replace("  Work:\n    Type: AWS::SQS::Queue\n", "");
        Plan.TargetPlan step =
                sandbox.lab().plan(work("orders.dev.1", without), 1).targets().get(0);
        assertEquals(
                List.of("statefulDeletion Work"),
                step.content().findings().stream()
                        .map(f -> f.kind() + " " + f.subject())
                        .toList());
    }
}
