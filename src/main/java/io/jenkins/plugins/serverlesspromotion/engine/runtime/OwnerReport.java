package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What is known about owners.
 *
 * @param recorded what every lane has recorded
 * @param contested what several lanes claim: nobody may write to it until a person decides
 * @param decided what persons decided
 * @param proposals what to write under {@code owns}, as YAML, by service: it gives each lane what it alone has recorded, so
 *     that the policy says it without the journal
 */
public record OwnerReport(
        Map<ResourceOwner, List<OwnershipClaim>> recorded,
        Map<ResourceId, List<ResourceOwner>> contested,
        Map<ResourceId, ResourceOwner> decided,
        Map<String, String> proposals) {
    /** Without a running engine. */
    public static OwnerReport of(Store store) {
        return new OwnerDecisions(store, new OwnerRecords(store, Clock.systemUTC()), new ReentrantLock()).report();
    }

    /** For people: what needs a decision first. */
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
