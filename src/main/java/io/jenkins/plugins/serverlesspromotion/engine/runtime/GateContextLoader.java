package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.LiveInterval;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Other;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.ReleaseFacts;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Observation;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipRules;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.port.Digests;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Loads the context of lanes from the store at the time of the call. */
final class GateContextLoader {
    private final Store store;
    private final Digests digests;
    private final Patterns patterns;
    private final Function<LaneId, GateContext.AlarmReading> alarms;
    private final boolean directory;
    private final OwnerRecords owners;

    /**
     * Stacks that a person is recovering, by lane: nothing starts there meanwhile. In memory, because a recovery ends
     * with the process.
     */
    private final Map<LaneId, GateContext.Pause> recoveries = new ConcurrentHashMap<>();

    /** For callers that evaluate no gate. */
    GateContextLoader(Store store, Digests digests, OwnerRecords owners) {
        this(store, digests, null, lane -> null, false, owners);
    }

    /**
     * @param patterns null: no gate is evaluated
     * @param alarms the last reading in a lane, null: none
     * @param directory whether people's groups can be read again
     */
    GateContextLoader(
            Store store,
            Digests digests,
            Patterns patterns,
            Function<LaneId, GateContext.AlarmReading> alarms,
            boolean directory,
            OwnerRecords owners) {
        this.owners = owners;
        this.directory = directory;
        this.alarms = alarms;
        this.store = store;
        this.digests = digests;
        this.patterns = patterns;
    }

    /** @return false when a recovery is already running in the lane */
    boolean beginRecovery(LaneId lane, GateContext.Pause pause) {
        return recoveries.putIfAbsent(lane, pause) == null;
    }

    void endRecovery(LaneId lane) {
        recoveries.remove(lane);
    }

    Optional<Policy> policy() {
        return store.policy().map(Entry.PolicyApplied::policy);
    }

    /** For all releases that are requested in the lane now. */
    GateContext around(LaneId lane) {
        return around(lane, open(lane), List.of());
    }

    /** The same when {@code fact} arrives, which may bring a plan that the store does not have yet. */
    GateContext around(LaneId lane, Fact fact) {
        return around(
                lane,
                open(lane),
                fact instanceof Fact.Planned planned
                        ? planned.plan().targets().stream()
                                .flatMap(t -> t.claims().stream())
                                .toList()
                        : List.of());
    }

    /** @param releases for which the gates of the lane are evaluated */
    GateContext around(LaneId lane, Collection<ReleaseRef> releases) {
        return around(lane, releases, List.of());
    }

    private List<ReleaseRef> open(LaneId lane) {
        return store.lane(lane).promotions().stream()
                .filter(p -> !p.state().isOver())
                .map(Promotion::release)
                .toList();
    }

    private GateContext around(LaneId lane, Collection<ReleaseRef> releases, List<OwnershipClaim> planned) {
        LaneRules rules = policy().flatMap(p -> LaneRules.of(p, lane.service(), lane.environment()))
                .orElse(null);
        GateContext.Pause pause = Optional.ofNullable(recoveries.get(lane))
                .or(() -> store.pauses().stream().filter(p -> p.covers(lane)).findFirst())
                .orElse(null);
        if (rules == null) {
            return new GateContext(null, null, pause, Map.of(), Map.of(), Map.of(), List.of());
        }
        Map<String, ReleaseFacts> known = new HashMap<>();
        releases.forEach(r -> known(lane, r, rules).ifPresent(k -> known.put(r.digest(), k)));
        Lane.Live live = store.lane(lane).live();
        if (live != null && rules.gates(Gate.ContainsLive.class).findAny().isPresent()) {
            known(lane, live.release(), rules)
                    .ifPresent(k -> known.putIfAbsent(live.release().digest(), k));
        }
        Map<String, Map<String, LiveInterval>> stays = new HashMap<>();
        before(rules).forEach(e -> stays.put(e, stays(new LaneId(lane.service(), e))));
        Map<String, Other> others = new HashMap<>();
        known.values().stream()
                .flatMap(k -> k.requires().stream())
                .map(Manifest.Requires::service)
                .distinct()
                .forEach(s -> others.put(s, other(new LaneId(s, lane.environment()))));
        List<RulesChange> changes = store.policy().stream()
                .flatMap(p -> p.changes().stream())
                .filter(c -> c.concerns(lane.service(), lane.environment()))
                .toList();
        return new GateContext(
                rules,
                digests.rules(rules),
                pause,
                stays,
                known,
                others,
                changes,
                alarms.apply(lane),
                directory,
                taken(lane, planned),
                answered(lane),
                patterns);
    }

    private Set<ResourceId> answered(LaneId id) {
        List<OwnershipClaim> owns = store.lane(id).owns();
        if (owns.size() < LaneLimits.OWNED) {
            return Set.of();
        }
        OwnershipRules rules = owners.rules();
        return owns.stream()
                .map(OwnershipClaim::resource)
                .filter(resource -> !rules.policy().of(resource).isEmpty()
                        || store.decidedOwners().containsKey(resource))
                .collect(Collectors.toSet());
    }

    OwnerRecords owners() {
        return owners;
    }

    /** Resources that are planned or recorded in the lane and must not be written to now, with the reason. */
    private Map<ResourceId, String> taken(LaneId id, List<OwnershipClaim> more) {
        Lane lane = store.lane(id);
        var plans = lane.promotions().stream()
                .filter(p -> !p.state().isOver() && p.plan() != null && p.plan().claims() != null)
                .map(Promotion::plan)
                .toList();
        if (plans.isEmpty() && more.isEmpty()) {
            return Map.of();
        }
        var claims = new ArrayList<>(more);
        plans.forEach(plan -> claims.addAll(plan.claims()));
        claims.addAll(lane.owns());
        Set<ResourceId> planned = claims.stream().map(OwnershipClaim::resource).collect(Collectors.toSet());
        OwnershipRules rules = owners.rules();
        var taken = new HashMap<ResourceId, String>();
        for (ResourceId resource : planned) {
            var use = resource.kind() == ResourceId.Kind.CHECK ? Owners.Use.PLAN_INVOKE : Owners.Use.PLAN_WRITE;
            var answer = rules.ask(OwnerRecords.owner(id), resource, Observation.NONE, use);
            if (answer.refused()) {
                taken.put(resource, answer.why());
            }
        }
        return taken;
    }

    private Optional<ReleaseFacts> known(LaneId lane, ReleaseRef release, LaneRules rules) {
        return store.release(release.service(), release.version())
                .filter(p -> p.ref().digest().equals(release.digest()))
                .map(p -> known(lane, p, rules));
    }

    private ReleaseFacts known(LaneId lane, Published published, LaneRules rules) {
        boolean authors = rules.approval().map(a -> a.authors() != null).orElse(false);
        boolean commits = rules.gates(Gate.ContainsLive.class).findAny().isPresent();
        List<Published> incoming =
                authors ? IncomingReleases.of(store.lane(lane), published, store.releases(lane.service())) : List.of();
        return new ReleaseFacts(
                published.provenance().branch(),
                published.provenance().revision(),
                commits ? commits(published) : Set.of(),
                published.release().manifest().requires(),
                store.evidence(published.ref().id()),
                published.provenance().publishers(),
                incoming.stream()
                        .flatMap(p -> p.provenance().authors().stream())
                        .distinct()
                        .toList(),
                incoming.stream()
                        .filter(p -> !p.provenance().isComplete())
                        .map(p -> p.ref().id())
                        .toList());
    }

    /**
     * The commits that its own build names, and those of every earlier release on the same branch: each build names the
     * commits that its predecessor did not contain.
     */
    private Set<String> commits(Published published) {
        String branch = published.provenance().branch();
        Set<String> all = new TreeSet<>(published.provenance().commits());
        store.releases(published.ref().service()).stream()
                .filter(p -> p.ref().number() < published.ref().number())
                .filter(p -> branch != null && branch.equals(p.provenance().branch()))
                .forEach(p -> {
                    all.addAll(p.provenance().commits());
                    Optional.ofNullable(p.provenance().revision()).ifPresent(all::add);
                });
        return all;
    }

    /** A release to request, and the promotion that causes this. */
    record Arrival(LaneId lane, ReleaseRef release, Promotion because) {}

    /**
     * The release that arrives automatically. It is live in the environment before, completely and not by a rollback,
     * and is newer than the live release here.
     */
    List<Arrival> arrivals(Policy.Environment environment, String service) {
        var lane = new LaneId(service, environment.name());
        Optional<LaneRules> rules = policy().flatMap(p -> LaneRules.of(p, service, environment.name()));
        if (environment.arrival() != Policy.Arrival.AUTOMATIC || rules.isEmpty()) {
            return List.of();
        }
        List<Arrival> all = new ArrayList<>();
        for (String before : before(rules.get())) {
            Lane there = store.lane(new LaneId(service, before));
            Optional<Promotion> brought = Optional.ofNullable(there.live())
                    .flatMap(live -> store.promotion(live.promotion()))
                    .filter(p -> p.kind() == Promotion.Kind.FORWARD && p.state() == Promotion.State.SUCCEEDED);
            if (brought.isEmpty()
                    || !whole(there)
                    || !comesFrom(rules.get(), before, there.live().release())) {
                continue;
            }
            Lane here = store.lane(lane);
            boolean newer = here.live() == null
                    || here.live().release().number() < there.live().release().number();
            if (newer) {
                all.add(new Arrival(lane, there.live().release(), brought.get()));
            }
        }
        return all;
    }

    private boolean comesFrom(LaneRules rules, String before, ReleaseRef release) {
        return store.release(release.service(), release.version())
                .flatMap(p -> rules.route(p.provenance().branch()))
                .filter(route -> route.leadsHere() && before.equals(route.before()))
                .isPresent();
    }

    /** The environments that the gates of this lane refer to. */
    private static Set<String> before(LaneRules rules) {
        Set<String> all = new TreeSet<>();
        if (rules.routes().isEmpty()) {
            Optional.ofNullable(rules.environment().after()).ifPresent(all::add);
        }
        rules.routes().stream()
                .map(LaneRules.Route::before)
                .filter(Objects::nonNull)
                .forEach(all::add);
        rules.gates(Gate.Soak.class).map(Gate.Soak::environment).forEach(all::add);
        return all;
    }

    /**
     * The live release, and earlier ones that a rollback can return to: a release that was rolled back has not
     * succeeded.
     */
    private Map<String, LiveInterval> stays(LaneId where) {
        Lane lane = store.lane(where);
        Map<String, LiveInterval> stays = new HashMap<>();
        Instant until = lane.live() == null ? null : lane.live().since();
        List<Lane.Live> good = lane.good();
        for (int i = good.size() - 1; i >= 0; i--) {
            stays.putIfAbsent(
                    good.get(i).release().digest(), new LiveInterval(good.get(i).since(), until));
            until = good.get(i).since();
        }
        if (lane.live() != null) {
            stays.put(
                    lane.live().release().digest(), new LiveInterval(lane.live().since(), null));
        }
        return stays;
    }

    private Other other(LaneId where) {
        Lane lane = store.lane(where);
        boolean changing = lane.running().isPresent();
        return new Other(whole(lane) ? lane.live().release().version() : null, changing);
    }

    private static boolean whole(Lane lane) {
        return lane.live() != null
                && lane.live().places().values().stream()
                        .allMatch(r -> lane.live().release().equals(r));
    }
}
