package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Provenance;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Limits how often a person may do something in a minute that adds to the journal. Each {@link Kind} is counted
 * separately, so that many requests do not block a rollback or a pause. Kept in memory. Safe for use by several
 * threads.
 */
final class RequestLimit {
    /**
     * Of one kind, by one person. Where no person is known: by one job, and by all such jobs for one service, because a
     * project has as many jobs as it has branches.
     */
    static final int PER_MINUTE = 60;

    static final Duration MINUTE = Duration.ofMinutes(1);

    private static final String USER = "user:";
    private static final String JOB = "job:";

    /** Characters of the reason of a refusal. */
    private static final int REASON = 2_000;

    /** Number of counts above which expired counts are dropped. */
    private static final int MOST = 10_000;

    enum Kind {
        PUBLISH("publications"),
        REQUEST("requests for promotions"),
        ROLLBACK("requests for rollbacks"),
        STATEMENT("statements about requesters and authors"),
        /** Approvals, overrides, rejections, reviews and other decisions of a person about a promotion. */
        DECISION("decisions about promotions"),
        ABORT("aborts"),
        /** Pauses, and resuming them. */
        PAUSE("pauses"),
        EVIDENCE("records of evidence"),
        RECOVERY("recovery actions of stacks"),
        /** Attempts of a person or a build that are not allowed. */
        REFUSAL("refused attempts");

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

    /** Counts one more operation of a person that is about no promotion. */
    void count(Kind kind, String by, String what) throws IOException, RefusedException {
        count(kind, by, List.of(), null, what, null);
    }

    /**
     * Counts one more operation that is about no promotion.
     *
     * @param by {@code user:bob} or a build: {@code job:team-orders/orders/main#218}
     * @param people ids of the people behind it
     * @param service that it is about
     * @param what was requested, for the audit log
     * @throws RefusedException when it exceeds the limit
     */
    void count(Kind kind, String by, Collection<String> people, String service, String what)
            throws IOException, RefusedException {
        count(kind, by, people, service, what, null);
    }

    /**
     * Counts one more operation.
     *
     * @param service null: of no particular service
     * @param promotion id of the promotion that it is about, null: none
     * @throws RefusedException when it exceeds the limit, with the time after which it may be repeated. Only the first
     *     refusal in a minute is recorded: a record for each would fill the journal
     */
    private void count(Kind kind, String by, Collection<String> people, String service, String what, String promotion)
            throws IOException, RefusedException {
        String others = service == null ? null : "builds for service " + service + " without a known person";
        Optional<Over> over = counted(kind, who(by, people, others));
        if (over.isEmpty()) {
            return;
        }
        String why = over.get().made(kind) + ", which is the limit; try again in "
                + over.get().retryAfter().toSeconds() + " seconds";
        Entry.Refused refused = bounded(new Entry.Refused(by, what, why, List.copyOf(people), promotion));
        if (over.get().first()) {
            store.append(refused);
        }
        throw new RefusedException(refused.why(), over.get().retryAfter());
    }

    /** Counts what a person, or a build that {@code fact} names, brings to a lane. Other facts are not counted. */
    void count(LaneId lane, Fact fact) throws IOException, RefusedException {
        if (fact instanceof Fact.Requested f) {
            String what = "promote " + f.release().id() + " to " + lane.environment();
            count(Kind.REQUEST, f.request().by(), f.request().people(), lane.service(), what);
        } else if (fact instanceof Fact.RollbackRequested f) {
            String what = "roll back " + lane.service() + " in " + lane.environment();
            count(Kind.ROLLBACK, f.request().by(), f.request().people(), lane.service(), what);
        } else if (fact instanceof Fact.RequestersStated f) {
            count(Kind.STATEMENT, f.person(), "state who requested " + f.promotion(), f.promotion());
        } else if (fact instanceof Fact.AuthorsAttested f) {
            count(Kind.STATEMENT, f.person(), "attest who wrote " + f.release(), f.promotion());
        } else if (fact instanceof Fact.Approved f) {
            count(Kind.DECISION, f.person(), "approve " + f.promotion(), f.promotion());
        } else if (fact instanceof Fact.ApprovalWithdrawn f) {
            count(Kind.DECISION, f.person(), "withdraw the approval of " + f.promotion(), f.promotion());
        } else if (fact instanceof Fact.Overridden f) {
            count(Kind.DECISION, f.person(), "override gates for " + f.promotion(), f.promotion());
        } else if (fact instanceof Fact.Reviewed f) {
            count(Kind.DECISION, f.person(), "review " + f.promotion(), f.promotion());
        } else if (fact instanceof Fact.Rejected f) {
            count(Kind.DECISION, f.person(), "reject " + f.promotion(), f.promotion());
        } else if (fact instanceof Fact.ReplanRequested f) {
            count(Kind.DECISION, f.person(), "plan " + f.promotion() + " again", f.promotion());
        } else if (fact instanceof Fact.AbortRequested f) {
            count(Kind.ABORT, f.by(), List.of(), lane.service(), "abort " + f.promotion(), f.promotion());
        } else if (fact instanceof Fact.HoldReleased f) {
            count(Kind.PAUSE, f.person(), "release the hold on " + lane, null);
        }
    }

    private void count(Kind kind, Person person, String what, String promotion) throws IOException, RefusedException {
        count(kind, USER + person.id(), List.of(), null, what, promotion);
    }

    /**
     * Writes a refusal to the audit log. When the same person or job has too many refusals in this minute, one record
     * reports that instead. The refused input may have any length; the record is cut. Where no person is known, jobs of
     * the same folder count together, because a refused build can claim any service.
     *
     * @return the exception to throw
     */
    RefusedException refuse(Entry.Refused whole) throws IOException {
        Entry.Refused refused = bounded(whole);
        Optional<Over> over = counted(Kind.REFUSAL, who(refused.who(), refused.people(), folder(refused.who())));
        if (over.isEmpty()) {
            store.append(refused);
        } else if (over.get().first()) {
            String why = refused.why() + "; " + over.get().made(Kind.REFUSAL)
                    + ", and more of them are not recorded in the next "
                    + over.get().retryAfter().toSeconds() + " seconds";
            store.append(new Entry.Refused(refused.who(), refused.what(), why, refused.people(), refused.promotion()));
        }
        return new RefusedException(refused.why());
    }

    private static Entry.Refused bounded(Entry.Refused refused) {
        List<String> people = refused.people().stream()
                .limit(LaneLimits.PEOPLE)
                .map(id -> Shown.cut(id, LaneLimits.ID))
                .collect(Collectors.toCollection(ArrayList::new));
        if (refused.people().size() > people.size() && !people.contains(Provenance.UNKNOWN)) {
            people.add(Provenance.UNKNOWN);
        }
        return new Entry.Refused(
                Shown.cut(refused.who(), LaneLimits.TEXT),
                Shown.cut(refused.what(), LaneLimits.TEXT),
                Shown.cut(refused.why(), REASON),
                people,
                refused.promotion() == null ? null : Shown.cut(refused.promotion(), LaneLimits.TEXT));
    }

    /**
     * @param who has reached the limit
     * @param retryAfter after which time it may be repeated, in whole seconds
     * @param first whether it is the first time in this minute
     */
    private record Over(String who, int most, Duration retryAfter, boolean first) {
        String made(Kind kind) {
            return who + " made " + most + " " + kind.words + " within a minute";
        }
    }

    /** Counts one more operation; empty when it is within the limit. */
    private Optional<Over> counted(Kind kind, List<String> all) {
        Instant now = clock.instant();
        int most = perMinute;
        String over = null;
        Count full = null;
        boolean first = false;
        synchronized (this) {
            if (counts.size() > MOST) {
                counts.values().removeIf(c -> !c.ends.isAfter(now));
            }
            var touched = new ArrayList<Count>();
            for (String who : all) {
                Count count = counts.get(kind + " " + who);
                if (count == null || !count.ends.isAfter(now)) {
                    count = new Count(now.plus(MINUTE));
                    counts.put(kind + " " + who, count);
                }
                touched.add(count);
                if (count.done >= most && (full == null || count.ends.isAfter(full.ends))) {
                    full = count;
                    over = who;
                }
            }
            if (full == null) {
                touched.forEach(c -> c.done++);
                return Optional.empty();
            }
            first = !full.recorded;
            full.recorded = true;
        }
        Duration wait = Duration.ofSeconds(
                Math.max(1, Duration.between(now, full.ends).plusMillis(999).toSeconds()));
        return Optional.of(new Over(over, most, wait, first));
    }

    /** How many counts are kept. */
    synchronized int size() {
        return counts.size();
    }

    /**
     * The known people; where there are none, the job with all its builds together.
     *
     * @param others what counts in addition to the job then, null: nothing
     */
    private static List<String> who(String by, Collection<String> people, String others) {
        List<String> known = people.stream()
                .filter(id -> !id.equals(Provenance.UNKNOWN))
                .map(id -> USER + id)
                .sorted()
                .toList();
        if (!known.isEmpty()) {
            return known;
        }
        String job = by.replaceFirst("#[0-9]+$", "");
        return others == null || by.startsWith(USER) ? List.of(job) : List.of(job, others);
    }

    /** The jobs of the folder that a job is in; null when it is in none. */
    private static String folder(String by) {
        int end = by.lastIndexOf('/');
        return by.startsWith(JOB) && end > 0 ? "jobs in " + by.substring(JOB.length(), end) : null;
    }
}
