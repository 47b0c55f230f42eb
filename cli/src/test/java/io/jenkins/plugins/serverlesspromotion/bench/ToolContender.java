package io.jenkins.plugins.serverlesspromotion.bench;

import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@code aws cloudformation deploy} or {@code sam deploy} of the application, each to a stack of its own. The code is in
 * S3 before the clock starts, which is kinder to them than a packaging step would be.
 */
final class ToolContender implements Contender {
    private final Sandbox sandbox;
    private final Path folder;
    private final String name;
    private final String stack;
    private final List<String> command;

    private ToolContender(Sandbox sandbox, Path folder, String name, String stack, List<String> command) {
        this.sandbox = sandbox;
        this.folder = folder;
        this.name = name;
        this.stack = stack;
        this.command = command;
    }

    static ToolContender aws(Sandbox sandbox, Path folder, String program) {
        return new ToolContender(
                sandbox,
                folder,
                "aws cloudformation deploy",
                "orders-aws",
                List.of(program, "cloudformation", "deploy", "--no-fail-on-empty-changeset"));
    }

    static ToolContender sam(Sandbox sandbox, Path folder, String program) {
        return new ToolContender(
                sandbox,
                folder,
                "sam deploy",
                "orders-sam",
                List.of(
                        program,
                        "deploy",
                        "--no-confirm-changeset",
                        "--no-fail-on-empty-changeset",
                        "--no-progressbar",
                        "--s3-bucket",
                        Application.BUCKET,
                        "--s3-prefix",
                        "sam"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Run deploy(String code) throws Exception {
        String key = "theirs/" + code + ".zip";
        try (var s3 = S3Client.builder()
                .endpointOverride(sandbox.endpoint())
                .region(Region.of(Application.REGION))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(Application.KEY, Application.SECRET)))
                .build()) {
            byte[] zip = Application.zip(code);
            s3.putObject(r -> r.bucket(Application.BUCKET).key(key), RequestBody.fromBytes(zip));
        }
        Path template = folder.resolve(stack + ".yaml");
        Files.writeString(
                template, Application.template("{ S3Bucket: " + Application.BUCKET + ", S3Key: " + key + " }"));
        var whole = new ArrayList<>(command);
        whole.addAll(List.of(
                "--stack-name", stack, "--template-file", template.toString(), "--capabilities", "CAPABILITY_IAM"));
        return Run.of(sandbox.control(), true, () -> run(whole));
    }

    private void run(List<String> whole) throws IOException, InterruptedException {
        Path log = folder.resolve(stack + ".log");
        var builder = new ProcessBuilder(whole)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("AWS_") || key.startsWith("SAM_"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", Application.KEY,
                        "AWS_SECRET_ACCESS_KEY", Application.SECRET,
                        "AWS_DEFAULT_REGION", Application.REGION,
                        "AWS_ENDPOINT_URL", sandbox.endpoint().toString(),
                        "AWS_EC2_METADATA_DISABLED", "true",
                        "AWS_CONFIG_FILE", folder.resolve("no-config").toString(),
                        "AWS_SHARED_CREDENTIALS_FILE", folder.resolve("no-credentials").toString(),
                        "SAM_CLI_TELEMETRY", "0"));
        Process process = builder.start();
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", whole) + " failed:\n" + Files.readString(log));
        }
    }

    /** Whether there is such a program. */
    static boolean answers(String program) throws InterruptedException {
        if (program == null || program.isBlank()) {
            return false;
        }
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
