package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Environment;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.PublishVersionResponse;
import software.amazon.awssdk.services.s3.S3Client;

@MayBeSkipped("python3 and node")
public class LambdaServiceTest {
    private static final String DEV = "222222222222";
    private static final String CODE = """
            import os
            def handler(event, context):
                print("called with", event)
                if event.get("fail"):
                    raise ValueError("no " + event["fail"])
                if event.get("exit"):
                    os._exit(3)
                return {"stage": os.environ["STAGE"], "version": context.function_version, "answer": %d}
            """;
    private Sandbox sandbox;
    private Clients clients;
    private LambdaClient lambda;

    @Before
    public void start() {
        SandboxConfig config = SandboxConfig.threeAccounts().timeScale(0.001);
        SandboxConfig.RoleConfig role = new SandboxConfig.RoleConfig();
        role.name = "orders-function";
        role.trust = SandboxJson.read("""
                {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                               "Principal": {"Service": "lambda.amazonaws.com"}}}""");
        config.accounts.get(1).roles.add(role);
        sandbox = Sandbox.start(config);
        clients = new Clients(sandbox.endpoint());
        lambda = clients.lambda(Clients.admin(DEV), "eu-west-1");
    }

    @After
    public void stop() {
        lambda.close();
        clients.close();
        sandbox.close();
    }

    private static LambdaException refused(String code, ThrowingRunnable call) {
        LambdaException refusal = assertThrows(LambdaException.class, call);
        assertEquals(refusal.getMessage(), code, refusal.awsErrorDetails().errorCode());
        return refusal;
    }

    static SdkBytes zip(int answer) {
        return SdkBytes.fromByteArray(LambdaResources.zip("app.py", String.format(CODE, answer)));
    }

    private void settled(String function) {
        SandboxControl.await("function " + function, () -> {
            var configuration = lambda.getFunctionConfiguration(r -> r.functionName(function));
            return configuration.stateAsString().equals("Active")
                    && configuration.lastUpdateStatusAsString().equals("Successful");
        });
    }

    private void create(String name, int answer) {
        lambda.createFunction(r -> r.functionName(name)
                .role("arn:aws:iam::" + DEV + ":role/orders-function")
                .runtime("python3.12")
                .handler("app.handler")
                // An interpreter may take longer to start than Lambda's 3 s when a machine is busy.
                .timeout(60)
                .environment(
                        Environment.builder().variables(Map.of("STAGE", "dev")).build())
                .code(code -> code.zipFile(zip(answer))));
        settled(name);
    }

    private String update(String name, int answer) {
        lambda.updateFunctionCode(r -> r.functionName(name).zipFile(zip(answer)));
        settled(name);
        return lambda.publishVersion(r -> r.functionName(name)).version();
    }

    private InvokeResponse invoke(String name, String qualifier, String event) {
        return lambda.invoke(r -> r.functionName(name).qualifier(qualifier).payload(SdkBytes.fromUtf8String(event)));
    }

    private static void assumePython() {
        boolean there;
        try {
            there = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            there = false;
        }
        assumeTrue("python3 is installed", there);
    }

    @Test
    public void functionsReallyRun() {
        assumePython();
        create("orders", 1);
        assertEquals("1", lambda.publishVersion(r -> r.functionName("orders")).version());
        InvokeResponse answer = invoke("orders", "1", "{}");
        assertEquals(
                "{\"stage\":\"dev\",\"version\":\"1\",\"answer\":1}",
                answer.payload().asUtf8String());
        assertEquals("1", answer.executedVersion());
        assertNull(answer.functionError());
        InvokeResponse failed = invoke("orders", null, "{\"fail\": \"way\"}");
        assertEquals("Unhandled", failed.functionError());
        assertTrue(
                failed.payload().asUtf8String(),
                failed.payload().asUtf8String().contains("\"errorMessage\":\"no way\""));
        assertTrue(
                invoke("orders", null, "{\"exit\": 1}").payload().asUtf8String().contains("exit status 3"));
        refused("ResourceNotFoundException", () -> invoke("orders", "7", "{}"));
    }

    @Test
    public void nodeFunctionsRunToo() throws Exception {
        boolean node;
        try {
            node = new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            node = false;
        }
        assumeTrue("node is installed", node);
        lambda.createFunction(
                r -> r.functionName("web")
                        .role("arn:aws:iam::" + DEV + ":role/orders-function")
                        .runtime("nodejs20.x")
                        .handler("index.handler")
                        .code(
                                code -> code.zipFile(
                                        SdkBytes.fromByteArray(
                                                LambdaResources.zip(
                                                        "index.js",
                                                        "exports.handler = async (event) => { if (event.bad) throw new Error('bad'); return event.n + 1; };")))));
        settled("web");
        assertEquals("5", invoke("web", null, "{\"n\": 4}").payload().asUtf8String());
        assertEquals("Unhandled", invoke("web", null, "{\"bad\": 4}").functionError());
    }

    @Test
    public void staleRevisionsAndWrongDigestsAreRefused() {
        create("orders", 1);
        String revision =
                lambda.getFunctionConfiguration(r -> r.functionName("orders")).revisionId();
        lambda.updateFunctionCode(
                r -> r.functionName("orders").revisionId(revision).zipFile(zip(2)));
        settled("orders");
        refused(
                "PreconditionFailedException",
                () -> lambda.updateFunctionCode(
                        r -> r.functionName("orders").revisionId(revision).zipFile(zip(3))));
        refused(
                "PreconditionFailedException",
                () -> lambda.publishVersion(r -> r.functionName("orders").revisionId(revision)));
        refused(
                "InvalidParameterValueException",
                () -> lambda.publishVersion(r -> r.functionName("orders").codeSha256("wrong")));
        lambda.publishVersion(
                r -> r.functionName("orders").codeSha256(SandboxJson.base64(SandboxJson.sha256(zip(2).asByteArray()))));
    }

    @Test
    public void dryRunChangesNothing() {
        create("orders", 1);
        String before =
                lambda.getFunctionConfiguration(r -> r.functionName("orders")).codeSha256();
        String preview = lambda.updateFunctionCode(
                        r -> r.functionName("orders").zipFile(zip(2)).dryRun(true))
                .codeSha256();
        assertNotEquals(before, preview);
        assertEquals(
                before,
                lambda.getFunctionConfiguration(r -> r.functionName("orders")).codeSha256());
    }

    @Test
    public void publishingUnchangedCodeReusesTheVersion() {
        create("orders", 1);
        PublishVersionResponse first = lambda.publishVersion(r -> r.functionName("orders"));
        assertEquals(
                first.version(),
                lambda.publishVersion(r -> r.functionName("orders")).version());
        assertEquals("2", update("orders", 2));
        assertEquals(
                List.of("$LATEST", "1", "2"),
                lambda.listVersionsByFunction(r -> r.functionName("orders")).versions().stream()
                        .map(version -> version.version())
                        .toList());
    }

    @Test
    public void updatesInProgressConflict() {
        create("orders", 1);
        sandbox.control().timeScale(1000);
        lambda.updateFunctionCode(r -> r.functionName("orders").zipFile(zip(2)));
        assertEquals(
                "InProgress",
                lambda.getFunctionConfiguration(r -> r.functionName("orders")).lastUpdateStatusAsString());
        refused(
                "ResourceConflictException",
                () -> lambda.updateFunctionConfiguration(
                        r -> r.functionName("orders").timeout(5)));
        refused("ResourceConflictException", () -> lambda.publishVersion(r -> r.functionName("orders")));
        sandbox.control().settle();
        lambda.updateFunctionConfiguration(r -> r.functionName("orders").timeout(5));
    }

    @Test
    public void aliasesRouteByWeightAndGuardTheirRevision() {
        assumePython();
        create("orders", 1);
        lambda.publishVersion(r -> r.functionName("orders"));
        refused(
                "ResourceNotFoundException",
                () -> lambda.createAlias(
                        r -> r.functionName("orders").name("live").functionVersion("9")));
        String revision = lambda.createAlias(
                        r -> r.functionName("orders").name("live").functionVersion("1"))
                .revisionId();
        update("orders", 2);
        var shifted = lambda.updateAlias(r -> r.functionName("orders")
                .name("live")
                .revisionId(revision)
                .routingConfig(w -> w.additionalVersionWeights(Map.of("2", 0.5))));
        assertEquals(Map.of("2", 0.5), shifted.routingConfig().additionalVersionWeights());
        refused(
                "PreconditionFailedException",
                () -> lambda.updateAlias(r -> r.functionName("orders")
                        .name("live")
                        .revisionId(revision)
                        .functionVersion("2")));
        refused(
                "InvalidParameterValueException",
                () -> lambda.updateAlias(r -> r.functionName("orders")
                        .name("live")
                        .routingConfig(w -> w.additionalVersionWeights(Map.of("$LATEST", 0.5)))));
        int second = 0;
        for (int i = 0; i < 4; i++) {
            second += "2".equals(invoke("orders", "live", "{}").executedVersion()) ? 1 : 0;
        }
        assertEquals(2, second);
        var done = lambda.updateAlias(r -> r.functionName("orders")
                .name("live")
                .functionVersion("2")
                .routingConfig(w -> w.additionalVersionWeights(Map.of())));
        assertNull(done.routingConfig());
        assertEquals(
                "2", lambda.getAlias(r -> r.functionName("orders").name("live")).functionVersion());
    }

    @Test
    public void codeComesFromPinnedObjectsOfTheSameRegion() {
        create("orders", 1);
        String bucket = "serverless-promotion-222222222222-";
        try (S3Client s3 = clients.s3(Clients.admin(DEV), "eu-west-1");
                S3Client far = clients.s3(Clients.admin(DEV), "us-east-1")) {
            String version = s3.putObject(
                            r -> r.bucket(bucket + "eu-west-1").key("w.zip"),
                            RequestBody.fromBytes(zip(2).asByteArray()))
                    .versionId();
            far.putObject(
                    r -> r.bucket(bucket + "us-east-1").key("w.zip"), RequestBody.fromBytes(zip(2).asByteArray()));
            LambdaException refusal = refused(
                    "InvalidParameterValueException",
                    () -> lambda.updateFunctionCode(r -> r.functionName("orders")
                            .s3Bucket(bucket + "us-east-1")
                            .s3Key("w.zip")));
            assertTrue(refusal.getMessage(), refusal.getMessage().contains("PermanentRedirect"));
            refused(
                    "InvalidParameterValueException",
                    () -> lambda.updateFunctionCode(r -> r.functionName("orders")
                            .s3Bucket(bucket + "eu-west-1")
                            .s3Key("w.zip")
                            .s3ObjectVersion("nothing")));
            assertEquals(
                    SandboxJson.base64(SandboxJson.sha256(zip(2).asByteArray())),
                    lambda.updateFunctionCode(r -> r.functionName("orders")
                                    .s3Bucket(bucket + "eu-west-1")
                                    .s3Key("w.zip")
                                    .s3ObjectVersion(version))
                            .codeSha256());
        }
    }

    @Test
    public void badPackagesAndRolesAreRefused() {
        create("orders", 1);
        refused(
                "InvalidParameterValueException",
                () -> lambda.updateFunctionCode(
                        r -> r.functionName("orders").zipFile(SdkBytes.fromUtf8String("not a zip"))));
        refused(
                "InvalidParameterValueException",
                () -> lambda.updateFunctionConfiguration(
                        r -> r.functionName("orders").role("arn:aws:iam::" + DEV + ":role/promotion-cfn")));
    }

    @Test
    public void rolesInvokeOnlyWhatTheyMay() {
        assumePython();
        create("orders", 1);
        create("orders-smoke-dev", 1);
        try (LambdaClient test = clients.lambda(clients.role(DEV, "promotion-test"), "eu-west-1")) {
            LambdaException refusal =
                    refused("AccessDeniedException", () -> test.invoke(r -> r.functionName("orders")));
            assertTrue(refusal.getMessage(), refusal.getMessage().contains("lambda:InvokeFunction"));
            assertFalse(test.invoke(r -> r.functionName("orders-smoke-dev"))
                    .payload()
                    .asUtf8String()
                    .isEmpty());
        }
    }

    @Test
    public void provisionedConcurrencyTakesItsTime() {
        create("orders", 1);
        lambda.publishVersion(r -> r.functionName("orders"));
        sandbox.control().timeScale(1000);
        lambda.putProvisionedConcurrencyConfig(
                r -> r.functionName("orders").qualifier("1").provisionedConcurrentExecutions(2));
        assertEquals(
                "IN_PROGRESS",
                lambda.getProvisionedConcurrencyConfig(
                                r -> r.functionName("orders").qualifier("1"))
                        .statusAsString());
        sandbox.control().settle();
        assertEquals(
                2,
                lambda.getProvisionedConcurrencyConfig(
                                r -> r.functionName("orders").qualifier("1"))
                        .availableProvisionedConcurrentExecutions()
                        .intValue());
    }

    @Test
    public void provisionedConcurrencyTakesNoWeightsAndShiftsByItself() {
        create("orders", 1);
        lambda.publishVersion(r -> r.functionName("orders"));
        lambda.createAlias(r -> r.functionName("orders").name("live").functionVersion("1"));
        lambda.putProvisionedConcurrencyConfig(
                r -> r.functionName("orders").qualifier("live").provisionedConcurrentExecutions(2));
        sandbox.control().settle();
        update("orders", 2);
        LambdaException refusal = refused(
                "InvalidParameterValueException",
                () -> lambda.updateAlias(r -> r.functionName("orders")
                        .name("live")
                        .routingConfig(w -> w.additionalVersionWeights(Map.of("2", 0.1)))));
        assertTrue(
                refusal.getMessage(),
                refusal.getMessage().startsWith("Alias with weights can not be used with Provisioned Concurrency"));
        sandbox.control().timeScale(1000);
        String revision = lambda.updateAlias(
                        r -> r.functionName("orders").name("live").functionVersion("2"))
                .revisionId();
        var moving = lambda.getAlias(r -> r.functionName("orders").name("live"));
        assertEquals("2", moving.functionVersion());
        assertEquals(Map.of("1", 0.9), moving.routingConfig().additionalVersionWeights());
        sandbox.control().settle();
        var there = lambda.getAlias(r -> r.functionName("orders").name("live"));
        assertNull(there.routingConfig());
        assertNotEquals(revision, there.revisionId());
        lambda.updateFunctionConfiguration(r -> r.functionName("orders").timeout(5));
        sandbox.control().settle();
        lambda.createAlias(r -> r.functionName("orders")
                .name("split")
                .functionVersion("1")
                .routingConfig(w -> w.additionalVersionWeights(Map.of("2", 0.1))));
        refused(
                "InvalidParameterValueException",
                () -> lambda.putProvisionedConcurrencyConfig(
                        r -> r.functionName("orders").qualifier("split").provisionedConcurrentExecutions(2)));
    }

    @Test
    public void anUpdateMayFailAndWhatWasThereGoesOn() {
        create("orders", 1);
        String before =
                lambda.getFunctionConfiguration(r -> r.functionName("orders")).codeSha256();
        sandbox.control().fault("failUpdate", "resource", "orders", "reason", "no address left");
        lambda.updateFunctionCode(r -> r.functionName("orders").zipFile(zip(2)));
        sandbox.control().settle();
        var failed = lambda.getFunctionConfiguration(r -> r.functionName("orders"));
        assertEquals("Failed", failed.lastUpdateStatusAsString());
        assertEquals("no address left", failed.lastUpdateStatusReason());
        assertEquals(before, failed.codeSha256());
        lambda.updateFunctionCode(r -> r.functionName("orders").zipFile(zip(2)));
        settled("orders");
    }

    @Test
    public void permissionsAreKept() {
        create("orders", 1);
        lambda.addPermission(r -> r.functionName("orders")
                .statementId("api")
                .action("lambda:InvokeFunction")
                .principal("apigateway.amazonaws.com"));
        refused(
                "ResourceConflictException",
                () -> lambda.addPermission(r -> r.functionName("orders")
                        .statementId("api")
                        .action("lambda:InvokeFunction")
                        .principal("apigateway.amazonaws.com")));
        assertTrue(lambda.getPolicy(r -> r.functionName("orders")).policy().contains("apigateway.amazonaws.com"));
    }
}
