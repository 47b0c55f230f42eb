package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Tickets;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests releases that have succeeded in the environment before, where policy allows this. The requests follow from
 * what is live, so a crash between a success and its request loses nothing. Each success is requested once.
 */
final class AutoPromotion {
    private final Store store;
    private final GateContextLoader gateContextLoader;
    private final Clock clock;
    private final Requests requests;

    /** One at a time, so that two threads that see the same success do not both request it. */
    private final ReentrantLock asking = new ReentrantLock();

    @FunctionalInterface
    interface Requests {
        void ask(GateContextLoader.Arrival arrival, PromotionDecisions.Request request) throws IOException;
    }

    AutoPromotion(Store store, GateContextLoader gateContextLoader, Clock clock, Requests requests) {
        this.store = store;
        this.gateContextLoader = gateContextLoader;
        this.clock = clock;
        this.requests = requests;
    }

    /** @param service null: all */
    void ask(String service) throws IOException {
        Policy policy = gateContextLoader.policy().orElse(null);
        if (policy == null) {
            return;
        }
        asking.lock();
        try {
            for (Policy.Environment environment : policy.environments().values()) {
                List<String> services =
                        service == null ? List.copyOf(policy.services().keySet()) : List.of(service);
                for (String name : services) {
                    for (GateContextLoader.Arrival arrival : gateContextLoader.arrivals(environment, name)) {
                        ask(arrival);
                    }
                }
            }
        } finally {
            asking.unlock();
        }
    }

    private void ask(GateContextLoader.Arrival arrival) throws IOException {
        Promotion because = arrival.because();
        String key = "automatic:" + because.id();
        boolean requested = store.promotions(arrival.lane()).stream()
                .flatMap(p -> p.requests().stream())
                .anyMatch(r -> key.equals(r.key()));
        if (requested) {
            return;
        }
        // In the name of all requesters of the earlier promotion: none of them may approve it here.
        String ticket = because.requests().stream()
                .map(PromotionDecisions.Request::ticket)
                .filter(Objects::nonNull)
                // The lane would refuse a request with an older version, and the release would never arrive.
                .filter(t -> Tickets.problem(t).isEmpty())
                .findFirst()
                .orElse(null);
        LaneId from = LaneId.ofPromotion(because.id());
        var request = PromotionDecisions.Request.automatic(
                        because.id(),
                        because.requesters(),
                        clock.instant(),
                        "succeeded in " + from.environment(),
                        ticket,
                        key)
                .withUnknown(because.hadUnknownRequester());
        requests.ask(arrival, request);
    }
}
