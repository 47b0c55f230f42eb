package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The part of the policy that applies to one lane. Approvals bind to the digest of exactly this part, so a change
 * elsewhere in the policy voids no approval here.
 *
 * @param roles every role that a rule of this lane names
 * @param accounts every account that the service lives in here
 * @param freezes those that cover this environment
 * @param routes what the service's paths define for this environment; empty where it has no paths of its own
 * @param people which users are meant by names and mail addresses; null where no one decides, or the policy does not
 *     define it
 * @param evidenceKeys the keys whose evidence counts in a gate here, by name
 */
public record LaneRules(
        String service,
        Policy.Environment environment,
        Policy.Placement placement,
        Map<String, Policy.Role> roles,
        Map<String, Policy.Account> accounts,
        List<Freeze> freezes,
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

    /** Rules that trust no signature. */
    public LaneRules(
            String service,
            Policy.Environment environment,
            Policy.Placement placement,
            Map<String, Policy.Role> roles,
            Map<String, Policy.Account> accounts,
            List<Freeze> freezes,
            List<Route> routes,
            Policy.People people) {
        this(service, environment, placement, roles, accounts, freezes, routes, people, Map.of());
    }

    /** Rules without freezes and paths. */
    public LaneRules(
            String service,
            Policy.Environment environment,
            Policy.Placement placement,
            Map<String, Policy.Role> roles,
            Map<String, Policy.Account> accounts) {
        this(service, environment, placement, roles, accounts, List.of(), List.of(), null);
    }

    /**
     * The rules of {@code policy} for {@code service} in {@code environment}; empty when the policy does not place it
     * there.
     */
    public static Optional<LaneRules> of(Policy policy, String service, String environment) {
        Policy.Service known = policy.services().get(service);
        Policy.Environment rules = policy.environments().get(environment);
        if (known == null || rules == null || !known.placements().containsKey(environment)) {
            return Optional.empty();
        }
        Policy.Placement placement = known.placements().get(environment);
        Map<String, Policy.Role> used = new LinkedHashMap<>();
        rules.roles()
                .forEach(n -> used.put(
                        n,
                        n.equals(Policy.Role.SERVICE_OWNER)
                                ? known.owners()
                                : policy.roles().get(n)));
        Map<String, Policy.Account> homes = new LinkedHashMap<>();
        placement
                .places()
                .forEach(place -> homes.put(place.account(), policy.accounts().get(place.account())));
        List<Freeze> frozen = policy.freezes().values().stream()
                .filter(f -> f.covers(environment))
                .toList();
        return Optional.of(new LaneRules(
                service,
                rules,
                placement,
                used,
                homes,
                frozen,
                routes(known, environment),
                // The mapping of people matters, and changes the digest, only where someone decides.
                used.isEmpty() ? null : policy.people(),
                policy.keysOf(rules)));
    }

    /** What the paths of {@code service} define for one of its environments. */
    static List<Route> routes(Policy.Service service, String environment) {
        return service.paths().stream()
                .map(path -> {
                    int at = path.environments().indexOf(environment);
                    return new Route(
                            path.name(),
                            path.branches(),
                            at >= 0,
                            at > 0 ? path.environments().get(at - 1) : null);
                })
                .toList();
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
     * @param branch null: not known; no path that names branches accepts it
     * @return empty when no path accepts it
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

    /**
     * The place of one environment on a path.
     *
     * @param leadsHere whether the environment is on it
     * @param before the environment before this one on it, null: this is the first
     */
    public record Route(String path, List<String> branches, boolean leadsHere, String before) {
        public Route {
            branches = List.copyOf(branches);
        }

        boolean takes(String branch) {
            return branches.isEmpty() || branch != null && branches.stream().anyMatch(b -> Glob.matches(b, branch));
        }
    }
}
