package io.jenkins.plugins.serverlesspromotion.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.aws.AwsDeployer;
import io.jenkins.plugins.serverlesspromotion.aws.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.aws.S3ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Observer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.ReleaseAssembler;
import io.jenkins.plugins.serverlesspromotion.format.TemplateReader;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxConfig;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A promotion of one stack, from the request to SUCCEEDED, against a sandbox with AWS's durations: over the time in which
 * AWS was at work, as the sandbox's request log tells it, and against {@code aws cloudformation deploy} of the same change
 * in the same run.
 */
final class PromotionBench {
    private static final String ACCOUNT = "222222222222";
    private static final String REGION = "eu-west-1";
    private static final String STAGING = "serverless-promotion-222222222222-eu-west-1";
    private static final LaneId LANE = new LaneId("orders", "dev");
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts:
              - { name: tools, id: "111111111111" }
              - { name: orders-dev, id: "222222222222", externalId: acme, planRole: promotion-plan,
                  deployRole: promotion-deploy, executionRole: promotion-cfn, testRole: promotion-test }
            environments: [ { name: dev } ]
            services: [ { name: orders, places: orders-dev/eu-west-1 } ]
            """;
    private static final String MANIFEST = """
            apiVersion: promotion/v1
            service: orders
            targets:
              - { name: api, cloudformation: { template: api.yaml, stack: orders-dev, capabilities: [CAPABILITY_IAM] } }
            """;
    private static final String TEMPLATE = """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
              Function:
                Type: AWS::Lambda::Function
                Properties: { Handler: index.handler, Runtime: python3.11, Role: !GetAtt Role.Arn, Code: CODE }
            """;

    private final Path folder;
    private final Map<String, Map<String, Object>> results;
    private final Sandbox sandbox;
    private final SandboxControl control;

    private PromotionBench(Path folder, Map<String, Map<String, Object>> results) {
        this.folder = folder;
        this.results = results;
        SandboxConfig config = SandboxConfig.threeAccounts();
        config.durations.requestLatencyMillis = 50;
        config.durations.changeSetMillis = 3_000;
        config.durations.stackMillis = 12_000;
        this.sandbox = Sandbox.start(config);
        this.control = sandbox.control();
    }

    /** @param wall seconds; {@code busy} of them AWS was at work; {@code reads} of CloudFormation */
    private record Run(double wall, double busy, long reads) {}

    static void run(Path folder, Map<String, Map<String, Object>> results) throws Exception {
        var bench = new PromotionBench(folder, results);
        try {
            bench.compare();
        } finally {
            bench.sandbox.close();
        }
    }

    private void compare() throws Exception {
        Map<String, Run> ours = ours();
        for (String what : List.of("one-function change", "no change")) {
            Run run = ours.get(what);
            double ratio = run.wall() / run.busy();
            put(
                    "promotion, " + what + ", over its critical path",
                    Map.of("ratio", hundredths(ratio), "seconds", hundredths(run.wall()), "reads", run.reads()));
            System.out.printf("%-46s %6.2f × its critical path (%.1f s)%n", "promotion, " + what, ratio, run.busy());
        }
        String cli = System.getenv().getOrDefault("AWS_CLI", "aws");
        if (!answers(cli)) {
            System.out.println("NOT COMPARED with aws cloudformation deploy: there is no AWS CLI");
            return;
        }
        Map<String, Run> theirs = theirs(cli);
        for (String what : List.of("one-function change", "no change")) {
            Run run = ours.get(what);
            Run other = theirs.get(what);
            put(
                    "aws cloudformation deploy, " + what + ", over our promotion",
                    Map.of(
                            "ratio", hundredths(other.wall() / run.wall()),
                            "seconds", hundredths(other.wall()),
                            "reads", other.reads(),
                            "ourReads", run.reads()));
            System.out.printf(
                    "%-46s %6.2f × our promotion (%.1f s, %d reads of the stack; ours %.1f s, %d)%n",
                    "aws cloudformation deploy, " + what,
                    other.wall() / run.wall(),
                    other.wall(),
                    other.reads(),
                    run.wall(),
                    run.reads());
        }
    }

    private void put(String name, Map<String, Object> values) {
        results.put(name, new LinkedHashMap<>(values));
    }

    private static double hundredths(double value) {
        return Math.round(value * 100) / 100.0;
    }

    // --- ours ---

    private Map<String, Run> ours() throws Exception {
        var settings = AwsSettings.defaults().at(sandbox.endpoint());
        var base = StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIAIOSFODNN7SANDBOX", "sandbox-secret-of-release-base"));
        ExecutorService pool = Executors.newFixedThreadPool(4);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (var sessions = new AwsSessions(settings, id -> base);
                var deployer = new AwsDeployer(sessions, new TemplateReader());
                FileStore store = FileStore.open(folder.resolve("promotions"), Product.CLI, new JournalCodec());
                var promotions = new Promotions(
                        store, deployer, new CanonicalDigests(), Clock.systemUTC(), pool, timer, new Silent())) {
            Policy policy = PolicyReader.read("policy.yaml", POLICY.getBytes(StandardCharsets.UTF_8));
            promotions.apply(policy, "user:olga");
            promotions.start();
            promote(promotions, publish(promotions, sessions, policy, "1.0.0", "one"));
            var runs = new LinkedHashMap<String, Run>();
            runs.put("one-function change", promote(promotions, publish(promotions, sessions, policy, "1.1.0", "two")));
            runs.put("no change", promote(promotions, publish(promotions, sessions, policy, "1.1.1", "two")));
            return runs;
        } finally {
            pool.shutdownNow();
            timer.shutdownNow();
        }
    }

    private Published publish(
            Promotions promotions, AwsSessions sessions, Policy policy, String version, String code) throws Exception {
        Path project = Files.createDirectories(folder.resolve("orders-" + version));
        Files.writeString(project.resolve("release.yaml"), MANIFEST);
        Files.writeString(project.resolve("api.yaml"), TEMPLATE.replace("CODE", "api.zip"));
        Files.write(project.resolve("api.zip"), zip(code));
        var assembly = ReleaseAssembler.assemble(project.resolve("release.yaml"), version);
        var versions = new HashMap<String, String>();
        var artifacts = new S3ArtifactStore(sessions);
        for (var upload : assembly.uploads()) {
            versions.put(
                    upload.artifact().digest(),
                    artifacts.put(
                            policy.stores().get("main"),
                            policy.accounts().get("tools"),
                            upload.artifact(),
                            upload.file()));
        }
        return promotions.publish(
                assembly.release(), Provenance.publishedBy("user:bob"), "main", versions, "user:bob");
    }

    private Run promote(Promotions promotions, Published release) throws Exception {
        return measured(() -> {
            String id = promotions.request(
                    LANE,
                    release.ref(),
                    new Promotion.Request("user:bob", Set.of("bob"), Instant.now(), null, null, null));
            Promotion done = promotions.await(id, p -> p.state().isOver(), Duration.ofMinutes(5));
            if (done.state() != Promotion.State.SUCCEEDED) {
                throw new IllegalStateException(done.id() + " is " + done.state() + ": " + done.why());
            }
        });
    }

    private interface Work {
        void run() throws Exception;
    }

    private Run measured(Work work) throws Exception {
        int before = control.log().size();
        int changes = control.history().size();
        long start = System.nanoTime();
        work.run();
        double wall = (System.nanoTime() - start) / 1e9;
        List<JsonNode> log = control.log();
        List<JsonNode> mine = log.subList(before, log.size());
        long reads = mine.stream()
                .filter(e -> e.path("service").asText().equals("cloudformation"))
                .filter(e -> e.path("operation").asText().matches("(Describe|Get|List).*"))
                .count();
        List<JsonNode> history = control.history();
        return new Run(wall, busy(mine, history.subList(changes, history.size())), reads);
    }

    /** Seconds in which AWS was at work: a request was under way, a change set was being made, or a stack was changing. */
    private static double busy(List<JsonNode> log, List<JsonNode> history) {
        var spans = new ArrayList<double[]>();
        for (JsonNode entry : log) {
            double from = at(entry);
            spans.add(new double[] {from, from + entry.path("durationMillis").asDouble()});
        }
        var begun = new HashMap<String, Double>();
        for (JsonNode change : history) {
            String type = change.path("type").asText();
            String what = change.path("what").asText();
            String id = type + change.path("id").asText();
            boolean stack = type.equals("cloudformation:stack");
            if (what.equals("create") || stack && what.matches("(CREATE|UPDATE)_IN_PROGRESS")) {
                begun.put(id, at(change));
            } else if (what.endsWith("_COMPLETE") || what.equals("FAILED") || what.contains("CLEANUP")) {
                Double from = begun.remove(id);
                if (from != null) {
                    spans.add(new double[] {from, at(change)});
                }
            }
        }
        spans.sort(Comparator.comparingDouble(s -> s[0]));
        double busy = 0;
        double until = 0;
        for (double[] span : spans) {
            busy += Math.max(0, span[1] - Math.max(until, span[0]));
            until = Math.max(until, span[1]);
        }
        return busy / 1_000;
    }

    private static double at(JsonNode entry) {
        return Instant.parse(entry.path("at").asText()).toEpochMilli();
    }

    // --- theirs ---

    private Map<String, Run> theirs(String cli) throws Exception {
        deploy(cli, "one");
        var runs = new LinkedHashMap<String, Run>();
        runs.put("one-function change", deploy(cli, "two"));
        runs.put("no change", deploy(cli, "two"));
        return runs;
    }

    /** The code is in S3 before the clock starts, which is kinder to them than a packaging step would be. */
    private Run deploy(String cli, String code) throws Exception {
        try (var s3 = S3Client.builder()
                .endpointOverride(sandbox.endpoint())
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("AKIA" + ACCOUNT + "ADMI", "sandbox-secret-of-admin")))
                .build()) {
            byte[] zip = zip(code);
            s3.putObject(r -> r.bucket(STAGING).key("theirs/" + code + ".zip"), RequestBody.fromBytes(zip));
        }
        Path template = folder.resolve("theirs.yaml");
        Files.writeString(
                template,
                TEMPLATE.replace("CODE", "{ S3Bucket: " + STAGING + ", S3Key: theirs/" + code + ".zip }"));
        return measured(() -> {
            var builder = new ProcessBuilder(
                            cli,
                            "--endpoint-url",
                            sandbox.endpoint().toString(),
                            "--region",
                            REGION,
                            "cloudformation",
                            "deploy",
                            "--stack-name",
                            "orders-theirs",
                            "--template-file",
                            template.toString(),
                            "--capabilities",
                            "CAPABILITY_IAM",
                            "--no-fail-on-empty-changeset")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("theirs.log").toFile());
            builder.environment()
                    .putAll(Map.of(
                            "AWS_ACCESS_KEY_ID", "AKIA" + ACCOUNT + "ADMI",
                            "AWS_SECRET_ACCESS_KEY", "sandbox-secret-of-admin",
                            "AWS_EC2_METADATA_DISABLED", "true"));
            Process process = builder.start();
            if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(Files.readString(folder.resolve("theirs.log")));
            }
        });
    }

    private static boolean answers(String cli) {
        try {
            return new ProcessBuilder(cli, "--version").redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static byte[] zip(String code) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            var entry = new ZipEntry("index.py");
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(("def handler(event, context): return '" + code + "'\n").getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private static final class Silent implements Observer {
        @Override
        public void changed(LaneId lane, Transition transition) {}

        @Override
        public void trouble(String sentence, Throwable cause) {
            System.err.println(sentence + ": " + cause);
        }

        @Override
        public void note(String step, String line) {}
    }
}
