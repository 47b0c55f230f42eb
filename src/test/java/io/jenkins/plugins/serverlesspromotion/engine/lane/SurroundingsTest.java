package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Pause;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;

/** Which lanes a pause stops. */
public class SurroundingsTest {
    private static final List<LaneId> LANES = Stream.of("orders/prod", "orders/dev", "payments/prod", "prod/orders")
            .map(l -> new LaneId(l.substring(0, l.indexOf('/')), l.substring(l.indexOf('/') + 1)))
            .toList();

    private static String stopped(String scope) {
        var pause = new Pause(scope, "user:dave", Instant.EPOCH, "incident");
        return String.join(
                " ",
                LANES.stream()
                        .filter(pause::covers)
                        .map(l -> l.service() + "/" + l.environment())
                        .toList());
    }

    @Test
    public void aPauseStopsEverythingOrOneEnvironmentOrOneService() {
        assertEquals("orders/prod orders/dev payments/prod prod/orders", stopped(Pause.EVERYTHING));
        assertEquals("orders/prod payments/prod", stopped(Pause.environment("prod")));
        assertEquals("orders/prod orders/dev", stopped(Pause.service("orders")));
        assertEquals("prod/orders", stopped("service prod"));
        assertEquals("", stopped("environment moon"));
    }
}
