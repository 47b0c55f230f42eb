package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;

/**
 * A resource that an environment owns and its live release does not name.
 *
 * @param promotion that recorded it; null where a person or an older version did
 * @param unread why it could not be read whether it still exists; null where it was read, or no one looked
 */
public record LeftResource(ResourceId resource, String promotion, String unread) {
    static LeftResource of(OwnershipClaim claim) {
        return new LeftResource(claim.resource(), claim.promotion(), null);
    }

    /** {@code stack orders-old in 033333333333/eu-west-1} */
    @Override
    public String toString() {
        return resource + (unread == null ? "" : " (whether it still exists could not be read: " + unread + ")");
    }
}
