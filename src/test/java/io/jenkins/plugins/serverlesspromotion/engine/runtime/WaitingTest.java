package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Event;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Directory;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence.Result;
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
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What promotions wait for in other lanes, in time and in what is found out, on a real journal and with a clock set by hand. */
public class WaitingTest {
    private static final Duration LIMIT = Patience.LIMIT;
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: dev, id: "222222222222" },
              { name: prod, id: "444444444444" } ]
            environments:
              - { name: dev }
              - name: prod
                gates: [ GATES ]
            services:
              - { name: payments, places: "${environment}/eu-west-1" }
              - name: orders
                places: "${environment}/eu-west-1"
                paths:
                  - { name: default, environments: [ dev, prod ] }
                  - { name: hotfix, branches: [ "hotfix/*" ], environments: [ prod ] }
            """;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final MemoryDeployer accounts = new MemoryDeployer();
    private final List<String> troubles = Collections.synchronizedList(new ArrayList<>());
    private final HandClock clock = new HandClock();
    private ExecutorService pool;
    private ScheduledExecutorService timer;
    private FileStore store;
    private Promotions promotions;

    /** Null: there is none. */
    private Directory directory;

    private static final class HandClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-23T12:00:00Z");
        /** Where the time depends on what has happened; null: it is what was set. */
        private volatile Supplier<Instant> told;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            Supplier<Instant> by = told;
            return by == null ? now : by.get();
        }
    }

    @Before
    public void up() throws Exception {
        pool = Executors.newFixedThreadPool(8);
        timer = Executors.newSingleThreadScheduledExecutor();
        store = FileStore.open(folder.getRoot().toPath().resolve("store"), Product.CLI, new JournalCodec());
        var observer = new Observer() {
            @Override
            public void changed(LaneId lane, Transition transition) {}

            @Override
            public void trouble(String sentence, Throwable cause) {
                troubles.add(sentence + ": " + cause);
            }

            @Override
            public void note(String promotion, String step, String line) {}
        };
        promotions = new Promotions(
                store, accounts, directory, new CanonicalDigests(), new Re2Patterns(), clock, pool, timer, observer);
        promotions.start();
    }

    @After
    public void down() throws Exception {
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
        assertEquals(List.of(), troubles);
    }

    private void restart() throws Exception {
        down();
        up();
    }

    private void policy(String... gates) throws Exception {
        byte[] text = POLICY.replace("GATES", String.join(", ", gates)).getBytes(StandardCharsets.UTF_8);
        promotions.apply(PolicyReader.read("policy.yaml", text), "user:ops");
    }

    private ReleaseRef publish(String service, String version, String branch, Manifest.Requires... requires)
            throws Exception {
        return publish(service, version, branch, List.of(), requires);
    }

    private ReleaseRef publish(
            String service,
            String version,
            String branch,
            List<Provenance.Author> authors,
            Manifest.Requires... requires)
            throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", service + "-${environment}", List.of(), Map.of(), Map.of());
        var manifest = new Manifest(service, Map.of(), List.of(api), List.of(), List.of(requires));
        String hex = String.format("%064x", (service + version).hashCode() & 0xffffffffL);
        var release = new Release(service, version, manifest, List.of(new Artifact("api.yaml", hex, 10)));
        var provenance = new Provenance(null, "r" + version, branch, List.of(), authors, List.of("user:bob"));
        return promotions
                .publish(release, provenance, "main", Map.of(), "user:bob")
                .ref();
    }

    private String ask(ReleaseRef release, String environment) throws Exception {
        var request = new PromotionDecisions.Request("user:bob", Set.of("bob"), clock.instant(), null, null, null);
        return promotions.request(new LaneId(release.service(), environment), release, request);
    }

    private State rest(String id) throws InterruptedException {
        return promotions.await(id, promotions::resting, LIMIT).state();
    }

    private State over(String id) throws InterruptedException {
        return promotions.await(id, p -> p.state().isOver(), LIMIT).state();
    }

    private GateStatus gate(String id, String name) {
        return promotions.gates(id).stream()
                .filter(g -> g.gate().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no gate " + name));
    }

    @Test
    public void whatAReleaseRequiresIsHeldUpUntilItIsLiveInTheSameEnvironment() throws Exception {
        policy();
        ReleaseRef orders = publish("orders", "1.0", "hotfix/x", new Manifest.Requires("payments", ">=2.3 <3"));
        String id = ask(orders, "prod");
        assertEquals(State.WAITING, rest(id));
        over(ask(publish("payments", "2.2", null), "prod"));
        assertEquals("too old", State.WAITING, rest(id));
        ReleaseRef right = publish("payments", "2.3.1", null);
        over(ask(right, "dev"));
        assertEquals("another environment", State.WAITING, rest(id));
        assertTrue(gate(id, "dependency").sentence().endsWith("2.2 is live here"));
        restart();
        assertEquals("nobody asks again for it", State.SUCCEEDED, over(ask(right, "prod")));
        assertEquals(State.SUCCEEDED, over(id));
        assertEquals(
                "2.3.1",
                store.lane(new LaneId("payments", "prod")).live().release().version());
    }

    @Test
    public void whatIsBeingDeployedIsNotYetLive() throws Exception {
        policy();
        over(ask(publish("payments", "2.3", null), "prod"));
        accounts.hold();
        String changing = ask(publish("payments", "2.4", null), "prod");
        assertTrue(accounts.awaitHeld()); // its plan
        accounts.letOne();
        assertTrue(accounts.awaitHeld()); // its deployment
        assertEquals(State.DEPLOYING, store.promotion(changing).orElseThrow().state());
        String id = ask(publish("orders", "1.0", "hotfix/x", new Manifest.Requires("payments", ">=2.3")), "prod");
        accounts.letOne(); // one of the two; the other is let go below
        accounts.letGo();
        assertEquals(State.SUCCEEDED, over(changing));
        assertEquals(State.SUCCEEDED, over(id));
        List<String> effects = accounts.effects();
        assertTrue(
                effects.toString(),
                effects.indexOf("deploy prod/eu-west-1/api 2.4") < effects.indexOf("deploy prod/eu-west-1/api 1.0"));
    }

    @Test
    public void evidenceOpensTheWayAndSurvivesARestart() throws Exception {
        policy("{ evidence: { type: tests, from: [ \"job:team/orders\" ] } }");
        String id = ask(publish("orders", "1.0", "hotfix/x"), "prod");
        assertEquals(State.WAITING, rest(id));
        promotions.record(new Evidence(
                "orders@1.0", "tests", Result.FAILED, "job:team/orders", "7", "3 of 412 failed", clock.instant()));
        assertEquals(State.WAITING, rest(id));
        assertTrue(gate(id, "evidence").sentence().contains("3 of 412 failed"));
        restart();
        assertEquals(GateStatus.GateResult.BLOCKED, gate(id, "evidence").result());
        promotions.record(
                new Evidence("orders@1.0", "tests", Result.PASSED, "job:team/orders", "8", null, clock.instant()));
        assertEquals(State.SUCCEEDED, over(id));
        assertEquals(1, store.evidence("orders@1.0").size());
        assertEquals(
                "both are in the audit log",
                2,
                store.records(r -> r.entry() instanceof Entry.EvidenceRecorded).size());
    }

    @Test
    public void alarmsAreReadWhileSomethingWaitsForThemAndAnewAfterARestart() throws Exception {
        policy("{ alarm: { names: [ \"${service}-errors\" ] } }");
        accounts.alarm =
                new GateContext.Alarm("prod/eu-west-1", "orders-errors", GateContext.Alarm.State.ALARM, "5 > 1");
        String id = ask(publish("orders", "1.0", "hotfix/x"), "prod");
        assertEquals(State.WAITING, rest(id));
        assertEquals(
                "orders-errors in prod/eu-west-1 was in ALARM (5 > 1) at 2026-11-23T12:00:00Z",
                gate(id, "alarm").sentence());
        int asked = accounts.alarmsRead.get();
        promotions.pause("service payments", "user:dave", "x");
        promotions.resume("service payments", "user:dave", "x");
        assertEquals("not again within half a minute", State.WAITING, rest(id));
        assertEquals(asked, accounts.alarmsRead.get());
        accounts.alarm = new GateContext.Alarm("prod/eu-west-1", "orders-errors", GateContext.Alarm.State.OK, null);
        clock.now = clock.now.plus(Duration.ofSeconds(30));
        promotions.pause("service payments", "user:dave", "x");
        promotions.resume("service payments", "user:dave", "x");
        assertEquals("read again when it was due", State.SUCCEEDED, over(id));
        assertEquals(asked + 1, accounts.alarmsRead.get());

        accounts.alarm =
                new GateContext.Alarm("prod/eu-west-1", "orders-errors", GateContext.Alarm.State.MISSING, null);
        String next = ask(publish("orders", "1.1", "hotfix/x"), "prod");
        assertEquals(State.WAITING, rest(next));
        accounts.alarm = new GateContext.Alarm("prod/eu-west-1", "orders-errors", GateContext.Alarm.State.OK, null);
        restart();
        assertEquals(State.SUCCEEDED, over(next));
    }

    @Test
    public void whatOpensWhileTheJournalIsWrittenIsNotSleptThrough() throws Exception {
        policy("{ soak: { environment: dev, for: 2h } }");
        ReleaseRef release = publish("orders", "1.0", "main");
        over(ask(release, "dev"));
        Instant soaked = clock.now.plus(Duration.ofHours(2));
        LaneId prod = new LaneId("orders", "prod");
        clock.told = () -> store.lane(prod).promotions().stream().anyMatch(p -> p.state() == State.WAITING)
                ? soaked.plusMillis(5)
                : soaked.minusMillis(5);
        assertEquals("nobody but the clock wakes it", State.SUCCEEDED, over(ask(release, "prod")));
    }

    private Evidence signed(Result result, int statement, Instant at) {
        var proof = new Evidence.Signed("sha256:" + statement, "sha256:key", "user:bob");
        return new Evidence("orders@1.0", "tests", result, "key:ci", null, null, at, proof);
    }

    @Test
    public void aStatementThatIsHandedInAgainIsNeitherYoungerNorNewer() throws Exception {
        policy();
        publish("orders", "1.0", "main");
        Instant first = clock.instant();
        promotions.record(signed(Result.PASSED, 1, first), "{the envelope}");
        clock.now = clock.now.plus(Duration.ofDays(3));
        promotions.record(signed(Result.PASSED, 1, clock.now), "{the envelope}");
        assertEquals(first, store.evidence("orders@1.0").get(0).at());
        promotions.record(signed(Result.FAILED, 2, clock.now), "{another}");
        restart();
        promotions.record(signed(Result.PASSED, 1, clock.now.plusSeconds(1)), "{the envelope}");
        assertEquals(
                "what the key said since stands",
                Result.FAILED,
                store.evidence("orders@1.0").get(0).result());
        Evidence older = signed(Result.PASSED, 3, first.plusSeconds(9));
        assertTrue(assertThrows(RefusedException.class, () -> promotions.record(older, "{old}"))
                .getMessage()
                .contains("has recorded something newer"));
        assertEquals(
                List.of("{the envelope}", "{another}"),
                store.records(r -> r.entry() instanceof Entry.EvidenceRecorded).stream()
                        .map(r -> ((Entry.EvidenceRecorded) r.entry()).envelope())
                        .toList());
    }

    @Test
    public void evidenceOfWhatWasNeverPublishedIsRefused() throws Exception {
        policy();
        for (String release : List.of("orders@9.9", "orders", "nobody@1.0")) {
            var evidence = new Evidence(release, "tests", Result.PASSED, "job:a", null, null, clock.instant());
            assertThrows(release, RefusedException.class, () -> promotions.record(evidence));
        }
        assertEquals(3, store.records(r -> r.entry() instanceof Entry.Refused).size());
    }

    @Test
    public void aReleaseSoaksWhileItIsLiveAndAnotherEndsThat() throws Exception {
        policy("{ soak: { environment: dev, for: 2h } }");
        ReleaseRef first = publish("orders", "1.0", "main");
        ReleaseRef second = publish("orders", "1.1", "main");
        over(ask(first, "dev"));
        String id = ask(first, "prod");
        assertEquals(State.WAITING, rest(id));
        assertEquals(clock.instant().plus(Duration.ofHours(2)), gate(id, "soak").until());
        clock.now = clock.now.plus(Duration.ofMinutes(119));
        over(ask(second, "dev"));
        clock.now = clock.now.plus(Duration.ofHours(5));
        promotions.start();
        assertEquals(State.WAITING, rest(id));
        assertTrue(gate(id, "soak").sentence(), gate(id, "soak").sentence().contains("was for 1 h 59 min"));
        assertEquals("the second has soaked", State.SUCCEEDED, over(ask(second, "prod")));
    }

    private static final String TWO = "roles: [ { name: managers, users: [ alice, carol, dave ] } ]\n";
    private static final String ALL_KNOWN =
            "{ approval: { require: [ { role: managers } ], excludeAuthors: true, unmappedAuthors: ignore } }";

    private void roles(String roles, String gate, String by) throws Exception {
        byte[] text = (roles + POLICY.replace("GATES", gate)).getBytes(StandardCharsets.UTF_8);
        promotions.apply(PolicyReader.read("policy.yaml", text), by);
    }

    private String whyNot(String id, String user) {
        var person = new Person(user, Set.of(), Person.SELF_DECLARED);
        return promotions
                .whyNot(person, store.promotion(id).orElseThrow())
                .map(why -> why.replaceFirst(",.*", ""))
                .orElse(null);
    }

    @Test
    public void theAuthorsOfEveryReleaseSinceTheLiveOneDoNotCount() throws Exception {
        roles(TWO, ALL_KNOWN, "user:ops");
        ReleaseRef first = publish("orders", "1.0", "hotfix/a", List.of(new Provenance.Author("alice", "a")));
        String id = ask(first, "prod");
        rest(id);
        assertEquals("you wrote part of this", whyNot(id, "alice"));
        promotions.approve(
                id,
                new Person("carol", Set.of(), Person.SELF_DECLARED),
                store.plan(id).orElseThrow().digest(),
                null);
        assertEquals(State.SUCCEEDED, over(id));
        publish("orders", "1.1", "hotfix/b", List.of(new Provenance.Author("carol", "c")));
        ReleaseRef third = publish("orders", "1.2", "hotfix/c", List.of(new Provenance.Author("zoe", "z")));
        publish("orders", "1.3", "hotfix/d", List.of(new Provenance.Author("dave", "d")));
        String next = ask(third, "prod");
        rest(next);
        assertEquals("what was live before is old", null, whyNot(next, "alice"));
        assertEquals("1.1 comes in with 1.2", "you wrote part of this", whyNot(next, "carol"));
        assertEquals("1.3 does not", null, whyNot(next, "dave"));
        assertEquals("bob published it", "you asked for this", whyNot(next, "bob"));
    }

    @Test
    public void aReleaseWithoutAuthorsIsNotHiddenByALaterOneWithAKnownAuthor() throws Exception {
        roles(TWO.replace("carol", "carol, emil"), ALL_KNOWN.replace("ignore", "block"), "user:ops");
        publish("orders", "1.0", "hotfix/a");
        ReleaseRef second = publish("orders", "1.1", "hotfix/b", List.of(new Provenance.Author("emil", "e")));
        String id = ask(second, "prod");
        rest(id);
        var alice = new Person("alice", Set.of(), Person.SELF_DECLARED);
        String digest = store.plan(id).orElseThrow().digest();
        var refused = assertThrows(RefusedException.class, () -> promotions.approve(id, alice, digest, null));
        assertTrue(refused.getMessage(), refused.getMessage().startsWith("cannot establish who wrote orders@1.0: "));
        restart();
        var dave = new Person("dave", Set.of(), Person.SELF_DECLARED);
        promotions.attestAuthors(id, dave, "orders@1.0", Set.of("carol"), "read the commits");
        assertEquals("you attested who wrote part of this", whyNot(id, "dave"));
        assertEquals("you wrote part of this", whyNot(id, "carol"));
        promotions.approve(id, alice, store.plan(id).orElseThrow().digest(), null);
        assertEquals(State.SUCCEEDED, over(id));
    }

    @Test
    public void thoseWhoAttestedAreReadAgainBeforeADeploymentStarts() throws Exception {
        List<Set<String>> asked = Collections.synchronizedList(new ArrayList<>());
        directory = users -> {
            asked.add(Set.copyOf(users));
            return new PromotionDecisions.Answer(Map.of(), Set.of("dave"), null);
        };
        restart();
        roles(TWO, ALL_KNOWN.replace("ignore", "block"), "user:ops");
        String id = ask(publish("orders", "1.0", "hotfix/a"), "prod");
        rest(id);
        var alice = new Person("alice", Set.of(), Person.SELF_DECLARED);
        var dave = new Person("dave", Set.of(), Person.SELF_DECLARED);
        promotions.attestAuthors(id, dave, "orders@1.0", Set.of("carol"), "read the commits");
        promotions.approve(id, alice, store.plan(id).orElseThrow().digest(), null);
        Promotion read = promotions.await(
                id, p -> p.membership() != null && p.membership().answer() != null, LIMIT);
        assertEquals(State.WAITING, read.state());
        assertEquals(List.of(Set.of("alice", "dave")), asked);
        assertTrue(
                gate(id, "approval").sentence(),
                gate(id, "approval").sentence().contains("what dave attested does not count"));
    }

    @Test
    public void whoeverChangesTheRulesIsRememberedAcrossARestartAndALaterPolicy() throws Exception {
        roles(TWO, ALL_KNOWN, "user:alice");
        String id = ask(publish("orders", "1.0", "hotfix/a"), "prod");
        rest(id);
        assertEquals("the first policy changes nothing", null, whyNot(id, "alice"));
        roles(TWO.replace("carol", "carol, zoe"), ALL_KNOWN, "user:alice");
        restart();
        assertEquals("you changed the rules of prod", whyNot(id, "alice"));
        clock.now = clock.now.plus(Duration.ofHours(20));
        roles(TWO, ALL_KNOWN, "dave");
        assertEquals("you changed the rules of prod", whyNot(id, "alice"));
        assertEquals("as a controller writes it", "you changed the rules of prod", whyNot(id, "dave"));
        clock.now = clock.now.plus(Duration.ofHours(4));
        assertEquals(null, whyNot(id, "alice"));
        assertEquals("you changed the rules of prod", whyNot(id, "dave"));
        roles(TWO.replace("dave", "dave, zoe"), ALL_KNOWN, "user:ops");
        assertEquals(
                "what excludes nobody any more is not carried on",
                List.of("dave", "user:ops"),
                store.policy().orElseThrow().changes().stream().map(c -> c.by()).toList());
    }

    /** Otherwise a person removes the link, and approves as the other user at once. */
    @Test
    public void whoRemovesTheLinkToAnotherUserOfTheirOwnDoesNotCountAsThatUserEither() throws Exception {
        roles(TWO + "aliases: [ { user: alice, names: [ dave ] } ]\n", ALL_KNOWN, "user:ops");
        String id = ask(publish("orders", "1.0", "hotfix/a"), "prod");
        rest(id);
        roles(TWO, ALL_KNOWN, "user:dave");
        assertEquals("you changed the rules of prod", whyNot(id, "alice"));
        assertEquals("you changed the rules of prod", whyNot(id, "dave"));
        assertEquals(null, whyNot(id, "carol"));
        clock.now = clock.now.plus(Duration.ofHours(24));
        assertEquals(null, whyNot(id, "alice"));
    }

    @Test
    public void theBranchDecidesThePath() throws Exception {
        policy();
        String main = ask(publish("orders", "1.0", "main"), "prod");
        assertEquals(State.WAITING, rest(main));
        assertEquals(
                "waiting for orders@1.0 to succeed in dev first",
                gate(main, "path").sentence());
        assertEquals(State.SUCCEEDED, over(ask(publish("orders", "1.0.1", "hotfix/a"), "prod")));
        String dev = ask(publish("orders", "1.0.2", "hotfix/b"), "dev");
        rest(dev);
        assertEquals(GateStatus.GateResult.BLOCKED, gate(dev, "path").result());
    }

    @Test
    public void theWindowOpensByTheClockOfTheRuntime() throws Exception {
        policy("{ window: { days: [ TUE ], from: \"09:00\", lastStart: \"15:00\", zone: UTC } }");
        String id = ask(publish("orders", "1.0", "hotfix/x"), "prod");
        assertEquals(State.WAITING, rest(id));
        clock.now = Instant.parse("2026-11-24T08:59:59.999Z");
        promotions.start();
        assertEquals(State.WAITING, rest(id));
        clock.now = Instant.parse("2026-11-24T09:00:00Z");
        promotions.start();
        assertEquals(State.SUCCEEDED, over(id));
    }

    @Test
    public void aHotfixThatIsLiveMustBeInWhatComesAfterIt() throws Exception {
        policy("{ containsLive: true }");
        over(ask(publish("orders", "1.0", "main"), "dev"));
        over(ask(publish("orders", "1.0.1", "hotfix/x"), "prod")); // its revision is r1.0.1
        ReleaseRef lost = publish("orders", "1.1", "main");
        over(ask(lost, "dev"));
        String id = ask(lost, "prod");
        rest(id);
        assertEquals(GateStatus.GateResult.BLOCKED, gate(id, "containsLive").result());
        var api = store.release("orders", "1.1").orElseThrow().release();
        var merged = new Release(
                "orders", "1.2", api.manifest(), List.of(new Artifact("api.yaml", String.format("%064x", 77), 10)));
        var provenance = new Provenance(null, "r1.2", "main", List.of("r1.0.1", "m2"), List.of(), List.of("user:bob"));
        ReleaseRef kept = promotions
                .publish(merged, provenance, "main", Map.of(), "user:bob")
                .ref();
        over(ask(kept, "dev"));
        assertEquals(State.SUCCEEDED, over(ask(kept, "prod")));
        ReleaseRef later = publish("orders", "1.3", "main");
        over(ask(later, "dev"));
        assertEquals("what 1.2 had, 1.3 of the same branch has", State.SUCCEEDED, over(ask(later, "prod")));
    }

    private void automatic(String gates) throws Exception {
        byte[] text = POLICY.replace("gates: [ GATES ]", "autoPromote: true\n    gates: [ " + gates + " ]")
                .getBytes(StandardCharsets.UTF_8);
        promotions.apply(PolicyReader.read("policy.yaml", text), "user:ops");
    }

    private List<Promotion> inProd() {
        return store.promotions(new LaneId("orders", "prod"));
    }

    /** Brings a release to dev and waits until it was requested in prod. */
    private String arrives(ReleaseRef release) throws Exception {
        String dev = ask(release, "dev");
        promotions.await(dev, p -> !inProd().isEmpty(), LIMIT);
        assertEquals(1, inProd().size());
        return inProd().get(0).id();
    }

    @Test
    public void whatSucceedsIsAskedForInTheNextEnvironmentOnceAndInTheSameNames() throws Exception {
        automatic("");
        assertEquals(State.SUCCEEDED, over(arrives(publish("orders", "1.0", "main"))));
        assertEquals(
                "1.0", store.lane(new LaneId("orders", "prod")).live().release().version());
        PromotionDecisions.Request request = inProd().get(0).requests().get(0);
        assertEquals("automatic after orders.dev.1", request.by());
        assertEquals("orders.dev.1", request.after());
        assertEquals(Set.of("bob"), request.people());
        promotions.start();
        restart();
        assertEquals("once", 1, inProd().size());
    }

    @Test
    public void whatWasStoppedIsNotAskedForAgainAndGatesHoldAsEver() throws Exception {
        automatic("{ ticket: \"CHG[0-9]+\" }");
        String id = arrives(publish("orders", "1.0", "main"));
        assertEquals(State.WAITING, rest(id));
        promotions.abort(id, "user:bob", "not this one");
        promotions.start();
        restart();
        assertEquals(1, inProd().size());
    }

    @Test
    public void whatIsLiveBecauseOfARollbackIsNotAskedFor() throws Exception {
        policy();
        over(ask(publish("orders", "1.0", "main"), "dev"));
        ReleaseRef bad = publish("orders", "1.1", "main");
        over(ask(bad, "dev"));
        String back = promotions.rollback(
                new LaneId("orders", "dev"),
                null,
                new PromotionDecisions.Request("user:bob", Set.of("bob"), clock.instant(), "bad", null, null));
        assertEquals(State.SUCCEEDED, over(back));
        automatic("");
        assertEquals("1.0 is live again because of a rollback", List.of(), inProd());
    }

    @Test
    public void switchingItOnAsksForWhatIsLive() throws Exception {
        policy();
        over(ask(publish("orders", "1.0", "main"), "dev"));
        assertEquals(List.of(), inProd());
        automatic("");
        assertEquals(1, inProd().size());
        assertEquals(State.SUCCEEDED, over(inProd().get(0).id()));
    }

    @Test
    public void explainingWritesNothingAndSaysTheSameAsThePromotionWould() throws Exception {
        policy("{ ticket: \"CHG[0-9]+\" }");
        ReleaseRef release = publish("orders", "1.0", "main");
        long before = store.size();
        var request = new PromotionDecisions.Request("user:bob", Set.of("bob"), clock.instant(), null, null, null);
        var bob = new Person("bob", Set.of(), Person.SELF_DECLARED);
        var lane = new LaneId("orders", "prod");
        var explained = promotions.explain(lane, release, request, bob);
        assertTrue(explained.promotion().isEmpty());
        assertEquals(
                List.of("path", "ticket", "plan"),
                explained.gates().stream().map(GateStatus::gate).toList());
        assertEquals("no approval is needed here", explained.whyNot().orElseThrow());
        assertEquals(before, store.size());
        String id = ask(release, "prod");
        rest(id);
        var now = promotions.explain(lane, release, request, bob);
        assertEquals(id, now.promotion().orElseThrow().id());
        assertEquals(promotions.gates(id), now.gates());
    }

    // --- what older versions recorded ---

    /** Writes a request as a version without a limit recorded it, and opens the store again. */
    private String waitingSince(ReleaseRef release, String environment, String ticket) throws Exception {
        String id = ask(release, environment);
        rest(id);
        LaneId lane = LaneId.ofPromotion(id);
        Lane l = store.lane(lane);
        Promotion p = l.promotion(id).orElseThrow();
        var request = new PromotionDecisions.Request("user:bob", Set.of("bob"), clock.instant(), null, ticket, null);
        Promotion old = p.with(p.decisions().withRequests(List.of(request)).withTicketCheck(null));
        store.append(new Entry.LaneAdvanced(
                new Fact.Requested(release, request),
                List.of(new Event(Event.Type.JOINED, id, "user:bob", "requested the same promotion")),
                new Lane(
                        l.id(),
                        l.live(),
                        l.good(),
                        l.holds(),
                        List.of(old),
                        l.counted(),
                        l.changes(),
                        l.reviews(),
                        l.owns())));
        return id;
    }

    @Test
    public void anOldJournalWithAVeryLongTicketOpensAndItsGateSaysHowToGoOn() throws Exception {
        policy("{ ticket: \"(.*)*X\" }");
        ReleaseRef release = publish("orders", "1.0", "hotfix/1");
        String id = waitingSince(release, "prod", " ".repeat(4_000));
        restart();
        GateStatus gate = gate(id, "ticket");
        assertEquals(GateStatus.GateResult.PENDING, gate.result());
        assertTrue(gate.sentence(), gate.sentence().startsWith("the ticket has 4000 characters; a ticket is one line"));
        promotions.request(
                new LaneId("orders", "prod"),
                release,
                new PromotionDecisions.Request("user:bob", Set.of("bob"), clock.instant(), null, "CHG X", null));
        assertEquals(State.SUCCEEDED, over(id));
    }

    @Test
    public void whatWasGivenBeforeIsComparedAtTheStartAndRecordedOnce() throws Exception {
        policy("{ ticket: \"CHG[0-9]+\" }, { soak: { environment: dev, for: 2h } }");
        String id = waitingSince(publish("orders", "1.0", "hotfix/1"), "prod", "CHG7");
        restart();
        assertEquals(
                "CHG7",
                store.promotion(id).orElseThrow().decisions().ticketCheck().ticket());
        long size = store.size();
        restart();
        assertEquals("nothing more is written", size, store.size());
        assertEquals("CHG7", gate(id, "ticket").sentence());
    }

    @Test
    public void aPatternInForceThatCannotBeUsedClosesOneGateAndNothingElse() throws Exception {
        policy("{ ticket: \"CHG[0-9]+\" }");
        Policy now = store.policy().orElseThrow().policy();
        var environments = new LinkedHashMap<>(now.environments());
        Policy.Environment prod = now.environments().get("prod");
        environments.put(
                "prod",
                new Policy.Environment(
                        "prod", prod.after(), List.of(new Gate.Ticket("CHG(?=[0-9]).*")), prod.rollback()));
        promotions.apply(
                new Policy(now.stores(), now.accounts(), now.roles(), environments, now.services()), "user:olga");
        restart();
        assertEquals(State.SUCCEEDED, over(ask(publish("orders", "1.0", "main"), "dev")));
        String id = ask(publish("orders", "1.1", "hotfix/1"), "prod");
        assertEquals(State.WAITING, rest(id));
        GateStatus gate = gate(id, "ticket");
        assertEquals(GateStatus.GateResult.BLOCKED, gate.result());
        assertTrue(
                gate.sentence(),
                gate.sentence()
                        .startsWith("the pattern in environments[prod].gates[0].ticket of the policy cannot be used"));
        policy("");
        assertEquals(State.SUCCEEDED, over(id));
    }

    @Test
    public void whatArrivesByItselfLeavesATicketBehindThatWouldBeRefused() throws Exception {
        automatic("{ ticket: \"CHG[0-9]+\" }");
        promotions.pause(GateContext.Pause.EVERYTHING, "user:olga", "upgrade");
        String id = waitingSince(publish("orders", "1.0", "main"), "dev", "C".repeat(201));
        restart();
        promotions.resume(GateContext.Pause.EVERYTHING, "user:olga", "upgraded");
        assertEquals(State.SUCCEEDED, over(id));
        promotions.await(id, p -> !inProd().isEmpty(), LIMIT);
        String arrived = inProd().get(0).id();
        assertEquals(State.WAITING, rest(arrived));
        assertEquals(
                null, store.promotion(arrived).orElseThrow().requests().get(0).ticket());
    }
}
