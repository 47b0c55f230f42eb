package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class LaneIdTest {
    @Test
    public void theIdOfAPromotionTellsItsLane() {
        for (long number : new long[] {1, 17, 999_999_999_999_999_999L}) {
            assertEquals(Lanes.PROD, LaneId.ofPromotion(Lanes.PROD.promotion(number)));
        }
    }

    @Test
    public void whatIsNoIdOfAPromotionIsRefused() {
        for (String no : List.of(
                "",
                "orders",
                "orders.prod",
                "orders.prod.",
                "orders.prod.0",
                "orders.prod.01",
                "orders.prod.-1",
                "orders.prod.one",
                "orders.prod.1.2",
                "orders.prod.1000000000000000000",
                "orders.prod.1\n")) {
            // A control character is shown as "?": no one reads two lines where one was written.
            assertEquals(
                    "'" + no.replace('\n', '?') + "' is not a promotion; ids look like orders.prod.17",
                    assertThrows(no, IllegalArgumentException.class, () -> LaneId.ofPromotion(no))
                            .getMessage());
        }
        for (String no : List.of("../etc.prod.1", ".prod.1", "orders..1", "orders.pr od.1")) {
            assertThrows(no, IllegalArgumentException.class, () -> LaneId.ofPromotion(no));
        }
    }

    @Test
    public void lanesStandByServiceAndThenByEnvironment() {
        var lanes = List.of(
                new LaneId("orders", "dev"),
                new LaneId("orders", "prod"),
                new LaneId("payments", "dev"),
                new LaneId("payments", "prod"));
        assertEquals(
                lanes,
                List.of(lanes.get(2), lanes.get(1), lanes.get(3), lanes.get(0)).stream()
                        .sorted()
                        .toList());
        assertEquals("orders → prod", lanes.get(1).toString());
    }
}
