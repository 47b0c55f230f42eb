package io.jenkins.plugins.serverlesspromotion.controller;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.aws.session.AwsSettings;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.MemoryDeployer;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.store.FailingDisk;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;

/** A controller whose disk is full for a while: it says so, and continues without a restart. */
public class PromotionEngineTest {
    private static final LaneId DEV = new LaneId("orders", "dev");
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: dev, id: "222222222222" } ]
            environments: [ { name: dev } ]
            services: [ { name: orders, places: "${environment}/eu-west-1" } ]
            """;

    @Rule
    public final JenkinsRule j = new JenkinsRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FailingDisk disk = new FailingDisk(Long.MAX_VALUE, false);

    private PromotionEngine open(MemoryDeployer accounts) throws IOException {
        var store = FileStore.open(
                folder.getRoot().toPath().resolve("store"),
                Product.CONTROLLER,
                new JournalCodec(),
                new FileStore.Options(Clock.systemUTC(), 64L << 20, disk));
        return new PromotionEngine(
                store, new AwsConnection(AwsSettings::defaults), accounts, () -> IdentityRules.DEFAULTS);
    }

    private static String request(PromotionEngine run, ReleaseRef release) throws Exception {
        return run.promotions()
                .request(
                        DEV,
                        release,
                        new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.now(), null, null, null));
    }

    private static ReleaseRef publish(PromotionEngine run, String version) throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders", List.of(), Map.of(), Map.of());
        var release = new Release(
                "orders",
                version,
                new Manifest("orders", Map.of(), List.of(api), List.of(), List.of()),
                List.of(new Artifact("api.yaml", "0".repeat(64), 10)));
        return run.promotions()
                .publish(release, Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob")
                .ref();
    }

    private static Promotion over(PromotionEngine run, String id) throws Exception {
        return run.promotions().await(id, p -> p.state().isOver(), Patience.LIMIT);
    }

    @Test
    public void aFullDiskIsReportedAndWorkContinuesWhenThereIsRoom() throws Exception {
        var accounts = new MemoryDeployer();
        try (var run = open(accounts)) {
            run.promotions()
                    .apply(PolicyReader.read("policy.yaml", POLICY.getBytes(StandardCharsets.UTF_8)), "user:ops");
            run.begin();
            ReleaseRef first = publish(run, "1.0.0");
            ReleaseRef second = publish(run, "1.1.0");

            // First met by a person's click: nothing was running that could report it.
            disk.fill();
            assertThrows(IOException.class, () -> request(run, first));
            assertThat(run.trouble(), containsString("No space left on device"));
            disk.mend();
            Awaitility.await("the controller notices that there is room")
                    .atMost(Patience.LIMIT)
                    .until(() -> run.trouble() == null);
            assertEquals(State.SUCCEEDED, over(run, request(run, first)).state());

            // And by the result of work: the result is lost, the work is taken up again and its effect is had once.
            accounts.hold();
            String id = request(run, second);
            accounts.awaitHeld();
            accounts.letOne();
            accounts.awaitHeld();
            disk.fill();
            accounts.letOne();
            Awaitility.await("it is reported").atMost(Patience.LIMIT).until(() -> run.trouble() != null);
            disk.mend();
            accounts.letGo();
            Promotion done = over(run, id);
            assertEquals(done.why(), State.SUCCEEDED, done.state());
            assertNull(run.trouble());
            assertEquals(
                    List.of("deploy dev/eu-west-1/api 1.0.0", "deploy dev/eu-west-1/api 1.1.0"), accounts.effects());
        }
    }

    /** What is recorded when work is started does not fit: that is no reason never to start it. */
    @Test
    public void workStartsWhenTheDiskThatWasFullAtTheStartHasRoom() throws Exception {
        var accounts = new MemoryDeployer();
        try (var run = open(accounts)) {
            run.promotions()
                    .apply(PolicyReader.read("policy.yaml", POLICY.getBytes(StandardCharsets.UTF_8)), "user:ops");
            run.begin();
            over(run, request(run, publish(run, "1.0.0")));
        }
        try (var run = open(accounts)) {
            disk.fill();
            run.begin();
            Awaitility.await("the owners of what is live cannot be recorded")
                    .atMost(Patience.LIMIT)
                    .until(() -> run.trouble() != null);
            disk.mend();
            Awaitility.await("work is started")
                    .atMost(Patience.LIMIT)
                    .until(() -> run.trouble() == null
                            && !run.store().lane(DEV).owns().isEmpty());
            assertEquals(
                    State.SUCCEEDED,
                    over(run, request(run, publish(run, "1.1.0"))).state());
        }
    }
}
