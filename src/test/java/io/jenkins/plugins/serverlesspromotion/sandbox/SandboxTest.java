package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.Patience;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ByteArrayEntity;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** What belongs to no single service: faults, crash points, snapshots, log, presigned URLs, the server itself. */
public class SandboxTest {
    private static final String DEV = "222222222222";
    private static final String WORLD = """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Statement: {Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: lambda.amazonaws.com}}
              Function:
                Type: AWS::Lambda::Function
                Properties:
                  FunctionName: orders
                  Role: !GetAtt Role.Arn
                  Runtime: python3.12
                  Handler: app.handler
                  Code: {ZipFile: 'x = 1'}
              Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Function}}
              Alias:
                Type: AWS::Lambda::Alias
                Properties: {FunctionName: !Ref Function, Name: live, FunctionVersion: !GetAtt Version.Version}
              Permission:
                Type: AWS::Lambda::Permission
                Properties: {FunctionName: !Ref Alias, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com}
              Secret: {Type: AWS::SecretsManager::Secret}
              Parameter: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x}}
              Alarm:
                Type: AWS::CloudWatch::Alarm
                Properties: {EvaluationPeriods: 1, ComparisonOperator: GreaterThanThreshold}
              Bucket: {Type: AWS::S3::Bucket}
            """;
    private static final String TOPIC = "Resources: {Topic: {Type: AWS::SNS::Topic}}";

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private Sandbox sandbox;
    private SandboxControl control;
    private Clients clients;
    private S3Client s3;
    private CloudFormationClient cloudFormation;

    @Before
    public void start() {
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0.001));
        control = sandbox.control();
        clients = new Clients(sandbox.endpoint());
        s3 = clients.s3(Clients.base(), "eu-west-1");
        cloudFormation = clients.cloudFormation(Clients.admin(DEV), "eu-west-1");
    }

    @After
    public void stop() {
        s3.close();
        cloudFormation.close();
        clients.close();
        sandbox.close();
    }

    private void put(String key) {
        s3.putObject(r -> r.bucket("acme-releases").key(key), RequestBody.fromString("text of " + key));
    }

    private static String code(org.junit.function.ThrowingRunnable call) {
        return assertThrows(AwsServiceException.class, call).awsErrorDetails().errorCode();
    }

    @Test
    public void throttlingHasTheWordsOfEachService() {
        control.throttle("*", "*", 3);
        assertEquals("SlowDown", code(() -> put("a")));
        assertEquals("Throttling", code(() -> cloudFormation.describeStacks()));
        try (LambdaClient lambda = clients.lambda(Clients.admin(DEV), "eu-west-1")) {
            assertEquals("TooManyRequestsException", code(lambda::listFunctions));
        }
        put("a");
    }

    @Test
    public void ratesAreLimitedForEachAccount() {
        control.rateLimit("cloudformation", "DescribeStacks", 2);
        cloudFormation.describeStacks();
        cloudFormation.describeStacks();
        assertEquals("Throttling", code(() -> {
            for (int i = 0; i < 50; i++) {
                cloudFormation.describeStacks();
            }
        }));
        try (CloudFormationClient other = clients.cloudFormation(Clients.admin("333333333333"), "eu-west-1")) {
            other.describeStacks();
        }
    }

    @Test
    public void lostResponsesHaveTheirEffectAndDroppedRequestsNone() {
        control.loseResponse("s3", "PutObject", 1);
        assertThrows(SdkClientException.class, () -> put("lost"));
        control.fault("dropRequest", "service", "s3", "operation", "PutObject");
        assertThrows(SdkClientException.class, () -> put("dropped"));
        assertEquals(1, control.history("s3:object", "*/lost").size());
        assertEquals(0, control.history("s3:object", "*/dropped").size());
        assertEquals(
                List.of("lost", "dropped"),
                control.log("s3", "PutObject").stream()
                        .map(e -> e.path("outcome").asText())
                        .toList());
    }

    @Test
    public void errorsAndLatencyComeWhenAsked() {
        control.fault("error", "service", "s3", "status", 503, "code", "ServiceUnavailable", "skip", 1);
        put("a");
        assertEquals("ServiceUnavailable", code(() -> put("b")));
        control.fault("latency", "service", "s3", "millis", 120);
        put("c");
        List<JsonNode> log = control.log("s3", "PutObject");
        assertTrue(log.get(log.size() - 1).path("durationMillis").asDouble() >= 120);
        assertThrows(IllegalArgumentException.class, () -> control.fault("nonsense"));
    }

    @Test
    public void crashPointsHoldBeforeAndAfterTheEffect() {
        for (String phase : List.of("before", "after")) {
            control.arm("s3", "PutObject", "acme-releases/" + phase + "-*", 2, phase);
            put(phase + "-1");
            assertFalse(control.crashReached());
            CompletableFuture<Void> held = CompletableFuture.runAsync(() -> put(phase + "-2"));
            SandboxControl.await("crash point", control::crashReached);
            put("other");
            assertEquals(
                    phase.equals("after") ? 1 : 0,
                    control.history("s3:object", "acme-releases/" + phase + "-2")
                            .size());
            assertFalse(held.isDone());
            control.disarm();
            assertThrows(CompletionException.class, held::join);
        }
        put("after-3");
    }

    @Test
    public void crashPointsCanBeEnumeratedFromTheLog() {
        put("a");
        put("a");
        put("b");
        List<String> points = control.log("s3", "PutObject").stream()
                .map(entry -> entry.path("resource").asText() + "#"
                        + entry.path("occurrence").asInt())
                .toList();
        assertEquals(List.of("acme-releases/a#1", "acme-releases/a#2", "acme-releases/b#1"), points);
    }

    @Test
    public void snapshotsCarryOperationsInProgress() {
        put("kept");
        SandboxConfig config = SandboxConfig.threeAccounts().timeScale(1000);
        SandboxConfig.DistributionConfig distribution = new SandboxConfig.DistributionConfig();
        distribution.id = "E1";
        distribution.bucket = "acme-releases";
        config.accounts.get(1).distributions.add(distribution);
        byte[] snapshot;
        try (Sandbox first = Sandbox.start(config);
                Clients own = new Clients(first.endpoint());
                S3Client objects = own.s3(Clients.base(), "eu-west-1");
                CloudFormationClient stacks = own.cloudFormation(Clients.admin(DEV), "eu-west-1")) {
            objects.putObject(r -> r.bucket("acme-releases").key("kept"), RequestBody.fromString("text"));
            objects.createMultipartUpload(r -> r.bucket("acme-releases").key("large"));
            stacks.createStack(r -> r.stackName("s").templateBody(WORLD).capabilities(Capability.CAPABILITY_IAM));
            first.control().settle();
            stacks.createChangeSet(r -> r.stackName("s").changeSetName("open").templateBody(TOPIC));
            try (CloudFrontClient edge = own.client(CloudFrontClient.builder(), Clients.admin(DEV), "us-east-1");
                    LambdaClient lambda = own.lambda(Clients.admin(DEV), "eu-west-1")) {
                edge.createInvalidation(r -> r.distributionId("E1")
                        .invalidationBatch(batch -> batch.callerReference("r")
                                .paths(paths -> paths.quantity(1).items("/*"))));
                lambda.updateFunctionConfiguration(r -> r.functionName("orders").timeout(9));
            }
            first.control().throttle("ssm", "*", 1);
            stacks.createStack(r -> r.stackName("t").templateBody(TOPIC));
            snapshot = first.control().snapshot();
        }
        control.restore(snapshot);
        assertEquals(
                "CREATE_IN_PROGRESS",
                cloudFormation
                        .describeStacks(r -> r.stackName("t"))
                        .stacks()
                        .get(0)
                        .stackStatusAsString());
        control.timeScale(0);
        SandboxControl.await("end of what was under way", () -> control.pending() == 0);
        assertEquals(
                "CREATE_COMPLETE",
                cloudFormation
                        .describeStacks(r -> r.stackName("t"))
                        .stacks()
                        .get(0)
                        .stackStatusAsString());
        var changes = cloudFormation.describeChangeSet(r -> r.stackName("s").changeSetName("open"));
        assertEquals("CREATE_COMPLETE", changes.statusAsString());
        cloudFormation.executeChangeSet(r -> r.changeSetName(changes.changeSetId()));
        control.settle();
        assertEquals(
                "UPDATE_COMPLETE",
                cloudFormation
                        .describeStacks(r -> r.stackName("s"))
                        .stacks()
                        .get(0)
                        .stackStatusAsString());
        assertEquals(1, control.history("s3:object", "acme-releases/kept").size());
        assertEquals(
                "text",
                s3.getObjectAsBytes(r -> r.bucket("acme-releases").key("kept")).asUtf8String());
    }

    @Test
    public void accountsAndRegionsAreApart() {
        for (String account : ThreeAccounts.TARGETS) {
            for (String region : List.of("eu-west-1", "us-east-1")) {
                try (CloudFormationClient client = clients.cloudFormation(Clients.admin(account), region)) {
                    assertEquals(0, client.describeStacks().stacks().size());
                    client.createChangeSet(r -> r.stackName("orders")
                            .changeSetName("first")
                            .changeSetType(ChangeSetType.CREATE)
                            .templateBody(TOPIC));
                    assertEquals(1, client.describeStacks().stacks().size());
                }
            }
        }
        assertEquals(
                6,
                control.history("cloudformation:change-set", "orders/first").stream()
                        .filter(change -> change.path("what").asText().equals("create"))
                        .count());
    }

    @Test
    public void logNamesWhoAndEachAnswerHasItsRequestId() {
        String id = s3.putObject(r -> r.bucket("acme-releases").key("k"), RequestBody.fromString("x"))
                .responseMetadata()
                .requestId();
        JsonNode entry = control.log("s3", "PutObject").get(0);
        assertEquals(id, entry.path("requestId").asText());
        assertEquals(ThreeAccounts.BASE, entry.path("principal").asText());
        assertEquals("111111111111", entry.path("account").asText());
        assertEquals("acme-releases/k", entry.path("resource").asText());
        assertEquals(200, entry.path("status").asInt());
        assertEquals(
                entry.path("seq").asLong(),
                control.history("s3:object", "acme-releases/k")
                        .get(0)
                        .path("seq")
                        .asLong());
    }

    private S3Presigner presigner() {
        return S3Presigner.builder()
                .endpointOverride(sandbox.endpoint())
                .region(software.amazon.awssdk.regions.Region.EU_WEST_1)
                .credentialsProvider(
                        software.amazon.awssdk.auth.credentials.StaticCredentialsProvider.create(Clients.base()))
                .serviceConfiguration(software.amazon.awssdk.services.s3.S3Configuration.builder()
                        .pathStyleAccessEnabled(true)
                        .build())
                .build();
    }

    private static int send(URI uri, String method, byte[] body, java.util.Map<String, List<String>> headers)
            throws Exception {
        var request = RequestBuilder.create(method).setUri(uri);
        if (body != null) {
            request.setEntity(new ByteArrayEntity(body));
        }
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
                values.forEach(value -> request.addHeader(name, value));
            }
        });
        return FreshConnections.send(request, Patience.LIMIT).statusCode();
    }

    @Test
    public void presignedPutsHoldTheirSignedHeaders() throws Exception {
        byte[] body = "the artifact".getBytes();
        try (S3Presigner presigner = presigner()) {
            var presigned = presigner.presignPutObject(request -> request.signatureDuration(Duration.ofMinutes(5))
                    .putObjectRequest(put -> put.bucket("acme-releases")
                            .key("a/app.zip")
                            .contentLength((long) body.length)
                            .checksumSHA256(Checksums.of("SHA256", body))
                            .ifNoneMatch("*")));
            URI uri = presigned.url().toURI();
            assertEquals(400, send(uri, "PUT", "the artefact".getBytes(), presigned.signedHeaders()));
            assertEquals(403, send(uri, "PUT", body, java.util.Map.of()));
            assertEquals(200, send(uri, "PUT", body, presigned.signedHeaders()));
            assertEquals(412, send(uri, "PUT", body, presigned.signedHeaders()));
            assertEquals(
                    403,
                    send(
                            URI.create(uri.toString().replace("app.zip", "other.zip")),
                            "PUT",
                            body,
                            presigned.signedHeaders()));
            var valid = presigner.presignGetObject(request -> request.signatureDuration(Duration.ofMinutes(5))
                    .getObjectRequest(get -> get.bucket("acme-releases").key("a/app.zip")));
            assertEquals(200, send(valid.url().toURI(), "GET", null, valid.signedHeaders()));
            var expired = presigner.presignGetObject(request -> request.signatureDuration(Duration.ofSeconds(1))
                    .getObjectRequest(get -> get.bucket("acme-releases").key("a/app.zip")));
            SandboxControl.await("expiry of the URL", () -> {
                try {
                    return send(expired.url().toURI(), "GET", null, expired.signedHeaders()) == 403;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    public void configurationSurvivesJson() {
        String json = SandboxConfig.threeAccounts().write();
        assertEquals(json, SandboxConfig.read(json).write());
        assertThrows(IllegalArgumentException.class, () -> SandboxConfig.read("{\"acounts\": []}"));
    }

    @Test
    public void serverRunsInItsOwnProcess() throws IOException, InterruptedException {
        Path port = folder.getRoot().toPath().resolve("port");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SandboxServer.class.getName(),
                        "--time-scale",
                        "0.01",
                        "--port-file",
                        port.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.newFile("server.log"))
                .start();
        try {
            SandboxControl.await("server", () -> {
                try {
                    return Files.exists(port) && !Files.readString(port).isEmpty();
                } catch (IOException e) {
                    return false;
                }
            });
            URI endpoint = URI.create("http://127.0.0.1:" + Files.readString(port));
            SandboxControl.await("answer", () -> new SandboxControl(endpoint).pending() == 0);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
