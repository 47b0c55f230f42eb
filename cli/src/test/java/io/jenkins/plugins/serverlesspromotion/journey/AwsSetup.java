package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.sandbox.NewRole;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.ExternalResource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Accounts that had nothing but an administrator, with the templates of docs/examples/aws-setup deployed into them. The
 * credentials of the base role are those of this JVM meanwhile.
 */
final class AwsSetup extends ExternalResource {
    static final double SCALE = 0.002;
    static final String TOOLS = "111111111111";
    static final List<String> TARGETS = List.of(Script.DEV, Script.STAGING, Script.PROD);

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
        sandbox = Sandbox.start(SetupStacks.emptyAccounts().timeScale(SCALE));
        control = sandbox.control();
        new SetupStacks(control, root).deploy(accounts, parameters);
        base = assumed(user(), SetupStacks.BASE, null);
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

    static AwsCredentials admin(String account) {
        return SetupStacks.admin(account);
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

    private AwsCredentials assumed(AwsCredentials as, String role, String externalId) {
        return NewRole.accepted(() -> assume(as, role, externalId));
    }

    AwsCredentials role(String name) {
        return assumed(base, "arn:aws:iam::222222222222:role/" + name, "acme");
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

    /**
     * What a role of ours was denied so far: {@code s3:PutObject arn:…}. A role that was only refused the first time, and
     * assumed with the next request, was not denied: it was new.
     */
    TreeSet<String> denied() {
        var denied = new TreeSet<String>();
        List<JsonNode> log = control.log();
        log.stream()
                .filter(entry -> refused(entry) && !wasNew(entry, log))
                .forEach(entry -> denied.add(entry.path("service").asText() + ":"
                        + entry.path("operation").asText() + " " + entry.path("principal").asText()));
        return denied;
    }

    private static boolean refused(JsonNode entry) {
        return entry.path("errorCode").asText().startsWith("AccessDenied");
    }

    private static boolean wasNew(JsonNode entry, List<JsonNode> log) {
        Predicate<JsonNode> same = other -> Stream.of("service", "operation", "resource", "principal")
                .allMatch(field -> other.path(field).equals(entry.path(field)));
        return entry.path("operation").asText().equals("AssumeRole")
                && entry.path("occurrence").asInt() == 1
                && log.stream()
                        .filter(other -> same.test(other) && other.path("occurrence").asInt() > 1)
                        .findFirst()
                        .filter(other -> !refused(other))
                        .isPresent();
    }
}
