package io.jenkins.plugins.serverlesspromotion.format.json;

import com.fasterxml.jackson.databind.util.StdConverter;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Adoption;
import io.jenkins.plugins.serverlesspromotion.engine.policy.EvidenceKey;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.SharedFunctions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Policy with lists instead of maps, because canonical JSON sorts the keys of a map. The order of stores and
 * environments has a meaning: the first store is the default, and environments are in the order of the path.
 */
public record PolicyForm(
        List<Policy.Store> stores,
        List<Policy.Account> accounts,
        List<Policy.Role> roles,
        List<Policy.Environment> environments,
        List<Policy.Service> services,
        List<Freeze> freezes,
        Policy.People people,
        List<EvidenceKey> evidenceKeys,
        List<SharedFunctions> shared,
        Adoption adopt) {

    /** For writing. */
    static final class Of extends StdConverter<Policy, PolicyForm> {
        @Override
        public PolicyForm convert(Policy policy) {
            return new PolicyForm(
                    new ArrayList<>(policy.stores().values()),
                    new ArrayList<>(policy.accounts().values()),
                    new ArrayList<>(policy.roles().values()),
                    new ArrayList<>(policy.environments().values()),
                    new ArrayList<>(policy.services().values()),
                    new ArrayList<>(policy.freezes().values()),
                    policy.people(),
                    new ArrayList<>(policy.evidenceKeys().values()),
                    policy.shared(),
                    policy.adopt());
        }
    }

    /** For reading. */
    static final class Back extends StdConverter<PolicyForm, Policy> {
        @Override
        public Policy convert(PolicyForm form) {
            return new Policy(
                    named(form.stores(), Policy.Store::name),
                    named(form.accounts(), Policy.Account::name),
                    named(form.roles(), Policy.Role::name),
                    named(form.environments(), Policy.Environment::name),
                    named(form.services(), Policy.Service::name),
                    named(form.freezes(), Freeze::name),
                    form.people(),
                    named(form.evidenceKeys(), EvidenceKey::name),
                    form.shared(),
                    form.adopt());
        }

        private static <V> Map<String, V> named(List<V> values, Function<V, String> name) {
            var map = new LinkedHashMap<String, V>();
            for (V value : values) {
                if (map.put(name.apply(value), value) != null) {
                    throw new IllegalArgumentException("policy names '" + name.apply(value) + "' twice");
                }
            }
            return map;
        }
    }
}
