package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.audit.JournalRecord;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A start sees every pause and every policy that stands before it in the journal. The order is forced: a change of what
 * all lanes share is begun when a start has been decided and its record is about to be written.
 */
public class SharedFactsTest {
    private static final LaneId DEV = new LaneId("orders", "dev");
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: dev, id: "222222222222" } ]
            roles: [ { name: managers, users: [ alice ] } ]
            environments: [ { name: dev GATES } ]
            services: [ { name: orders, places: "${environment}/eu-west-1" } ]
            """;

    /** What a change of shared facts is. */
    private interface Change {
        void make() throws Exception;
    }

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final MemoryDeployer accounts = new MemoryDeployer();
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicReference<Change> beforeStart = new AtomicReference<>();
    private final AtomicReference<Throwable> failed = new AtomicReference<>();
    private volatile Thread changing;
    private FileStore store;
    private Promotions promotions;

    @Before
    public void up() throws Exception {
        store = FileStore.open(folder.getRoot().toPath().resolve("store"), Product.CLI, new JournalCodec());
        var observer = new Observer() {
            @Override
            public void changed(LaneId lane, Transition transition) {}

            @Override
            public void note(String promotion, String step, String line) {}

            @Override
            public void trouble(String sentence, Throwable cause) {
                failed.set(cause);
            }
        };
        promotions = new Promotions(
                watched(store),
                accounts,
                new CanonicalDigests(),
                new Re2Patterns(),
                Clock.systemUTC(),
                pool,
                timer,
                observer);
        promotions.apply(policy(""), "user:ops");
        promotions.start();
    }

    @After
    public void down() throws Exception {
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
        assertEquals(null, failed.get());
    }

    /** The store, with the change made in another thread right before a start is written. */
    private Store watched(Store inner) {
        return (Store) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, args) -> {
                    if (method.getName().equals("append")
                            && args[0] instanceof Entry.LaneAdvanced advanced
                            && starts(advanced)) {
                        Change change = beforeStart.getAndSet(null);
                        if (change != null) {
                            changing = new Thread(() -> {
                                try {
                                    change.make();
                                } catch (Exception e) {
                                    failed.set(e);
                                }
                            });
                            changing.start();
                            Awaitility.await("the change has been made or waits")
                                    .atMost(Patience.LIMIT)
                                    .until(() -> !changing.isAlive() || changing.getState() == Thread.State.WAITING);
                        }
                    }
                    try {
                        return method.invoke(inner, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static boolean starts(Entry.LaneAdvanced advanced) {
        return advanced.lane().promotions().stream().anyMatch(p -> p.state() == State.DEPLOYING);
    }

    private static io.jenkins.plugins.serverlesspromotion.engine.policy.Policy policy(String gates) throws Exception {
        return PolicyReader.read("policy.yaml", POLICY.replace("GATES", gates).getBytes(StandardCharsets.UTF_8));
    }

    private void request() throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-${environment}", List.of(), Map.of(), Map.of());
        var manifest = new Manifest("orders", Map.of(), List.of(api), List.of(), List.of());
        var release = new Release("orders", "1.0", manifest, List.of(new Artifact("api.yaml", "a".repeat(64), 10)));
        ReleaseRef ref = promotions
                .publish(release, Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob")
                .ref();
        String id = promotions.request(
                DEV, ref, new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.now(), null, null, null));
        promotions.await(id, p -> p.state().isOver(), Patience.LIMIT);
        changing.join(Patience.MILLIS);
    }

    private long seq(Class<? extends Entry> kind) throws Exception {
        return store.records(r -> kind.isInstance(r.entry())).stream()
                .mapToLong(JournalRecord::seq)
                .max()
                .orElseThrow();
    }

    private long firstStart() throws Exception {
        List<JournalRecord> all =
                store.records(r -> r.entry() instanceof Entry.LaneAdvanced advanced && starts(advanced));
        return all.get(0).seq();
    }

    @Test
    public void noStartIsWrittenBehindAPauseThatItDidNotSee() throws Exception {
        beforeStart.set(() -> promotions.pause(Pause.EVERYTHING, "user:erin", "fire"));
        request();
        assertTrue("the pause came second", firstStart() < seq(Entry.Paused.class));
    }

    @Test
    public void noStartIsWrittenBehindAStricterPolicyThatItDidNotSee() throws Exception {
        beforeStart.set(() -> promotions.apply(
                policy(", gates: [ { approval: { require: [ { role: managers, count: 1 } ] } } ]"), "user:erin"));
        request();
        assertTrue("the policy came second", firstStart() < seq(Entry.PolicyApplied.class));
    }
}
