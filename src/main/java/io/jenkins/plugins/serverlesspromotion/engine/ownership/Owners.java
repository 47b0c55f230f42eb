package io.jenkins.plugins.serverlesspromotion.engine.ownership;

import java.util.Set;

/**
 * Answers for one lane whether it may write to a resource or invoke it. Every answer is given from what is recorded and
 * configured at that moment. Safe for use by several threads.
 */
public interface Owners {
    /** @param use what the lane is about to do */
    OwnershipAnswer ask(ResourceId resource, Observation seen, Use use);

    /** Regions of the account in which stacks of some lane may be. */
    Set<String> regions(String accountId);

    enum Use {
        /** Plans to write: adopting is shown to those who approve. */
        PLAN_WRITE,
        /** Plans to invoke. */
        PLAN_INVOKE,
        /** Writes now: only what was planned, or what is made by this very deployment. */
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
