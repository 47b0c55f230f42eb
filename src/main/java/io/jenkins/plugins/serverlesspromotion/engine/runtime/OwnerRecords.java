package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Observation;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipAnswer;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipRules;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.PolicyOwners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Answers questions about owners from the journal and the policy as they are at that time. Safe for use by several
 * threads.
 */
final class OwnerRecords {
    private final Store store;
    private final Clock clock;

    /** The last policy that was compiled. Compiling its patterns for every question would take most of the time. */
    private volatile Compiled compiled = new Compiled(null, new PolicyOwners(null));

    private record Compiled(Policy policy, PolicyOwners owners) {}

    OwnerRecords(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    OwnershipRules rules() {
        var recorded = new TreeMap<ResourceOwner, Collection<OwnershipClaim>>();
        for (LaneId lane : store.lanes()) {
            List<OwnershipClaim> owns = store.lane(lane).owns();
            if (!owns.isEmpty()) {
                recorded.put(owner(lane), owns);
            }
        }
        return new OwnershipRules(policy(), recorded, store.decidedOwners(), clock.instant());
    }

    private PolicyOwners policy() {
        Policy now = store.policy().map(Entry.PolicyApplied::policy).orElse(null);
        Compiled last = compiled;
        if (last.policy() != now) {
            last = new Compiled(now, new PolicyOwners(now));
            compiled = last;
        }
        return last.owners();
    }

    static ResourceOwner owner(LaneId lane) {
        return new ResourceOwner(lane.service(), lane.environment());
    }

    /** Answers for the lane's current work. */
    Owners of(LaneId lane) {
        return of(lane, List.of());
    }

    /**
     * Answers for undoing a deployment: the lane may write to what it owned when the deployment began. A part of a
     * stack is not recorded. It counts with its stack, unless a rule names another owner of the part itself.
     */
    Owners of(LaneId lane, List<OwnershipClaim> pinned) {
        return new Owners() {
            @Override
            public OwnershipAnswer ask(ResourceId resource, Observation seen, Use use) {
                OwnershipRules rules = rules();
                if (isPinned(resource)
                        || isPinned(seen.stack()) && rules.owners(resource).isEmpty()) {
                    return OwnershipAnswer.owned(OwnershipClaim.How.ADOPTED);
                }
                return rules.ask(owner(lane), resource, seen, use);
            }

            private boolean isPinned(ResourceId resource) {
                return pinned.stream().anyMatch(p -> p.resource().equals(resource));
            }

            @Override
            public List<OwnershipClaim> owned() {
                OwnershipRules rules = rules();
                return store.lane(lane).owns().stream()
                        .filter(claim -> rules.owners(claim.resource()).equals(Set.of(owner(lane))))
                        .toList();
            }

            @Override
            public Set<String> regions(String accountId) {
                return rules().regions(accountId);
            }
        };
    }
}
