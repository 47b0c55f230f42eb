package io.jenkins.plugins.serverlesspromotion.golden;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Observer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.manifest.ManifestReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.PolicyReader;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A store that is opened, with accounts in memory behind it: an installation that can go on. */
final class Installation implements AutoCloseable {
    static final LaneId ORDERS_PROD = new LaneId("orders", "prod");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    final FileStore store;
    final RememberedAccounts accounts;
    final Promotions promotions;
    private final Path project;
    private final Clock clock;
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    final List<String> troubles = java.util.Collections.synchronizedList(new ArrayList<>());

    /** @param project folder with {@code policy.yaml} and the manifests, by service */
    Installation(Path folder, Product product, Path project, Clock clock) throws Exception {
        this.project = project;
        this.clock = clock;
        store = GoldenGenerator.open(folder, product, clock);
        accounts = RememberedAccounts.of(store);
        promotions = new Promotions(
                store, accounts, new CanonicalDigests(), new Re2Patterns(), clock, pool, timer, new Observer() {
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

    void applyPolicy() throws Exception {
        promotions.apply(PolicyReader.read(project.resolve("policy.yaml")), "user:olga");
    }

    Published publish(String service, String version) throws Exception {
        Path file = project.resolve(service + ".yaml");
        Manifest manifest = ManifestReader.read(file.toString(), Files.readAllBytes(file));
        var artifacts = new ArrayList<Artifact>();
        var versions = new TreeMap<String, String>();
        for (String path : List.of("api.yaml", "web/index.html", "worker.zip")) {
            if (service.equals("orders") || path.equals("api.yaml")) {
                var artifact = new Artifact(path, FullRecords.hex((service + version + path).hashCode() >>> 1), 100);
                artifacts.add(artifact);
                versions.put(artifact.digest(), "version-" + version + "-" + path);
            }
        }
        var provenance = new Provenance(
                "https://git.acme.example/" + service,
                "c0ffee" + version.replace(".", ""),
                "main",
                List.of("c0ffee" + version.replace(".", "")),
                List.of(new Provenance.Author("Bob", "bob@acme.example")),
                List.of("job:team-shop/" + service + "/main"));
        return promotions.publish(
                new Release(service, version, manifest, artifacts),
                provenance,
                "main",
                versions,
                "job:team-shop/" + service + "/main#" + version);
    }

    void tested(String release) throws Exception {
        promotions.record(new Evidence(
                release, "tests", Evidence.Result.PASSED, "job:team-shop/it", "#12", "412 tests", clock.instant()));
    }

    Promotion promote(Published release, String environment) throws Exception {
        String id = promotions.request(
                new LaneId(release.ref().service(), environment),
                release.ref(),
                new PromotionDecisions.Request(
                        "job:team-shop/" + release.ref().service() + "/main#7",
                        Set.of("bob"),
                        clock.instant(),
                        "ship it",
                        "SHOP-12",
                        null));
        return rest(id);
    }

    Promotion rest(String id) throws InterruptedException {
        return promotions.await(id, promotions::resting, LIMIT);
    }

    void approve(Promotion promotion, Person person) throws Exception {
        promotions.approve(
                promotion.id(), person, store.plan(promotion.id()).orElseThrow().digest(), "looks right");
    }

    Promotion toProd(Published release) throws Exception {
        tested(release.ref().id());
        Promotion waiting = promote(release, "prod");
        approve(waiting, person("alice"));
        approve(waiting, carol());
        return rest(waiting.id());
    }

    static Person person(String id) {
        return new Person(id, Set.of(), "login");
    }

    static Person carol() {
        return new Person("carol", Set.of("team-shop"), "login");
    }

    static void require(Promotion promotion, State state) {
        if (promotion.state() != state) {
            throw new IllegalStateException(
                    promotion.id() + " is " + promotion.state() + ", not " + state + ": " + promotion.why());
        }
    }

    @Override
    public void close() throws Exception {
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
    }

    /** Makes the history of the frozen installation in {@code folder}. */
    static void make(Path folder, Product product, Path project, String id) throws Exception {
        GoldenGenerator.prepare(folder, product, id);
        try (var shop =
                new Installation(folder, product, project, new GoldenGenerator.SteppingClock(GoldenGenerator.START))) {
            shop.applyPolicy();
            shop.promotions.start();
            for (String version : List.of("1.0.0", "1.1.0")) {
                Published orders = shop.publish("orders", version);
                require(shop.promote(orders, "dev"), State.SUCCEEDED);
                require(shop.promote(orders, "staging"), State.SUCCEEDED);
                require(shop.toProd(orders), State.SUCCEEDED);
            }
            Published next = shop.publish("orders", "1.2.0");
            require(shop.promote(next, "dev"), State.SUCCEEDED);
            require(shop.promote(next, "staging"), State.SUCCEEDED);
            shop.tested(next.ref().id());
            Promotion half = shop.promote(next, "prod");
            shop.approve(half, person("dave"));
            shop.promotions.withdrawApproval(half.id(), person("dave"), "one more look");
            shop.approve(half, person("alice"));
            require(shop.rest(half.id()), State.WAITING);
            shop.publish("orders", "1.3.0");

            Published first = shop.publish("billing", "2.0.0");
            require(shop.promote(first, "dev"), State.SUCCEEDED);
            require(shop.promote(first, "staging"), State.SUCCEEDED);
            require(shop.toProd(first), State.SUCCEEDED);
            Published second = shop.publish("billing", "2.1.0");
            require(shop.promote(second, "dev"), State.SUCCEEDED);
            require(shop.promote(second, "staging"), State.SUCCEEDED);
            Promotion glass = shop.promote(second, "prod");
            for (String user : List.of("erin", "frank")) {
                shop.promotions.override(
                        glass.id(),
                        person(user),
                        shop.store.plan(glass.id()).orElseThrow().digest(),
                        "invoices are wrong",
                        "SHOP-13");
            }
            require(shop.rest(glass.id()), State.SUCCEEDED);
            String back = shop.promotions.rollback(
                    new LaneId("billing", "prod"),
                    null,
                    new PromotionDecisions.Request(
                            "user:erin", Set.of("erin"), shop.clock.instant(), "invoices are still wrong", null, null));
            Promotion rollback = shop.rest(back);
            if (rollback.state() == State.WAITING) {
                shop.approve(rollback, person("frank"));
                rollback = shop.rest(back);
            }
            require(rollback, State.SUCCEEDED);
            shop.accounts.breakChecks("billing@2.2.0");
            require(shop.promote(shop.publish("billing", "2.2.0"), "dev"), State.ROLLED_BACK);
            Promotion unwanted = shop.promote(shop.publish("billing", "2.3.0"), "staging");
            shop.promotions.abort(unwanted.id(), "user:bob", "not this week");
            Promotion refused = shop.promote(second, "prod");
            shop.promotions.reject(refused.id(), person("alice"), "invoices first");
            shop.promotions.pause("environment staging", "user:olga", "load test until Monday");

            shop.accounts.holdForEver("search");
            String running = shop.promotions.request(
                    new LaneId("search", "dev"),
                    shop.publish("search", "0.9.0").ref(),
                    new PromotionDecisions.Request(
                            "job:team-shop/search/main#1", Set.of("bob"), shop.clock.instant(), null, null, "build-1"));
            shop.accounts.awaitHeld();
            require(shop.store.promotion(running).orElseThrow(), State.DEPLOYING);
            if (!shop.troubles.isEmpty()) {
                throw new IllegalStateException(shop.troubles.toString());
            }
            // As if it had been killed here: what the closing of the runtime would record is not part of it.
            copyStore(folder);
        }
        Path made = folder.resolveSibling(folder.getFileName() + ".made");
        delete(folder);
        Files.move(made, folder);
        GoldenGenerator.write(folder.resolve("folded.json"), GoldenFiles.folded(folder, product));
    }

    private static void copyStore(Path folder) throws Exception {
        GoldenFiles.copy(folder, folder.resolveSibling(folder.getFileName() + ".made"));
        Files.delete(folder.resolveSibling(folder.getFileName() + ".made").resolve("lock"));
    }

    private static void delete(Path folder) throws Exception {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
