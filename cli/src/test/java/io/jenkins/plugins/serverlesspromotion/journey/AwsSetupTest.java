package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess.Answer;
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
    private static final double SCALE = 0.002;
    private static final String TOOLS = "111111111111";
    private static final List<String> TARGETS = List.of(Script.DEV, Script.STAGING, Script.PROD);
    private static final String CONTROLLER = "arn:aws:iam::111111111111:user/release-base";
    private static final String BASE = "arn:aws:iam::111111111111:role/promotion-base";
    private static final List<String> PROPERTIES =
            List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.sessionToken");

    @Rule
    public TemporaryFolder temporary = new TemporaryFolder();

    private final Path root = Path.of(System.getProperty("promotion.root")).toAbsolutePath().normalize();
    private final Map<String, String> before = new LinkedHashMap<>();
    private Sandbox sandbox;
    private SandboxControl control;
    private AwsCredentials base;

    @Before
    public void setUp() throws Exception {
        SandboxConfig config = SandboxConfig.threeAccounts();
        config.accounts.forEach(account -> {
            account.roles.clear();
            account.buckets.clear();
            // What a controller's instance has: the right to become the base role.
            account.users.stream()
                    .filter(user -> user.name.equals("release-base"))
                    .forEach(user -> user.policy = JSON.valueToTree(Map.of(
                            "Statement", List.of(Map.of("Effect", "Allow", "Action", "sts:AssumeRole", "Resource", BASE)))));
        });
        sandbox = Sandbox.start(config.timeScale(SCALE));
        control = sandbox.control();
        deploy(
                TOOLS,
                "eu-west-1",
                "tools-account.yaml",
                "OrganizationId",
                "o-sandbox00001",
                "ReleaseBucketName",
                "acme-releases",
                "AuditBucketName",
                "acme-audit",
                "ControllerPrincipal",
                CONTROLLER);
        for (String account : TARGETS) {
            deploy(
                    account,
                    "eu-west-1",
                    "target-account.yaml",
                    "BaseRoleArn",
                    BASE,
                    "ExternalId",
                    "acme",
                    "ReleaseBucketName",
                    "acme-releases",
                    "SiteBuckets",
                    "orders-*");
            for (String region : List.of("eu-west-1", "us-east-1", "us-west-2")) {
                deploy(account, region, "staging-bucket.yaml");
            }
        }
        base = assume(user(), BASE, null);
        PROPERTIES.forEach(name -> before.put(name, System.getProperty(name)));
        var session = (AwsSessionCredentials) base;
        System.setProperty("aws.accessKeyId", session.accessKeyId());
        System.setProperty("aws.secretAccessKey", session.secretAccessKey());
        System.setProperty("aws.sessionToken", session.sessionToken());
    }

    @After
    public void tearDown() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        sandbox.close();
    }

    private void deploy(String account, String region, String template, String... parameters) throws Exception {
        String text = Files.readString(root.resolve("docs/examples/aws-setup").resolve(template));
        var given = new ArrayList<Parameter>();
        for (int i = 0; i < parameters.length; i += 2) {
            given.add(Parameter.builder()
                    .parameterKey(parameters[i])
                    .parameterValue(parameters[i + 1])
                    .build());
        }
        String name = "promotion-" + template.replace(".yaml", "");
        try (var client = client(CloudFormationClient.builder(), admin(account), region)) {
            client.createStack(r -> r.stackName(name)
                    .templateBody(text)
                    .parameters(given)
                    .capabilities(Capability.CAPABILITY_NAMED_IAM));
            SandboxControl.await(Duration.ofSeconds(30), name + " in " + account + "/" + region, () -> {
                String status = client.describeStacks(r -> r.stackName(name))
                        .stacks()
                        .get(0)
                        .stackStatusAsString();
                if (status.contains("ROLLBACK") || status.endsWith("FAILED")) {
                    throw new AssertionError(client.describeStackEvents(r -> r.stackName(name)).stackEvents().stream()
                            .map(e -> e.logicalResourceId() + " " + e.resourceStatusReason())
                            .toList()
                            .toString());
                }
                return status.equals("CREATE_COMPLETE");
            });
        }
    }

    private static AwsCredentials admin(String account) {
        return AwsBasicCredentials.create("AKIA" + account + "ADMI", "sandbox-secret-of-admin");
    }

    private static AwsCredentials user() {
        return AwsBasicCredentials.create("AKIAIOSFODNN7SANDBOX", "sandbox-secret-of-release-base");
    }

    private <B extends AwsClientBuilder<B, C>, C> C client(B builder, AwsCredentials as, String region) {
        return builder.endpointOverride(sandbox.endpoint())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(as))
                .build();
    }

    private AwsCredentials assume(AwsCredentials as, String role, String externalId) {
        try (var sts = client(StsClient.builder(), as, "eu-west-1")) {
            var session = sts.assumeRole(
                            r -> r.roleArn(role).roleSessionName("test").externalId(externalId))
                    .credentials();
            return AwsSessionCredentials.create(
                    session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
        }
    }

    private AwsCredentials role(String name) {
        return assume(base, "arn:aws:iam::222222222222:role/" + name, "acme");
    }

    private static String refusal(org.junit.function.ThrowingRunnable call) {
        String message = assertThrows(SdkException.class, call).getMessage();
        assertTrue(message, message.contains("not authorized") || message.contains("Access Denied"));
        return message;
    }

    @Test
    public void theWholeJourneyRunsWithExactlyTheseRoles() throws Exception {
        Path folder = temporary.getRoot().toPath();
        for (String version : Script.VERSIONS) {
            Example.build(root, folder, version, version.equals("1.1.0") ? new String[] {"--broken"} : new String[0]);
        }
        var accounts = new LiveAccounts(sandbox.endpoint());
        for (Script.Step step : Script.steps()) {
            var words = new ArrayList<String>();
            step.words().forEach(w -> words.add(
                    w.startsWith("orders-") || w.equals("policy.yaml") ? folder.resolve(w).toString() : w));
            words.addAll(List.of(
                    "--home", folder.resolve("home").toString(),
                    "--endpoint", sandbox.endpoint().toString(),
                    "--poll-scale", String.valueOf(SCALE * 5),
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
                accounts.compare(Script.PROD, folder.resolve("orders-1.0.0")).wrong());
        var refused = new TreeSet<String>();
        control.log().stream()
                .filter(entry -> entry.path("errorCode").asText().startsWith("AccessDenied"))
                .forEach(entry -> refused.add(entry.path("service").asText() + ":"
                        + entry.path("operation").asText() + " " + entry.path("principal").asText()));
        assertEquals("nothing that is needed is missing", new TreeSet<String>(), refused);
    }

    @Test
    public void planningCannotChangeAnything() {
        AwsCredentials plan = role("promotion-plan");
        try (var stacks = client(CloudFormationClient.builder(), plan, "eu-west-1");
                var s3 = client(S3Client.builder().forcePathStyle(true), plan, "eu-west-1")) {
            refusal(() -> stacks.createStack(r -> r.stackName("orders-dev").templateBody("{}")));
            refusal(() -> stacks.deleteStack(r -> r.stackName("promotion-target-account")));
            refusal(() -> stacks.setStackPolicy(
                    r -> r.stackName("promotion-target-account").stackPolicyBody("{}")));
            refusal(() -> s3.putObject(
                    r -> r.bucket("serverless-promotion-222222222222-eu-west-1").key("x"), RequestBody.fromString("x")));
            refusal(() -> s3.putObject(r -> r.bucket("acme-releases").key("x"), RequestBody.fromString("x")));
        }
    }

    @Test
    public void deployingTouchesNothingButThroughCloudFormation() {
        AwsCredentials deploy = role("promotion-deploy");
        try (var stacks = client(CloudFormationClient.builder(), deploy, "eu-west-1");
                var s3 = client(S3Client.builder().forcePathStyle(true), deploy, "eu-west-1")) {
            refusal(() -> stacks.createStack(r -> r.stackName("orders-dev").templateBody("{}")));
            refusal(() -> s3.createBucket(r -> r.bucket("orders-mine")));
            refusal(() -> s3.putObject(r -> r.bucket("acme-releases").key("x"), RequestBody.fromString("x")));
        }
    }

    @Test
    public void nobodyElseBecomesTheseRoles() {
        refusal(() -> assume(base, "arn:aws:iam::222222222222:role/promotion-plan", "another"));
        refusal(() -> assume(base, "arn:aws:iam::222222222222:role/promotion-cfn", "acme"));
        refusal(() -> assume(user(), "arn:aws:iam::222222222222:role/promotion-deploy", "acme"));
        refusal(() -> assume(role("promotion-test"), "arn:aws:iam::222222222222:role/promotion-deploy", "acme"));
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
        try (var stacks = client(CloudFormationClient.builder(), role("promotion-deploy"), "eu-west-1")) {
            var made = stacks.createChangeSet(r -> r.stackName(name)
                    .changeSetName("first")
                    .changeSetType("CREATE")
                    .templateBody(template)
                    .roleARN("arn:aws:iam::222222222222:role/promotion-cfn")
                    .capabilities(Capability.CAPABILITY_IAM));
            control.settle();
            stacks.executeChangeSet(r -> r.changeSetName(made.id()));
            control.settle();
            return stacks.describeStacks(r -> r.stackName(made.stackId()))
                    .stacks()
                    .get(0)
                    .stackStatusAsString();
        }
    }

    @Test
    public void theAuditLogCannotBeRemovedByAnybody() {
        try (var as = client(S3Client.builder().forcePathStyle(true), base, "eu-west-1");
                var admin = client(S3Client.builder().forcePathStyle(true), admin(TOOLS), "eu-west-1")) {
            String version = as.putObject(r -> r.bucket("acme-audit").key("0"), RequestBody.fromString("entry"))
                    .versionId();
            refusal(() -> as.deleteObject(r -> r.bucket("acme-audit").key("0").versionId(version)));
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
