package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What checks were asked and answered is kept with the promotion, whether they held or not. */
public class ChecksTest {
    private static final LaneId DEV = new LaneId("orders", "dev");
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: orders-dev, id: "222222222222" } ]
            environments: [ { name: dev } ]
            services: [ { name: orders, places: orders-dev/eu-west-1 } ]
            """;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final MemoryDeployer memory = new MemoryDeployer();
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private FileStore store;
    private Promotions promotions;

    private static CheckResult result(boolean held, String check) {
        return new CheckResult(
                check,
                "orders-dev/eu-west-1",
                held,
                3,
                84,
                held ? "200" : "500",
                "sha256:" + "b".repeat(64),
                held ? null : "answered 500 instead of 200");
    }

    /** Tells a check while it deploys, and one when it verifies. */
    private final Deployer accounts = new Deployer() {
        @Override
        public Planning plan(Work work, int planning, Progress progress) throws InterruptedException {
            return memory.plan(work, planning, progress);
        }

        @Override
        public Fact.StepResult deploy(
                Work work,
                int attempt,
                Plan.TargetPlan step,
                Map<String, Map<String, String>> outputs,
                Progress progress)
                throws InterruptedException {
            Fact.StepResult r = memory.deploy(work, attempt, step, outputs, progress);
            return new Fact.StepResult(
                    r.status(), r.outputs(), r.detail(), r.requests(), List.of(result(true, "lambda smoke version 3")));
        }

        @Override
        public Verification verify(
                Work work,
                int attempt,
                int wave,
                Plan plan,
                Map<String, Map<String, String>> outputs,
                Progress progress)
                throws InterruptedException {
            Verification v = memory.verify(work, attempt, wave, plan, outputs, progress);
            return new Verification(
                    v.checks(), v.failure(), List.of(result(v.failure() == null, "GET https://acme.com/health")));
        }

        @Override
        public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
                throws InterruptedException {
            return memory.undo(work, attempt, step, to, progress);
        }

        @Override
        public void discard(Work work, List<Plan.TargetPlan> targets) {
            memory.discard(work, targets);
        }

        @Override
        public List<GateContext.Alarm> alarms(Work work, List<String> names) {
            return memory.alarms(work, names);
        }
    };

    private Path home() {
        return folder.getRoot().toPath().resolve("store");
    }

    @Before
    public void open() throws Exception {
        store = FileStore.open(home(), Product.CLI, new JournalCodec());
        promotions = new Promotions(
                store,
                accounts,
                new CanonicalDigests(),
                new Re2Patterns(),
                Clock.systemUTC(),
                pool,
                timer,
                new StrictObserver());
        promotions.apply(PolicyReader.read("policy.yaml", POLICY.getBytes(StandardCharsets.UTF_8)), "user:ops");
        promotions.start();
    }

    @After
    public void close() throws Exception {
        memory.letGo();
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
    }

    private Promotion promoted(String version) throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-dev", List.of(), Map.of(), Map.of());
        var release = new Release(
                "orders",
                version,
                new Manifest("orders", Map.of(), List.of(api), List.of(), List.of()),
                List.of(new Artifact("api.yaml", "a".repeat(64), 10)));
        Published published =
                promotions.publish(release, Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob");
        var request = new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.now(), null, null, null);
        String id = promotions.request(DEV, published.ref(), request);
        return promotions.await(id, p -> p.state().isOver(), Patience.LIMIT);
    }

    private static List<String> told(Promotion p) {
        return p.deployment().checks().stream()
                .map(c -> c.result().check() + " " + c.result().held() + " "
                        + c.result().summary())
                .toList();
    }

    @Test
    public void whatHeldAndWhatDidNotIsKeptAlsoAfterARestart() throws Exception {
        Promotion good = promoted("1.0.0");
        assertEquals(State.SUCCEEDED, good.state());
        List<String> asked = List.of(
                "lambda smoke version 3 true 200 in 84 ms, asked 3 times",
                "GET https://acme.com/health true 200 in 84 ms, asked 3 times");
        assertEquals(asked, told(good));
        memory.breakSmokeTest("1.1.0", "dev");
        Promotion bad = promoted("1.1.0");
        assertFalse(bad.state() == State.SUCCEEDED);
        assertEquals(
                List.of(
                        "lambda smoke version 3 true 200 in 84 ms, asked 3 times",
                        "GET https://acme.com/health false 500 in 84 ms, asked 3 times: answered 500 instead of 200"),
                told(bad));
        promotions.close();
        store.close();
        store = FileStore.open(home(), Product.CLI, new JournalCodec());
        assertEquals(asked, told(store.promotion(good.id()).orElseThrow()));
    }
}
