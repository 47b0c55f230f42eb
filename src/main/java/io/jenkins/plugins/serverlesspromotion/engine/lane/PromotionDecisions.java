package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The requests for a promotion, and people's decisions about it.
 *
 * @param requests of all requesters, in order
 * @param overrides of closed gates, newest last
 * @param statements about requesters and authors that could not be established
 * @param membership the last directory query about the people who decided, null: none yet
 * @param ticketCheck whether the tickets of the requests have the form that policy requires; null: it requires none,
 *     and in older records
 * @param waitingSince since when people can decide: when they first could, or when an approval last became void or was
 *     withdrawn. Expiry counts from here; null before
 * @param queuedAt when the promotion last entered the queue, null when it is not in it
 */
public record PromotionDecisions(
        List<Request> requests,
        List<Approval> approvals,
        List<Override> overrides,
        PeopleStatements statements,
        Membership membership,
        TicketCheck ticketCheck,
        Instant waitingSince,
        Instant queuedAt) {
    public PromotionDecisions {
        requests = List.copyOf(requests);
        approvals = List.copyOf(approvals);
        overrides = overrides == null ? List.of() : List.copyOf(overrides);
    }

    /** Of a promotion without decisions. */
    public static PromotionDecisions requested(List<Request> requests) {
        return new PromotionDecisions(requests, List.of(), List.of(), PeopleStatements.NONE, null, null, null, null);
    }

    /** The approvals that nothing has voided. */
    List<Approval> standing() {
        return approvals.stream().filter(a -> a.voided() == null).toList();
    }

    public PromotionDecisions withRequests(List<Request> all) {
        return new PromotionDecisions(
                all, approvals, overrides, statements, membership, ticketCheck, waitingSince, queuedAt);
    }

    public PromotionDecisions withApprovals(List<Approval> all) {
        return new PromotionDecisions(
                requests, all, overrides, statements, membership, ticketCheck, waitingSince, queuedAt);
    }

    PromotionDecisions withOverrides(List<Override> all) {
        return new PromotionDecisions(
                requests, approvals, all, statements, membership, ticketCheck, waitingSince, queuedAt);
    }

    PromotionDecisions with(PeopleStatements all) {
        return new PromotionDecisions(
                requests, approvals, overrides, all, membership, ticketCheck, waitingSince, queuedAt);
    }

    PromotionDecisions with(Membership read) {
        return new PromotionDecisions(
                requests, approvals, overrides, statements, read, ticketCheck, waitingSince, queuedAt);
    }

    /** @param check null: policy requires no form of tickets */
    public PromotionDecisions withTicketCheck(TicketCheck check) {
        return new PromotionDecisions(
                requests, approvals, overrides, statements, membership, check, waitingSince, queuedAt);
    }

    public PromotionDecisions waitingSince(Instant when) {
        return new PromotionDecisions(
                requests, approvals, overrides, statements, membership, ticketCheck, when, queuedAt);
    }

    /** @param when null: it is not in the queue */
    PromotionDecisions queuedAt(Instant when) {
        return new PromotionDecisions(
                requests, approvals, overrides, statements, membership, ticketCheck, waitingSince, when);
    }

    /**
     * @param by the requester, for people to read: {@code user:bob}, {@code job:team-orders/orders/main#218}
     * @param people the ids of the people behind it, all of them; empty when no one could be established
     * @param reason may be null
     * @param ticket may be null
     * @param key identifies repeated requests, may be null
     * @param unknown whether a person is behind it who could not be established; null: exactly when {@code people} is
     *     empty. {@code false} with no people: it is known that no person requested it
     * @param withdrawn when its build withdrew it, null while it is valid; its people remain requesters
     * @param stated time of the last statement about the unknown people; that statement covers them while it counts;
     *     null: there is none
     * @param after id of the promotion whose success caused this automatic request; null: a person or a build requested
     *     it, or an older record has it in {@code by} only
     */
    public record Request(
            String by,
            Set<String> people,
            Instant at,
            String reason,
            String ticket,
            String key,
            Boolean unknown,
            Instant withdrawn,
            Instant stated,
            String after) {
        /** The prefix of {@code by} for an automatic request; older records have it only there. */
        private static final String AUTOMATIC = "automatic after ";

        public Request {
            people = Collections.unmodifiableSet(new TreeSet<>(people));
            // One form for one meaning: the form of older records where they could express it.
            unknown = unknown != null && unknown == people.isEmpty() ? null : unknown;
        }

        public Request(String by, Set<String> people, Instant at, String reason, String ticket, String key) {
            this(by, people, at, reason, ticket, key, null, null, null, null);
        }

        /**
         * The automatic request of a release after a promotion succeeded.
         *
         * @param succeeded id of that promotion
         * @param people the requesters of that promotion
         */
        public static Request automatic(
                String succeeded, Set<String> people, Instant at, String reason, String ticket, String key) {
            return new Request(AUTOMATIC + succeeded, people, at, reason, ticket, key, null, null, null, succeeded);
        }

        /** Id of the promotion whose success caused this automatic request; empty: a person or a build requested it. */
        public Optional<String> arrivedAfter() {
            return Optional.ofNullable(after)
                    .or(() -> by.startsWith(AUTOMATIC)
                            ? Optional.of(by.substring(AUTOMATIC.length()))
                            : Optional.empty());
        }

        /** The same request with another value of {@code unknown}. */
        public Request withUnknown(boolean anyone) {
            return new Request(by, people, at, reason, ticket, key, anyone, withdrawn, stated, after);
        }

        public boolean isUnknown() {
            return unknown == null ? people.isEmpty() : unknown;
        }

        /** This request with the maximum number of people; the others are unknown. */
        Request bounded() {
            return people.size() > LaneLimits.PEOPLE ? repeated(this) : this;
        }

        /** Whether {@code other} repeats this request: a build repeats its own request by the key of its step. */
        boolean isRepeatedBy(Request other) {
            return by.equals(other.by) && Objects.equals(key, other.key);
        }

        /**
         * This request as repeated by {@code later}: with its texts, the people of both, and unknown people still
         * unknown. A statement about this request covers the later one only when it comes from the same step of the
         * same build with the same people.
         */
        Request repeated(Request later) {
            var all = new TreeSet<>(people);
            all.addAll(later.people);
            boolean tooMany = all.size() > LaneLimits.PEOPLE;
            var kept = all.stream().limit(LaneLimits.PEOPLE).collect(Collectors.toSet());
            return new Request(
                    by,
                    kept,
                    at,
                    later.reason,
                    later.ticket == null ? ticket : later.ticket,
                    key,
                    isUnknown() || later.isUnknown() || tooMany,
                    null,
                    !tooMany && (!later.isUnknown() || key != null && all.equals(people)) ? stated : null,
                    after);
        }

        Request withdrawn(Instant when) {
            return new Request(by, people, at, reason, ticket, key, isUnknown(), when, stated, after);
        }

        /** This request with a statement, made at {@code when}, about its unknown people. */
        Request stated(Instant when) {
            return new Request(by, people, at, reason, ticket, key, true, withdrawn, when, after);
        }
    }

    /**
     * A decision, bound to the plan and rules that the person saw.
     *
     * @param comment may be null
     * @param voided why it no longer counts, null while it does
     * @param withdrawn whether its person withdrew it; null while it counts, and in older records, which have this in
     *     {@code voided} only
     */
    public record Approval(
            Person person,
            Instant at,
            String comment,
            String releaseDigest,
            String planDigest,
            String policyDigest,
            String voided,
            Boolean withdrawn) {
        private static final String WITHDRAWN = "withdrawn";

        public Approval(
                Person person,
                Instant at,
                String comment,
                String releaseDigest,
                String planDigest,
                String policyDigest,
                String voided) {
            this(person, at, comment, releaseDigest, planDigest, policyDigest, voided, null);
        }

        /** This approval, voided by a cause other than its person. */
        Approval because(String reason) {
            return new Approval(person, at, comment, releaseDigest, planDigest, policyDigest, reason, false);
        }

        /** @param reason may be null */
        Approval withdrawn(String reason) {
            String why = WITHDRAWN + (reason == null ? "" : ": " + reason);
            return new Approval(person, at, comment, releaseDigest, planDigest, policyDigest, why, true);
        }

        /** Whether the approver withdrew it, rather than a change that made it void. */
        public boolean isWithdrawn() {
            return withdrawn == null ? voided != null && voided.startsWith(WITHDRAWN) : withdrawn;
        }
    }

    /** One person's override, bound to the plan and rules that the person saw. */
    public record Override(
            Person person, Instant at, String reason, String ticket, String planDigest, String policyDigest) {}

    /**
     * The current groups of the people who decided, read before their decisions are carried out.
     *
     * @param number the number of queries so far
     * @param at when the query was made; once there is a result, when it came
     * @param answer null: not yet
     */
    public record Membership(int number, Instant at, Answer answer) {}

    /**
     * @param groups by user; without an entry for users that the directory cannot report on
     * @param gone users that no longer exist or are locked
     * @param failure why the query failed, null when it succeeded
     */
    public record Answer(Map<String, Set<String>> groups, Set<String> gone, String failure) {
        public Answer {
            groups = new TreeMap<>(groups);
            groups.replaceAll((user, in) -> Set.copyOf(in));
            gone = Set.copyOf(gone);
        }
    }

    /**
     * The tickets of the requests, compared with the patterns of the policy.
     *
     * @param patterns all of them, in the order of policy
     * @param ticket the first ticket that matches all patterns; null: there is none
     * @param unusable the first pattern that cannot be used, null when all can
     * @param problem the reason, as the rest of a sentence; null with {@code unusable}
     */
    public record TicketCheck(List<String> patterns, String ticket, String unusable, String problem) {
        public TicketCheck {
            patterns = List.copyOf(patterns);
        }
    }
}
