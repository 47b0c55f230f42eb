package io.jenkins.plugins.serverlesspromotion.engine.policy;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The part of policy that decides about one lane. Approvals bind to the digest of exactly this, so that a change
 * elsewhere in the policy voids nothing here.
 *
 * @param roles every role that a rule of this lane names
 * @param accounts every account that the service lives in here
 * @param freezes those that cover this environment
 * @param routes what the service's paths say about this environment; empty where it has none of its own
 * @param people which users are meant by names and mail addresses; null where no one decides, or nothing is said about it
 * @param evidenceKeys those whose word counts in a gate here, by name
 */
public record LaneRules(
        String service,
        Policy.Environment environment,
        Policy.Placement placement,
        Map<String, Policy.Role> roles,
        Map<String, Policy.Account> accounts,
        List<Policy.Freeze> freezes,
        List<Route> routes,
        Policy.People people,
        Map<String, EvidenceKey> evidenceKeys) {
    public LaneRules {
        roles = new TreeMap<>(roles);
        accounts = new TreeMap<>(accounts);
        freezes = List.copyOf(freezes);
        routes = List.copyOf(routes);
        evidenceKeys = new TreeMap<>(evidenceKeys);
    }

    /** Which trust no signature. */
    public LaneRules(
            String service,
            Policy.Environment environment,
            Policy.Placement placement,
            Map<String, Policy.Role> roles,
            Map<String, Policy.Account> accounts,
            List<Policy.Freeze> freezes,
            List<Route> routes,
            Policy.People people) {
        this(service, environment, placement, roles, accounts, freezes, routes, people, Map.of());
    }

    /** Without freezes and paths. */
    public LaneRules(
            String service,
            Policy.Environment environment,
            Policy.Placement placement,
            Map<String, Policy.Role> roles,
            Map<String, Policy.Account> accounts) {
        this(service, environment, placement, roles, accounts, List.of(), List.of(), null);
    }

    public Optional<Gate.Approval> approval() {
        return gates(Gate.Approval.class).findFirst();
    }

    /** The gates of one kind, in the order of policy. */
    public <T extends Gate> Stream<T> gates(Class<T> kind) {
        return environment.gates().stream().filter(kind::isInstance).map(kind::cast);
    }

    /**
     * The route that a release of {@code branch} takes: the first path that names the branch, otherwise the one that
     * names none. Where the service has no paths, {@code after} of the environment is the route.
     *
     * @param branch null: not known, which no path that names branches takes
     * @return empty when no path takes it
     */
    public Optional<Route> route(String branch) {
        if (routes.isEmpty()) {
            return Optional.of(new Route("default", List.of(), true, environment.after()));
        }
        return routes.stream()
                .filter(r -> !r.branches().isEmpty() && r.takes(branch))
                .findFirst()
                .or(() -> routes.stream().filter(r -> r.branches().isEmpty()).findFirst());
    }
}
