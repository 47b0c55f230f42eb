package io.jenkins.plugins.serverlesspromotion.engine.lane;

/**
 * An effect of a fact, for the audit log and for people.
 *
 * @param promotion null when it concerns the lane as a whole
 * @param actor who caused it ({@code user:carol}), null for the engine itself
 * @param text one sentence
 */
public record Event(Type type, String promotion, String actor, String text) {
    public enum Type {
        REQUESTED,
        JOINED,
        STATE,
        PLANNED,
        APPROVED,
        APPROVAL_VOIDED,
        APPROVAL_WITHDRAWN,
        /** The groups of the people who decided are read again. */
        MEMBERSHIP,
        OVERRIDDEN,
        /** A person stated who requested the promotion. */
        REQUESTERS_STATED,
        /** A person stated who wrote a release. */
        AUTHORS_ATTESTED,
        /** A deployment starts although gates are closed (override). */
        OVERRIDE_CONFIRMED,
        REVIEWED,
        REJECTED,
        ABORT_REQUESTED,
        STEP,
        VERIFIED,
        LIVE,
        HOLD,
        HOLD_RELEASED,
        /** The lane has recorded resources in AWS as its own. */
        OWNERS,
        /** Tickets were compared again, because the policy requires another form. */
        TICKETS,
        /** A request was refused. */
        REFUSED
    }
}
