package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The part of policy that decides about one lane. Approvals bind to the digest of exactly this, so that a change
 * elsewhere in the policy voids nothing here.
 *
 * @param roles every role that a rule of this lane names
 * @param accounts every account that the service lives in here
 */
public record LaneRules(
        String service,
        Policy.Environment environment,
        Policy.Placement placement,
        Map<String, Policy.Role> roles,
        Map<String, Policy.Account> accounts) {
    public LaneRules {
        roles = new TreeMap<>(roles);
        accounts = new TreeMap<>(accounts);
    }

    public Optional<Policy.Gate.Approval> approval() {
        return environment.gates().stream()
                .filter(Policy.Gate.Approval.class::isInstance)
                .map(Policy.Gate.Approval.class::cast)
                .findFirst();
    }
}
