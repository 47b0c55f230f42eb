package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Shows;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneMachine;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Observation;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners.Use;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipAnswer;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.OwnedResources;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.Release;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
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

/**
 * A journal that a version wrote which knew no owners: {@code orders} is live in dev and prod, its newest release waits in
 * prod with one of two approvals, and {@code twins} has one stack in two environments.
 */
public class OwnersUpgradeTest {
    private static final String JOURNAL = "journal/00000000000000000000.log";
    private static final String ACCOUNT = "222222222222";
    private static final LaneId DEV = new LaneId("orders", "dev");
    private static final LaneId PROD = new LaneId("orders", "prod");
    private static final LaneId TWINS = new LaneId("twins", "dev");

    /** Not long after the last record: what waits there has not expired. */
    private static final Clock SOON = Clock.fixed(Instant.parse("2026-11-28T22:10:00Z"), ZoneOffset.UTC);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Accounts accounts = new Accounts();
    private Path home;
    private FileStore store;
    private Promotions promotions;

    /** Asks for owners where the AWS side does, and has no other state. */
    private static final class Accounts implements Deployer {
        final List<OwnershipAnswer> undone = Collections.synchronizedList(new ArrayList<>());
        volatile String failing;
        volatile Runnable whilePlanning = () -> {};
        volatile Runnable whileDeploying = () -> {};

        private static Map<String, ResourceId> stacks(Work work) {
            var stacks = new LinkedHashMap<String, ResourceId>();
            for (Manifest.Target target : work.release().release().manifest().targets()) {
                String name = ((Manifest.CloudFormation) target).stack().replace("${environment}", work.environment());
                stacks.put(target.name(), ResourceId.stack(name, ACCOUNT, "eu-west-1"));
            }
            return stacks;
        }

        @Override
        public Planning plan(Work work, int planning, Progress progress) {
            var targets = new ArrayList<Plan.TargetPlan>();
            var problems = new ArrayList<Plan.Problem>();
            Policy.Place place = work.rules().placement().places().get(0);
            stacks(work).forEach((target, stack) -> {
                OwnershipAnswer answer = work.owners().ask(stack, Observation.PRESENT, Use.PLAN_WRITE);
                if (answer.refused()) {
                    problems.add(new Plan.Problem(Plan.key(place, target), answer.why()));
                    return;
                }
                var content = new Plan.Content(
                        Plan.Exactness.EXACT,
                        stack.id(),
                        work.release().ref().digest(),
                        null,
                        Map.of(),
                        Map.of(),
                        List.of(),
                        List.of());
                targets.add(new Plan.TargetPlan(
                        place,
                        target,
                        "cloudformation",
                        0,
                        List.of(),
                        content,
                        Map.of(),
                        List.of(OwnershipClaim.of(stack, OwnershipClaim.How.CREATED, null))));
            });
            whilePlanning.run();
            return new Planning(targets, problems, null);
        }

        @Override
        public Fact.StepResult deploy(
                Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress p) {
            OwnershipAnswer answer = work.owners().ask(stacks(work).get(step.target()), Observation.PRESENT, Use.WRITE);
            whileDeploying.run();
            return new Fact.StepResult(
                    answer.refused() ? Deployment.Status.FAILED : Deployment.Status.DONE,
                    Map.of(),
                    answer.why(),
                    List.of());
        }

        @Override
        public Verification verify(
                Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress p) {
            return new Verification(
                    List.of(), failing == null ? null : new Fact.Failure(Fact.FailureKind.FAILED, failing));
        }

        @Override
        public Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress) {
            OwnershipAnswer answer = work.owners().ask(stacks(work).get(step.target()), Observation.PRESENT, Use.WRITE);
            undone.add(answer);
            return new Undoing(
                    "back",
                    List.of(),
                    answer.refused() ? new Fact.Failure(Fact.FailureKind.FAILED, answer.why()) : null);
        }

        @Override
        public void discard(Work work, List<Plan.TargetPlan> targets) {}

        @Override
        public List<GateContext.Alarm> alarms(Work work, List<String> names) {
            return List.of();
        }
    }

    @Before
    public void copyTheJournal() throws Exception {
        home = folder.getRoot().toPath().resolve("store");
        for (String name : List.of("format", "owner", JOURNAL)) {
            Path to = home.resolve(name);
            Files.createDirectories(to.getParent());
            Files.write(to, fixture(name));
        }
        start();
    }

    private static byte[] fixture(String name) throws Exception {
        try (InputStream in = OwnersUpgradeTest.class.getResourceAsStream("/upgrade/" + name)) {
            return in.readAllBytes();
        }
    }

    private void start() throws Exception {
        store = FileStore.open(home, Product.CLI, new JournalCodec());
        promotions = new Promotions(
                store, accounts, new CanonicalDigests(), new Re2Patterns(), SOON, pool, timer, new Observer() {
                    @Override
                    public void changed(LaneId lane, Transition transition) {}

                    @Override
                    public void trouble(String sentence, Throwable cause) {}

                    @Override
                    public void note(String promotion, String step, String line) {}
                });
        promotions.start();
    }

    @After
    public void close() throws Exception {
        promotions.close();
        store.close();
        pool.shutdownNow();
        timer.shutdownNow();
    }

    private static ResourceId stack(String name) {
        return ResourceId.stack(name, ACCOUNT, "eu-west-1");
    }

    private Set<ResourceId> owned(LaneId lane) {
        var owned = new java.util.TreeSet<ResourceId>();
        store.lane(lane).owns().forEach(claim -> owned.add(claim.resource()));
        return owned;
    }

    private Promotion promote(String release, LaneId lane) throws Exception {
        String[] parts = release.split("@");
        String id = promotions.request(
                lane,
                store.release(parts[0], parts[1]).orElseThrow().ref(),
                new PromotionDecisions.Request("user:bob", Set.of("bob"), SOON.instant(), null, null, null));
        return ended(id);
    }

    private Promotion ended(String id) throws Exception {
        return promotions.await(
                id,
                p -> p.state().isOver()
                        || p.state() == State.WAITING && !p.plan().problems().isEmpty(),
                Duration.ofSeconds(60));
    }

    @Test
    public void whatTheLastSuccessOfALaneChangedIsTheLanes() {
        assertEquals(Set.of(stack("orders-dev")), owned(DEV));
        assertEquals(Set.of(stack("orders-prod")), owned(PROD));
    }

    @Test
    public void oldRecordsStayAsTheyAreAndAnotherStartRecordsNothing() throws Exception {
        byte[] old = fixture(JOURNAL);
        byte[] now = Files.readAllBytes(home.resolve(JOURNAL));
        assertTrue(now.length > old.length);
        assertArrayEquals(old, Arrays.copyOf(now, old.length));
        promotions.close();
        store.close();
        start();
        assertArrayEquals(now, Files.readAllBytes(home.resolve(JOURNAL)));
    }

    @Test
    public void whatTwoLanesClaimIsListedAndBlockedUntilAPersonDecides() throws Exception {
        assertEquals(
                Map.of(stack("twins"), List.of(new ResourceOwner("twins", "dev"), new ResourceOwner("twins", "prod"))),
                promotions.owners().contested());
        Promotion blocked = promote("twins@1.0.0", TWINS);
        String why = blocked.plan().problems().get(0).cause();
        assertTrue(why, why.contains("is claimed by twins in dev and twins in prod; a person with permission"));
        promotions.decideOwner(stack("twins"), TWINS, "user:olga", "dev had it first");
        promotions.replan(blocked.id(), new Person("olga", Set.of(), "test"));
        assertEquals(
                State.SUCCEEDED,
                promotions
                        .await(blocked.id(), p -> p.state().isOver(), Duration.ofSeconds(60))
                        .state());
        assertEquals(Map.of(), promotions.owners().contested());
        assertTrue(store.records(r -> r.entry().toString().contains("dev had it first"))
                        .size()
                == 1);
    }

    @Test
    public void whatPolicyOrAPersonNamesDoesNotCountTowardsTheLimitOfALane() throws Exception {
        var claims = new ArrayList<OwnershipClaim>();
        for (int i = 1; i < LaneLimits.OWNED; i++) {
            claims.add(OwnershipClaim.of(stack("orders-dev-" + i), OwnershipClaim.How.CREATED, null));
        }
        var fact = new Fact.OwnersRecorded(claims, Map.of());
        var nothing = new GateContext(null, null, null, Map.of(), Map.of(), Map.of(), List.of());
        Transition recorded = LaneMachine.advance(store.lane(DEV), fact, nothing, SOON.instant());
        store.append(new Entry.LaneAdvanced(fact, recorded.events(), recorded.lane()));
        publishNext();
        assertEquals(LaneLimits.OWNED, owned(DEV).size());

        RefusedException refused = assertThrows(RefusedException.class, () -> promote("orders@1.2.0", DEV));
        assertTrue(refused.getMessage(), refused.getMessage().contains("1000 resources are recorded as those of"));
        promotions.decideOwner(stack("orders-dev-7"), PROD, "user:olga", "it is prod's by now");
        Promotion done = promote("orders@1.2.0", DEV);
        assertEquals(String.valueOf(done.plan().problems()), State.SUCCEEDED, done.state());
        assertEquals(LaneLimits.OWNED - 1, owned(DEV).size());
    }

    @Test
    public void aDecisionNeedsAReasonAndALaneThatPolicyKnows() {
        assertThrows(RefusedException.class, () -> promotions.decideOwner(stack("twins"), TWINS, "user:olga", " "));
        assertThrows(
                RefusedException.class,
                () -> promotions.decideOwner(stack("twins"), new LaneId("twins", "moon"), "user:olga", "why"));
    }

    @Test
    public void theReportProposesWhatToWriteIntoThePolicy() {
        assertEquals(
                Map.of(
                        "orders",
                        "owns:\n  - { environment: dev, stacks: [ \"orders-dev\" ] }\n"
                                + "  - { environment: prod, stacks: [ \"orders-prod\" ] }\n"),
                promotions.owners().proposals());
    }

    @Test
    public void whatWaitedWithAnApprovalGoesOnWithIt() throws Exception {
        Promotion waiting = store.lane(PROD).promotions().get(0);
        assertEquals(State.WAITING, waiting.state());
        assertEquals(1, waiting.standing().size());
        promotions.approve(
                waiting.id(),
                new Person("carol", Set.of(), "test"),
                waiting.plan().digest(),
                null);
        Promotion done = ended(waiting.id());
        assertEquals(done.why(), State.SUCCEEDED, done.state());
        assertEquals(
                "it was not planned again",
                waiting.planning().number(),
                done.planning().number());
    }

    @Test
    public void aRollbackByHandIsNotStranded() throws Exception {
        String id = promotions.rollback(
                DEV,
                null,
                new PromotionDecisions.Request("user:bob", Set.of("bob"), SOON.instant(), "bad", null, null));
        assertEquals(State.SUCCEEDED, ended(id).state());
        assertEquals("1.0.0", store.lane(DEV).live().release().version());
    }

    /** Policy gives the stack of {@code orders} in dev to another service. */
    private void giveOrdersDevToTwins() {
        try {
            Policy old = store.policy().orElseThrow().policy();
            var services = new LinkedHashMap<>(old.services());
            Policy.Service twins = services.get("twins");
            services.put(
                    "twins",
                    new Policy.Service(
                            "twins",
                            twins.owners(),
                            twins.jobs(),
                            twins.placements(),
                            twins.paths(),
                            List.of(new OwnedResources(
                                    "dev", List.of("orders-dev"), List.of(), List.of(), List.of()))));
            promotions.apply(
                    new Policy(
                            old.stores(),
                            old.accounts(),
                            old.roles(),
                            old.environments(),
                            services,
                            old.freezes(),
                            old.people(),
                            old.evidenceKeys(),
                            List.of(),
                            null),
                    "user:olga");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void publishNext() throws Exception {
        Published last = store.release("orders", "1.1.0").orElseThrow();
        promotions.publish(
                new Release(
                        "orders",
                        "1.2.0",
                        last.release().manifest(),
                        last.release().artifacts()),
                last.provenance(),
                last.store(),
                last.versions(),
                "user:bob");
    }

    /** The answer that the planner got is old when its plan comes in. */
    @Test
    @Shows(table = Shows.ENGINE_HOLES, cell = "21 plan")
    public void whatIsGivenAwayWhileItIsPlannedDoesNotStart() throws Exception {
        publishNext();
        accounts.whilePlanning = () -> {
            accounts.whilePlanning = () -> {};
            giveOrdersDevToTwins();
        };
        Promotion planned = promote("orders@1.2.0", DEV);
        assertEquals(planned.why(), State.WAITING, planned.state());
        String why = planned.plan().problems().get(0).cause();
        assertTrue(why, why.contains("belongs to another service, not to orders in dev"));
    }

    /** A function that a stack made is recorded nowhere: it is the stack's. */
    @Test
    public void undoingMayWriteToAPartOfAStackThatTheLaneOwnedWhenItsDeploymentBegan() {
        var pinned = List.of(OwnershipClaim.of(stack("orders-dev"), OwnershipClaim.How.CREATED, null));
        var function = ResourceId.function("orders-worker-dev", ACCOUNT, "eu-west-1");
        var records = new OwnerRecords(store, SOON);
        giveOrdersDevToTwins();
        Observation part = Observation.in(stack("orders-dev"));
        assertTrue(records.of(DEV).ask(function, part, Use.WRITE).refused());
        assertEquals(
                OwnershipAnswer.Result.OWNED,
                records.of(DEV, pinned).ask(function, part, Use.WRITE).result());
    }

    @Test
    public void undoingUsesWhatTheLaneOwnedWhenItsDeploymentBegan() throws Exception {
        accounts.failing = "the check failed";
        accounts.whileDeploying = this::giveOrdersDevToTwins;
        publishNext();
        Promotion ended = promote("orders@1.2.0", DEV);
        assertEquals(ended.why(), State.ROLLED_BACK, ended.state());
        assertEquals(1, accounts.undone.size());
        // The same stack is refused to whatever begins from now on.
        String why = promote("orders@1.2.0", DEV).plan().problems().get(0).cause();
        assertTrue(why, why.contains("belongs to another service, not to orders in dev, by 'owns' of the policy"));
    }
}
