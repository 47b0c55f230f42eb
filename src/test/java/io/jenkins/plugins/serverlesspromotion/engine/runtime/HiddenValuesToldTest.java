package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
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
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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

/** AWS quotes the value of a parameter, and it is a literal of a release that an older version published. */
public class HiddenValuesToldTest {
    private static final String PLANTED = "planted-6f1c0e";
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: dev, id: "222222222222" } ]
            environments: [ { name: dev } ]
            services: [ { name: orders, places: "dev/eu-west-1" } ]
            """;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final MemoryDeployer accounts = new MemoryDeployer();
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private ExecutorService pool;
    private ScheduledExecutorService timer;
    private FileStore store;
    private Promotions promotions;

    @Before
    public void up() throws Exception {
        pool = Executors.newFixedThreadPool(8);
        timer = Executors.newSingleThreadScheduledExecutor();
        store = FileStore.open(folder.getRoot().toPath().resolve("store"), Product.CLI, new JournalCodec());
        var observer = new Observer() {
            @Override
            public void changed(LaneId lane, Transition transition) {
                told.add(transition.toString());
            }

            @Override
            public void trouble(String sentence, Throwable cause) {
                told.add(sentence + ": " + cause);
            }

            @Override
            public void note(String promotion, String step, String line) {
                told.add(line);
            }
        };
        promotions = new Promotions(
                store, accounts, new CanonicalDigests(), new Re2Patterns(), Clock.systemUTC(), pool, timer, observer);
        promotions.start();
        promotions.apply(PolicyReader.read("policy.yaml", POLICY.getBytes(StandardCharsets.UTF_8)), "user:ops");
    }

    @After
    public void down() throws Exception {
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
    }

    /** Without a word about NoEcho, as older records are. */
    private Published published() throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders", List.of(), Map.of("Pw", PLANTED), Map.of());
        var manifest = new Manifest("orders", Map.of(), List.of(api), List.of(), List.of());
        var release = new Release("orders", "1.0.0", manifest, List.of(new Artifact("api.yaml", "2".repeat(64), 10)));
        return promotions.publish(release, Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob");
    }

    @Test
    public void whatIsToldAndWhatIsRecordedOfAPlanningIsWithoutIt() throws Exception {
        accounts.problem = "AWS refused the value '" + PLANTED + "' of Pw";
        var request = new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.now(), null, null, null);
        String id = promotions.request(new LaneId("orders", "dev"), published().ref(), request);
        promotions.await(id, p -> p.plan() != null && promotions.resting(p), Patience.LIMIT);
        assertEquals(
                "AWS refused the value '****' of Pw",
                store.plan(id).orElseThrow().problems().get(0).cause());
        String all = String.join("\n", told);
        assertTrue(all, all.contains("AWS refused the value '"));
        assertFalse(all, all.contains(PLANTED));
        assertFalse(store.records(r -> true).toString().contains(PLANTED));
    }
}
