package io.jenkins.plugins.serverlesspromotion.engine.ownership;

/**
 * Whether a lane may write to a resource, or invoke it.
 *
 * @param why a sentence for people: why it is refused, or what is adopted; null where there is nothing to say
 * @param how the lane comes to own it, or has; null where it does not
 */
public record OwnershipAnswer(Result result, String why, OwnershipClaim.How how) {
    public enum Result {
        /** The lane owns it: recorded, decided, or part of a stack that it owns. */
        OWNED,
        /** Policy names the lane as owner, and the lane has not recorded that yet. */
        OWNED_BY_POLICY,
        /** It does not exist and nobody owns it: creating it claims it. */
        FREE,
        /** It was not read whether it exists, and nobody owns it. */
        UNDECIDED,
        /** It exists, nobody owns it, and policy allows to adopt it. */
        ADOPTABLE,
        /** It may be invoked, by policy or because a check of this lane did before; that makes nobody its owner. */
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
