package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The answer is no, and the message says why to whoever asked. The refusal is in the audit log already. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration wait;

    public RefusedException(String why) {
        this(why, null);
    }

    /** @param wait after which it may be asked for again, null: time changes nothing */
    RefusedException(String why, Duration wait) {
        super(why);
        this.wait = wait;
    }

    /** After which time it may be asked for again; empty where time changes nothing. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(wait);
    }

    /** Writes the refusal to the audit log and answers it as the exception to throw. */
    static RefusedException recorded(Store store, String who, String what, String why) throws IOException {
        return recorded(store, new Entry.Refused(who, what, why));
    }

    /** The same for a build: {@code people} are the ids of those behind it, {@code unknown} for others among them. */
    static RefusedException recorded(Store store, String who, String what, String why, Collection<String> people)
            throws IOException {
        return recorded(store, new Entry.Refused(who, what, why, List.copyOf(people)));
    }

    /** Writes {@code refused} to the audit log and answers it as the exception to throw. */
    static RefusedException recorded(Store store, Entry.Refused refused) throws IOException {
        store.append(refused);
        return new RefusedException(refused.why());
    }
}
