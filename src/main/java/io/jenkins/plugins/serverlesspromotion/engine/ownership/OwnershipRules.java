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
 * The one decision about who may write to a resource or invoke it. Nobody may unless something says so. Policy decides
 * before a person's decision, that before what lanes have recorded; a stack owns what it made; the tags of a stack are a
 * second witness, and where they disagree it is refused.
 *
 * @param recorded claims of every lane
 * @param decided what persons decided, by resource
 * @param now for the date until which {@code adopt: warn} counts
 */
public record OwnershipRules(
        PolicyOwners policy,
        Map<ResourceOwner, ? extends Collection<OwnershipClaim>> recorded,
        Map<ResourceId, ResourceOwner> decided,
        Instant now) {
    /** The finding of a plan that adopts what exists and no one owns. */
    public static final String ADOPTS = "adopts";

    /** The finding of a plan that adopts what policy gives to the lane. */
    public static final String ADOPTS_BY_POLICY = "adoptsByPolicy";

    /** What decided, and whom it names; no owner: nobody is named. */
    private record Named(Set<ResourceOwner> owners, boolean byPolicy, boolean byPerson) {
        boolean isOnly(ResourceOwner lane) {
            return owners.size() == 1 && owners.contains(lane);
        }
    }

    /** Every lane that something names as owner. */
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

    /** Whether {@code lane} may use {@code resource} as {@code use} says. */
    public OwnershipAnswer ask(ResourceOwner lane, ResourceId resource, Observation seen, Use use) {
        var used = policy.used(resource);
        if (used.isPresent()) {
            return OwnershipAnswer.refused(resource + " " + used.get()
                    + " and can never belong to a service; name another one in the manifest");
        }
        Named named = named(resource);
        if (use.invokes()) {
            return invoke(lane, resource, seen, use, named);
        }
        String tagged = disagreement(lane, resource, seen);
        if (tagged != null) {
            return OwnershipAnswer.refused(tagged);
        }
        if (!named.owners().isEmpty() && !named.isOnly(lane)) {
            return OwnershipAnswer.refused(resource + " " + anothers(lane, named));
        }
        if (seen.stack() != null) {
            Named outer = named(seen.stack());
            if (outer.isOnly(lane)) {
                return OwnershipAnswer.of(Result.OWNED);
            }
            if (!outer.owners().isEmpty() && !named.byPolicy() && !named.byPerson()) {
                return OwnershipAnswer.refused(
                        resource + " is part of " + seen.stack() + ", which " + anothers(lane, outer));
            }
        }
        if (named.isOnly(lane)) {
            return claiming(resource).contains(lane) || named.byPerson()
                    ? OwnershipAnswer.of(Result.OWNED)
                    : new OwnershipAnswer(
                            Result.OWNED_BY_POLICY,
                            "adopts " + resource + ", which exists and which policy gives to " + lane);
        }
        return unowned(lane, resource, seen, use);
    }

    private OwnershipAnswer invoke(ResourceOwner lane, ResourceId resource, Observation seen, Use use, Named named) {
        ResourceId function = resource.as(Kind.FUNCTION);
        if (policy.shares(function, lane)) {
            return OwnershipAnswer.of(Result.INVOCABLE);
        }
        Named owner = named(function);
        if (owner.isOnly(lane)) {
            return OwnershipAnswer.of(Result.OWNED);
        }
        if (!owner.owners().isEmpty()) {
            return OwnershipAnswer.refused(function + " " + anothers(lane, owner)
                    + "; for a test function, name it under 'shared' of the policy");
        }
        if (seen.stack() != null) {
            Named outer = named(seen.stack());
            if (outer.isOnly(lane)) {
                return OwnershipAnswer.of(Result.OWNED);
            }
            if (!outer.owners().isEmpty()) {
                return OwnershipAnswer.refused(resource + " is part of " + seen.stack() + ", which "
                        + anothers(lane, outer) + "; for a test function, name it under 'shared' of the policy");
            }
        }
        return claiming(resource.as(Kind.CHECK)).contains(lane)
                ? OwnershipAnswer.of(Result.INVOCABLE)
                : unowned(lane, resource.as(Kind.CHECK), seen, use);
    }

    private OwnershipAnswer unowned(ResourceOwner lane, ResourceId resource, Observation seen, Use use) {
        if (seen.exists() == null) {
            return OwnershipAnswer.of(Result.UNDECIDED);
        }
        if (!seen.exists()) {
            return OwnershipAnswer.of(Result.FREE);
        }
        boolean warned = policy.adopt()
                .filter(a -> !now.atZone(ZoneOffset.UTC).toLocalDate().isAfter(a.until()))
                .isPresent();
        if (warned || use.planned() && policy.peopleDecide(lane)) {
            return new OwnershipAnswer(
                    Result.ADOPTABLE,
                    (resource.kind() == Kind.CHECK ? "invokes " : "adopts ") + resource
                            + ", which exists and no one owns");
        }
        return OwnershipAnswer.refused(resource + " exists and no one owns it. If it is part of " + lane
                + ", name it under 'owns' of service " + lane.service()
                + " in the policy, or let people of a role decide with riskNeeds of environment " + lane.environment()
                + " (finding: " + ADOPTS + ")");
    }

    /** What the tags of a stack say against {@code lane}; null when nothing. */
    private static String disagreement(ResourceOwner lane, ResourceId resource, Observation seen) {
        boolean service = seen.service() != null && !seen.service().equals(lane.service());
        boolean environment = seen.environment() != null && !seen.environment().equals(lane.environment());
        if (!service && !environment) {
            return null;
        }
        return resource + " belongs to "
                + (service
                        ? "service " + seen.service() + ", not to " + lane.service()
                        : "environment " + seen.environment() + ", not to " + lane.environment())
                + ", by its tag promotion:" + (service ? "service" : "environment")
                + "; name another one in the manifest, or have its tag changed";
    }

    private static String anothers(ResourceOwner lane, Named named) {
        String owners = named.owners().stream().map(ResourceOwner::toString).collect(Collectors.joining(" and "));
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
