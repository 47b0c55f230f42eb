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
 * Who requested a promotion, and what people decided about it.
 *
 * @param requests of everyone who asked, first first
 * @param overrides of closed gates, newest last
 * @param statements about requesters and authors that could not be established
 * @param membership what the directory of users was asked about those who decided, null: nothing yet
 * @param ticketCheck whether the tickets of the requests have the form that policy asks for; null: it asks for none, and
 *     in older records
 * @param waitingSince since when people can decide: when they first could, or when an approval last became void or was
 *     taken back. Expiry counts from here; null before
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

    /** Of a promotion about which nothing is decided yet. */
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

    /** @param check null: policy asks for no form of tickets */
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
     * @param by who or what asked, for people to read: {@code user:bob}, {@code job:team-orders/orders/main#218}
     * @param people the ids of the people behind it, all of them; empty when nobody could be established
     * @param reason may be null
     * @param ticket may be null
     * @param key makes asking twice the same request, may be null
     * @param unknown whether a person is behind it who could not be established; null: exactly when {@code people} is
     *     empty. {@code false} with no people: it is known that no person asked
     * @param withdrawn when its build took it back, null while it stands; its people remain requesters
     * @param stated when a person stated last who the unknown ones are: it is the statement with this time, and covers
     *     them while it counts; null: no person did
     * @param after id of the promotion after whose success the release came here by itself; null: somebody asked, or a
     *     record that says so in {@code by} only
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
        /** How {@code by} begins where the release came by itself; older records say it nowhere else. */
        private static final String AUTOMATIC = "automatic after ";

        public Request {
            people = Collections.unmodifiableSet(new TreeSet<>(people));
            // One form for one meaning, and the form of older records where they could express it.
            unknown = unknown != null && unknown == people.isEmpty() ? null : unknown;
        }

        public Request(String by, Set<String> people, Instant at, String reason, String ticket, String key) {
            this(by, people, at, reason, ticket, key, null, null, null, null);
        }

        /**
         * The request of a release that comes by itself after a promotion succeeded.
         *
         * @param succeeded id of that promotion
         * @param people those who requested that one
         */
        public static Request automatic(
                String succeeded, Set<String> people, Instant at, String reason, String ticket, String key) {
            return new Request(AUTOMATIC + succeeded, people, at, reason, ticket, key, null, null, null, succeeded);
        }

        /** Id of the promotion after whose success the release came here by itself; empty: somebody asked. */
        public Optional<String> arrivedAfter() {
            return Optional.ofNullable(after)
                    .or(() -> by.startsWith(AUTOMATIC)
                            ? Optional.of(by.substring(AUTOMATIC.length()))
                            : Optional.empty());
        }

        /** The same request, behind which a person is, or is not, who could not be established. */
        public Request withUnknown(boolean anyone) {
            return new Request(by, people, at, reason, ticket, key, anyone, withdrawn, stated, after);
        }

        public boolean isUnknown() {
            return unknown == null ? people.isEmpty() : unknown;
        }

        /** This request with as many people as one may have; the others are unknown. */
        Request bounded() {
            return people.size() > LaneLimits.PEOPLE ? repeated(this) : this;
        }

        /** Whether {@code other} repeats this request: a build repeats its own by the key of its step. */
        boolean isRepeatedBy(Request other) {
            return by.equals(other.by) && Objects.equals(key, other.key);
        }

        /**
         * This request as {@code later} repeats it: the texts are the later ones, the people are all of both, and who is
         * unknown stays unknown. A statement about this one covers the later one only when it is the same step of the same
         * build with the same people.
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

        /** This request, of which a person stated at {@code when} who its unknown people are. */
        Request stated(Instant when) {
            return new Request(by, people, at, reason, ticket, key, true, withdrawn, when, after);
        }
    }

    /**
     * A decision, bound to what was looked at.
     *
     * @param comment may be null
     * @param voided why it no longer counts, null while it does
     * @param withdrawn whether its person took it back; null while it counts, and in records that say so in
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

        /** This approval, which something else than its person made void. */
        Approval because(String reason) {
            return new Approval(person, at, comment, releaseDigest, planDigest, policyDigest, reason, false);
        }

        /** @param reason may be null */
        Approval takenBack(String reason) {
            String why = WITHDRAWN + (reason == null ? "" : ": " + reason);
            return new Approval(person, at, comment, releaseDigest, planDigest, policyDigest, why, true);
        }

        /** Whether it was taken back by whoever gave it, rather than void by something that changed. */
        public boolean isWithdrawn() {
            return withdrawn == null ? voided != null && voided.startsWith(WITHDRAWN) : withdrawn;
        }
    }

    /** One person's word that gates may be passed, bound to what was looked at. */
    public record Override(
            Person person, Instant at, String reason, String ticket, String planDigest, String policyDigest) {}

    /**
     * Which groups those who decided are in, read again before what they decided is carried out.
     *
     * @param number counts how often it was asked for
     * @param at when it was asked for; when the answer came, once there is one
     * @param answer null: not yet
     */
    public record Membership(int number, Instant at, Answer answer) {}

    /**
     * @param groups by user; of those that the directory cannot say anything about there is no entry
     * @param gone users that there are no more, or that are locked
     * @param failure why the directory could not be asked, null when it could
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
     * @param ticket the first that all patterns match; null: there is none
     * @param unusable the first pattern that cannot be used, null when all can
     * @param problem why not, as the rest of a sentence; null with {@code unusable}
     */
    public record TicketCheck(List<String> patterns, String ticket, String unusable, String problem) {
        public TicketCheck {
            patterns = List.copyOf(patterns);
        }
    }
}
