package io.jenkins.plugins.serverlesspromotion.engine.ownership;

/**
 * Whether a lane may write to a resource, or invoke it.
 *
 * @param why a sentence for people: why it is refused, or what is adopted; null where no explanation is needed
 * @param how the lane owns it or will own it; null where it does not
 */
public record OwnershipAnswer(Result result, String why, OwnershipClaim.How how) {
    public enum Result {
        /** The lane owns it: recorded, decided, or part of a stack that it owns. */
        OWNED,
        /** Policy names the lane as owner, and the lane has not recorded that yet. */
        OWNED_BY_POLICY,
        /** It does not exist and has no owner: creating it claims it. */
        FREE,
        /** It was not read whether it exists, and it has no owner. */
        UNDECIDED,
        /** It exists, has no owner, and policy allows adopting it. */
        ADOPTABLE,
        /**
         * It may be invoked, by policy or because a check of this lane did so before; this does not make the lane its
         * owner.
         */
        INVOCABLE,
        REFUSED
    }

    public boolean refused() {
        return result == Result.REFUSED;
    }

    public static OwnershipAnswer owned(OwnershipClaim.How how) {
        return new OwnershipAnswer(Result.OWNED, null, how);
    }

    static OwnershipAnswer refused(String why) {
        return new OwnershipAnswer(Result.REFUSED, why, null);
    }
}
