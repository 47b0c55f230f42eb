package io.jenkins.plugins.serverlesspromotion.engine.ownership;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Adoption;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Glob;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The rules of the policy about owners: {@code owns} of the services, {@code shared}, {@code adopt}, and the buckets
 * that this product itself uses. Patterns apply only in the accounts that the service is placed in. Immutable.
 */
public final class PolicyOwners {
    private final Policy policy;
    private final List<Pattern> patterns = new ArrayList<>();

    /** @param weight number of letters that it gives literally; a pattern without {@code *} outweighs all others */
    private record Pattern(
            ResourceOwner owner, Kind kind, Set<String> accountIds, Predicate<String> names, int weight) {}

    /** @param policy null: there is none, and no owner is named */
    public PolicyOwners(Policy policy) {
        this.policy = policy;
        if (policy == null) {
            return;
        }
        policy.services()
                .values()
                .forEach(service -> service.placements().forEach((environment, placement) -> {
                    var owner = new ResourceOwner(service.name(), environment);
                    Set<String> accountIds = placement.places().stream()
                            .map(place -> policy.accounts().get(place.account()).id())
                            .collect(Collectors.toSet());
                    service.owns().stream()
                            .filter(o ->
                                    o.environment() == null || o.environment().equals(environment))
                            .forEach(o -> {
                                add(owner, Kind.STACK, accountIds, o.stacks());
                                add(owner, Kind.FUNCTION, accountIds, o.functions());
                                add(owner, Kind.BUCKET, accountIds, o.buckets());
                                add(owner, Kind.DISTRIBUTION, accountIds, o.distributions());
                            });
                }));
    }

    private void add(ResourceOwner owner, Kind kind, Set<String> accountIds, List<String> texts) {
        for (String text : texts) {
            String pattern = text.replace("${service}", owner.service()).replace("${environment}", owner.environment());
            boolean literal = pattern.indexOf('*') < 0;
            int weight = literal ? Integer.MAX_VALUE : pattern.replace("*", "").length();
            patterns.add(new Pattern(owner, kind, accountIds, Glob.matching(pattern), weight));
        }
    }

    /**
     * Parses a resource in the form that people write.
     *
     * @param text {@code stack:orders-prod}
     * @param place {@code orders-prod/eu-west-1}: the account by its name in the policy or its 12 digits; of buckets
     *     and distributions the account alone is enough
     * @throws IllegalArgumentException when the text names no resource
     */
    public ResourceId named(String text, String place) {
        int colon = text.indexOf(':');
        String[] parts = place.split("/", -1);
        if (colon < 1 || colon == text.length() - 1 || parts.length > 2) {
            throw new IllegalArgumentException(
                    "write the resource as stack:NAME, function:NAME, bucket:NAME or distribution:ID, and its place as"
                            + " ACCOUNT/REGION");
        }
        Kind kind = Kind.of(text.substring(0, colon));
        Policy.Account account = policy == null ? null : policy.accounts().get(parts[0]);
        String id = account == null ? parts[0] : account.id();
        if (!Names.isAccountId(id)) {
            throw new IllegalArgumentException("policy knows no account " + Shown.text(parts[0]));
        }
        ResourceId resource = named(kind, text.substring(colon + 1), id, parts);
        if (!resource.isPossible()) {
            throw new IllegalArgumentException("'" + Shown.text(text) + "' is the name of no " + kind.word()
                    + "; write it as AWS shows it, without blanks");
        }
        return resource;
    }

    /** @param parts of the place: the account, and the region where it is given */
    private static ResourceId named(Kind kind, String name, String id, String[] parts) {
        if (kind == Kind.BUCKET) {
            return ResourceId.bucket(name, id);
        }
        if (kind == Kind.DISTRIBUTION) {
            return ResourceId.distribution(name, id);
        }
        if (parts.length != 2 || !Names.isRegion(parts[1])) {
            throw new IllegalArgumentException(
                    "a " + kind.word() + " is in ACCOUNT/REGION, as in orders-prod/eu-west-1");
        }
        return kind == Kind.STACK
                ? ResourceId.stack(name, id, parts[1])
                : ResourceId.function(name, id, parts[1]).as(kind);
    }

    /** The owners that policy names: those whose patterns match most exactly; more than one is a contradiction. */
    public Set<ResourceOwner> of(ResourceId resource) {
        Kind kind = resource.kind() == Kind.CHECK ? Kind.FUNCTION : resource.kind();
        var best = new TreeSet<ResourceOwner>();
        int weight = -1;
        for (Pattern one : patterns) {
            if (one.kind() != kind
                    || one.weight() < weight
                    || !one.accountIds().contains(resource.accountId())
                    || !one.names().test(resource.id())) {
                continue;
            }
            if (one.weight() > weight) {
                best.clear();
                weight = one.weight();
            }
            best.add(one.owner());
        }
        return best;
    }

    /** Regions of the account in which a service is placed. */
    Set<String> regions(String accountId) {
        return policy == null
                ? Set.of()
                : policy.services().values().stream()
                        .flatMap(service -> service.placements().values().stream())
                        .flatMap(placement -> placement.places().stream())
                        .filter(place ->
                                policy.accounts().get(place.account()).id().equals(accountId))
                        .map(Policy.Place::region)
                        .collect(Collectors.toSet());
    }

    /** Whether checks of {@code lane} may invoke the function although another lane owns it. */
    public boolean shares(ResourceId function, ResourceOwner lane) {
        return policy != null
                && policy.shared().stream()
                        .anyMatch(s -> (s.services().isEmpty() || s.services().contains(lane.service()))
                                && (s.accounts().isEmpty()
                                        || s.accounts().stream()
                                                .anyMatch(a -> policy.accounts()
                                                        .get(a)
                                                        .id()
                                                        .equals(function.accountId())))
                                && s.functions().stream().anyMatch(p -> Glob.matches(p, function.id())));
    }

    /**
     * What this product uses the bucket for, as part of a sentence; empty when it does not use it. Releases never own
     * such a bucket.
     *
     * @see Policy.Account#bucketIn
     */
    public Optional<String> used(ResourceId resource) {
        if (policy == null || resource.kind() != Kind.BUCKET) {
            return Optional.empty();
        }
        if (policy.stores().values().stream().anyMatch(s -> s.bucket().equals(resource.id()))) {
            return Optional.of("keeps the artifacts of releases");
        }
        return policy.accounts().values().stream().anyMatch(a -> isStaging(a, resource.id()))
                ? Optional.of("holds what is staged for deployments")
                : Optional.empty();
    }

    private static boolean isStaging(Policy.Account account, String bucket) {
        String pattern = account.bucket().replace("${accountId}", account.id());
        int at = pattern.indexOf("${region}");
        if (at < 0) {
            return pattern.equals(bucket);
        }
        String before = pattern.substring(0, at);
        String after = pattern.substring(at + "${region}".length());
        if (!bucket.startsWith(before)
                || !bucket.endsWith(after)
                || bucket.length() <= before.length() + after.length()) {
            return false;
        }
        return Names.isRegion(bucket.substring(before.length(), bucket.length() - after.length()));
    }

    /** The lanes that may adopt: {@code adopt} of the policy; empty when it is not set. */
    Optional<Adoption> adopt() {
        return Optional.ofNullable(policy).map(Policy::adopt);
    }

    /** Whether people of a named role decide about {@code finding} in the plans of {@code lane}. */
    boolean peopleDecide(ResourceOwner lane, String finding) {
        Policy.Environment environment =
                policy == null ? null : policy.environments().get(lane.environment());
        return environment != null
                && environment.riskNeeds() != null
                && environment.riskNeeds().stream().anyMatch(n -> n.finding().equals(finding));
    }
}
