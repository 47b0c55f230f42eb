package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess.Answer;
import io.jenkins.plugins.serverlesspromotion.sandbox.NewRole;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The templates of docs/examples/aws-setup, deployed into accounts that have nothing but an administrator: the whole
 * journey runs with exactly the roles that they make, and what these roles must not be able to do is refused.
 */
public class AwsSetupTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public TemporaryFolder temporary = new TemporaryFolder();

    @Rule
    public final AwsSetup setup = new AwsSetup(AwsSetup.TARGETS, "SiteBuckets", "orders-*");

    private static String shown(Path folder, String promotion) {
        return CommandLineInProcess.run(
                        "show", promotion, "--home", folder.resolve("home").toString(), "--json")
                .out();
    }

    @Test
    public void theWholeJourneyRunsWithExactlyTheseRoles() throws Exception {
        Path folder = temporary.getRoot().toPath();
        for (String version : Script.VERSIONS) {
            Example.build(setup.root, folder, version, version.equals("1.1.0") ? new String[] {"--broken"} : new String[0]);
        }
        var accounts = new LiveAccounts(setup.sandbox().endpoint());
        for (Script.Step step : Script.steps()) {
            var words = new ArrayList<String>();
            Script.withPlan(step.words(), id -> shown(folder, id)).forEach(w -> words.add(
                    w.startsWith("orders-") || w.equals("policy.yaml") ? folder.resolve(w).toString() : w));
            words.addAll(List.of(
                    "--home", folder.resolve("home").toString(),
                    "--endpoint", setup.sandbox().endpoint().toString(),
                    "--poll-scale", String.valueOf(AwsSetup.SCALE * 5),
                    "--json",
                    "--as", step.user()));
            Answer answer = CommandLineInProcess.run(words.toArray(String[]::new));
            assertEquals(step.title() + "\n" + answer, step.exit(), answer.exit());
            if (step.promotion() != null) {
                JsonNode promotion = JSON.readTree(answer.out());
                assertEquals(step.title(), step.state(), promotion.path("state").asText());
            }
        }
        assertEquals(
                List.of(),
                accounts.compare(Script.PROD, folder, "1.0.0", List.of("1.0.0", "1.2.0")).wrong());
        assertEquals("nothing that is needed is missing", new TreeSet<String>(), setup.denied());
    }

    @Test
    public void planningCannotChangeAnything() {
        AwsCredentials plan = setup.role("promotion-plan");
        try (var stacks = setup.client(CloudFormationClient.builder(), plan, "eu-west-1");
                var s3 = setup.client(S3Client.builder().forcePathStyle(true), plan, "eu-west-1")) {
            AwsSetup.refusal(() -> stacks.createStack(r -> r.stackName("orders-dev").templateBody("{}")));
            AwsSetup.refusal(() -> stacks.deleteStack(r -> r.stackName("promotion-target-account")));
            AwsSetup.refusal(() -> stacks.setStackPolicy(
                    r -> r.stackName("promotion-target-account").stackPolicyBody("{}")));
            AwsSetup.refusal(() -> s3.putObject(
                    r -> r.bucket("serverless-promotion-222222222222-eu-west-1").key("x"), RequestBody.fromString("x")));
            AwsSetup.refusal(() -> s3.putObject(r -> r.bucket("acme-releases").key("x"), RequestBody.fromString("x")));
        }
    }

    @Test
    public void deployingTouchesNothingButThroughCloudFormation() {
        AwsCredentials deploy = setup.role("promotion-deploy");
        try (var stacks = setup.client(CloudFormationClient.builder(), deploy, "eu-west-1");
                var s3 = setup.client(S3Client.builder().forcePathStyle(true), deploy, "eu-west-1")) {
            AwsSetup.refusal(() -> stacks.createStack(r -> r.stackName("orders-dev").templateBody("{}")));
            AwsSetup.refusal(() -> s3.createBucket(r -> r.bucket("orders-mine")));
            AwsSetup.refusal(() -> s3.putObject(r -> r.bucket("acme-releases").key("x"), RequestBody.fromString("x")));
        }
    }

    @Test
    public void nobodyElseBecomesTheseRoles() {
        AwsSetup.refusal(() -> setup.assume(setup.base(), "arn:aws:iam::222222222222:role/promotion-plan", "another"));
        AwsSetup.refusal(() -> setup.assume(setup.base(), "arn:aws:iam::222222222222:role/promotion-cfn", "acme"));
        AwsSetup.refusal(() -> setup.assume(AwsSetup.user(), "arn:aws:iam::222222222222:role/promotion-deploy", "acme"));
        AwsSetup.refusal(() -> setup.assume(setup.role("promotion-test"), "arn:aws:iam::222222222222:role/promotion-deploy", "acme"));
    }

    @Test
    public void aRoleInAStackNeedsTheBoundary() throws Exception {
        String role = """
                Resources:
                  Role:
                    Type: AWS::IAM::Role
                    Properties:
                      BOUNDARY
                      AssumeRolePolicyDocument:
                        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
                """;
        String boundary = "PermissionsBoundary: arn:aws:iam::222222222222:policy/promotion-service-boundary";
        assertEquals("ROLLBACK_COMPLETE", executed("without", role.replace("BOUNDARY", "Path: /")));
        assertEquals(
                "ROLLBACK_COMPLETE",
                executed("other", role.replace("BOUNDARY", boundary.replace("service", "roles"))));
        assertEquals("CREATE_COMPLETE", executed("with", role.replace("BOUNDARY", boundary)));
    }

    @Test
    public void theExecutionRoleCannotTouchPeopleOrItsOwnBoundary() throws Exception {
        assertEquals("ROLLBACK_COMPLETE", executed("people", "Resources: {User: {Type: AWS::IAM::User}}"));
        assertEquals("ROLLBACK_COMPLETE", executed("policy", """
                Resources:
                  Policy:
                    Type: AWS::IAM::ManagedPolicy
                    Properties:
                      PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}
                """));
    }

    /** Makes a stack as promotions do, with the execution role, and tells how that ended. */
    private String executed(String name, String template) {
        try (var stacks = setup.client(CloudFormationClient.builder(), setup.role("promotion-deploy"), "eu-west-1")) {
            var made = NewRole.accepted(() -> stacks.createChangeSet(r -> r.stackName(name)
                    .changeSetName("first")
                    .changeSetType("CREATE")
                    .templateBody(template)
                    .roleARN("arn:aws:iam::222222222222:role/promotion-cfn")
                    .capabilities(Capability.CAPABILITY_IAM)));
            setup.control().settle();
            stacks.executeChangeSet(r -> r.changeSetName(made.id()));
            setup.control().settle();
            return stacks.describeStacks(r -> r.stackName(made.stackId()))
                    .stacks()
                    .get(0)
                    .stackStatusAsString();
        }
    }

    @Test
    public void theAuditLogCannotBeRemovedByAnybody() {
        try (var as = setup.client(S3Client.builder().forcePathStyle(true), setup.base(), "eu-west-1");
                var admin = setup.client(S3Client.builder().forcePathStyle(true), AwsSetup.admin(AwsSetup.TOOLS), "eu-west-1")) {
            String version = as.putObject(r -> r.bucket("acme-audit").key("0"), RequestBody.fromString("entry"))
                    .versionId();
            AwsSetup.refusal(() -> as.deleteObject(r -> r.bucket("acme-audit").key("0").versionId(version)));
            String message = assertThrows(
                            SdkException.class,
                            () -> admin.deleteObject(
                                    r -> r.bucket("acme-audit").key("0").versionId(version)))
                    .getMessage();
            assertTrue(message, message.contains("object protected by object lock") || message.contains("Access Denied"));
            assertEquals("entry", as.getObjectAsBytes(r -> r.bucket("acme-audit").key("0")).asUtf8String());
        }
    }
}
