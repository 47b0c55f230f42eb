package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.PolicyOwners;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;

/** Records people's decisions about owners. */
final class OwnerDecisions {
    private final Store store;
    private final Lock wide;
    private final Refusals refusals;

    /** @param wide the write lock of the state that all lanes share */
    OwnerDecisions(Store store, Lock wide, Refusals refusals) {
        this.store = store;
        this.wide = wide;
        this.refusals = refusals;
    }

    void decide(ResourceId resource, LaneId owner, String by, String reason) throws IOException, RefusedException {
        String what = "decide that " + resource + " belongs to " + OwnerRecords.owner(owner);
        wide.lock();
        try {
            String why = whyNot(resource, owner, reason);
            if (why != null) {
                throw refusals.refuse(by, what, why);
            }
            store.append(new Entry.OwnerDecided(resource, OwnerRecords.owner(owner), by, reason));
        } finally {
            wide.unlock();
        }
    }

    private String whyNot(ResourceId resource, LaneId owner, String reason) {
        Policy policy = store.policy().map(Entry.PolicyApplied::policy).orElse(null);
        if (policy == null) {
            return "there is no valid policy";
        }
        if (LaneRules.of(policy, owner.service(), owner.environment()).isEmpty()) {
            return policy.notPlaced(owner.service(), owner.environment());
        }
        if (reason == null || reason.isBlank()) {
            return "a decision about an owner needs a reason";
        }
        Optional<String> tooLong = LaneLimits.tooLong("reason", reason);
        if (tooLong.isPresent()) {
            return tooLong.get();
        }
        if (resource.kind() == Kind.CHECK) {
            return "'shared' of the policy determines who may invoke a test function";
        }
        if (resource.isAccessPoint()) {
            return resource + " is the name of an access point; decide whose its bucket is";
        }
        var rules = new PolicyOwners(policy);
        if (rules.used(resource).isPresent()) {
            return resource + " " + rules.used(resource).get() + " and can never belong to a service";
        }
        Set<ResourceOwner> byPolicy = rules.of(resource);
        return byPolicy.isEmpty() || byPolicy.equals(Set.of(OwnerRecords.owner(owner)))
                ? null
                : "policy gives it to "
                        + String.join(
                                " and ",
                                byPolicy.stream().map(ResourceOwner::toString).toList()) + "; change 'owns' there";
    }
}
