package io.jenkins.plugins.serverlesspromotion.bench;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.aws.AwsDeployer;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSessions;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.aws.S3ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Observer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.format.artifact.ReleaseAssembler;
import io.jenkins.plugins.serverlesspromotion.format.artifact.MediaTypeTable;
import io.jenkins.plugins.serverlesspromotion.format.template.TemplateReader;
import io.jenkins.plugins.serverlesspromotion.sandbox.Sandbox;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A promotion, from the request to SUCCEEDED, in this process: a controller runs when a promotion is asked for. Releases
 * are published before the clock starts, by the build, as the code of the others is.
 */
final class Promoting implements Contender, AutoCloseable {
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts:
              - { name: tools, id: "111111111111" }
              - { name: orders-dev, id: "222222222222", externalId: acme, planRole: promotion-plan,
                  deployRole: promotion-deploy, executionRole: promotion-cfn, testRole: promotion-test }
            environments: [ { name: dev } ]
            services: [ { name: orders, places: orders-dev/eu-west-1 } ]
            """;
    private static final LaneId LANE = new LaneId("orders", "dev");

    private final Path folder;
    private final Sandbox sandbox;
    private final String name;
    private final String target;
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AwsSessions sessions;
    private final AwsDeployer deployer;
    private final FileStore store;
    private final Promotions promotions;
    private final Policy policy;
    private int version;

    /** @param target one target of a manifest */
    Promoting(Sandbox sandbox, Path folder, String name, String target) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.sandbox = sandbox;
        this.name = name;
        this.target = target;
        var base = StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIAIOSFODNN7SANDBOX", "sandbox-secret-of-release-base"));
        sessions = new AwsSessions(AwsSettings.defaults().at(sandbox.endpoint()), id -> base);
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
                new Complaining());
        policy = PolicyReader.read("policy.yaml", POLICY.getBytes(StandardCharsets.UTF_8));
        promotions.apply(policy, "user:olga");
        promotions.start();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Run deploy(String code) throws Exception {
        Published release = publish("1." + ++version + ".0", code);
        return Run.of(sandbox.control(), false, () -> {
            String id = promotions.request(
                    LANE,
                    release.ref(),
                    new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.now(), null, null, null));
            Promotion done = promotions.await(id, p -> p.state().isOver(), Duration.ofMinutes(5));
            if (done.state() != Promotion.State.SUCCEEDED) {
                throw new IllegalStateException(done.id() + " is " + done.state() + ": " + done.why());
            }
        });
    }

    private Published publish(String number, String code) throws Exception {
        Path project = Files.createDirectories(folder.resolve("orders-" + number));
        Files.writeString(
                project.resolve("release.yaml"),
                "apiVersion: promotion/v1\nservice: orders\ntargets:\n  - " + target + "\n");
        Files.writeString(project.resolve("api.yaml"), Application.template("api.zip"));
        Files.write(project.resolve("api.zip"), Application.zip(code));
        var assembly = ReleaseAssembler.assemble(project.resolve("release.yaml"), number);
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
        return promotions.publish(assembly.release(), Provenance.publishedBy("user:bob"), "main", versions, "user:bob");
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

    private static final class Complaining implements Observer {
        @Override
        public void changed(LaneId lane, Transition transition) {}

        @Override
        public void trouble(String sentence, Throwable cause) {
            System.err.println(sentence + ": " + cause);
        }

        @Override
        public void note(String promotion, String step, String line) {}
    }
}
