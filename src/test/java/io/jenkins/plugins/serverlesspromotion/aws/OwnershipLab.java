package io.jenkins.plugins.serverlesspromotion.aws;

import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Observer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.artifact.MediaTypeTable;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;

/** A whole installation over a sandbox: journal, policy, engine and the AWS side, without a surface. */
final class OwnershipLab implements AutoCloseable {
    /** Everything is in the account that the sandbox knows as {@code orders-dev}. */
    static final String ACCOUNTS = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts:
              - { name: tools, id: "111111111111" }
              - { name: shared, id: "222222222222", externalId: acme, planRole: promotion-plan,
                  deployRole: promotion-deploy, executionRole: promotion-cfn, testRole: promotion-test }
            """;

    private final Path folder;
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AwsSessions sessions;
    private final AwsDeployer deployer;
    private final SandboxLab sandbox;
    private Policy policy;
    private int published;
    final FileStore store;
    final Promotions promotions;

    OwnershipLab(SandboxLab sandbox, Path folder, String policy) throws Exception {
        this.folder = folder;
        this.sandbox = sandbox;
        var base = StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIAIOSFODNN7SANDBOX", "sandbox-secret-of-release-base"));
        sessions = new AwsSessions(sandbox.lab().settings(), id -> base);
        deployer = new AwsDeployer(sessions, new TemplateReader(), new MediaTypeTable());
        store = FileStore.open(folder.resolve("store"), Product.CLI, new JournalCodec());
        promotions = new Promotions(
                store,
                deployer,
                new CanonicalDigests(),
                new Re2Patterns(),
                Clock.systemUTC(),
                pool,
                timer,
                new Observer() {
                    @Override
                    public void changed(LaneId lane, Transition transition) {}

                    @Override
                    public void trouble(String sentence, Throwable cause) {
                        throw new IllegalStateException(sentence, cause);
                    }

                    @Override
                    public void note(String promotion, String step, String line) {}
                });
        apply(policy);
        promotions.start();
    }

    AwsSessions sessions() {
        return sessions;
    }

    void apply(String text) throws Exception {
        policy = PolicyReader.read("policy.yaml", (ACCOUNTS + text).getBytes(StandardCharsets.UTF_8));
        promotions.apply(policy, "user:olga");
    }

    /** Publishes a manifest with its files; a value that ends up in a {@code .zip} is source code. */
    Published publish(String version, String manifest, Map<String, String> files) throws Exception {
        Path project = Files.createDirectories(folder.resolve("project-" + ++published));
        Files.writeString(project.resolve("release.yaml"), "apiVersion: promotion/v1\n" + manifest);
        for (var file : files.entrySet()) {
            Path path = project.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(
                    path,
                    file.getKey().endsWith(".zip")
                            ? OrdersSamples.zip(file.getValue())
                            : file.getValue().getBytes(StandardCharsets.UTF_8));
        }
        var assembly = ReleaseAssembler.assemble(project.resolve("release.yaml"), version);
        var versions = new HashMap<String, String>();
        for (var upload : assembly.uploads()) {
            versions.put(
                    upload.artifact().digest(),
                    new S3ArtifactStore(sessions)
                            .put(
                                    policy.stores().get("main"),
                                    policy.accounts().get("tools"),
                                    upload.artifact(),
                                    upload.file()));
        }
        return promotions.publish(assembly.release(), Provenance.publishedBy("user:bob"), "main", versions, "user:bob");
    }

    /** Asks for a release and waits until it is over, or waits for somebody. */
    Promotion promote(Published release, String environment) throws Exception {
        String id = promotions.request(
                new LaneId(release.ref().service(), environment),
                release.ref(),
                new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.now(), null, null, null));
        return promotions.await(
                id,
                p -> p.state().isOver() || p.state() == Promotion.State.WAITING && p.plan() != null,
                Duration.ofMinutes(2));
    }

    Plan plan(Promotion promotion) {
        return store.plan(promotion.id()).orElseThrow();
    }

    /** The account's own administrator, who knows nothing of this product. */
    CloudFormationClient admin() {
        return admin(Lab.REGION);
    }

    private CloudFormationClient admin(String region) {
        return CloudFormationClient.builder()
                .endpointOverride(sandbox.control().endpoint())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("AKIA222222222222ADMI", "sandbox-secret-of-admin")))
                .build();
    }

    void makeStack(String name, String template, Map<String, String> tags) {
        makeStack(Lab.REGION, name, template, tags);
    }

    String output(String region, String stack, String key) {
        try (CloudFormationClient admin = admin(region)) {
            return admin.describeStacks(r -> r.stackName(stack)).stacks().get(0).outputs().stream()
                    .filter(o -> o.outputKey().equals(key))
                    .findFirst()
                    .orElseThrow()
                    .outputValue();
        }
    }

    void makeStack(String region, String name, String template, Map<String, String> tags) {
        try (CloudFormationClient admin = admin(region)) {
            admin.createStack(r -> r.stackName(name)
                    .templateBody(template)
                    .capabilities(Capability.CAPABILITY_IAM)
                    .tags(tags.entrySet().stream()
                            .map(e -> software.amazon.awssdk.services.cloudformation.model.Tag.builder()
                                    .key(e.getKey())
                                    .value(e.getValue())
                                    .build())
                            .toList()));
            SandboxLab.await(
                    "stack " + name + " is there",
                    () -> admin.describeStacks(r -> r.stackName(name))
                            .stacks()
                            .get(0)
                            .stackStatusAsString()
                            .equals("CREATE_COMPLETE"));
        }
    }

    String template(String stack) {
        try (CloudFormationClient admin = admin()) {
            return admin.getTemplate(r -> r.stackName(stack)).templateBody();
        }
    }

    @Override
    public void close() throws Exception {
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
        deployer.close();
        sessions.close();
    }
}
