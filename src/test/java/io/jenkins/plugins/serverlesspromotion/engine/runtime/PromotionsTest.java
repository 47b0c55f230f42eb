package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class PromotionsTest {
    private static final LaneId DEV = new LaneId("orders", "dev");
    private static final LaneId PROD = new LaneId("orders", "prod");
    private static final Duration LIMIT = Patience.LIMIT;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final MemoryDeployer accounts = new MemoryDeployer();
    private final List<String> troubles = java.util.Collections.synchronizedList(new ArrayList<>());
    private ExecutorService pool;
    private ScheduledExecutorService timer;
    private FileStore store;
    private Promotions promotions;

    @Before
    public void up() throws Exception {
        pool = Executors.newFixedThreadPool(8);
        timer = Executors.newSingleThreadScheduledExecutor();
        Path root = folder.getRoot().toPath().resolve("store");
        store = FileStore.open(root, Product.CLI, new JournalCodec());
        promotions = new Promotions(
                store,
                accounts,
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
                        troubles.add(sentence + ": " + cause);
                    }

                    @Override
                    public void note(String promotion, String step, String line) {}
                });
    }

    @After
    public void down() throws Exception {
        accounts.letGo();
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
        assertEquals(List.of(), troubles);
    }

    private void restart() throws Exception {
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
        up();
        promotions.start();
    }

    private static Policy policy(int approvals) {
        var stores = Map.of("main", new Policy.Store("main", "acme-releases", "eu-west-1", "tools"));
        Map<String, Policy.Account> accounts = new LinkedHashMap<>();
        for (String name : List.of("tools", "orders-dev", "orders-prod")) {
            accounts.put(
                    name,
                    new Policy.Account(
                            name, "11111111111" + accounts.size(), null, null, null, "deploy", null, null, "b"));
        }
        Map<String, Policy.Environment> environments = new LinkedHashMap<>();
        environments.put("dev", new Policy.Environment("dev", null, List.of(), null));
        environments.put(
                "prod",
                new Policy.Environment(
                        "prod",
                        "dev",
                        List.of(new Gate.Approval(
                                List.of(new Gate.Requirement("managers", approvals)), true, Duration.ofHours(24))),
                        null));
        Map<String, Policy.Placement> placements = new LinkedHashMap<>();
        placements.put("dev", placement("orders-dev"));
        placements.put("prod", placement("orders-prod"));
        return new Policy(
                stores,
                accounts,
                Map.of("managers", new Policy.Role("managers", Set.of("alice", "carol", "dave"), Set.of())),
                environments,
                Map.of(
                        "orders",
                        new Policy.Service(
                                "orders", new Policy.Role("serviceOwner", Set.of(), Set.of()), List.of(), placements)));
    }

    private static Policy.Placement placement(String account) {
        return new Policy.Placement(List.of(List.of(new Policy.Place(account, "eu-west-1"))), Duration.ZERO);
    }

    private static Release release(String version, String bytes) {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-${environment}", List.of(), Map.of(), Map.of());
        var manifest = new Manifest("orders", Map.of(), List.of(api), List.of(), List.of());
        String hex = String.format("%064x", bytes.hashCode() & 0xffffffffL);
        return new Release("orders", version, manifest, List.of(new Artifact("api.yaml", hex, 10)));
    }

    private Published publish(String version) throws Exception {
        return promotions.publish(
                release(version, version), Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob");
    }

    private static PromotionDecisions.Request by(String user) {
        return new PromotionDecisions.Request("user:" + user, Set.of(user), Instant.EPOCH, null, null, null);
    }

    private static Person person(String id) {
        return new Person(id, Set.of(), Person.SELF_DECLARED);
    }

    private Promotion rest(String id) throws InterruptedException {
        return promotions.await(id, promotions::resting, LIMIT);
    }

    private void approve(String id, String user) throws Exception {
        promotions.approve(id, person(user), store.plan(id).orElseThrow().digest(), null);
    }

    private String toDev(String version) throws Exception {
        String id = promotions.request(DEV, publish(version).ref(), by("bob"));
        assertEquals(State.SUCCEEDED, rest(id).state());
        return id;
    }

    @Test
    public void aReleaseTravelsAndWaitsForPeopleInProd() throws Exception {
        promotions.apply(policy(1), "user:ops");
        promotions.start();
        toDev("1.0.0");
        String prod = promotions.request(PROD, publish("1.0.0").ref(), by("bob"));
        assertEquals(State.WAITING, rest(prod).state());
        approve(prod, "alice");
        assertEquals(State.SUCCEEDED, rest(prod).state());
        assertEquals(
                Map.of("orders-dev/eu-west-1/api", "1.0.0", "orders-prod/eu-west-1/api", "1.0.0"), accounts.live());
    }

    @Test
    public void successInDevOpensTheWayToProdByItself() throws Exception {
        promotions.apply(policy(1), "user:ops");
        promotions.start();
        Published release = publish("1.0.0");
        String prod = promotions.request(PROD, release.ref(), by("bob"));
        rest(prod);
        approve(prod, "alice");
        assertEquals("not before dev", State.WAITING, rest(prod).state());
        promotions.request(DEV, release.ref(), by("bob"));
        assertEquals(
                State.SUCCEEDED,
                promotions.await(prod, p -> p.state().isOver(), LIMIT).state());
    }

    @Test
    public void theSameBytesAreTheSameReleaseAndOthersAreRefused() throws Exception {
        promotions.apply(policy(1), "user:ops");
        Published first = publish("1.0.0");
        Published again = promotions.publish(
                release("1.0.0", "1.0.0"), Provenance.publishedBy("user:zoe"), "main", Map.of(), "user:zoe");
        assertEquals(first.ref(), again.ref());
        assertEquals(List.of("user:bob", "user:zoe"), again.provenance().publishers());
        var refused = assertThrows(
                RefusedException.class,
                () -> promotions.publish(
                        release("1.0.0", "other"), Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob"));
        assertTrue(
                refused.getMessage(),
                refused.getMessage()
                        .endsWith("): changed: api.yaml; a release never changes, give this one a new version"));
        assertEquals(1, store.releases("orders").size());
        assertEquals(
                "the refusal is in the audit log",
                1,
                store.records(r -> r.entry() instanceof Entry.Refused).size());
    }

    @Test
    public void manyClicksAtOnceGiveOneDeployment() throws Exception {
        promotions.apply(policy(2), "user:ops");
        promotions.start();
        toDev("1.0.0");
        String prod = promotions.request(PROD, publish("1.0.0").ref(), by("bob"));
        rest(prod);
        String digest = store.plan(prod).orElseThrow().digest();
        List<Callable<Void>> clicks = new ArrayList<>();
        for (String user : List.of("alice", "carol", "dave", "alice", "carol", "dave", "mallory", "bob")) {
            clicks.add(() -> {
                try {
                    promotions.approve(prod, person(user), digest, null);
                } catch (RefusedException e) {
                    assertFalse(e.getMessage().isEmpty());
                }
                return null;
            });
        }
        ExecutorService clickers = Executors.newFixedThreadPool(8);
        for (Future<Void> click : clickers.invokeAll(clicks)) {
            click.get();
        }
        clickers.shutdown();
        assertEquals(State.SUCCEEDED, rest(prod).state());
        assertEquals(
                List.of("deploy orders-dev/eu-west-1/api 1.0.0", "deploy orders-prod/eu-west-1/api 1.0.0"),
                accounts.effects());
    }

    @Test
    public void aRestartInEveryStateFinishesWithEachEffectOnce() throws Exception {
        promotions.apply(policy(1), "user:ops");
        promotions.start();
        toDev("1.0.0");
        accounts.breakSmokeTest("1.1.0", "dev");
        accounts.hold();
        String id = promotions.request(DEV, publish("1.1.0").ref(), by("bob"));
        var seen = new HashSet<State>();
        while (!store.promotion(id).orElseThrow().state().isOver()) {
            assertTrue(accounts.awaitHeld());
            State was = store.promotion(id).orElseThrow().state();
            seen.add(was);
            accounts.hold();
            restart();
            assertTrue("taken up again after the restart", accounts.awaitHeld());
            accounts.letOne();
            promotions.await(id, p -> p.state() != was, LIMIT);
        }
        assertEquals(State.ROLLED_BACK, store.promotion(id).orElseThrow().state());
        assertEquals(Set.of(State.PLANNING, State.DEPLOYING, State.VERIFYING, State.ROLLING_BACK), seen);
        assertEquals(
                List.of(
                        "deploy orders-dev/eu-west-1/api 1.0.0",
                        "deploy orders-dev/eu-west-1/api 1.1.0",
                        "undo orders-dev/eu-west-1/api 1.0.0"),
                accounts.effects());
    }

    @Test
    public void nothingIsCarriedOutBeforeStartAndNothingIsForgotten() throws Exception {
        promotions.apply(policy(1), "user:ops");
        String id = promotions.request(DEV, publish("1.0.0").ref(), by("bob"));
        assertEquals(0, promotions.busy());
        assertEquals(State.PLANNING, store.promotion(id).orElseThrow().state());
        promotions.start();
        assertEquals(State.SUCCEEDED, rest(id).state());
    }

    @Test
    public void aPauseKeepsTheQueueAndAResumeLetsItGo() throws Exception {
        promotions.apply(policy(1), "user:ops");
        promotions.start();
        promotions.pause(Pause.environment("dev"), "user:dave", "incident 7");
        String id = promotions.request(DEV, publish("1.0.0").ref(), by("bob"));
        assertEquals(State.QUEUED, rest(id).state());
        assertThrows(RefusedException.class, () -> promotions.pause(Pause.environment("dev"), "user:dave", "again"));
        promotions.resume(Pause.environment("dev"), "user:dave", "over");
        assertEquals(State.SUCCEEDED, rest(id).state());
    }

    @Test
    public void aPolicyChangeIsRecordedOnceAndVoidsWhatWasApproved() throws Exception {
        promotions.apply(policy(2), "user:ops");
        promotions.apply(policy(2), "user:ops");
        promotions.start();
        assertEquals(
                1, store.records(r -> r.entry() instanceof Entry.PolicyApplied).size());
        toDev("1.0.0");
        String prod = promotions.request(PROD, publish("1.0.0").ref(), by("bob"));
        rest(prod);
        approve(prod, "alice");
        promotions.apply(policy(1), "user:ops");
        assertEquals(State.WAITING, rest(prod).state());
        assertEquals(0, store.promotion(prod).orElseThrow().standing().size());
    }

    @Test
    public void whatPolicyDoesNotPlaceIsRefusedAndRecorded() throws Exception {
        promotions.apply(policy(1), "user:ops");
        Published release = publish("1.0.0");
        RefusedException e = assertThrows(
                RefusedException.class,
                () -> promotions.request(new LaneId("orders", "moon"), release.ref(), by("bob")));
        assertEquals("policy does not place orders in moon; it places orders in dev, prod", e.getMessage());
        assertEquals(1, store.records(r -> r.entry() instanceof Entry.Refused).size());
    }

    @Test
    public void aReleaseThatWasRolledBackHasNotSucceeded() throws Exception {
        promotions.apply(policy(1), "user:ops");
        promotions.start();
        toDev("1.0.0");
        toDev("1.1.0");
        String back = promotions.rollback(DEV, null, by("erin"));
        assertEquals(State.SUCCEEDED, rest(back).state());
        String prod = promotions.request(PROD, publish("1.1.0").ref(), by("bob"));
        rest(prod);
        approve(prod, "alice");
        assertEquals(State.WAITING, rest(prod).state());
        assertTrue(promotions.gates(prod).stream()
                .anyMatch(g -> g.gate().equals("path")
                        && g.sentence().equals("waiting for orders@1.1.0 to succeed in dev first")));
    }

    /** A stack {@code data} that goes forward only, and {@code api} that comes after it. */
    private Published forward(String version) throws Exception {
        var data = new Manifest.CloudFormation(
                "data", List.of(), List.of(), "api.yaml", "d", List.of(), Map.of(), Map.of(), "forwardOnly");
        var api = new Manifest.CloudFormation(
                "api", List.of("data"), List.of(), "api.yaml", "a", List.of(), Map.of(), Map.of());
        var manifest = new Manifest("orders", Map.of(), List.of(data, api), List.of(), List.of());
        String hex = String.format("%064x", version.hashCode() & 0xffffffffL);
        var release = new Release("orders", version, manifest, List.of(new Artifact("api.yaml", hex, 10)));
        return promotions.publish(release, Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob");
    }

    @Test
    public void whatGoesForwardOnlyIsNotUndoneAndThatIsSaid() throws Exception {
        promotions.apply(policy(1), "user:ops");
        promotions.start();
        assertEquals(
                State.SUCCEEDED,
                rest(promotions.request(DEV, forward("1.0.0").ref(), by("bob"))).state());
        accounts.breakSmokeTest("1.1.0", "dev");
        Promotion failed = rest(promotions.request(DEV, forward("1.1.0").ref(), by("bob")));
        assertEquals(State.ROLLBACK_FAILED, failed.state());
        assertEquals(
                "smoke test answered 500; not undone: orders-dev/eu-west-1/data (not back at orders@1.0.0: it goes"
                        + " forward only and stays as orders@1.1.0 left it: deployed); undone:"
                        + " orders-dev/eu-west-1/api (orders@1.0.0)",
                failed.why());
        assertEquals(
                Map.of("orders-dev/eu-west-1/data", "1.1.0", "orders-dev/eu-west-1/api", "1.0.0"), accounts.live());
    }

    @Test
    public void whatWasLeftHalfWayCannotBeComparedAndThatIsSaid() throws Exception {
        promotions.apply(policy(1), "user:ops");
        promotions.start();
        var inspections = new Inspections(
                store,
                (work, plan, places, progress) -> places.stream()
                        .map(p -> new Inspector.Inspected(
                                p + "/" + work.release().ref().version(), Inspector.DriftResult.SAME, List.of()))
                        .toList());
        RefusedException none = assertThrows(
                RefusedException.class, () -> inspections.inspect(DEV, Deployer.Progress.of((step, line) -> {})));
        assertTrue(none.getMessage(), none.getMessage().startsWith("nothing was promoted into"));
        rest(promotions.request(DEV, forward("1.0.0").ref(), by("bob")));
        Inspections.Report whole = inspections.inspect(DEV, Deployer.Progress.of((step, line) -> {}));
        assertEquals(Inspector.DriftResult.SAME, whole.driftResult());
        assertEquals("orders-dev/eu-west-1/1.0.0", whole.targets().get(0).key());
        accounts.breakSmokeTest("1.1.0", "dev");
        rest(promotions.request(DEV, forward("1.1.0").ref(), by("bob")));
        Inspections.Report half = inspections.inspect(DEV, Deployer.Progress.of((step, line) -> {}));
        assertEquals(Inspector.DriftResult.UNKNOWN, half.driftResult());
        assertEquals(
                List.of("a deployment was left incomplete here; neither release is there as a whole"),
                half.targets().get(0).differences());
        accounts.hold();
        String running = promotions.request(DEV, publish("1.2.0").ref(), by("bob"));
        assertTrue(accounts.awaitHeld());
        accounts.letOne();
        promotions.await(running, p -> p.state() == State.DEPLOYING, LIMIT);
        RefusedException busy = assertThrows(
                RefusedException.class, () -> inspections.inspect(DEV, Deployer.Progress.of((step, line) -> {})));
        assertTrue(busy.getMessage(), busy.getMessage().contains("is being changed by " + running));
    }

    @Test
    public void aRollbackByHandKeepsWhatAnyReleaseItGoesOverHasMarked() throws Exception {
        promotions.apply(policy(1), "user:ops");
        promotions.start();
        toDev("1.0.0");
        assertEquals(
                State.SUCCEEDED,
                rest(promotions.request(DEV, forward("1.1.0").ref(), by("bob"))).state());
        toDev("1.2.0");
        String over = promotions.rollback(DEV, "1.0.0", by("erin"));
        assertEquals(State.SUCCEEDED, rest(over).state());
        assertEquals(List.of("data"), accounts.kept(over));
        promotions.releaseHold(DEV, person("erin"), "mended");
        String forward = promotions.request(DEV, publish("1.3.0").ref(), by("bob"));
        rest(forward);
        assertEquals("forward, everything moves", List.of(), accounts.kept(forward));
        String back = promotions.rollback(DEV, null, by("erin"));
        rest(back);
        assertEquals("1.0.0 came before the mark", List.of(), accounts.kept(back));
    }

    @Test
    public void aClosedStoreIsToldAndNothingIsStarted() throws Exception {
        promotions.apply(policy(1), "user:ops");
        promotions.start();
        Published release = publish("1.0.0");
        store.close();
        assertThrows(IOException.class, () -> promotions.request(DEV, release.ref(), by("bob")));
        assertEquals(List.of(), accounts.effects());
    }
}
