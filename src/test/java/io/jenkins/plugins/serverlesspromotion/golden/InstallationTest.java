package io.jenkins.plugins.serverlesspromotion.golden;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment.Status;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** The frozen installation, written by the code before format 2, is opened, goes on, and rolls back. */
@RunWith(Parameterized.class)
public class InstallationTest {
    private static final LaneId BILLING_PROD = new LaneId("billing", "prod");

    @Rule
    public TemporaryFolder temporary = new TemporaryFolder();

    private final Product product;
    private Installation shop;

    public InstallationTest(Product product) {
        this.product = product;
    }

    @Parameters(name = "{0}")
    public static Product[] products() {
        return Product.values();
    }

    @Before
    public void open() throws Exception {
        Path project = GoldenFiles.root().resolve("installation-1");
        Path folder = temporary.getRoot().toPath().resolve("store");
        GoldenFiles.copy(project.resolve("store-" + product.word()), folder);
        java.nio.file.Files.delete(folder.resolve("folded.json"));
        var clock = new GoldenGenerator.SteppingClock(GoldenGenerator.START.plus(Duration.ofMinutes(20)));
        shop = new Installation(folder, product, project, clock);
    }

    @After
    public void close() throws Exception {
        shop.close();
        assertEquals(List.of(), shop.troubles);
    }

    private Promotion only(String service, String environment, State state) {
        List<Promotion> found = shop.store.promotions(new LaneId(service, environment)).stream()
                .filter(p -> p.state() == state)
                .toList();
        assertEquals(service + " in " + environment + ": " + found, 1, found.size());
        return found.get(0);
    }

    private String live(LaneId lane) {
        return shop.store.lane(lane).live().release().version();
    }

    private static PromotionDecisions.Request by(String user) {
        return new PromotionDecisions.Request(
                "user:" + user, java.util.Set.of(user), GoldenGenerator.START, "the old one was better", null, null);
    }

    @Test
    public void itsPolicyFileIsThePolicyInForce() throws Exception {
        long before = shop.store.size();
        String digest = shop.store.policy().orElseThrow().digest();
        shop.applyPolicy();
        assertEquals(digest, shop.store.policy().orElseThrow().digest());
        assertEquals("nothing to record", before, shop.store.size());
    }

    @Test
    public void theDeploymentThatWasUnderWayIsTakenUpAndEnds() throws Exception {
        Promotion running = only("search", "dev", State.DEPLOYING);
        shop.promotions.start();
        assertEquals(State.SUCCEEDED, shop.rest(running.id()).state());
        assertEquals(List.of("deploy dev shop-dev/eu-west-1/api search@0.9.0"), shop.accounts.effects());
    }

    @Test
    public void theApprovalThatWasGivenStillCountsAndTheOneThatIsMissingLetsItIn() throws Exception {
        shop.promotions.start();
        Promotion half = only("orders", "prod", State.WAITING);
        assertEquals(1, half.standing().size());
        assertEquals("alice", half.standing().get(0).person().id());
        shop.approve(half, Installation.carol());
        Installation.require(shop.rest(half.id()), State.SUCCEEDED);
        assertEquals("1.2.0", live(Installation.ORDERS_PROD));
        assertEquals(1, shop.store.promotion(half.id()).orElseThrow().planning().number());
    }

    @Test
    public void aNewReleaseGoesItsWay() throws Exception {
        shop.promotions.start();
        Published next = shop.publish("orders", "1.4.0");
        Installation.require(shop.promote(next, "dev"), State.SUCCEEDED);
        assertEquals("1.4.0", live(new LaneId("orders", "dev")));
    }

    @Test
    public void aPromotionOfWhatIsLiveAlreadyChangesNothing() throws Exception {
        shop.promotions.start();
        LaneId dev = new LaneId("orders", "dev");
        Published same = shop.store.release("orders", live(dev)).orElseThrow();
        shop.rest(only("search", "dev", State.DEPLOYING).id());
        int effects = shop.accounts.effects().size();
        Promotion again = shop.promote(same, "dev");
        Installation.require(again, State.SUCCEEDED);
        assertTrue(again.deployment().steps().stream().allMatch(s -> s.status() == Status.UNCHANGED));
        assertEquals(3, again.deployment().steps().size());
        assertEquals(effects, shop.accounts.effects().size());
    }

    @Test
    public void prodRollsBackToAReleaseOfTheOldJournal() throws Exception {
        shop.promotions.start();
        assertEquals("1.1.0", live(Installation.ORDERS_PROD));
        Promotion back = shop.rest(shop.promotions.rollback(Installation.ORDERS_PROD, "1.0.0", by("frank")));
        if (back.state() == State.WAITING) {
            shop.approve(back, Installation.person("erin"));
            back = shop.rest(back.id());
        }
        Installation.require(back, State.SUCCEEDED);
        assertEquals("1.0.0", live(Installation.ORDERS_PROD));
    }

    @Test
    public void theHoldTheOpenReviewAndThePauseAreStillThere() throws Exception {
        assertEquals("user:erin", shop.store.lane(BILLING_PROD).hold().by());
        assertEquals(1, shop.store.lane(BILLING_PROD).reviews().size());
        assertEquals("environment staging", shop.store.pauses().get(0).scope());
        shop.promotions.start();
        String review = shop.store.lane(BILLING_PROD).reviews().get(0).promotion();
        shop.promotions.review(review, Installation.person("dave"), "it was right");
        assertEquals(List.of(), shop.store.lane(BILLING_PROD).reviews());
        shop.promotions.releaseHold(BILLING_PROD, Installation.person("erin"), "invoices are right");
        assertEquals(null, shop.store.lane(BILLING_PROD).hold());
        shop.promotions.resume("environment staging", "user:olga", "tested");
        assertEquals(List.of(), shop.store.pauses());
    }

    @Test
    public void whatIsWrittenNowStandsBehindWhatWasWrittenThen() throws Exception {
        long before = shop.store.size();
        String root = shop.store.checkpoint().root();
        shop.promotions.start();
        shop.publish("billing", "3.0.0");
        assertTrue(shop.store.size() > before);
        assertEquals(root, shop.store.checkpoint(before).root());
        assertFalse(shop.store
                .records(r -> r.entry() instanceof Entry.StoreRepaired)
                .iterator()
                .hasNext());
    }
}
