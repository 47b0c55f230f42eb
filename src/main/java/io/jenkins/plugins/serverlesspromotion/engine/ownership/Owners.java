package io.jenkins.plugins.serverlesspromotion.engine.ownership;

import java.util.List;
import java.util.Set;

/**
 * Decides for one lane whether it may write to a resource or invoke it. Every answer uses the records and the
 * configuration of that moment. Safe for use by several threads.
 */
public interface Owners {
    /** @param use what the lane is about to do */
    OwnershipAnswer ask(ResourceId resource, Observation seen, Use use);

    /** What the lane has recorded and no rule gives to another one, in order. */
    default List<OwnershipClaim> owned() {
        return List.of();
    }

    /** Regions of the account in which any lane may have stacks. */
    Set<String> regions(String accountId);

    enum Use {
        /** Plans to write: approvers see what is adopted. */
        PLAN_WRITE,
        /** Plans to invoke. */
        PLAN_INVOKE,
        /** Writes now: only to what was planned, or what this deployment itself creates. */
        WRITE,
        /** Invokes now. */
        INVOKE;

        boolean planned() {
            return this == PLAN_WRITE || this == PLAN_INVOKE;
        }

        boolean invokes() {
            return this == PLAN_INVOKE || this == INVOKE;
        }
    }
}
