package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Known;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Other;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Stay;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Digests;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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

    /** For all that is asked for in the lane now. */
    Surroundings around(LaneId lane) {
        return around(
                lane,
                store.lane(lane).promotions().stream()
                        .filter(p -> !p.state().isOver())
                        .map(Promotion::release)
                        .toList());
    }

    /** @param releases for which the gates of the lane are asked */
    Surroundings around(LaneId lane, Collection<ReleaseRef> releases) {
        LaneRules rules = policy().flatMap(p -> p.lane(lane.service(), lane.environment()))
                .orElse(null);
        Surroundings.Pause pause =
                store.pauses().stream().filter(p -> p.covers(lane)).findFirst().orElse(null);
        if (rules == null) {
            return new Surroundings(null, null, pause, Map.of(), Map.of(), Map.of());
        }
        Map<String, Known> known = new HashMap<>();
        releases.forEach(r -> known(r).ifPresent(k -> known.put(r.digest(), k)));
        Map<String, Map<String, Stay>> stays = new HashMap<>();
        before(rules).forEach(e -> stays.put(e, stays(new LaneId(lane.service(), e))));
        Map<String, Other> others = new HashMap<>();
        known.values().stream()
                .flatMap(k -> k.requires().stream())
                .map(Manifest.Requires::service)
                .distinct()
                .forEach(s -> others.put(s, other(new LaneId(s, lane.environment()))));
        return new Surroundings(rules, digests.rules(rules), pause, stays, known, others);
    }

    private Optional<Known> known(ReleaseRef release) {
        return store.release(release.service(), release.version())
                .filter(p -> p.ref().digest().equals(release.digest()))
                .map(this::known);
    }

    private Known known(Published published) {
        return new Known(
                published.provenance().branch(),
                published.release().manifest().requires(),
                store.evidence(published.ref().id()));
    }

    /** The environments that a gate of this lane asks about. */
    private static Set<String> before(LaneRules rules) {
        Set<String> all = new TreeSet<>();
        if (rules.routes().isEmpty()) {
            Optional.ofNullable(rules.environment().after()).ifPresent(all::add);
        }
        rules.routes().stream().map(Policy.Route::before).filter(Objects::nonNull).forEach(all::add);
        rules.gates(Policy.Gate.Soak.class).map(Policy.Gate.Soak::environment).forEach(all::add);
        return all;
    }

    /** What is live there or was and could be returned to: a release that was rolled back has not succeeded. */
    private Map<String, Stay> stays(LaneId where) {
        Lane lane = store.lane(where);
        Map<String, Stay> stays = new HashMap<>();
        Instant until = lane.live() == null ? null : lane.live().since();
        List<Lane.Live> good = lane.good();
        for (int i = good.size() - 1; i >= 0; i--) {
            stays.putIfAbsent(good.get(i).release().digest(), new Stay(good.get(i).since(), until));
            until = good.get(i).since();
        }
        if (lane.live() != null) {
            stays.put(
                    lane.live().release().digest(), new Stay(lane.live().since(), null));
        }
        return stays;
    }

    private Other other(LaneId where) {
        Lane lane = store.lane(where);
        boolean changing = lane.running().isPresent();
        boolean whole = lane.live() != null
                && lane.live().places().values().stream()
                        .allMatch(r -> lane.live().release().equals(r));
        return new Other(whole ? lane.live().release().version() : null, changing);
    }
}
