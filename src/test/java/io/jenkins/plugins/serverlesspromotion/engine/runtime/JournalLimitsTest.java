package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
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
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

/** What people and builds add to the journal and to what is kept in memory has limits, whatever they add. */
public class JournalLimitsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final LaneId PROD = new LaneId("orders", "prod");
    private static final Person ALICE = new Person("alice", Set.of(), Person.SELF_DECLARED);

    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: prod } ]
            accounts: [ { name: prod, id: "444444444444" } ]
            roles: [ { name: managers, users: [ alice ] } ]
            environments:
              - name: prod
                gates: [ { approval: { require: [ { role: managers } ] } } ]
            services:
              - { name: orders, places: "${environment}/eu-west-1" }
            """;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private FileStore store;
    private Promotions promotions;

    @Before
    public void up() throws Exception {
        store = FileStore.open(folder.getRoot().toPath().resolve("store"), Product.CLI, new JournalCodec());
        promotions = new Promotions(
                store,
                new MemoryDeployer(),
                new CanonicalDigests(),
                new Re2Patterns(),
                Clock.fixed(NOON, ZoneOffset.UTC),
                pool,
                timer,
                new StrictObserver());
        promotions.apply(PolicyReader.read("policy.yaml", POLICY.getBytes(StandardCharsets.UTF_8)), "user:ops");
    }

    @After
    public void down() throws Exception {
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
    }

    private Published publish(Provenance provenance) throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-${environment}", List.of(), Map.of(), Map.of());
        var manifest = new Manifest("orders", Map.of(), List.of(api), List.of(), List.of());
        var release = new Release(
                "orders", "1.0", manifest, List.of(new Artifact("api.yaml", String.format("%064x", 1), 10)));
        return promotions.publish(
                release, provenance, "main", Map.of(), provenance.publishers().get(0));
    }

    private static Provenance by(List<String> publishers) {
        return new Provenance(null, null, null, List.of(), List.of(), publishers);
    }

    private static List<String> texts(String prefix, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> prefix + i).toList();
    }

    private List<Entry.Refused> refusals() throws Exception {
        return store.records(r -> r.entry() instanceof Entry.Refused).stream()
                .map(r -> (Entry.Refused) r.entry())
                .toList();
    }

    private void refused(int times, String why, ThrowingRunnable what) {
        for (int i = 0; i < times; i++) {
            String message = assertThrows(RefusedException.class, what).getMessage();
            assertTrue(message, message.contains(why));
        }
    }

    @Test
    public void aReleaseIsPublishedAgainByALimitedNumberOfPeopleAndBuilds() throws Exception {
        publish(by(texts("job:orders/main#", 0, Provenance.MOST_PUBLISHERS - 1)));
        Published full = publish(by(List.of("job:orders/main#9999")));
        assertEquals(Provenance.MOST_PUBLISHERS, full.provenance().publishers().size());
        refused(
                1,
                "orders@1.0 has 500 publishers, and 500 are the limit; it is published already",
                () -> publish(by(List.of("job:orders/main#10000", "user:bob"))));
        assertEquals(List.of("bob"), refusals().get(0).people());
        long records = store.size();
        assertEquals(
                "who is among them",
                full.ref(),
                publish(by(List.of("job:orders/main#7"))).ref());
        assertEquals(records, store.size());
    }

    @Test
    public void authorsOfARepeatedPublicationBeyondTheLimitAreNotComplete() {
        var authors = IntStream.range(0, Provenance.MOST_AUTHORS)
                .mapToObj(i -> new Provenance.Author("a" + i, "a" + i + "@acme.net"))
                .toList();
        var full = new Provenance(null, null, null, texts("c", 0, 1500), authors, List.of("job:a#1"));
        var more = new Provenance(
                null, null, null, texts("d", 0, 1500), List.of(new Provenance.Author("zoe", "z")), List.of("job:a#2"));
        assertTrue(full.and(full).isComplete());
        Provenance both = full.and(more);
        assertEquals(Provenance.MOST_AUTHORS, both.authors().size());
        assertEquals(Provenance.MOST_COMMITS, both.commits().size());
        assertEquals(false, both.isComplete());
        assertEquals(false, both.and(full).isComplete());
    }

    @Test
    public void aReleaseHasALimitedNumberOfKindsOfEvidence() throws Exception {
        publish(by(List.of("job:orders/main#1")));
        promotions.perMinute(1000);
        for (int i = 0; i < ReleaseRegistry.MOST_EVIDENCE; i++) {
            promotions.record(evidence("tests" + i));
        }
        refused(
                1,
                "200 kinds of evidence by their producers are recorded for orders@1.0",
                () -> promotions.record(evidence("late")));
        promotions.record(evidence("tests7"));
        assertEquals(ReleaseRegistry.MOST_EVIDENCE, store.evidence("orders@1.0").size());
    }

    private static Evidence evidence(String kind) {
        return new Evidence("orders@1.0", kind, Evidence.Result.PASSED, "job:orders/tests", null, null, NOON);
    }

    @Test
    public void decisionsOfOnePersonHaveALimitInAMinuteAndStopNeitherAbortsNorPauses() throws Exception {
        var request = new PromotionDecisions.Request("user:bob", Set.of("bob"), NOON, null, null, null);
        String id = promotions.request(PROD, publish(by(List.of("user:bob"))).ref(), request);
        refused(
                RequestLimit.PER_MINUTE,
                "there is no plan to approve yet",
                () -> promotions.approve(id, ALICE, "x", null));
        long records = store.size();
        refused(
                3,
                "user:alice made 60 decisions about promotions within a minute",
                () -> promotions.approve(id, ALICE, "x", null));
        refused(3, "user:alice made 60 decisions about promotions within a minute", () -> promotions.replan(id, ALICE));
        assertEquals("one record says that", records + 1, store.size());
        promotions.pause("environment prod", "user:alice", "too many decisions");
        promotions.resume("environment prod", "user:alice", "enough");
        promotions.abort(id, "user:alice", "enough");
        refused(RequestLimit.PER_MINUTE - 1, "it is over", () -> promotions.abort(id, "user:alice", null));
        refused(1, "user:alice made 60 aborts within a minute", () -> promotions.abort(id, "user:alice", null));
    }

    @Test
    public void pausesOfOnePersonHaveALimitInAMinuteAndThatOfAnInvalidConfigurationHasNone() throws Exception {
        promotions.perMinute(0);
        refused(
                1,
                "user:alice made 0 pauses within a minute",
                () -> promotions.pause("everything", "user:alice", "why"));
        promotions.pause("configuration", "system", "the policy is not valid");
        assertEquals(1, store.pauses().size());
    }

    @Test
    public void refusalsOfOnePersonFillTheJournalOnlyUpToALimitAndAreRefusalsAllTheSame() throws Exception {
        for (int i = 0; i < 200; i++) {
            assertEquals(
                    "no", promotions.refuse("user:mallory", "promote", "no").getMessage());
        }
        List<Entry.Refused> recorded = refusals();
        assertEquals(RequestLimit.PER_MINUTE + 1, recorded.size());
        assertEquals(
                "no; user:mallory made 60 refused attempts within a minute, and more of them are not recorded in the next"
                        + " 60 seconds",
                recorded.get(RequestLimit.PER_MINUTE).why());
        promotions.refuse("job:a#1", "publish", "no", List.of("bob"));
        assertEquals(
                "others are recorded", RequestLimit.PER_MINUTE + 2, refusals().size());
    }

    @Test
    public void aRequestForALaneThatPolicyDoesNotPlaceNamesThePeopleBehindTheBuild() throws Exception {
        Published release = publish(by(List.of("user:bob")));
        var nowhere = new LaneId("orders", "nowhere");
        var known = new PromotionDecisions.Request("job:a#1", Set.of("bob", "carol"), NOON, null, null, "key");
        assertThrows(RefusedException.class, () -> promotions.request(nowhere, release.ref(), known));
        assertThrows(RefusedException.class, () -> promotions.rollback(nowhere, null, known));
        var unknown = new PromotionDecisions.Request(
                "job:a#1", Set.of("bob"), NOON, null, null, "key", true, null, null, null);
        assertThrows(RefusedException.class, () -> promotions.request(nowhere, release.ref(), unknown));
        assertEquals(
                List.of(List.of("bob", "carol"), List.of("bob", "carol"), List.of("bob", "unknown")),
                refusals().stream().map(Entry.Refused::people).toList());
    }

    private static final String LONG = "x".repeat(100_000);

    private int last() throws Exception {
        var records = store.records(r -> true);
        return new JournalCodec().encode(records.get(records.size() - 1)).length;
    }

    /** A refused fact is recorded too, and what was sent with it may have any length. */
    @Test
    public void aRefusedFactTakesNoMoreOfTheJournalThanOneThatIsTaken() throws Exception {
        Published release = publish(by(List.of("user:bob")));
        String id = promotions.request(
                PROD, release.ref(), new PromotionDecisions.Request("user:bob", Set.of("bob"), NOON, null, null, null));
        Set<String> many = Set.copyOf(texts("person-with-a-long-name-", 0, 5000));
        List<ThrowingRunnable> deeds = List.of(
                () -> promotions.approve(id, ALICE, LONG, null),
                () -> promotions.approve(id, ALICE, "sha256:1", LONG),
                () -> promotions.override(id, ALICE, LONG, "why", "INC1"),
                () -> promotions.override(id, ALICE, "sha256:1", "why", LONG),
                () -> promotions.attestAuthors(id, ALICE, LONG, Set.of("bob"), "read it"),
                () -> promotions.attestAuthors(id, ALICE, "orders@1.0", many, "read it"),
                () -> promotions.attestAuthors(id, ALICE, "orders@1.0", Set.of(LONG), "read it"),
                () -> promotions.stateRequesters(id, ALICE, many, "in the chat"),
                () -> promotions.stateRequesters(id, ALICE, Set.of(), LONG),
                () -> promotions.reject(id, ALICE, LONG),
                () -> promotions.review(id, ALICE, LONG),
                () -> promotions.withdrawApproval(id, ALICE, LONG),
                () -> promotions.releaseHold(PROD, ALICE, LONG),
                () -> promotions.withdraw(id, LONG, LONG, LONG),
                () -> promotions.rollback(PROD, LONG, request(Set.of("bob"), "why", null)),
                () -> promotions.request(PROD, release.ref(), request(Set.of("bob"), LONG, null)),
                () -> promotions.request(PROD, release.ref(), request(Set.of("bob"), null, LONG)),
                () -> promotions.request(PROD, release.ref(), request(Set.of(LONG), null, null)),
                () -> promotions.resume("environment prod", "user:alice", LONG),
                () -> promotions.decideOwner(
                        io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId.stack(
                                "orders", "444444444444", "eu-west-1"),
                        PROD,
                        "user:alice",
                        LONG));
        promotions.pause("environment prod", "user:alice", LONG);
        assertTrue("a pause takes " + last(), last() < 24_000);
        for (int i = 0; i < deeds.size(); i++) {
            assertThrows("deed " + i, RefusedException.class, deeds.get(i));
            assertTrue("deed " + i + " takes " + last(), last() < 24_000);
        }
    }

    private static PromotionDecisions.Request request(Set<String> people, String reason, String ticket) {
        return new PromotionDecisions.Request("job:a#1", people, NOON, reason, ticket, "key");
    }

    /** What is taken although it has more than the lane keeps. */
    @Test
    public void aFactOfManyPeopleOrWithALongReasonTakesNoMoreThanTheLaneKeeps() throws Exception {
        Published release = publish(by(List.of("user:bob")));
        Set<String> many = Set.copyOf(texts("person-with-a-long-name-", 0, 5000));
        String id = promotions.request(PROD, release.ref(), request(many, null, null));
        assertTrue("takes " + last(), last() < 24_000);
        promotions.abort(id, "user:alice", LONG);
        assertTrue("takes " + last(), last() < 24_000);
    }

    @Test
    public void theOriginOfAFirstPublicationHasTheLimitsOfALaterOne() throws Exception {
        var authors = IntStream.rangeClosed(0, Provenance.MOST_AUTHORS)
                .mapToObj(i -> new Provenance.Author("a" + i, "a" + i + "@acme.net"))
                .toList();
        Provenance kept = publish(new Provenance(LONG, LONG, LONG, texts("c", 0, 3000), authors, List.of("user:bob")))
                .provenance();
        assertEquals(Provenance.MOST_AUTHORS, kept.authors().size());
        assertEquals("one is left out", false, kept.isComplete());
        assertEquals(Provenance.MOST_COMMITS, kept.commits().size());
        assertTrue(kept.repository().length() <= 501 && kept.branch().length() <= 501);
        assertTrue("takes " + last(), last() < 200_000);
    }
}
