package io.jenkins.plugins.serverlesspromotion.controller.releases;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Something that was asked for was not done. The message is a sentence to whoever asked. */
@Restricted(NoExternalUse.class)
public final class DecisionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public enum Kind {
        /** There is no such thing, or none that whoever asks may see: the two are never told apart. */
        UNKNOWN(404),
        /** What was sent cannot be understood or lacks something. */
        WRONG(400),
        /** The answer is no, and is in the audit log. */
        REFUSED(409),
        /** Whoever asks is nobody in person, or not surely enough. */
        NOBODY(403),
        /** It could not be found out, or not be recorded. */
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

    DecisionException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    DecisionException(Kind kind, String sentence, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
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
