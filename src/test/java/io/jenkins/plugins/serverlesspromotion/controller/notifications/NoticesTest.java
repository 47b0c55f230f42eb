package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.Artifact;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.MemoryDeployer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Observer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Who is told what, on the engine itself. */
public class NoticesTest {
    private static final LaneId PROD = new LaneId("orders", "prod");
    private static final String POLICY = """
            artifactStores: [ { name: main, bucket: acme-releases, region: eu-west-1, account: tools } ]
            accounts: [ { name: tools, id: "111111111111" }, { name: orders-prod, id: "222222222222" } ]
            roles:
              - { name: managers, users: [ alice, bob, dave ] }
              - { name: on-call, users: [ erin ] }
              - { name: auditors, users: [ audra ] }
            environments:
              - name: prod
                gates: [ { approval: { require: [ { role: managers, count: COUNT }, { role: serviceOwner } ] } } ]
                breakGlass: { require: [ { role: on-call } ], timeBox: 1h, review: auditors }
            services: [ { name: orders, owners: { users: [ carol ] }, places: orders-prod/eu-west-1 } ]
            """;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final MemoryDeployer accounts = new MemoryDeployer();
    private final ExecutorService pool = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<Transition> seen = new LinkedBlockingQueue<>();
    private FileStore store;
    private Promotions promotions;
    private Notices notices;

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
                new Observer() {
                    @Override
                    public void changed(LaneId lane, Transition transition) {
                        seen.add(transition);
                    }

                    @Override
                    public void trouble(String sentence, Throwable cause) {
                        throw new AssertionError(sentence, cause);
                    }

                    @Override
                    public void note(String promotion, String step, String line) {}
                });
        apply(1);
        promotions.start();
        notices = new Notices(new Notices.Engine() {
            @Override
            public List<GateStatus> gates(String promotion) {
                return promotions.gates(promotion);
            }

            @Override
            public Optional<String> whyNot(Person person, Promotion promotion) {
                return promotions.whyNot(person, promotion);
            }

            @Override
            public Optional<LaneRules> rules(LaneId lane) {
                return store.policy()
                        .map(Entry.PolicyApplied::policy)
                        .flatMap(p -> LaneRules.of(p, lane.service(), lane.environment()));
            }

            @Override
            public String title(Promotion promotion) {
                return promotion.release().id();
            }
        });
    }

    @After
    public void close() throws Exception {
        accounts.letGo();
        promotions.close();
        pool.shutdownNow();
        timer.shutdownNow();
        store.close();
    }

    private void apply(int managers) throws Exception {
        promotions.apply(
                PolicyReader.read(
                        "policy.yaml",
                        POLICY.replace("COUNT", String.valueOf(managers)).getBytes(StandardCharsets.UTF_8)),
                "user:ops");
    }

    private String ask(String version) throws Exception {
        var api = new Manifest.CloudFormation(
                "api", List.of(), List.of(), "api.yaml", "orders-prod", List.of(), Map.of(), Map.of());
        var release = new Release(
                "orders",
                version,
                new Manifest("orders", Map.of(), List.of(api), List.of(), List.of()),
                List.of(new Artifact("api.yaml", "a".repeat(64), 10)));
        var published = promotions.publish(release, Provenance.publishedBy("user:bob"), "main", Map.of(), "user:bob");
        var request =
                new PromotionDecisions.Request("user:bob", Set.of("bob"), Instant.now(), "sale <today>", "CHG1", null);
        String id = promotions.request(PROD, published.ref(), request);
        until(id, State.WAITING);
        return id;
    }

    private void until(String id, State state) throws InterruptedException {
        Promotion p = promotions.await(id, x -> x.state() == state, Patience.LIMIT);
        assertEquals(p.why(), state, p.state());
    }

    /** What is told of everything that happened since the last call. */
    private List<Notice> told() {
        var transitions = new ArrayList<Transition>();
        seen.drainTo(transitions);
        var all = new ArrayList<Notice>();
        for (Transition t : transitions) {
            if (Notices.concern(t)) {
                all.addAll(notices.of(PROD, t));
            }
        }
        return all;
    }

    private void approve(String id, String user) throws Exception {
        promotions.approve(
                id,
                new Person(user, Set.of(), "login"),
                store.plan(id).orElseThrow().digest(),
                null);
    }

    @Test
    public void thoseWhoCanActAreAskedOnceForEachPlan() throws Exception {
        String id = ask("1.0.0");
        List<Notice> told = told();
        assertEquals(1, told.size());
        Notice notice = told.get(0);
        assertEquals(Notice.Kind.APPROVAL_WANTED, notice.kind());
        assertEquals("bob asked for it himself", Set.of("alice", "dave", "carol"), notice.users());
        assertEquals(Set.of("managers", "serviceOwner"), notice.roles());
        assertEquals("orders@1.0.0 waits for your approval", notice.title());
        assertTrue(notice.text(), notice.text().startsWith("requested by bob, ticket CHG1: sale <today>"));
        approve(id, "alice");
        promotions.replan(id, new Person("bob", Set.of(), "login"));
        until(id, State.PLANNING);
        until(id, State.WAITING);
        assertEquals("the same plan again", List.of(), told());
    }

    @Test
    public void thoseWhoHadApprovedAreToldThatItIsVoid() throws Exception {
        String id = ask("1.0.0");
        approve(id, "alice");
        told();
        apply(2);
        List<Notice> told = told();
        assertEquals(told.toString(), 1, told.size());
        assertEquals(Notice.Kind.APPROVAL_VOID, told.get(0).kind());
        assertEquals(Set.of("alice"), told.get(0).users());
        assertEquals(id, told.get(0).promotion());
        assertTrue(told.get(0).text(), told.get(0).text().startsWith("void because "));
    }

    @Test
    public void whoAskedAndTheOwnersAreToldWhatWentWrong() throws Exception {
        accounts.breakSmokeTest("1.0.0", "prod");
        String id = ask("1.0.0");
        approve(id, "alice");
        approve(id, "carol");
        promotions.await(id, p -> p.state().isOver(), Patience.LIMIT);
        List<Notice> wrong =
                told().stream().filter(n -> n.kind() == Notice.Kind.WENT_WRONG).toList();
        assertEquals(1, wrong.size());
        assertEquals(Set.of("bob", "carol"), wrong.get(0).users());
    }

    @Test
    public void brokenGlassIsToldToEverybodyItConcernsAndTheReviewersToo() throws Exception {
        String id = ask("1.0.0");
        told();
        promotions.override(
                id,
                new Person("erin", Set.of(), "login"),
                store.plan(id).orElseThrow().digest(),
                "customers cannot pay",
                "INC7");
        until(id, State.SUCCEEDED);
        List<Notice> told = told();
        Notice broken = told.stream()
                .filter(n -> n.kind() == Notice.Kind.OVERRIDE_CONFIRMED)
                .findFirst()
                .orElseThrow();
        assertEquals(Set.of("alice", "bob", "carol", "dave", "erin"), broken.users());
        assertTrue(broken.title(), broken.title().startsWith("BREAK-GLASS: "));
        Notice review = told.stream()
                .filter(n -> n.kind() == Notice.Kind.REVIEW_DUE)
                .findFirst()
                .orElseThrow();
        assertEquals(Set.of("audra"), review.users());
        assertEquals(Set.of("auditors"), review.roles());
        assertEquals(2, told.size());
    }
}
