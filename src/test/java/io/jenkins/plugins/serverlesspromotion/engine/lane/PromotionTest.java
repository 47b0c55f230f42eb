package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class PromotionTest {
    private final Lanes lanes = new Lanes();

    /** What a preview shows must be what asking makes, or the preview would promise something else. */
    @Test
    public void whatARequestWouldMakeIsWhatItMakesWithoutANumber() {
        lanes.placed = false;
        Promotion.Request request = lanes.by("bob");
        Promotion would = Promotion.asked(Lanes.PROD, Lanes.release(1), request);
        assertEquals("orders.prod", would.id());
        lanes.take(new Fact.Requested(Lanes.release(1), request));
        assertEquals(
                lanes.only(),
                Promotion.asked("orders.prod.1", Promotion.Kind.FORWARD, would.release(), request, would.since()));
        assertEquals(Promotion.State.REQUESTED, would.state());
        assertEquals(Promotion.Kind.FORWARD, would.kind());
        assertEquals(List.of(request), would.requests());
    }

    @Test
    public void theKeyOfAStepTellsPlaceAndTarget() {
        var step = new Promotion.Step(
                Plan.key(Lanes.EU, "api"),
                0,
                List.of(),
                Promotion.Status.PENDING,
                lanes.now,
                null,
                Map.of(),
                null,
                List.of());
        assertEquals("orders-prod/eu-west-1", step.place());
        assertEquals("api", step.target());
    }
}
