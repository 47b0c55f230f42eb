package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import java.util.List;
import java.util.Map;

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
        Map<String, String> proposals) {}
