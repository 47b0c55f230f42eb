package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.junit.function.ThrowingRunnable;
import org.junit.rules.ExternalResource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Accounts that had nothing but an administrator, with the templates of docs/examples/aws-setup deployed into them. The
 * credentials of the base role are those of this JVM meanwhile.
 */
final class AwsSetup extends ExternalResource {
    static final double SCALE = 0.002;
    static final String TOOLS = "111111111111";
    static final List<String> TARGETS = List.of(Script.DEV, Script.STAGING, Script.PROD);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTROLLER = "arn:aws:iam::111111111111:user/release-base";
    private static final String BASE = "arn:aws:iam::111111111111:role/promotion-base";
    private static final List<String> PROPERTIES =
            List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.sessionToken");

    final Path root = Path.of(System.getProperty("promotion.root")).toAbsolutePath().normalize();
    private final List<String> accounts;
    private final List<String> parameters;
    private final Map<String, String> before = new LinkedHashMap<>();
    private Sandbox sandbox;
    private SandboxControl control;
    private AwsCredentials base;

    /** @param parameters of target-account.yaml, names and values in turn */
    AwsSetup(List<String> accounts, String... parameters) {
        this.accounts = accounts;
        this.parameters = List.of(parameters);
    }

    @Override
    protected void before() throws Exception {
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
        var given = new ArrayList<>(
                List.of("BaseRoleArn", BASE, "ExternalId", "acme", "ReleaseBucketName", "acme-releases"));
        given.addAll(parameters);
        for (String account : accounts) {
            deploy(account, "eu-west-1", "target-account.yaml", given.toArray(new String[0]));
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

    @Override
    protected void after() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        if (sandbox != null) {
            sandbox.close();
        }
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

    static AwsCredentials admin(String account) {
        return AwsBasicCredentials.create("AKIA" + account + "ADMI", "sandbox-secret-of-admin");
    }

    static AwsCredentials user() {
        return AwsBasicCredentials.create("AKIAIOSFODNN7SANDBOX", "sandbox-secret-of-release-base");
    }

    <B extends AwsClientBuilder<B, C>, C> C client(B builder, AwsCredentials as, String region) {
        return builder.endpointOverride(sandbox.endpoint())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(as))
                .build();
    }

    AwsCredentials assume(AwsCredentials as, String role, String externalId) {
        try (var sts = client(StsClient.builder(), as, "eu-west-1")) {
            var session = sts.assumeRole(
                            r -> r.roleArn(role).roleSessionName("test").externalId(externalId))
                    .credentials();
            return AwsSessionCredentials.create(
                    session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
        }
    }

    AwsCredentials role(String name) {
        return assume(base, "arn:aws:iam::222222222222:role/" + name, "acme");
    }

    Sandbox sandbox() {
        return sandbox;
    }

    SandboxControl control() {
        return control;
    }

    AwsCredentials base() {
        return base;
    }

    static String refusal(ThrowingRunnable call) {
        String message = org.junit.Assert.assertThrows(SdkException.class, call).getMessage();
        assertTrue(message, message.contains("not authorized") || message.contains("Access Denied"));
        return message;
    }

    /** What a role of ours was denied so far: {@code s3:PutObject arn:…}. */
    TreeSet<String> denied() {
        var denied = new TreeSet<String>();
        control.log().stream()
                .filter(entry -> entry.path("errorCode").asText().startsWith("AccessDenied"))
                .forEach(entry -> denied.add(entry.path("service").asText() + ":"
                        + entry.path("operation").asText() + " " + entry.path("principal").asText()));
        return denied;
    }
}
