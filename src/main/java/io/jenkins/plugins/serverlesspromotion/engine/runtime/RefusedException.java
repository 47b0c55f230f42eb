package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;

/** The answer is no, and the message says why to whoever asked. The refusal is in the audit log already. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedException(String why) {
        super(why);
    }

    /** Writes the refusal to the audit log and answers it as the exception to throw. */
    static RefusedException recorded(Store store, String who, String what, String why) throws IOException {
        return recorded(store, new Entry.Refused(who, what, why));
    }

    /** Writes {@code refused} to the audit log and answers it as the exception to throw. */
    static RefusedException recorded(Store store, Entry.Refused refused) throws IOException {
        store.append(refused);
        return new RefusedException(refused.why());
    }
}
