package io.jenkins.plugins.serverlesspromotion.format.manifest;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest;
import io.jenkins.plugins.serverlesspromotion.engine.release.Manifest.Variable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * An environment and a place for which the texts of a manifest are resolved. Every part is null where it is not known.
 *
 * @param environment null: any that no variable names
 * @param account name of the account in the policy
 */
record ValueScope(String environment, String account, String accountId, String region) {

    /** Every place of a service in the policy. */
    static List<ValueScope> of(Policy policy, String service) {
        var scopes = new ArrayList<ValueScope>();
        for (String environment : policy.environmentsOf(service)) {
            for (Policy.Place place :
                    policy.services().get(service).placements().get(environment).places()) {
                Policy.Account account = policy.accounts().get(place.account());
                scopes.add(new ValueScope(
                        environment, place.account(), account == null ? null : account.id(), place.region()));
            }
        }
        return scopes;
    }

    /** Every environment that a variable names, and any other one. */
    static List<ValueScope> of(Manifest manifest) {
        var names = new LinkedHashSet<String>();
        manifest.variables().values().forEach(variable -> {
            if (variable instanceof Variable.PerEnvironment values) {
                names.addAll(values.values().keySet());
            }
        });
        names.remove(Variable.PerEnvironment.ANY);
        var scopes = new ArrayList<ValueScope>();
        names.forEach(name -> scopes.add(new ValueScope(name, null, null, null)));
        scopes.add(new ValueScope(null, null, null, null));
        return scopes;
    }

    /** This scope in each region of a target that has its own. */
    List<ValueScope> of(Manifest.Target target) {
        return target.regions().isEmpty()
                ? List.of(this)
                : target.regions().stream()
                        .map(own -> new ValueScope(environment, account, accountId, own))
                        .toList();
    }

    /** The value of a reference that every text may have; null when it is none, or not known here. */
    String value(String name) {
        return switch (name) {
            case "environment" -> environment;
            case "account" -> account;
            case "accountId" -> accountId;
            case "region" -> region;
            default -> null;
        };
    }
}
