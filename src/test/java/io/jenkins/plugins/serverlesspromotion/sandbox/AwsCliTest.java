package io.jenkins.plugins.serverlesspromotion.sandbox;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.serverlesspromotion.InstalledTools;
import io.jenkins.plugins.serverlesspromotion.MayBeSkipped;
import io.jenkins.plugins.serverlesspromotion.Patience;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * The real AWS CLI, a client of its own making, against the sandbox. Needs {@code aws} among the
 * installed tools, at the path in the environment variable {@code AWS_CLI}, or on the PATH; skipped otherwise.
 */
@MayBeSkipped("the AWS CLI")
public class AwsCliTest {
    private static final String DEV = "222222222222";
    private static final String BUCKET = "serverless-promotion-222222222222-eu-west-1";
    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: '2010-09-09'
            Parameters:
              Stage: {Type: String, Default: dev}
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: '2012-10-17'
                    Statement:
                      - {Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: lambda.amazonaws.com}}
              Function:
                Type: AWS::Lambda::Function
                Properties:
                  FunctionName: !Sub 'orders-${Stage}'
                  Role: !GetAtt Role.Arn
                  Runtime: python3.12
                  Handler: index.handler
                  Code: {ZipFile: "def handler(event, context): return {'got': event}"}
            Outputs:
              Arn: {Value: !GetAtt Function.Arn}
            """;

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static String cli;
    private static Sandbox sandbox;
    private static Path config;

    private record Result(int exit, String output) {}

    @BeforeClass
    public static void start() throws IOException {
        cli = InstalledTools.program("aws")
                .map(Path::toString)
                .orElse(System.getenv().getOrDefault("AWS_CLI", "aws"));
        boolean there;
        try {
            there = new ProcessBuilder(cli, "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            there = false;
        }
        assumeTrue("The AWS CLI is installed", there);
        sandbox = Sandbox.start(SandboxConfig.threeAccounts().timeScale(0));
        // Version 1 of the CLI otherwise presigns with Signature Version 2, which newer Regions do not know either.
        config = Files.writeString(FOLDER.newFile().toPath(), "[default]\ns3 =\n  signature_version = s3v4\n");
    }

    @AfterClass
    public static void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    @Before
    public void reset() {
        sandbox.control().reset();
    }

    private static Result aws(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                cli, "--endpoint-url", sandbox.endpoint().toString(), "--region", "eu-west-1", "--output", "json"));
        command.addAll(List.of(arguments));
        File output = FOLDER.newFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", "AKIA" + DEV + "ADMI",
                        "AWS_SECRET_ACCESS_KEY", "sandbox-secret-of-admin",
                        "AWS_PAGER", "",
                        "AWS_EC2_METADATA_DISABLED", "true",
                        "AWS_CONFIG_FILE", config.toString(),
                        "AWS_SHARED_CREDENTIALS_FILE", "/dev/null"));
        builder.environment().keySet().removeAll(List.of("AWS_PROFILE", "AWS_SESSION_TOKEN"));
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The AWS CLI hangs: " + command);
        }
        return new Result(process.exitValue(), Files.readString(output.toPath()));
    }

    private static String ok(String... arguments) throws IOException, InterruptedException {
        Result result = aws(arguments);
        assertEquals(result.output(), 0, result.exit());
        return result.output();
    }

    /** The CLI names a change set after the second it is made in, and two of one stack may not share a name. */
    private static void awaitNextSecond() {
        long second = Instant.now().getEpochSecond();
        Awaitility.await().until(() -> Instant.now().getEpochSecond() > second);
    }

    @Test
    public void deploysAndSeesNoChanges() throws Exception {
        Path template = FOLDER.newFile().toPath();
        Files.writeString(template, TEMPLATE);
        String[] deploy = {
            "cloudformation",
            "deploy",
            "--stack-name",
            "orders",
            "--template-file",
            template.toString(),
            "--capabilities",
            "CAPABILITY_IAM",
            "--no-fail-on-empty-changeset"
        };
        assertTrue(ok(deploy).contains("Successfully created/updated stack"));
        awaitNextSecond();
        assertTrue(ok(deploy).contains("No changes to deploy"));
        assertTrue(ok("cloudformation", "describe-stacks", "--stack-name", "orders")
                .contains("CREATE_COMPLETE"));
        assertTrue(ok("cloudformation", "describe-stack-events", "--stack-name", "orders")
                .contains("ResourceStatus"));
        assertTrue(ok("cloudformation", "validate-template", "--template-body", "file://" + template)
                .contains("CAPABILITY_IAM"));
        assertTrue(ok("lambda", "get-function", "--function-name", "orders-dev").contains("\"State\": \"Active\""));
        Path answer = FOLDER.newFile().toPath();
        ok("lambda", "invoke", "--function-name", "orders-dev", answer.toString());
        assertEquals("{\"got\":{}}", Files.readString(answer).replace(" ", ""));
        ok("cloudformation", "delete-stack", "--stack-name", "orders");
        Result gone = aws("cloudformation", "describe-stacks", "--stack-name", "orders");
        assertNotEquals(0, gone.exit());
        assertTrue(gone.output(), gone.output().contains("Stack with id orders does not exist"));
    }

    @Test
    public void copiesUpAndDown() throws Exception {
        Path small = FOLDER.newFile().toPath();
        Files.writeString(small, "small file");
        ok("s3", "cp", small.toString(), "s3://" + BUCKET + "/dir/small file.txt");
        Path back = FOLDER.getRoot().toPath().resolve("back.txt");
        ok("s3", "cp", "s3://" + BUCKET + "/dir/small file.txt", back.toString());
        assertEquals("small file", Files.readString(back));
        Path large = FOLDER.newFile().toPath();
        Files.write(large, new byte[9 * 1024 * 1024]);
        ok("s3", "cp", large.toString(), "s3://" + BUCKET + "/large.bin");
        Path largeBack = FOLDER.getRoot().toPath().resolve("large-back.bin");
        ok("s3", "cp", "s3://" + BUCKET + "/large.bin", largeBack.toString());
        assertEquals(Files.size(large), Files.size(largeBack));
        assertTrue(ok("s3", "ls", "--recursive", "s3://" + BUCKET).contains("dir/small file.txt"));
        ok("s3", "sync", FOLDER.newFolder().toString(), "s3://" + BUCKET + "/dir", "--delete");
        assertTrue(!ok("s3", "ls", "--recursive", "s3://" + BUCKET).contains("small file"));
    }

    @Test
    public void smallerServicesAnswer() throws Exception {
        assertTrue(ok("sts", "get-caller-identity").contains(DEV));
        ok("ssm", "put-parameter", "--name", "/a", "--type", "String", "--value", "v");
        assertTrue(ok("ssm", "get-parameter", "--name", "/a").contains("\"Version\": 1"));
        ok("secretsmanager", "create-secret", "--name", "k", "--secret-string", "v");
        assertTrue(ok("secretsmanager", "describe-secret", "--secret-id", "k").contains("AWSCURRENT"));
        ok(
                "cloudwatch",
                "put-metric-alarm",
                "--alarm-name",
                "errors",
                "--metric-name",
                "Errors",
                "--namespace",
                "N",
                "--comparison-operator",
                "GreaterThanThreshold",
                "--evaluation-periods",
                "1",
                "--threshold",
                "1",
                "--period",
                "60",
                "--statistic",
                "Sum");
        assertTrue(ok("cloudwatch", "describe-alarms").contains("INSUFFICIENT_DATA"));
        assertTrue(ok("cloudfront", "list-distributions").contains("DistributionList"));
        Result unknown = aws("sqs", "list-queues");
        assertTrue(unknown.output(), unknown.output().contains("UnknownOperationException"));
        assertTrue(unknown.output(), unknown.output().contains("ListQueues"));
    }

    @Test
    public void presignedUrlsOfTheCliWork() throws Exception {
        Path file = FOLDER.newFile().toPath();
        Files.writeString(file, "text");
        ok("s3", "cp", file.toString(), "s3://" + BUCKET + "/signed.txt");
        String url = ok("s3", "presign", "s3://" + BUCKET + "/signed.txt").trim();
        try (var in = new java.net.URL(url).openStream()) {
            assertEquals("text", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
