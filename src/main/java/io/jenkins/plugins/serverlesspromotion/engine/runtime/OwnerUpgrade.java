package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.PolicyOwners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceNames;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Derives from older records what every lane owns. A lane owns what its last success changed. It also owns what earlier
 * releases changed that it can return to, unless the same rule gives that to another lane. Repeating this gives nothing
 * more.
 */
final class OwnerUpgrade {
    private final Store store;
    private final Policy policy;
    private final PolicyOwners rules;

    OwnerUpgrade(Store store, Policy policy) {
        this.store = store;
        this.policy = policy;
        this.rules = new PolicyOwners(policy);
    }

    /** A fact for each lane that has not recorded yet what it owns. */
    Map<LaneId, Fact.OwnersRecorded> facts() {
        var last = new TreeMap<LaneId, Set<ResourceId>>();
        for (LaneId id : store.lanes()) {
            Lane lane = store.lane(id);
            if (lane.owns().isEmpty() && lane.live() != null) {
                last.put(id, changed(id, lane.live()));
            } else {
                last.put(id, new LinkedHashSet<>());
                lane.owns().forEach(claim -> last.get(id).add(claim.resource()));
            }
        }
        var facts = new TreeMap<LaneId, Fact.OwnersRecorded>();
        last.forEach((id, owned) -> {
            Lane lane = store.lane(id);
            Set<ResourceId> all = new LinkedHashSet<>(owned);
            if (lane.owns().isEmpty()) {
                lane.good()
                        .forEach(good -> changed(id, good).stream()
                                .filter(resource -> isFree(resource, id, last))
                                .forEach(all::add));
            }
            Map<String, List<OwnershipClaim>> open = open(lane, all, last);
            List<OwnershipClaim> owns = lane.owns().isEmpty() ? claims(all) : List.of();
            if (!owns.isEmpty() || !open.isEmpty()) {
                facts.put(id, new Fact.OwnersRecorded(owns, open));
            }
        });
        return facts;
    }

    /** Older records do not show who created a resource, so it is recorded as adopted. */
    private static List<OwnershipClaim> claims(Set<ResourceId> resources) {
        return resources.stream()
                .map(r -> OwnershipClaim.of(r, OwnershipClaim.How.ADOPTED, null))
                .sorted()
                .toList();
    }

    /** The right to invoke is not ownership; any number of lanes may have it. */
    private static boolean isFree(ResourceId resource, LaneId lane, Map<LaneId, Set<ResourceId>> last) {
        return resource.kind() == ResourceId.Kind.CHECK
                || last.entrySet().stream()
                        .noneMatch(e -> !e.getKey().equals(lane) && e.getValue().contains(resource));
    }

    /**
     * What promotions must own that were planned before. A pending promotion keeps its plan where the lane owns its
     * resources, or they do not exist yet. Otherwise it is planned again, so that people see what it adopts. A running
     * deployment keeps the resources that its plan names, and may be rolled back.
     */
    private Map<String, List<OwnershipClaim>> open(
            Lane lane, Set<ResourceId> owned, Map<LaneId, Set<ResourceId>> last) {
        var open = new LinkedHashMap<String, List<OwnershipClaim>>();
        for (Promotion p : lane.promotions()) {
            if (p.state().isOver() || p.plan() == null || p.plan().claims() != null) {
                continue;
            }
            var plan = store.plan(p.id());
            if (plan.isEmpty()) {
                continue;
            }
            Set<ResourceId> planned = new LinkedHashSet<>(PlannedNames.of(plan.get(), p, policy.accounts()));
            planned.removeIf(r -> rules.used(r).isPresent());
            boolean absent =
                    plan.get().targets().stream().allMatch(t -> t.content().liveDigest() == null);
            boolean mine = planned.stream().allMatch(r -> owned.contains(r) || absent && isFree(r, lane.id(), last));
            if (p.state().isRunning() || mine) {
                Set<ResourceId> pinned = new LinkedHashSet<>(planned);
                if (p.state().isRunning()) {
                    pinned.addAll(owned);
                }
                open.put(p.id(), claims(pinned));
            }
        }
        return open;
    }

    private Set<ResourceId> changed(LaneId lane, Lane.Live live) {
        var changed = new LinkedHashSet<ResourceId>();
        var promotion = store.promotion(live.promotion());
        var plan = store.plan(live.promotion());
        if (promotion.isPresent() && plan.isPresent()) {
            changed.addAll(PlannedNames.of(plan.get(), promotion.get(), policy.accounts()));
        }
        store.release(live.release().service(), live.release().version())
                .ifPresent(published -> ResourceNames.in(published.release(), policy, lane.environment()).stream()
                        .map(ResourceNames.Named::resource)
                        .filter(r -> r.kind() == ResourceId.Kind.CHECK)
                        .forEach(changed::add));
        changed.removeIf(r -> rules.used(r).isPresent());
        return changed;
    }

    /**
     * Resources that more than one lane has recorded, with those lanes, where neither policy nor a person has decided.
     */
    static Map<ResourceId, List<ResourceOwner>> contested(Store store, OwnerRecords records) {
        var contested = new TreeMap<ResourceId, List<ResourceOwner>>();
        var rules = records.rules();
        for (LaneId lane : store.lanes()) {
            for (OwnershipClaim claim : store.lane(lane).owns()) {
                Set<ResourceOwner> owners = rules.owners(claim.resource());
                if (claim.kind() != ResourceId.Kind.CHECK && owners.size() > 1) {
                    contested.put(claim.resource(), new ArrayList<>(owners));
                }
            }
        }
        return contested;
    }
}
