package io.jenkins.plugins.serverlesspromotion.engine.policy;

import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The compiled policy of the platform team: every name in it refers to something that exists.
 *
 * @param stores where artifacts are kept, by name; the first is the default
 * @param freezes times in which no deployment starts, by name
 * @param people which users are meant by names and mail addresses, null: not defined
 * @param evidenceKeys keys whose signatures count as evidence about a release, by name
 * @param shared functions that checks of several services may invoke
 * @param adopt until when releases may adopt resources without an owner, null: only what policy or people allow
 */
public record Policy(
        Map<String, Store> stores,
        Map<String, Account> accounts,
        Map<String, Role> roles,
        Map<String, Environment> environments,
        Map<String, Service> services,
        Map<String, Freeze> freezes,
        People people,
        Map<String, EvidenceKey> evidenceKeys,
        List<SharedFunctions> shared,
        Adoption adopt) {
    public Policy {
        stores = ordered(stores);
        accounts = ordered(accounts);
        roles = ordered(roles);
        environments = ordered(environments);
        services = ordered(services);
        freezes = ordered(freezes);
        evidenceKeys = ordered(evidenceKeys);
        shared = shared == null ? List.of() : List.copyOf(shared);
    }

    /** A policy without the other parts. */
    public Policy(
            Map<String, Store> stores,
            Map<String, Account> accounts,
            Map<String, Role> roles,
            Map<String, Environment> environments,
            Map<String, Service> services) {
        this(stores, accounts, roles, environments, services, Map.of(), null, Map.of(), List.of(), null);
    }

    private static <V> Map<String, V> ordered(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** The keys whose evidence counts in a gate of {@code environment}. */
    Map<String, EvidenceKey> keysOf(Environment environment) {
        Map<String, EvidenceKey> keys = new LinkedHashMap<>(evidenceKeys);
        keys.keySet()
                .removeIf(name -> environment.gates().stream()
                        .noneMatch(gate -> gate instanceof Gate.Evidence evidence && evidence.counts("key:" + name)));
        return keys;
    }

    /** The environments of {@code service}, in the order of policy. */
    public List<String> environmentsOf(String service) {
        Service known = services.get(service);
        return known == null
                ? List.of()
                : environments.keySet().stream()
                        .filter(known.placements()::containsKey)
                        .toList();
    }

    /** Why {@link LaneRules#of} is empty, and to which environments the service may go. */
    public String notPlaced(String service, String environment) {
        List<String> placed = environmentsOf(service);
        String where = !placed.isEmpty()
                ? "; it places " + service + " in " + String.join(", ", placed)
                : "; add it under 'services' with its places. "
                        + (services.containsKey(service)
                                ? "The environments are " + String.join(", ", environments.keySet())
                                : "Its services are " + String.join(", ", services.keySet()));
        return Shown.sentence("policy does not place " + service + " in " + environment + where);
    }

    /** The bucket in the tools account with every release's artifacts, content-addressed and versioned. */
    public record Store(String name, String bucket, String region, String account) {}

    /**
     * One AWS account.
     *
     * @param id 12 digits; compared with GetCallerIdentity before any write
     * @param credentialsId id of the base credentials that may assume the roles; null: the default chain
     * @param externalId sent with AssumeRole, may be null
     * @param planRole name or ARN of the role that plans and has no write access; null: the base credentials
     * @param deployRole executes change sets and copies files
     * @param executionRole passed to CloudFormation, null: the deploy role's own rights
     * @param testRole invokes smoke tests
     * @param bucket pattern of the bucket for staged artifacts, with {@code ${accountId}} and {@code ${region}}
     * @param checkHosts the only hosts that HTTP checks of releases there may call, in lower case; {@code *.} stands
     *     for any beginning. Null: any public host
     * @param alarms ARNs of alarms of other accounts that may end an update there; {@code *} stands for anything but
     *     {@code /}. Null: only those of the account itself
     */
    public record Account(
            String name,
            String id,
            String credentialsId,
            String externalId,
            String planRole,
            String deployRole,
            String executionRole,
            String testRole,
            String bucket,
            List<String> checkHosts,
            List<String> alarms) {
        public static final String DEFAULT_BUCKET = "serverless-promotion-${accountId}-${region}";

        public Account {
            checkHosts = checkHosts == null ? null : List.copyOf(checkHosts);
            alarms = alarms == null ? null : List.copyOf(alarms);
        }

        /** An account whose updates only its own alarms may end. */
        public Account(
                String name,
                String id,
                String credentialsId,
                String externalId,
                String planRole,
                String deployRole,
                String executionRole,
                String testRole,
                String bucket,
                List<String> checkHosts) {
            this(
                    name,
                    id,
                    credentialsId,
                    externalId,
                    planRole,
                    deployRole,
                    executionRole,
                    testRole,
                    bucket,
                    checkHosts,
                    null);
        }

        /** An account whose checks may call any public host. */
        public Account(
                String name,
                String id,
                String credentialsId,
                String externalId,
                String planRole,
                String deployRole,
                String executionRole,
                String testRole,
                String bucket) {
            this(name, id, credentialsId, externalId, planRole, deployRole, executionRole, testRole, bucket, null);
        }

        public String bucketIn(String region) {
            return bucket.replace("${accountId}", id).replace("${region}", region);
        }
    }

    /** A named set of people. Users and groups are kept apart: a group may be named like a user. */
    public record Role(String name, Set<String> users, Set<String> groups) {
        /** The role that stands for the owners of the current service. */
        public static final String SERVICE_OWNER = "serviceOwner";

        public Role {
            users = Set.copyOf(users);
            groups = Set.copyOf(groups);
        }

        public boolean includes(Person person) {
            return users.contains(person.id()) || person.groups().stream().anyMatch(groups::contains);
        }
    }

    /**
     * A step on a service's path.
     *
     * @param after the environment a release must have succeeded in before, may be null
     * @param rollback who approves a rollback by hand, null: the approval gate's roles
     * @param supersede whether a request for a newer release ends older requests that no one has approved yet
     * @param arrival null: as {@code ON_REQUEST}
     * @param breakGlass null: no one can override a gate here
     * @param riskNeeds who must approve certain findings of a plan, in addition to the people of the approval gate;
     *     null: no one
     */
    public record Environment(
            String name,
            String after,
            List<Gate> gates,
            Gate.Requirement rollback,
            boolean supersede,
            Arrival arrival,
            BreakGlass breakGlass,
            List<RiskNeed> riskNeeds) {
        public Environment {
            gates = List.copyOf(gates);
            arrival = arrival == Arrival.ON_REQUEST ? null : arrival;
            riskNeeds = riskNeeds == null || riskNeeds.isEmpty() ? null : List.copyOf(riskNeeds);
        }

        /** Without approvers for findings of a plan. */
        public Environment(
                String name,
                String after,
                List<Gate> gates,
                Gate.Requirement rollback,
                boolean supersede,
                Arrival arrival,
                BreakGlass breakGlass) {
            this(name, after, gates, rollback, supersede, arrival, breakGlass, null);
        }

        /** An environment that a release enters on request. */
        public Environment(String name, String after, List<Gate> gates, Gate.Requirement rollback, boolean supersede) {
            this(name, after, gates, rollback, supersede, null, null);
        }

        /** Without superseding. */
        public Environment(String name, String after, List<Gate> gates, Gate.Requirement rollback) {
            this(name, after, gates, rollback, false);
        }

        /** Every role that a rule of this environment names. */
        Set<String> roles() {
            Set<String> names = new TreeSet<>();
            gates().forEach(gate -> {
                if (gate instanceof Gate.Approval approval) {
                    approval.require().stream().map(Gate.Requirement::role).forEach(names::add);
                }
            });
            if (riskNeeds() != null) {
                riskNeeds().stream().map(need -> need.requirement().role()).forEach(names::add);
            }
            if (rollback() != null) {
                names.add(rollback().role());
            }
            if (breakGlass() != null) {
                breakGlass().require().stream().map(Gate.Requirement::role).forEach(names::add);
                names.add(breakGlass().review());
            }
            return names;
        }
    }

    /**
     * Who may override closed gates (break-glass).
     *
     * @param require who must override; requesters of the release do not count
     * @param timeBox how long each person's override counts
     * @param ticket regular expression of the ticket that each person must name, null: any text
     * @param review the role for the post-review
     */
    public record BreakGlass(List<Gate.Requirement> require, Duration timeBox, String ticket, String review) {
        public BreakGlass {
            require = List.copyOf(require);
        }
    }

    /**
     * Where a plan has a finding of this kind, these people must also approve it.
     *
     * @param finding one of {@link io.jenkins.plugins.serverlesspromotion.engine.plan.Risk#KINDS}
     */
    public record RiskNeed(String finding, Gate.Requirement requirement) {}

    /** How a release is requested in an environment. */
    public enum Arrival {
        /** A user or a build requests it. */
        ON_REQUEST,
        /** Also automatically, when the release is live in the environment before; the gates are the same. */
        AUTOMATIC
    }

    /**
     * The users that names and addresses in commits belong to. Git authorship is self-declared, and so is this mapping.
     *
     * @param aliases names and mail addresses by user id
     * @param mailDomains an address there belongs to the user named before the {@code @}
     */
    public record People(Map<String, Set<String>> aliases, Set<String> mailDomains) {
        public static final People NONE = new People(Map.of(), Set.of());

        public People {
            var copy = new LinkedHashMap<String, Set<String>>();
            aliases.forEach((user, names) -> copy.put(user, Set.copyOf(names)));
            aliases = Collections.unmodifiableMap(copy);
            mailDomains = Set.copyOf(mailDomains);
        }
    }

    /**
     * @param owners the role {@link Role#SERVICE_OWNER} for this service
     * @param placements by environment
     * @param paths empty: every release takes the environments in the order of their {@code after}
     * @param owns resources in AWS that belong to it, in addition to those that it created
     */
    public record Service(
            String name,
            Role owners,
            List<Grant> jobs,
            Map<String, Placement> placements,
            List<Path> paths,
            List<OwnedResources> owns) {
        public Service {
            jobs = List.copyOf(jobs);
            placements = ordered(placements);
            paths = paths == null ? List.of() : List.copyOf(paths);
            owns = owns == null ? List.of() : List.copyOf(owns);
        }

        /** A service that owns only what it created. */
        public Service(
                String name, Role owners, List<Grant> jobs, Map<String, Placement> placements, List<Path> paths) {
            this(name, owners, jobs, placements, paths, List.of());
        }

        /** Without paths of its own. */
        public Service(String name, Role owners, List<Grant> jobs, Map<String, Placement> placements) {
            this(name, owners, jobs, placements, List.of());
        }
    }

    /**
     * The environments that a release takes, in order.
     *
     * @param branches whose releases take it, {@code *} stands for anything but {@code /}; empty: all branches that
     *     take no other path
     */
    public record Path(String name, List<String> branches, List<String> environments) {
        public Path {
            branches = List.copyOf(branches);
            environments = List.copyOf(environments);
        }
    }

    /**
     * The permissions of a job: {@code publish}, {@code evidence}, {@code request:ENVIRONMENT},
     * {@code rollback:ENVIRONMENT}.
     */
    public record Grant(String job, Set<String> may) {
        public Grant {
            may = Set.copyOf(may);
        }
    }

    /** The placement of a service in one environment: places in waves, with a pause between two waves. */
    public record Placement(List<List<Place>> waves, Duration pause) {
        public Placement {
            waves = waves.stream().map(List::copyOf).toList();
        }

        public List<Place> places() {
            return waves.stream().flatMap(List::stream).toList();
        }
    }

    /** One account and region, written {@code orders-prod/eu-west-1}. */
    public record Place(String account, String region) implements Comparable<Place> {
        /** @throws IllegalArgumentException when {@code text} is not ACCOUNT/REGION */
        public static Place parse(String text) {
            String[] parts = text.split("/", -1);
            if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
                throw new IllegalArgumentException(
                        "place '" + text + "' must be ACCOUNT/REGION, as in orders-prod/eu-west-1");
            }
            return new Place(parts[0], parts[1]);
        }

        @Override
        public String toString() {
            return account + "/" + region;
        }

        @Override
        public int compareTo(Place other) {
            return toString().compareTo(other.toString());
        }
    }
}
