package io.jenkins.plugins.serverlesspromotion.engine.ownership;

/**
 * States that a lane owns a resource, and why. The members are flat because the journal stores them in this form.
 *
 * @param id and {@code place} as in {@link ResourceId}
 * @param promotion that recorded it; null in a plan, and where a person decided
 */
public record OwnershipClaim(ResourceId.Kind kind, String id, String place, How how, String promotion)
        implements Comparable<OwnershipClaim> {
    public enum How {
        /** The lane created it: it did not exist before. */
        CREATED,
        /** It existed and had no owner. */
        ADOPTED,
        /** Policy names it under {@code owns}. */
        POLICY;

        /** For people: {@code created}, {@code adopted}, {@code by policy}. */
        public String word() {
            return switch (this) {
                case CREATED -> "created";
                case ADOPTED -> "adopted";
                case POLICY -> "by policy";
            };
        }
    }

    public static OwnershipClaim of(ResourceId resource, How how, String promotion) {
        return new OwnershipClaim(resource.kind(), resource.id(), resource.place(), how, promotion);
    }

    public ResourceId resource() {
        return new ResourceId(kind, id, place);
    }

    public OwnershipClaim by(String brought) {
        return new OwnershipClaim(kind, id, place, how, brought);
    }

    @Override
    public int compareTo(OwnershipClaim other) {
        return resource().compareTo(other.resource());
    }
}
