package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public class PromotionTest {
    private final Lanes lanes = new Lanes();

    /** What a preview shows must be what asking makes, or the preview would promise something else. */
    @Test
    public void whatARequestWouldMakeIsWhatItMakesWithoutANumber() {
        lanes.placed = false;
        PromotionDecisions.Request request = lanes.by("bob");
        Promotion would = Promotion.requested(Lanes.PROD, Lanes.release(1), request);
        assertEquals("orders.prod", would.id());
        lanes.take(new Fact.Requested(Lanes.release(1), request));
        assertEquals(
                lanes.only(),
                Promotion.requested("orders.prod.1", Promotion.Kind.FORWARD, would.release(), request, would.since()));
        assertEquals(Promotion.State.REQUESTED, would.state());
        assertEquals(Promotion.Kind.FORWARD, would.kind());
        assertEquals(List.of(request), would.requests());
    }

    private PromotionDecisions.Approval voided(String because, Boolean withdrawn) {
        return new PromotionDecisions.Approval(Lanes.ALICE, lanes.now, null, "r", "p", "q", because, withdrawn);
    }

    @Test
    public void whoseWordWasTakenBackIsKnownWhateverTheReasonSays() {
        PromotionDecisions.Approval given = voided(null, null);
        assertFalse(given.isWithdrawn());
        assertTrue(given.withdrawn(null).isWithdrawn());
        assertEquals("withdrawn: it is red", given.withdrawn("it is red").voided());
        assertFalse(given.because("withdrawn rules").isWithdrawn());
        assertTrue("of an older record", voided("withdrawn: it is red", null).isWithdrawn());
        assertFalse("of an older record", voided("the plan changed", null).isWithdrawn());
    }

    @Test
    public void whatCameByItselfIsKnownWhateverItsRequesterIsCalled() {
        lanes.deploy(1);
        Promotion succeeded = lanes.last();
        PromotionDecisions.Request automatic = PromotionDecisions.Request.automatic(
                succeeded.id(), succeeded.requesters(), lanes.now, "it succeeded", "T-1", "key");
        assertEquals(Optional.of(succeeded.id()), automatic.arrivedAfter());
        assertEquals(succeeded.requesters(), automatic.people());
        assertEquals(Optional.of(succeeded.id()), automatic.withUnknown(true).arrivedAfter());
        assertEquals(Optional.of(succeeded.id()), automatic.withdrawn(lanes.now).arrivedAfter());
        var older = new PromotionDecisions.Request(
                "automatic after orders.dev.3", Set.of("bob"), lanes.now, null, null, "key");
        assertEquals(Optional.of("orders.dev.3"), older.arrivedAfter());
        assertEquals(Optional.empty(), lanes.by("bob").arrivedAfter());
    }

    @Test
    public void theKeyOfAStepTellsPlaceAndTarget() {
        var step = new Deployment.Step(
                Plan.key(Lanes.EU, "api"),
                0,
                List.of(),
                Deployment.Status.PENDING,
                lanes.now,
                null,
                Map.of(),
                null,
                List.of());
        assertEquals("orders-prod/eu-west-1", step.place());
        assertEquals("api", step.target());
    }
}
