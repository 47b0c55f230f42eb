package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PersonNames;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.port.Digests;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/** Puts a policy in force. Remembers who changed which rules while this keeps those people from approving. */
final class PolicyChanges {
    private final Store store;
    private final Digests digests;
    private final Clock clock;
    private final Lock wide;

    /** @param wide the write lock of what all lanes share: no transition of a lane is decided or written under it */
    PolicyChanges(Store store, Digests digests, Clock clock, Lock wide) {
        this.store = store;
        this.digests = digests;
        this.clock = clock;
        this.wide = wide;
    }

    /** @return false when it is already in force */
    boolean apply(Policy policy, Collection<String> by) throws IOException {
        wide.lock();
        try {
            String digest = digests.policy(policy);
            Optional<Entry.PolicyApplied> before = store.policy();
            if (before.map(p -> p.digest().equals(digest)).orElse(false)) {
                return false;
            }
            store.append(
                    new Entry.PolicyApplied(digest, policy, String.join(" and ", by), changes(before, policy, by)));
            return true;
        } finally {
            wide.unlock();
        }
    }

    /** The first policy does not count as a change of rules: there were none. */
    private List<RulesChange> changes(Optional<Entry.PolicyApplied> before, Policy policy, Collection<String> by) {
        if (before.isEmpty()) {
            return List.of();
        }
        Instant now = clock.instant();
        var changes = new ArrayList<RulesChange>();
        before.get().changes().stream()
                .filter(c -> now.isBefore(c.at().plus(RulesChange.EXCLUDES)))
                .forEach(changes::add);
        Policy old = before.get().policy();
        by.forEach(who -> {
            changes.addAll(RulesChange.between(old, policy, who, now));
            // Who removes the link to another user of their own must not decide as that user.
            PersonNames.linked(old.people(), who.replaceFirst("^user:", ""))
                    .forEach(other -> changes.addAll(RulesChange.between(old, policy, "user:" + other, now)));
        });
        return changes;
    }
}
