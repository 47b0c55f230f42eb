package io.jenkins.plugins.serverlesspromotion.engine.lane;

/**
 * What a fact led to, for the audit log and for people.
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
        /** Which groups those who decided are in is read again. */
        MEMBERSHIP,
        OVERRIDDEN,
        /** A person stated who asked. */
        REQUESTERS_STATED,
        /** A person stated who wrote a release. */
        AUTHORS_ATTESTED,
        /** A deployment starts although gates are closed. */
        GLASS_BROKEN,
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
        /** Tickets were compared again, because the policy asks for another form. */
        TICKETS,
        /** Somebody asked for something that was refused. */
        REFUSED
    }
}
