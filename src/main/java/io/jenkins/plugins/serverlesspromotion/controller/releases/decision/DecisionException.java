package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A request was not carried out. The message is a sentence for the requester. */
@Restricted(NoExternalUse.class)
public final class DecisionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public enum Kind {
        /** The object does not exist, or the user may not see it: the two cases have the same answer. */
        UNKNOWN(404),
        /** The request is not valid or not complete. */
        WRONG(400),
        /** The answer is no, and is in the audit log. */
        REFUSED(409),
        /** The same person did it too often within a minute; {@link #retryAfter} gives the time of the next try. */
        TOO_OFTEN(429),
        /** The user is not a person, or not identified surely enough. */
        NOT_A_PERSON(403),
        /** The answer could not be determined, or not be recorded. */
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** HTTP status code. */
        public int status() {
            return status;
        }
    }

    /** In seconds; 0 where a later try does not help. */
    private final long retryAfter;

    DecisionException(Kind kind, String sentence) {
        this(kind, sentence, null);
    }

    public DecisionException(Kind kind, String sentence, Throwable cause) {
        this(kind, sentence, 0, cause);
    }

    private DecisionException(Kind kind, String sentence, long retryAfter, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** A refusal of the engine. */
    static DecisionException refused(RefusedException e) {
        return e.retryAfter()
                .map(wait -> new DecisionException(Kind.TOO_OFTEN, e.getMessage(), wait.toSeconds(), e))
                .orElseGet(() -> new DecisionException(Kind.REFUSED, e.getMessage(), e));
    }

    /** Seconds after which it may be requested again; 0 where a later try does not help. */
    public long retryAfter() {
        return retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    static DecisionException unknownPromotion(String id) {
        return new DecisionException(
                Kind.UNKNOWN, "there is no promotion " + id + " that you may see; ids look like orders.prod.17");
    }

    static DecisionException unknownService(String name) {
        return new DecisionException(Kind.UNKNOWN, "there is no service " + name + " that you may see");
    }
}
