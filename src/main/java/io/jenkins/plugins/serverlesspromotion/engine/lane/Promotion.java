package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One attempt to bring one release into one lane.
 *
 * @param kind forward, or a rollback by hand
 * @param since when it entered {@code state}
 * @param why the sentence that explains the state, may be null
 * @param before the live release when its deployment began, to which an automatic rollback returns; null: none
 * @param deployment null before DEPLOYING
 */
public record Promotion(
        String id,
        Kind kind,
        ReleaseRef release,
        State state,
        Instant since,
        String why,
        ReleaseRef before,
        PromotionPlanning planning,
        PromotionDecisions decisions,
        Deployment deployment) {
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
        /** The operation was refused or failed. */
        FAILED("FAILED"),
        ROLLING_BACK("ROLLING_BACK"),
        ROLLED_BACK("ROLLED_BACK"),
        ROLLBACK_FAILED("ROLLBACK_FAILED"),
        /** The outcome is unknown. */
        ERRORED("ERRORED");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** The name in texts of the journal, whatever the Java constant is called. */
        @java.lang.Override
        public String toString() {
            return text;
        }

        /** Whether it has ended. */
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

    /** A promotion that {@code request} would create, before any result; it has no number of its own. */
    public static Promotion requested(LaneId lane, ReleaseRef release, PromotionDecisions.Request request) {
        return requested(lane.service() + "." + lane.environment(), Kind.FORWARD, release, request, request.at());
    }

    static Promotion requested(
            String id, Kind kind, ReleaseRef release, PromotionDecisions.Request request, Instant now) {
        return new Promotion(
                id,
                kind,
                release,
                State.REQUESTED,
                now,
                null,
                null,
                PromotionPlanning.NONE,
                PromotionDecisions.requested(List.of(request)),
                null);
    }

    Promotion moved(State to, Instant when, String because) {
        return new Promotion(id, kind, release, to, when, because, before, planning, decisions, deployment);
    }

    Promotion with(PromotionPlanning next) {
        return new Promotion(id, kind, release, state, since, why, before, next, decisions, deployment);
    }

    public Promotion with(PromotionDecisions next) {
        return new Promotion(id, kind, release, state, since, why, before, planning, next, deployment);
    }

    Promotion with(Deployment next) {
        return new Promotion(id, kind, release, state, since, why, before, planning, decisions, next);
    }

    /** @param live the live release when its deployment begins, null: none */
    Promotion after(ReleaseRef live) {
        return new Promotion(id, kind, release, state, since, why, live, planning, decisions, deployment);
    }

    /** The last plan, null before the first. */
    public PromotionPlanning.Planned plan() {
        return planning.plan();
    }

    public List<PromotionDecisions.Request> requests() {
        return decisions.requests();
    }

    public List<PromotionDecisions.Approval> approvals() {
        return decisions.approvals();
    }

    public List<PromotionDecisions.Override> overrides() {
        return decisions.overrides();
    }

    /** When it last entered the queue, null when it is not in it. */
    public Instant queuedAt() {
        return decisions.queuedAt();
    }

    public PromotionDecisions.Membership membership() {
        return decisions.membership();
    }

    public List<PeopleStatements.RequestersStatement> requestersStated() {
        return decisions.statements().requestersStated();
    }

    public List<PeopleStatements.AuthorsAttestation> authorsAttested() {
        return decisions.statements().authorsAttested();
    }

    /** Ids of all requesters, including those that a statement names. */
    public Set<String> requesters() {
        return Stream.concat(
                        requests().stream().flatMap(r -> r.people().stream()),
                        requestersStated().stream().flatMap(s -> s.people().stream()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether a requester could not be established, whatever was stated since for this promotion. */
    public boolean hadUnknownRequester() {
        return requests().stream().anyMatch(PromotionDecisions.Request::isUnknown);
    }

    /** The approvals that nothing has voided. */
    public List<PromotionDecisions.Approval> standing() {
        return decisions.standing();
    }
}
