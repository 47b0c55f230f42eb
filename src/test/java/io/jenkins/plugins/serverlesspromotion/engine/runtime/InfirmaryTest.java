package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
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
import java.time.Instant;
import java.util.ArrayList;
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

/** What is ordered for a stuck stack is in the journal first, and some orders are refused. */
public class InfirmaryTest {
    private static final LaneId DEV = new LaneId("orders", "dev");
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

    /** Tells what the journal held at the moment of the treatment. */
    private final List<Entry> before = new ArrayList<>();

    /** What happens while the stack is being recovered. */
    private Runnable during = () -> {};

    private final Recoverer recoverer = new Recoverer() {
        @Override
        public List<Diagnosis> examine(Deployer.Work work) {
            return List.of(new Diagnosis(
                    "orders-dev/eu-west-1/api",
                    "orders-dev",
                    "arn:stack",
                    "UPDATE_ROLLBACK_FAILED",
                    true,
                    "Function: on fire",
                    List.of(
                            new Option(RecoveryAction.SKIP_RESOURCES, "skips", List.of("Function", "Role")),
                            new Option(RecoveryAction.DELETE, "deletes", List.of("Function")))));
        }

        @Override
        public RecoveryResult recover(
                Deployer.Work work,
                Diagnosis diagnosis,
                RecoveryAction recoveryAction,
                List<String> resources,
                String token) {
            before.addAll(entries());
            during.run();
            return new RecoveryResult("UPDATE_ROLLBACK_COMPLETE", true, "it is back", List.of("request 1"));
        }
    };

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
    }

    @After
    public void close() throws Exception {
        accounts.letGo();
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
    }

    private List<Entry> entries() {
        try {
            return store
                    .records(r -> r.entry() instanceof Entry.StackRecovered || r.entry() instanceof Entry.Refused)
                    .stream()
                    .map(r -> r.entry())
                    .toList();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private String promote() throws Exception {
        return promote("1.0.0");
    }

    private String promote(String version) throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-dev", List.of(), Map.of(), Map.of());
        var release = new Release(
                "orders",
                version,
                new Manifest("orders", Map.of(), List.of(api), List.of(), List.of()),
                List.of(new Artifact("api.yaml", "0".repeat(64), 10)));
        var published = promotions.publish(release, Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob");
        return promotions.request(
                DEV,
                published.ref(),
                new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.EPOCH, null, null, null));
    }

    private void promoted() throws Exception {
        Promotion done = promotions.await(promote(), promotions::resting, Patience.LIMIT);
        assertEquals(Promotion.State.SUCCEEDED, done.state());
    }

    private static Infirmary.RecoveryRequest order(
            Recoverer.RecoveryAction recoveryAction, String confirmation, String... resources) {
        return new Infirmary.RecoveryRequest(
                "orders-dev", recoveryAction, List.of(resources), confirmation, "user:erin", "fire");
    }

    private String refusal(Infirmary.RecoveryRequest recoveryRequest) {
        int entries = entries().size();
        var done = List.copyOf(before);
        String why = assertThrows(
                        RefusedException.class,
                        () -> new Infirmary(promotions, store, recoverer).recover(DEV, recoveryRequest))
                .getMessage();
        assertTrue(entries().get(entries) instanceof Entry.Refused);
        assertEquals("nothing was done", done, before);
        return why;
    }

    @Test
    public void aPersonBeginsOnlySoManyRecoveriesInAMinute() throws Exception {
        promoted();
        promotions.perMinute(0);
        assertTrue(refusal(order(Recoverer.RecoveryAction.DELETE, "orders-dev", "Function"))
                .startsWith("user:erin made 0 recovery actions of stacks within a minute"));
    }

    @Test
    public void theOrderIsInTheJournalBeforeItIsCarriedOutAndTheResultAfter() throws Exception {
        promoted();
        new Infirmary(promotions, store, recoverer)
                .recover(DEV, order(Recoverer.RecoveryAction.SKIP_RESOURCES, null, "Function"));
        var ordered = (Entry.StackRecovered) before.get(0);
        assertEquals("SKIP_RESOURCES", ordered.choice());
        assertEquals(List.of("Function"), ordered.resources());
        assertEquals("fire", ordered.reason());
        assertNull(ordered.to());
        var done = (Entry.StackRecovered) entries().get(1);
        assertEquals("UPDATE_ROLLBACK_COMPLETE", done.to());
        assertEquals(List.of("request 1"), done.requests());
    }

    @Test
    public void aDeletionNeedsTheNameOnceMore() throws Exception {
        promoted();
        assertTrue(refusal(order(Recoverer.RecoveryAction.DELETE, null)).contains("name once more"));
        assertTrue(
                refusal(order(Recoverer.RecoveryAction.DELETE, "orders-prod")).contains("name once more"));
        assertTrue(new Infirmary(promotions, store, recoverer)
                .recover(DEV, order(Recoverer.RecoveryAction.DELETE, "orders-dev"))
                .good());
    }

    @Test
    public void onlyWhatIsOfferedIsDone() throws Exception {
        promoted();
        assertTrue(refusal(order(Recoverer.RecoveryAction.ROLL_BACK, null)).contains("which has no ROLL_BACK"));
        assertTrue(refusal(order(Recoverer.RecoveryAction.SKIP_RESOURCES, null)).contains("out of Function, Role"));
        assertTrue(refusal(order(Recoverer.RecoveryAction.SKIP_RESOURCES, null, "Table"))
                .contains("out of Function, Role"));
        assertTrue(refusal(order(Recoverer.RecoveryAction.DELETE, "orders-dev", "Role"))
                .contains("takes no resources"));
        var elsewhere = new Infirmary.RecoveryRequest(
                "billing", Recoverer.RecoveryAction.DELETE, List.of(), "billing", "user:erin", "x");
        assertTrue(refusal(elsewhere).contains("no stack billing belongs to orders in dev"));
    }

    @Test
    public void nothingIsTreatedWhileAPromotionDeploys() throws Exception {
        accounts.hold();
        promote();
        assertTrue("planning", accounts.awaitHeld());
        accounts.letOne();
        assertTrue("deploying", accounts.awaitHeld());
        String why = refusal(order(Recoverer.RecoveryAction.DELETE, "orders-dev"));
        assertTrue(why, why.startsWith("orders.dev.1 is "));
    }

    @Test
    public void nothingStartsWhileAStackIsRecovered() throws Exception {
        promoted();
        var asked = new ArrayList<String>();
        during = () -> {
            try {
                asked.add(promote("1.1.0"));
                Promotion waits = promotions.await(asked.get(0), promotions::resting, Patience.LIMIT);
                assertEquals(Promotion.State.QUEUED, waits.state());
                assertTrue(refusal(order(Recoverer.RecoveryAction.DELETE, "orders-dev"))
                        .contains("another recovery is under way"));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        new Infirmary(promotions, store, recoverer)
                .recover(DEV, order(Recoverer.RecoveryAction.SKIP_RESOURCES, null, "Function"));
        Promotion done = promotions.await(asked.get(0), p -> p.state().isOver(), Patience.LIMIT);
        assertEquals(Promotion.State.SUCCEEDED, done.state());
    }

    @Test
    public void aLaneWithoutPromotionHasNoStacksToLookAt() {
        var e = assertThrows(RefusedException.class, () -> new Infirmary(promotions, store, recoverer).examine(DEV));
        assertTrue(e.getMessage(), e.getMessage().contains("nothing of orders was ever promoted to dev"));
    }
}
