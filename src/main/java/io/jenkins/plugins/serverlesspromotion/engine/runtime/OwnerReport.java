package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId.Kind;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is known about owners.
 *
 * @param recorded what every lane has recorded
 * @param contested what several lanes claim: no lane may write to it until a person decides
 * @param decided what people decided
 * @param proposals what to write under {@code owns}, as YAML, by service: it gives each lane what only that lane has
 *     recorded, so that the policy does not depend on the journal
 */
public record OwnerReport(
        Map<ResourceOwner, List<OwnershipClaim>> recorded,
        Map<ResourceId, List<ResourceOwner>> contested,
        Map<ResourceId, ResourceOwner> decided,
        Map<String, String> proposals) {
    /** Without a running engine. */
    public static OwnerReport of(Store store) {
        return of(store, new OwnerRecords(store, Clock.systemUTC()));
    }

    static OwnerReport of(Store store, OwnerRecords records) {
        var recorded = new TreeMap<ResourceOwner, List<OwnershipClaim>>();
        for (LaneId lane : store.lanes()) {
            List<OwnershipClaim> owns = store.lane(lane).owns();
            if (!owns.isEmpty()) {
                recorded.put(OwnerRecords.owner(lane), owns);
            }
        }
        return new OwnerReport(
                recorded,
                OwnerUpgrade.contested(store, records),
                new TreeMap<>(store.decidedOwners()),
                proposals(recorded, records));
    }

    private static Map<String, String> proposals(
            Map<ResourceOwner, List<OwnershipClaim>> recorded, OwnerRecords records) {
        var rules = records.rules();
        var proposals = new TreeMap<String, String>();
        recorded.forEach((owner, claims) -> {
            var names = new TreeMap<Kind, Set<String>>();
            claims.stream()
                    .filter(c -> c.kind() != Kind.CHECK)
                    .filter(c -> rules.owners(c.resource()).equals(Set.of(owner)))
                    .filter(c -> rules.policy().of(c.resource()).isEmpty())
                    .forEach(c -> names.computeIfAbsent(c.kind(), k -> new TreeSet<>())
                            .add(c.id()));
            if (!names.isEmpty()) {
                var line = new StringBuilder("  - { environment: " + owner.environment());
                names.forEach((kind, ids) -> line.append(", ")
                        .append(kind.word())
                        .append("s: [ \"")
                        .append(String.join("\", \"", ids))
                        .append("\" ]"));
                proposals.merge(owner.service(), line + " }\n", String::concat);
            }
        });
        proposals.replaceAll((service, lines) -> "owns:\n" + lines);
        return proposals;
    }

    /**
     * The part of the report about some services only. The claims of other services on contested resources are left
     * out, and the resource stays listed.
     */
    public OwnerReport about(Predicate<String> services) {
        var mine = new TreeMap<ResourceOwner, List<OwnershipClaim>>(recorded);
        mine.keySet().removeIf(owner -> !services.test(owner.service()));
        var disputed = new TreeMap<ResourceId, List<ResourceOwner>>();
        contested.forEach((resource, owners) -> {
            List<ResourceOwner> seen =
                    owners.stream().filter(o -> services.test(o.service())).toList();
            if (!seen.isEmpty()) {
                disputed.put(resource, seen);
            }
        });
        var settled = new TreeMap<ResourceId, ResourceOwner>(decided);
        settled.values().removeIf(owner -> !services.test(owner.service()));
        var proposed = new TreeMap<String, String>(proposals);
        proposed.keySet().removeIf(service -> !services.test(service));
        return new OwnerReport(mine, disputed, settled, proposed);
    }

    /** Text for people: resources that need a decision come first. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        contested.forEach((resource, owners) -> lines.add("! " + resource + " is claimed by "
                + owners.stream().map(ResourceOwner::toString).collect(Collectors.joining(" and "))
                + ": decide whose it is"));
        decided.forEach((resource, owner) -> lines.add(resource + " belongs to " + owner + ", by decision"));
        recorded.forEach((owner, claims) -> {
            lines.add(owner + ":");
            claims.forEach(claim -> lines.add("  " + claim.resource() + " ("
                    + claim.how().word()
                    + (claim.promotion() == null ? "" : " by " + claim.promotion()) + ")"));
        });
        proposals.forEach((service, yaml) -> {
            lines.add("Proposed for service " + service + " in the policy:");
            yaml.lines().forEach(line -> lines.add("  " + line));
        });
        return lines;
    }
}
