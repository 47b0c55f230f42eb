package io.jenkins.plugins.serverlesspromotion.journey;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess;
import io.jenkins.plugins.serverlesspromotion.cli.CommandLineInProcess.Answer;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Every kind of target, deployed, asked, taken back and compared with exactly the roles of docs/examples/aws-setup: a
 * stack of SAM with everything that guards a stack, a function that gets its traffic in a canary with an alarm, a site
 * whose files are deleted, and checks before and after.
 */
public class AwsSetupTargetsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REGION = "eu-west-1";
    private static final String FUNCTION = "orders-worker-dev";
    private static final String ALARM = "orders-errors-dev";

    /** What the administrator of the account has made, and no release makes: the function's role, a bucket, an alarm. */
    private static final String GIVEN = """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: orders-worker
                  AssumeRolePolicyDocument:
                    Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
              Web:
                Type: AWS::S3::Bucket
                Properties: { BucketName: orders-web-dev, VersioningConfiguration: { Status: Enabled } }
              Distribution:
                Type: AWS::CloudFront::Distribution
                Properties:
                  DistributionConfig:
                    Enabled: true
                    Origins: [ { Id: web, DomainName: !GetAtt Web.RegionalDomainName, S3OriginConfig: { OriginAccessIdentity: "" } } ]
                    DefaultCacheBehavior: { TargetOriginId: web, ViewerProtocolPolicy: redirect-to-https }
              Alarm:
                Type: AWS::CloudWatch::Alarm
                Properties: {AlarmName: orders-errors-dev, Namespace: AWS/Lambda, MetricName: Errors, Period: 60,
                  EvaluationPeriods: 1, Threshold: 1, Statistic: Sum, ComparisonOperator: GreaterThanThreshold}
            Outputs:
              Distribution: { Value: !Ref Distribution }
            """;

    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: "2010-09-09"
            Transform: AWS::Serverless-2016-10-31
            Parameters:
              Size: { Type: String }
            Resources:
              Queue: { Type: AWS::SQS::Queue }
              Api:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: python3.11
                  Handler: index.handle
                  CodeUri: build/api.zip
                  MemorySize: !Ref Size
                  PermissionsBoundary: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/promotion-service-boundary"
                  Policies: [ { SQSSendMessagePolicy: { QueueName: !GetAtt Queue.QueueName } } ]
            """;

    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts:
              - { name: tools, id: "111111111111" }
              - { name: orders-dev, id: "222222222222", externalId: acme, checkHosts: [ localhost ],
                  planRole: promotion-plan, deployRole: promotion-deploy,
                  executionRole: promotion-cfn, testRole: promotion-test }
            environments: [ { name: dev } ]
            services:
              - name: orders
                placements: [ { environment: dev, waves: [ [ "orders-dev/eu-west-1" ] ] } ]
                # They are made by hand below, so that policy must say whose they are.
                owns: [ { functions: "orders-*-${environment}", buckets: "orders-web-${environment}", distributions: "*E*" } ]
            """;

    @Rule
    public final AwsSetup setup = new AwsSetup(
            List.of(Script.DEV), "SiteBuckets", "orders-*", "DirectFunctions", "orders-*", "SmokeTests", "orders-*");

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private LambdaClient lambda;
    private HttpServer health;
    private String distribution;

    @Before
    public void given() throws Exception {
        try (var stacks = setup.client(CloudFormationClient.builder(), AwsSetup.admin(Script.DEV), REGION)) {
            stacks.createStack(r -> r.stackName("given")
                    .templateBody(GIVEN)
                    .capabilities(Capability.CAPABILITY_NAMED_IAM));
            setup.control().settle();
            var made = stacks.describeStacks(r -> r.stackName("given")).stacks().get(0);
            assertEquals("CREATE_COMPLETE", made.stackStatusAsString());
            distribution = made.outputs().get(0).outputValue();
        }
        lambda = setup.client(LambdaClient.builder(), AwsSetup.admin(Script.DEV), REGION);
        byte[] first = zip(answering("0.0.0"));
        for (String name : List.of(FUNCTION, "billing-dev")) {
            lambda.createFunction(r -> r.functionName(name)
                    .role("arn:aws:iam::" + Script.DEV + ":role/orders-worker")
                    .runtime("python3.11")
                    .handler("index.handle")
                    .timeout(60)
                    .code(c -> c.zipFile(SdkBytes.fromByteArray(first))));
        }
        setup.control().settle();
        lambda.publishVersion(r -> r.functionName(FUNCTION));
        lambda.createAlias(r -> r.functionName(FUNCTION).name("live").functionVersion("1"));
        health = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        health.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        health.start();
    }

    @After
    public void close() {
        if (health != null) {
            health.stop(0);
        }
        if (lambda != null) {
            lambda.close();
        }
    }

    private static String answering(String version) {
        return "def handle(event, context):\n    return {'statusCode': 200, 'version': '" + version + "'}\n";
    }

    private static byte[] zip(String source) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            var entry = new ZipEntry("index.py");
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(source.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private String manifest(int size) {
        return """
                apiVersion: promotion/v1
                service: orders
                targets:
                  - name: api
                    cloudformation:
                      template: api.yaml
                      stack: "orders-${environment}"
                      capabilities: [ CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND ]
                      rollbackTriggers: [ "orders-errors-${environment}" ]
                      terminationProtection: true
                      stackPolicy: { Statement: [ { Effect: Allow, Principal: "*", Action: "Update:*", Resource: "*" } ] }
                    parameters: { Size: "%d" }
                  - name: worker
                    after: [ api ]
                    lambda:
                      function: "orders-worker-${environment}"
                      package: build/worker.zip
                      alias: live
                      strategy: canary10percent5minutes
                      alarms: [ "orders-errors-${environment}" ]
                      memorySize: %d
                  - name: web
                    after: [ worker ]
                    site: { directory: web, bucket: "orders-web-${environment}", distribution: %s, delete: true }
                verify:
                  - lambda: { target: worker, beforeTraffic: true }
                    expect: { statusCode: 200, json: { version: "${version}" } }
                  - lambda: { target: worker, function: "orders-worker-${environment}:live" }
                    expect: { statusCode: 200, json: { version: "${version}" } }
                  - { http: "http://localhost:%d/health", expect: { status: 204 } }
                """.formatted(size, size, distribution, health.getAddress().getPort());
    }

    private Answer run(int exit, String... words) {
        var command = new ArrayList<>(List.of(words));
        command.addAll(List.of(
                "--home", temporary.getRoot().toPath().resolve("home").toString(),
                "--endpoint", setup.sandbox().endpoint().toString(),
                "--poll-scale", String.valueOf(AwsSetup.SCALE * 5),
                "--json",
                "--as", "bob"));
        Answer answer = CommandLineInProcess.run(command.toArray(String[]::new));
        assertEquals(String.join(" ", words) + "\n" + answer, exit, answer.exit());
        return answer;
    }

    private void publish(String version, int size) throws Exception {
        Path folder = temporary.newFolder().toPath();
        Files.createDirectories(folder.resolve("build"));
        Files.createDirectories(folder.resolve("web"));
        Files.writeString(folder.resolve("release.yaml"), manifest(size));
        Files.writeString(folder.resolve("api.yaml"), TEMPLATE);
        Files.write(folder.resolve("build/api.zip"), zip(answering(version)));
        Files.write(folder.resolve("build/worker.zip"), zip(answering(version)));
        Files.writeString(folder.resolve("web/index.html"), version);
        Files.writeString(folder.resolve("web/app-" + version.replace('.', '-') + ".js"), version);
        run(0, "publish", folder.resolve("release.yaml").toString(), "--version", version);
    }

    private String state(Answer answer) throws Exception {
        JsonNode promotion = JSON.readTree(answer.out());
        return promotion.path("state").asText();
    }

    private String live() {
        var alias = lambda.getAlias(r -> r.functionName(FUNCTION).name("live"));
        return alias.functionVersion()
                + (alias.routingConfig() == null ? "" : " " + alias.routingConfig().additionalVersionWeights());
    }

    @Test
    public void everyKindOfTargetIsDeployedTakenBackAndComparedWithExactlyTheseRoles() throws Exception {
        Path policy = temporary.getRoot().toPath().resolve("policy.yaml");
        Files.writeString(policy, POLICY);
        run(0, "policy", "apply", policy.toString());
        publish("1.0.0", 128);
        assertEquals("SUCCEEDED", state(run(0, "promote", "orders@1.0.0", "--to", "dev")));
        assertEquals("2", live());

        // The alarm goes off while the second one has its tenth of the calls: everything goes back.
        publish("1.1.0", 256);
        var promoted = CompletableFuture.supplyAsync(() -> run(1, "promote", "orders@1.1.0", "--to", "dev"));
        SandboxControl.await("half of it is shifted", () -> live().contains("{") || promoted.isDone());
        setup.control().alarm(Script.DEV, REGION, ALARM, "ALARM", 0);
        assertEquals("ROLLED_BACK", state(promoted.get()));
        assertEquals("2", live());

        setup.control().alarm(Script.DEV, REGION, ALARM, "OK", 0);
        SandboxControl.await("the alarm", () -> setup.control().pending() == 0);
        publish("1.2.0", 512);
        assertEquals("SUCCEEDED", state(run(0, "promote", "orders@1.2.0", "--to", "dev")));
        run(0, "drift", "orders", "--in", "dev");
        assertEquals("SUCCEEDED", state(run(0, "rollback", "orders", "--in", "dev", "--reason", "it is slow")));
        assertEquals("128", String.valueOf(lambda.getFunctionConfiguration(r -> r.functionName(FUNCTION).qualifier("live")).memorySize()));

        assertEquals("nothing that is needed is missing", new TreeSet<String>(), setup.denied());
        for (String used : List.of("cloudwatch:DescribeAlarmHistory", "lambda:UpdateAlias", "lambda:Invoke",
                "cloudformation:SetStackPolicy", "cloudformation:UpdateTerminationProtection", "s3:DeleteObject",
                "cloudfront:CreateInvalidation")) {
            String[] parts = used.split(":");
            assertTrue(used + " was part of it", !setup.control().log(parts[0], parts[1]).isEmpty());
        }
    }

    @Test
    public void functionsAndAlarmsThatAreNobodysBusinessAreNotTouched() throws Exception {
        try (var deploy = setup.client(LambdaClient.builder(), setup.role("promotion-deploy"), REGION);
                var plan = setup.client(LambdaClient.builder(), setup.role("promotion-plan"), REGION);
                var test = setup.client(LambdaClient.builder(), setup.role("promotion-test"), REGION)) {
            AwsSetup.refusal(() -> deploy.updateFunctionConfiguration(r -> r.functionName("billing-dev").memorySize(512)));
            AwsSetup.refusal(() -> deploy.publishVersion(r -> r.functionName("billing-dev")));
            AwsSetup.refusal(() -> deploy.deleteFunction(r -> r.functionName(FUNCTION)));
            AwsSetup.refusal(() -> deploy.invoke(r -> r.functionName(FUNCTION)));
            AwsSetup.refusal(() -> plan.updateAlias(r -> r.functionName(FUNCTION).name("live").functionVersion("1")));
            AwsSetup.refusal(() -> test.invoke(r -> r.functionName("billing-dev")));
            AwsSetup.refusal(() -> test.updateAlias(r -> r.functionName(FUNCTION).name("live").functionVersion("1")));
        }
    }

    private static JsonNode check(JsonNode document, String subject) {
        for (JsonNode check : document.path("checks")) {
            if (check.path("subject").asText().startsWith(subject)) {
                return check;
            }
        }
        throw new AssertionError("no " + subject + " in " + document.toPrettyString());
    }

    @Test
    public void aCheckOfTheAccountsFindsNothingMissingHereAndNamesWhatIsMissingElsewhere() throws Exception {
        Path policy = temporary.getRoot().toPath().resolve("policy.yaml");
        Files.writeString(policy, POLICY);
        run(0, "policy", "apply", policy.toString());
        JsonNode fine = JSON.readTree(run(0, "accounts", "check").out());
        assertTrue(fine.toPrettyString(), fine.path("complete").asBoolean());
        for (String subject : List.of(
                "plan role promotion-plan", "deploy role promotion-deploy", "test role promotion-test",
                "stacks, read with the plan role", "staging bucket serverless-promotion-222222222222-eu-west-1",
                "bucket acme-releases", "artifact store main, read with the plan role")) {
            assertEquals(subject, "OK", check(fine, subject).path("result").asText());
        }
        assertEquals("NOT_CHECKED", check(fine, "execution role promotion-cfn").path("result").asText());
        assertEquals("NOT_CHECKED", check(fine, "permissions boundaries").path("result").asText());

        Files.writeString(
                policy,
                POLICY.replace("testRole: promotion-test", "testRole: promotion-tests")
                        .replace("\"orders-dev/eu-west-1\"", "\"orders-dev/eu-west-1\", \"orders-dev/eu-central-1\""));
        run(0, "policy", "apply", policy.toString());
        JsonNode wrong = JSON.readTree(run(1, "accounts", "check").out());
        JsonNode role = check(wrong, "test role promotion-tests");
        assertEquals("MISSING target-account.yaml", role.path("result").asText() + " " + role.path("template").asText());
        JsonNode bucket = check(wrong, "staging bucket serverless-promotion-222222222222-eu-central-1");
        assertEquals(
                "MISSING staging-bucket.yaml", bucket.path("result").asText() + " " + bucket.path("template").asText());
        assertEquals("OK", check(wrong, "deploy role").path("result").asText());
    }
}
