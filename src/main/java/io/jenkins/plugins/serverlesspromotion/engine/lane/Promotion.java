package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One attempt to bring one release into one lane.
 *
 * @param kind forward, or a rollback by hand
 * @param since when it came into {@code state}
 * @param why the sentence that explains the state, may be null
 * @param before what was live when it was requested to deploy: where an automatic rollback returns to; null: nothing
 * @param requests everyone who asked, first first
 * @param planning how often it was planned
 * @param plan the last plan, null before the first
 * @param waitingSince since when people can decide: when they first could, or when an approval last became void or was
 *     taken back. Expiry counts from here; null before
 * @param queuedAt when it last entered the queue, null when it is not in it
 * @param deployment null before DEPLOYING
 * @param stale how often a deployment found that the plan no longer held
 * @param overrides what people said to override closed gates, newest last
 * @param membership what the directory of users was asked about those who decided, null: nothing yet
 * @param ticketCheck whether the tickets of the requests have the form that policy asks for; null: it asks for none, and
 *     in older records
 * @param requestersStated who asked, where that could not be established, as people stated it; oldest first
 * @param authorsAttested who wrote a release, where that could not be established, as people stated it; oldest first
 */
public record Promotion(
        String id,
        Kind kind,
        ReleaseRef release,
        State state,
        Instant since,
        String why,
        ReleaseRef before,
        List<Request> requests,
        int planning,
        Planned plan,
        List<Approval> approvals,
        Instant waitingSince,
        Instant queuedAt,
        Deployment deployment,
        int stale,
        List<Override> overrides,
        Membership membership,
        TicketCheck ticketCheck,
        List<RequestersStatement> requestersStated,
        List<AuthorsAttestation> authorsAttested) {
    public Promotion {
        requests = List.copyOf(requests);
        approvals = List.copyOf(approvals);
        overrides = overrides == null ? List.of() : List.copyOf(overrides);
        requestersStated = requestersStated == null ? List.of() : List.copyOf(requestersStated);
        authorsAttested = authorsAttested == null ? List.of() : List.copyOf(authorsAttested);
    }

    /** One for which nobody overrides anything. */
    public Promotion(
            String id,
            Kind kind,
            ReleaseRef release,
            State state,
            Instant since,
            String why,
            ReleaseRef before,
            List<Request> requests,
            int planning,
            Planned plan,
            List<Approval> approvals,
            Instant waitingSince,
            Instant queuedAt,
            Deployment deployment,
            int stale) {
        this(
                id,
                kind,
                release,
                state,
                since,
                why,
                before,
                requests,
                planning,
                plan,
                approvals,
                waitingSince,
                queuedAt,
                deployment,
                stale,
                List.of(),
                null,
                null,
                List.of(),
                List.of());
    }

    /**
     * A person's statement of who asked, for this promotion only. That person does not count in its quorum. Whether the
     * statement counts is decided when a gate is evaluated.
     *
     * @param at no two statements for a promotion have the same time: it tells which requests a statement covers
     * @param people ids, names or addresses of those who asked; empty: no person did
     * @param publishers how many publishers of the release it covers, the oldest first; 0 when none was unknown
     */
    public record RequestersStatement(Person person, Instant at, Set<String> people, String reason, int publishers) {
        public RequestersStatement {
            people = java.util.Collections.unmodifiableSet(new TreeSet<>(people));
        }
    }

    /**
     * A person's statement of who wrote a release, for this promotion only. That person does not count in its quorum.
     * Whether it counts is decided when a gate is evaluated.
     *
     * @param release id: {@code orders@1.4.2}
     * @param people ids, names or addresses of those who wrote it
     */
    public record AuthorsAttestation(Person person, Instant at, String release, Set<String> people, String reason) {
        public AuthorsAttestation {
            people = java.util.Collections.unmodifiableSet(new TreeSet<>(people));
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

    public enum Kind {
        FORWARD,
        ROLLBACK
    }

    public enum State {
        REQUESTED("REQUESTED"),
        PLANNING("PLANNING"),
        WAITING("WAITING"),
        QUEUED("QUEUED"),
        DEPLOYING("DEPLOYING"),
        VERIFYING("VERIFYING"),
        SUCCEEDED("SUCCEEDED"),
        REJECTED("REJECTED"),
        EXPIRED("EXPIRED"),
        SUPERSEDED("SUPERSEDED"),
        ABORTED("ABORTED"),
        /** The answer is no. */
        FAILED("FAILED"),
        ROLLING_BACK("ROLLING_BACK"),
        ROLLED_BACK("ROLLED_BACK"),
        ROLLBACK_FAILED("ROLLBACK_FAILED"),
        /** We could not find out. */
        ERRORED("ERRORED");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** As texts in the journal have it, whatever the constant is called in Java. */
        @java.lang.Override
        public String toString() {
            return text;
        }

        /** Whether nothing can happen to it any more. */
        public boolean isOver() {
            return switch (this) {
                case SUCCEEDED, REJECTED, EXPIRED, SUPERSEDED, ABORTED, FAILED, ROLLED_BACK, ROLLBACK_FAILED, ERRORED ->
                    true;
                default -> false;
            };
        }

        /** Whether it is changing the environment. */
        public boolean isRunning() {
            return this == DEPLOYING || this == VERIFYING || this == ROLLING_BACK;
        }
    }

    /** One that {@code request} would make, before anything came of it; it has no number of its own. */
    public static Promotion asked(LaneId lane, ReleaseRef release, Request request) {
        return asked(lane.service() + "." + lane.environment(), Kind.FORWARD, release, request, request.at());
    }

    static Promotion asked(String id, Kind kind, ReleaseRef release, Request request, Instant now) {
        return new Promotion(
                id,
                kind,
                release,
                State.REQUESTED,
                now,
                null,
                null,
                List.of(request),
                0,
                null,
                List.of(),
                null,
                null,
                null,
                0);
    }

    /** Ids of every person who asked for it, those included who were stated to have asked. */
    public Set<String> requesters() {
        return Stream.concat(
                        requests.stream().flatMap(r -> r.people().stream()),
                        requestersStated.stream().flatMap(s -> s.people().stream()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether a person asked who could not be established, whatever was stated since for this promotion. */
    public boolean hadUnknownRequester() {
        return requests.stream().anyMatch(Request::isUnknown);
    }

    /** The approvals that nothing has voided. */
    public List<Approval> standing() {
        return approvals.stream().filter(a -> a.voided() == null).toList();
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
            people = java.util.Collections.unmodifiableSet(new TreeSet<>(people));
            // One form for one meaning, and the form of older records where they could express it.
            unknown = unknown != null && unknown == people.isEmpty() ? null : unknown;
        }

        public Request(String by, Set<String> people, Instant at, String reason, String ticket, String key) {
            this(by, people, at, reason, ticket, key, null, null, null, null);
        }

        /** The request of a release that comes by itself after {@code succeeded}, in the name of those who asked for it there. */
        public static Request automatic(Promotion succeeded, Instant at, String reason, String ticket, String key) {
            return new Request(
                    AUTOMATIC + succeeded.id(),
                    succeeded.requesters(),
                    at,
                    reason,
                    ticket,
                    key,
                    null,
                    null,
                    null,
                    succeeded.id());
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
     * What of a plan the lane must remember; the whole plan stands in the journal record that brought it.
     *
     * @param basis what the plan was made against (see {@code LaneDraft.basis}): when that changes, the plan is void
     * @param findings the kinds of risk findings in it, each once; null: of a version that did not remember them
     * @param claims what the lane must own to carry it out; null: of a version that did not record owners
     */
    public record Planned(
            String digest,
            Instant at,
            String basis,
            List<Plan.Problem> problems,
            List<PlannedStep> steps,
            List<String> findings,
            List<OwnershipClaim> claims) {
        public Planned {
            problems = List.copyOf(problems);
            steps = List.copyOf(steps);
            findings = findings == null ? null : List.copyOf(findings);
            claims = claims == null ? null : List.copyOf(claims);
        }

        /** One of a version that did not record owners. */
        public Planned(
                String digest,
                Instant at,
                String basis,
                List<Plan.Problem> problems,
                List<PlannedStep> steps,
                List<String> findings) {
            this(digest, at, basis, problems, steps, findings, null);
        }

        Planned claiming(List<OwnershipClaim> found) {
            return new Planned(digest, at, basis, problems, steps, findings, found);
        }

        static Planned of(Plan plan, String basis, Instant now) {
            return new Planned(
                    plan.digest(),
                    now,
                    basis,
                    plan.problems(),
                    plan.targets().stream()
                            .map(t -> new PlannedStep(t.key(), t.wave(), t.after()))
                            .toList(),
                    plan.targets().stream()
                            .flatMap(t -> t.content().findings().stream())
                            .map(Plan.Finding::kind)
                            .distinct()
                            .sorted()
                            .toList(),
                    plan.targets().stream()
                            .flatMap(t -> t.claims().stream())
                            .distinct()
                            .sorted()
                            .toList());
        }
    }

    public record PlannedStep(String key, int wave, List<String> after) {
        public PlannedStep {
            after = List.copyOf(after);
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

    /**
     * @param attempt from 1; client tokens derive from it
     * @param steps in plan order
     * @param verified how many waves have succeeded, checks included
     * @param openAt when the next wave may start
     * @param abort who asked to stop and why, null when nobody did
     * @param checks what was asked and answered in this attempt, in that order; empty in older records
     * @param owns what the lane owned when it began: undoing may write to exactly this, whatever changed since; empty in
     *     older records
     */
    public record Deployment(
            int attempt,
            List<Step> steps,
            int verified,
            Instant openAt,
            String abort,
            List<Checked> checks,
            List<OwnershipClaim> owns) {
        public Deployment {
            steps = List.copyOf(steps);
            checks = checks == null ? List.of() : List.copyOf(checks);
            owns = owns == null ? List.of() : List.copyOf(owns);
        }

        /** One of a version that did not record owners. */
        public Deployment(
                int attempt, List<Step> steps, int verified, Instant openAt, String abort, List<Checked> checks) {
            this(attempt, steps, verified, openAt, abort, checks, List.of());
        }

        /** One in which nothing was checked yet. */
        public Deployment(int attempt, List<Step> steps, int verified, Instant openAt, String abort) {
            this(attempt, steps, verified, openAt, abort, List.of());
        }

        Deployment with(List<Step> now) {
            return new Deployment(attempt, now, verified, openAt, abort, checks, owns);
        }

        Deployment verified(int waves, Instant opens) {
            return new Deployment(attempt, steps, waves, opens, abort, checks, owns);
        }

        Deployment aborted(String why) {
            return new Deployment(attempt, steps, verified, openAt, why, checks, owns);
        }

        Deployment checked(List<Checked> all) {
            return new Deployment(attempt, steps, verified, openAt, abort, all, owns);
        }

        Deployment owning(List<OwnershipClaim> pinned) {
            return new Deployment(attempt, steps, verified, openAt, abort, checks, pinned);
        }

        public int waves() {
            return steps.stream().mapToInt(Step::wave).max().orElse(0) + 1;
        }
    }

    /** @param at when it was known */
    public record Checked(Instant at, CheckResult result) {}

    /**
     * @param returnTo the release that undoing returns this place to, null when there was none
     * @param outputs what later targets may refer to
     * @param detail what happened, as a sentence, null while nothing has
     * @param requests AWS request ids of the writes, for the audit
     */
    public record Step(
            String key,
            int wave,
            List<String> after,
            Status status,
            Instant since,
            ReleaseRef returnTo,
            Map<String, String> outputs,
            String detail,
            List<String> requests) {
        public Step {
            after = List.copyOf(after);
            outputs = java.util.Collections.unmodifiableMap(new TreeMap<>(outputs));
            requests = List.copyOf(requests);
        }

        Step at(Status next, Instant now) {
            return new Step(key, wave, after, next, now, returnTo, outputs, detail, requests);
        }

        Step returningTo(ReleaseRef release) {
            return new Step(key, wave, after, status, since, release, outputs, detail, requests);
        }

        /** {@code orders-prod/eu-west-1} */
        public String place() {
            return key.substring(0, key.lastIndexOf('/'));
        }

        public String target() {
            return key.substring(key.lastIndexOf('/') + 1);
        }
    }

    public enum Status {
        PENDING("PENDING"),
        RUNNING("RUNNING"),
        DONE("DONE"),
        /** It was already as the plan wants it; nothing was written. */
        UNCHANGED("UNCHANGED"),
        FAILED("FAILED"),
        /** What is there could not be found out. */
        ERRORED("ERRORED"),
        /** The plan no longer held; nothing was written. */
        STALE("STALE"),
        UNDOING("UNDOING"),
        UNDONE("UNDONE"),
        UNDO_FAILED("UNDO_FAILED");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /** As texts in the journal have it, whatever the constant is called in Java. */
        @java.lang.Override
        public String toString() {
            return text;
        }

        /** Whether the step came to the end that was wanted. */
        public boolean isGood() {
            return this == DONE || this == UNCHANGED;
        }

        /** Whether something may have been written for it. */
        public boolean isTouched() {
            return switch (this) {
                case PENDING, UNCHANGED, STALE -> false;
                default -> true;
            };
        }
    }
}
