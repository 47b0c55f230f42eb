package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Digests;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the lanes' surroundings are, read from the store at the moment of asking. */
final class World {
    private final Store store;
    private final Digests digests;

    World(Store store, Digests digests) {
        this.store = store;
        this.digests = digests;
    }

    Optional<Policy> policy() {
        return store.policy().map(Entry.PolicyApplied::policy);
    }

    Surroundings around(LaneId lane) {
        LaneRules rules = policy().flatMap(p -> p.lane(lane.service(), lane.environment()))
                .orElse(null);
        Surroundings.Pause pause =
                store.pauses().stream().filter(p -> p.covers(lane)).findFirst().orElse(null);
        return new Surroundings(
                rules,
                rules == null ? null : digests.rules(rules),
                pause,
                rules == null || rules.environment().after() == null
                        ? Map.of()
                        : succeeded(
                                new LaneId(lane.service(), rules.environment().after())));
    }

    /** What is live there or was and could be returned to: a release that was rolled back has not succeeded. */
    private Map<String, Instant> succeeded(LaneId before) {
        Lane lane = store.lane(before);
        Map<String, Instant> at = new HashMap<>();
        lane.good().forEach(l -> at.put(l.release().digest(), l.since()));
        if (lane.live() != null) {
            at.put(lane.live().release().digest(), lane.live().since());
        }
        return at;
    }
}
