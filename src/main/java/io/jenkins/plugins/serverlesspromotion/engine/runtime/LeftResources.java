package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipRules;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceNames;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.plan.LeftBehind;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the journal knows about resources that the live release of a lane does not name. */
public final class LeftResources {
    private LeftResources() {}

    /**
     * Those that the journal alone can show; nothing is read from AWS. A function or bucket that did not exist when it
     * was planned, or that an older version recorded, is left out: it may be part of a stack, which counts in its place.
     */
    public static List<LeftResource> certain(Store store, LaneId id) {
        return of(store, id).stream()
                .filter(claim -> claim.kind() == ResourceId.Kind.STACK
                        || claim.promotion() != null && claim.how() != OwnershipClaim.How.CREATED)
                .map(LeftResource::of)
                .toList();
    }

    /** All that may be left behind; empty where nothing is live. */
    private static List<OwnershipClaim> of(Store store, LaneId id) {
        Lane lane = store.lane(id);
        Policy policy = store.policy().map(Entry.PolicyApplied::policy).orElse(null);
        if (lane.live() == null || policy == null || lane.owns().isEmpty()) {
            return List.of();
        }
        // Most names follow from the manifest; only where they do not, the plan is read.
        Set<ResourceId> named = store.release(
                        lane.live().release().service(), lane.live().release().version())
                .map(published -> ResourceNames.in(published.release(), policy, id.environment()).stream()
                        .map(ResourceNames.Named::resource)
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
        Set<String> unfinished = lane.promotions().stream()
                .filter(p -> !p.state().isOver())
                .map(Promotion::id)
                .collect(Collectors.toCollection(HashSet::new));
        List<OwnershipClaim> left = LeftBehind.without(named, lane.owns()).stream()
                .filter(claim -> !unfinished.contains(String.valueOf(claim.promotion())))
                .toList();
        if (left.isEmpty()) {
            return left;
        }
        Optional<Plan> plan = store.plan(lane.live().promotion());
        if (plan.isEmpty()) {
            return List.of();
        }
        OwnershipRules rules = new OwnerRecords(store, Clock.systemUTC()).rules();
        Set<ResourceOwner> mine = Set.of(OwnerRecords.owner(id));
        return LeftBehind.of(plan.get().targets(), policy.accounts(), left).stream()
                .filter(claim -> rules.owners(claim.resource()).equals(mine))
                .toList();
    }
}
