package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often a person may do in a minute what adds to the journal: request promotions, request rollbacks, state who
 * requested or wrote something, record evidence. Each of these is counted by itself, so that many requests do not keep
 * anyone from a rollback. Kept in memory. Safe for use by several threads.
 */
final class RequestLimit {
    /** Of one kind, by one person or, where no person is known, by one job. */
    static final int PER_MINUTE = 60;

    static final Duration MINUTE = Duration.ofMinutes(1);

    /** Counts that are kept before those that are over are dropped. */
    private static final int MOST = 10_000;

    enum Kind {
        REQUEST("requests for promotions"),
        ROLLBACK("requests for rollbacks"),
        STATEMENT("statements about requesters and authors"),
        EVIDENCE("records of evidence");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private static final class Count {
        private final Instant ends;
        private int done;
        private boolean recorded;

        Count(Instant ends) {
            this.ends = ends;
        }
    }

    private final Store store;
    private final Clock clock;
    private final Map<String, Count> counts = new HashMap<>();
    private volatile int perMinute = PER_MINUTE;

    RequestLimit(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    void perMinute(int most) {
        perMinute = most;
    }

    /**
     * Counts one more.
     *
     * @param by {@code user:bob} or a build: {@code job:team-orders/orders/main#218}
     * @param people ids of those behind it
     * @param what was asked for, for the audit log
     * @throws RefusedException when it is one too many, with the time after which it may be repeated. The first one in a
     *     minute is recorded: a record for each would fill the journal, which this prevents
     */
    void count(Kind kind, String by, Collection<String> people, String what) throws IOException, RefusedException {
        Instant now = clock.instant();
        String over = null;
        Count full = null;
        boolean first = false;
        synchronized (this) {
            if (counts.size() > MOST) {
                counts.values().removeIf(c -> !c.ends.isAfter(now));
            }
            var all = new ArrayList<Count>();
            for (String who : who(by, people)) {
                Count count = counts.get(kind + " " + who);
                if (count == null || !count.ends.isAfter(now)) {
                    count = new Count(now.plus(MINUTE));
                    counts.put(kind + " " + who, count);
                }
                all.add(count);
                if (count.done >= perMinute && (full == null || count.ends.isAfter(full.ends))) {
                    full = count;
                    over = who;
                }
            }
            if (full == null) {
                all.forEach(c -> c.done++);
                return;
            }
            first = !full.recorded;
            full.recorded = true;
        }
        Duration wait = Duration.ofSeconds(
                Math.max(1, Duration.between(now, full.ends).plusMillis(999).toSeconds()));
        String why = over + " made " + perMinute + " " + kind.words
                + " within a minute, which is the limit; try again in " + wait.toSeconds() + " seconds";
        if (first) {
            RefusedException.recorded(store, by, what, why, people);
        }
        throw new RefusedException(why, wait);
    }

    /** How many counts are kept. */
    synchronized int size() {
        return counts.size();
    }

    /** The people who are known; the job where there are none: its builds together, not each. */
    private static List<String> who(String by, Collection<String> people) {
        List<String> known = people.stream()
                .filter(id -> !id.equals(Provenance.UNKNOWN))
                .map(id -> "user:" + id)
                .sorted()
                .toList();
        return known.isEmpty() ? List.of(by.replaceFirst("#[0-9]+$", "")) : known;
    }
}
