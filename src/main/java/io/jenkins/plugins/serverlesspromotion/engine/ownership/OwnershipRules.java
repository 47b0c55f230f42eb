package io.jenkins.plugins.serverlesspromotion.engine.ownership;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners.Use;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipAnswer.Result;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId.Kind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides who may write to a resource or invoke it. Without a rule that allows it, access is refused. The policy comes
 * first, then people's decisions, then what lanes have recorded. A stack owns what it created. The tags of a stack are
 * checked too: where they disagree, access is refused.
 *
 * @param recorded claims of every lane
 * @param decided people's decisions, by resource
 * @param now for the date until which {@code adopt: warn} counts
 */
public record OwnershipRules(
        PolicyOwners policy,
        Map<ResourceOwner, ? extends Collection<OwnershipClaim>> recorded,
        Map<ResourceId, ResourceOwner> decided,
        Instant now) {
    /** The finding of a plan that adopts an existing resource without an owner. */
    public static final String ADOPTS = "adopts";

    /** The finding of a plan that adopts a resource that policy gives to the lane. */
    public static final String ADOPTS_BY_POLICY = "adoptsByPolicy";

    /** The finding of a plan about a resource that the release no longer names. */
    public static final String TARGET_LEFT_BEHIND = "targetLeftBehind";

    private static final String ANOTHER = "another service";

    private static final String SHARE = "; for a test function, name it under 'shared' of the policy";

    /** The rule that decided, and the owners that it names; no owner: it names none. */
    private record Named(Set<ResourceOwner> owners, boolean byPolicy, boolean byPerson) {
        boolean isOnly(ResourceOwner lane) {
            return owners.size() == 1 && owners.contains(lane);
        }
    }

    /** Every lane that some rule names as owner. */
    public Set<ResourceOwner> owners(ResourceId resource) {
        return named(resource).owners();
    }

    private Named named(ResourceId resource) {
        Set<ResourceOwner> byPolicy = policy.of(resource);
        if (!byPolicy.isEmpty()) {
            return new Named(byPolicy, true, false);
        }
        ResourceOwner person = decided.get(resource);
        if (person != null) {
            return new Named(Set.of(person), false, true);
        }
        return new Named(claiming(resource), false, false);
    }

    /** Lanes that have recorded it. */
    public Set<ResourceOwner> claiming(ResourceId resource) {
        var claiming = new TreeSet<ResourceOwner>();
        recorded.forEach((owner, claims) -> {
            if (claims.stream().anyMatch(c -> c.resource().equals(resource))) {
                claiming.add(owner);
            }
        });
        return claiming;
    }

    /** Regions of the account in which policy places a service, or in which a lane has recorded something. */
    public Set<String> regions(String accountId) {
        var regions = new TreeSet<>(policy.regions(accountId));
        recorded.values().stream()
                .flatMap(Collection::stream)
                .map(OwnershipClaim::resource)
                .filter(r -> r.accountId().equals(accountId))
                .flatMap(r -> r.region().stream())
                .forEach(regions::add);
        return regions;
    }

    /** Whether {@code lane} may use {@code resource} in the way of {@code use}. */
    public OwnershipAnswer ask(ResourceOwner lane, ResourceId resource, Observation seen, Use use) {
        var used = policy.used(resource);
        if (used.isPresent()) {
            return OwnershipAnswer.refused(resource + " " + used.get()
                    + " and can never belong to a service; name another one in the manifest");
        }
        if (resource.isAccessPoint()) {
            return OwnershipAnswer.refused(resource + " is the name of an access point; write the name of its bucket");
        }
        if (use.invokes()) {
            return invoke(lane, resource, seen, use);
        }
        Named named = named(resource);
        if (resource.kind() == Kind.STACK) {
            String tagged = disagreement(lane, seen);
            if (tagged != null) {
                return OwnershipAnswer.refused(resource + " " + tagged);
            }
        }
        if (!named.owners().isEmpty() && !named.isOnly(lane)) {
            return OwnershipAnswer.refused(resource + " " + anothers(lane, named));
        }
        if (seen.stack() != null) {
            Named outer = named(seen.stack());
            if (outer.isOnly(lane)) {
                return OwnershipAnswer.owned(how(lane, resource));
            }
            if (!named.byPolicy() && !named.byPerson()) {
                String others = others(lane, resource, seen, outer);
                if (others != null) {
                    return OwnershipAnswer.refused(others);
                }
            }
        }
        if (named.byPolicy() && !claiming(resource).contains(lane)) {
            return new OwnershipAnswer(
                    Result.OWNED_BY_POLICY,
                    "adopts " + resource + ", which exists and which policy gives to " + lane,
                    OwnershipClaim.How.POLICY);
        }
        return isProven(lane, resource, seen, named)
                ? OwnershipAnswer.owned(how(lane, resource))
                : unowned(lane, resource, seen, use);
    }

    /**
     * Whether the lane is its only owner. A resource recorded as created is recognized when it exists: a stack has its
     * tag, and any other resource is part of a stack of the lane, which was checked before. Otherwise another party
     * created it.
     */
    private boolean isProven(ResourceOwner lane, ResourceId resource, Observation seen, Named named) {
        return named.isOnly(lane)
                && (named.byPolicy()
                        || named.byPerson()
                        || !Boolean.TRUE.equals(seen.exists())
                        || how(lane, resource) != OwnershipClaim.How.CREATED
                        || resource.kind() == Kind.STACK && seen.service() != null);
    }

    /** How the lane came to own it, as recorded; a resource of the lane that is not recorded is adopted. */
    private OwnershipClaim.How how(ResourceOwner lane, ResourceId resource) {
        return recordedBy(lane).stream()
                .filter(c -> c.resource().equals(resource))
                .findFirst()
                .map(OwnershipClaim::how)
                .orElse(OwnershipClaim.How.ADOPTED);
    }

    private Collection<? extends OwnershipClaim> recordedBy(ResourceOwner lane) {
        Collection<OwnershipClaim> claims = recorded.get(lane);
        return claims == null ? Set.of() : claims;
    }

    private OwnershipAnswer invoke(ResourceOwner lane, ResourceId resource, Observation seen, Use use) {
        ResourceId function = resource.as(Kind.FUNCTION);
        Named named = named(function);
        if (policy.shares(function, lane)) {
            return new OwnershipAnswer(Result.INVOCABLE, null, null);
        }
        if (isProven(lane, function, seen, named)) {
            return OwnershipAnswer.owned(how(lane, function));
        }
        if (!named.owners().isEmpty() && !named.isOnly(lane)) {
            return OwnershipAnswer.refused(function + " " + anothers(lane, named) + SHARE);
        }
        if (seen.stack() != null) {
            Named outer = named(seen.stack());
            if (outer.isOnly(lane)) {
                return OwnershipAnswer.owned(how(lane, function));
            }
            String others = others(lane, resource, seen, outer);
            if (others != null) {
                return OwnershipAnswer.refused(others + SHARE);
            }
        }
        return claiming(resource.as(Kind.CHECK)).contains(lane)
                ? new OwnershipAnswer(Result.INVOCABLE, null, null)
                : unowned(lane, resource.as(Kind.CHECK), seen, use);
    }

    /** Why a part of a stack of another owner belongs to that owner; null when no rule names one. */
    private static String others(ResourceOwner lane, ResourceId resource, Observation seen, Named outer) {
        String tagged = disagreement(lane, seen);
        String why = !outer.owners().isEmpty() ? anothers(lane, outer) : tagged;
        return why == null ? null : resource + " is part of " + seen.stack() + ", which " + why;
    }

    private OwnershipAnswer unowned(ResourceOwner lane, ResourceId resource, Observation seen, Use use) {
        if (seen.exists() == null) {
            return new OwnershipAnswer(Result.UNDECIDED, null, OwnershipClaim.How.CREATED);
        }
        if (!seen.exists()) {
            return new OwnershipAnswer(Result.FREE, null, OwnershipClaim.How.CREATED);
        }
        boolean warned = policy.adopt()
                .filter(a -> !now.atZone(ZoneOffset.UTC).toLocalDate().isAfter(a.until()))
                .isPresent();
        // A resource that is written to now and still has no owner was not in the plan.
        if (warned && use != Use.WRITE || use.planned() && policy.peopleDecide(lane, ADOPTS)) {
            return new OwnershipAnswer(
                    Result.ADOPTABLE,
                    (resource.kind() == Kind.CHECK ? "invokes " : "adopts ") + resource
                            + ", which exists and no one owns",
                    OwnershipClaim.How.ADOPTED);
        }
        return OwnershipAnswer.refused(resource + " exists and no one owns it. If it is part of " + lane
                + ", name it under 'owns' of service " + lane.service()
                + " in the policy, or have people of a role decide with riskNeeds of environment " + lane.environment()
                + " (finding: " + ADOPTS + ")");
    }

    /** How the tags of a stack contradict {@code lane}, as the rest of a sentence; null when they do not. */
    private static String disagreement(ResourceOwner lane, Observation seen) {
        boolean service = seen.service() != null && !seen.service().equals(lane.service());
        boolean environment = seen.environment() != null && !seen.environment().equals(lane.environment());
        if (!service && !environment) {
            return null;
        }
        return "belongs to "
                + (service
                        ? ANOTHER + ", not to " + lane.service()
                        : "environment " + seen.environment() + ", not to " + lane.environment())
                + ", by its tag promotion:" + (service ? "service" : "environment")
                + "; name another one in the manifest, or have its tag changed";
    }

    /**
     * People who read plans may not be allowed to see the other service. Its name is only in the list of owners
     * ({@code promotion owners}), for those who may configure.
     */
    private static String anothers(ResourceOwner lane, Named named) {
        String owners = named.owners().stream()
                .map(owner -> owner.service().equals(lane.service()) ? owner.toString() : ANOTHER)
                .distinct()
                .collect(Collectors.joining(" and "));
        if (named.owners().size() == 1) {
            return "belongs to " + owners + ", not to " + lane
                    + (named.byPolicy() ? ", by 'owns' of the policy" : named.byPerson() ? ", by decision" : "")
                    + "; name another one in the manifest";
        }
        return "is claimed by " + owners
                + (named.byPolicy()
                        ? ", by patterns of the policy that match it equally; make one of them more exact"
                        : "; a person with permission to configure must decide which of them owns it");
    }
}
