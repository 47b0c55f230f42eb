package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
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

/** Drift is written down when it is found and when it is gone, and at no other time. */
public class DriftLogTest {
    private static final LaneId DEV = new LaneId("orders", "dev");
    private static final String API = "orders-dev/eu-west-1/api";
    private static final String WEB = "orders-dev/eu-west-1/web";
    private static final Instant NINE = Instant.parse("2026-11-02T09:00:00Z");
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: orders-dev, id: "222222222222" } ]
            environments: [ { name: dev } ]
            services: [ { name: orders, places: orders-dev/eu-west-1 } ]
            """;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final MemoryDeployer accounts = new MemoryDeployer();
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private FileStore store;
    private Promotions promotions;

    private List<Inspected> found = List.of();
    private Instant now = NINE;
    private Runnable meanwhile = () -> {};
    private DriftReading last;

    @Before
    public void open() throws Exception {
        store = FileStore.open(folder.getRoot().toPath().resolve("store"), Product.CLI, new JournalCodec());
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
        promote("1.0.0");
    }

    @After
    public void close() throws Exception {
        accounts.letGo();
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
    }

    private void promote(String version) throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-dev", List.of(), Map.of(), Map.of());
        var release = new Release(
                "orders",
                version,
                new Manifest("orders", Map.of(), List.of(api), List.of(), List.of()),
                List.of(new Artifact("api.yaml", "a".repeat(64), 10)));
        var published = promotions.publish(release, Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob");
        var request = new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.now(), null, null, null);
        String id = promotions.request(DEV, published.ref(), request);
        Promotion p = promotions.await(id, x -> x.state().isOver(), Patience.LIMIT);
        assertEquals(p.why(), Promotion.State.SUCCEEDED, p.state());
    }

    private DriftReading look(Inspected... targets) throws Exception {
        found = List.of(targets);
        var log = new DriftLog(
                store,
                (work, plan, places, progress) -> {
                    meanwhile.run();
                    return found;
                },
                Clock.fixed(now, ZoneOffset.UTC));
        last = log.look(DEV, "schedule", last);
        now = now.plus(Duration.ofHours(6));
        return last;
    }

    private static Inspected drifted(String key, String... differences) {
        return new Inspected(key, DriftResult.DRIFTED, List.of(differences));
    }

    private static Inspected same(String key) {
        return new Inspected(key, DriftResult.SAME, List.of());
    }

    private static Inspected unknown(String key) {
        return new Inspected(key, DriftResult.UNKNOWN, List.of("access denied"));
    }

    private List<Entry> news() throws Exception {
        return store
                .records(r -> r.entry() instanceof Entry.DriftFound || r.entry() instanceof Entry.DriftGone)
                .stream()
                .map(JournalRecord::entry)
                .toList();
    }

    @Test
    public void driftIsOneEntryWhenItIsFoundAndOneWhenItIsGone() throws Exception {
        assertEquals(DriftResult.SAME, look(same(API)).driftResult());
        assertEquals(List.of(), news());
        look(drifted(API, "memory is 1024 instead of 512"));
        DriftReading again = look(drifted(API, "memory is 2048 instead of 512"));
        var entry = new Entry.DriftFound(
                DEV, "orders.dev.1", "orders@1.0.0", Map.of(API, List.of("memory is 1024 instead of 512")), "schedule");
        assertEquals("looking again is no news", List.of(entry), news());
        assertEquals(
                "since it was found first, as it is now",
                List.of(new DriftReading.Known(
                        API, NINE.plus(Duration.ofHours(6)), List.of("memory is 2048 instead of 512"))),
                again.known());
        look(same(API));
        look(same(API));
        assertEquals(
                List.of(entry, new Entry.DriftGone(DEV, "orders.dev.1", "orders@1.0.0", List.of(API), "schedule")),
                news());
    }

    @Test
    public void eachTargetIsNewsOfItsOwn() throws Exception {
        look(drifted(API, "a"), same(WEB));
        look(drifted(API, "a"), drifted(WEB, "b"));
        look(same(API), drifted(WEB, "b"));
        List<Entry> news = news();
        assertEquals(3, news.size());
        assertEquals(Set.of(WEB), ((Entry.DriftFound) news.get(1)).targets().keySet());
        assertEquals(List.of(API), ((Entry.DriftGone) news.get(2)).targets());
    }

    @Test
    public void whatCouldNotBeFoundOutIsNeitherDriftNorItsEnd() throws Exception {
        assertEquals(DriftResult.UNKNOWN, look(unknown(API)).driftResult());
        assertEquals(List.of(), news());
        look(drifted(API, "a"));
        assertEquals(
                "what is known stays known",
                DriftResult.DRIFTED,
                look(unknown(API)).driftResult());
        assertEquals(
                "also when the whole place cannot be reached",
                DriftResult.DRIFTED,
                look(unknown("orders-dev/eu-west-1")).driftResult());
        assertEquals(List.of("a"), last.known().get(0).differences());
        assertEquals(1, news().size());
        meanwhile = () -> {
            throw new IllegalArgumentException("the endpoint is no address");
        };
        DriftReading broken = look();
        assertEquals(DriftResult.DRIFTED, broken.driftResult());
        assertEquals(
                List.of("the endpoint is no address"), broken.targets().get(0).differences());
    }

    @Test
    public void aTargetThatTheReleaseHasNoLongerHasNotDrifted() throws Exception {
        look(drifted(API, "a"), drifted(WEB, "b"));
        assertEquals(DriftResult.DRIFTED, look(drifted(API, "a")).driftResult());
        assertEquals(List.of(WEB), ((Entry.DriftGone) news().get(1)).targets());
    }

    @Test
    public void aReadingIsAboutOneDeployment() throws Exception {
        look(drifted(API, "a"));
        assertTrue(last.isAbout(store.lane(DEV)));
        promote("1.1.0");
        assertFalse(last.isAbout(store.lane(DEV)));
        assertEquals(DriftResult.SAME, look(same(API)).driftResult());
        var gone = (Entry.DriftGone) news().get(1);
        assertEquals("orders.dev.2", gone.promotion());
    }

    @Test
    public void whatWasSeenWhileADeploymentEndedIsNotBelieved() throws Exception {
        meanwhile = () -> {
            try {
                promote("1.1.0");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        RefusedException refused = assertThrows(RefusedException.class, () -> look(drifted(API, "a")));
        assertTrue(refused.getMessage(), refused.getMessage().contains("was changed while it was checked"));
        assertEquals(List.of(), news());
    }
}
