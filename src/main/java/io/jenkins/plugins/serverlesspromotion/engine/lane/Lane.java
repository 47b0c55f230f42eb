package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceOwner;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything the engine knows about one lane.
 *
 * @param live what the lane's last successful promotion left there, null before the first
 * @param good what a rollback may return to, oldest first, without the one that is live
 * @param holds what keeps forward promotions waiting, oldest first
 * @param promotions those not over, in the order of their requests, and those that the last transition ended; each has an
 *     id of this lane
 * @param counted how many promotions this lane has had; the next id counts on from here
 * @param reviews what was let in by overriding gates and nobody has looked at yet
 * @param changes how many deployments have ended here, however they ended: a plan made before the last one is void
 * @param owns the resources in AWS that this lane has recorded as its own, in order; empty in older records
 */
public record Lane(
        LaneId id,
        Live live,
        List<Live> good,
        List<LaneHold> holds,
        List<Promotion> promotions,
        long counted,
        long changes,
        List<PostReview> reviews,
        List<OwnershipClaim> owns) {
    /** How many earlier releases a lane can return to. */
    static final int GOOD_KEPT = 20;

    /** How soon what was let in by overriding gates should be looked at. */
    static final Duration REVIEW_WITHIN = Duration.ofHours(24);

    public Lane {
        good = List.copyOf(good);
        holds = List.copyOf(holds);
        promotions = List.copyOf(promotions);
        reviews = reviews == null ? List.of() : List.copyOf(reviews);
        owns = owns == null ? List.of() : List.copyOf(owns);
        for (Promotion promotion : promotions) {
            if (!LaneId.ofPromotion(promotion.id()).equals(id)) {
                throw new IllegalArgumentException("'" + Shown.text(promotion.id()) + "' is not a promotion of "
                        + id.service() + " in " + id.environment());
            }
        }
    }

    /**
     * Without open reviews, and with nothing recorded as its own.
     *
     * @param hold null: there is none
     */
    public Lane(
            LaneId id, Live live, List<Live> good, Hold hold, List<Promotion> promotions, long counted, long changes) {
        this(id, live, good, hold, promotions, counted, changes, List.of());
    }

    /**
     * With nothing recorded as its own.
     *
     * @param hold null: there is none
     */
    public Lane(
            LaneId id,
            Live live,
            List<Live> good,
            Hold hold,
            List<Promotion> promotions,
            long counted,
            long changes,
            List<PostReview> reviews) {
        this(
                id,
                live,
                good,
                hold == null ? List.of() : List.of(hold.asLaneHold()),
                promotions,
                counted,
                changes,
                reviews,
                List.of());
    }

    /** As the owner of resources. */
    public ResourceOwner owner() {
        return new ResourceOwner(id.service(), id.environment());
    }

    public static Lane empty(LaneId id) {
        return new Lane(id, null, List.of(), null, List.of(), 0, 0);
    }

    /** The hold that a rollback by hand set, null when there is none. */
    public Hold hold() {
        return holds.stream()
                .filter(h -> h.kind() == LaneHold.Kind.ROLLBACK)
                .findFirst()
                .map(h -> new Hold(h.by(), h.since(), h.reason()))
                .orElse(null);
    }

    /** The releases that stand there or may, are promoted there, or are returned to. */
    public Set<ReleaseRef> releases() {
        var releases = new LinkedHashSet<ReleaseRef>();
        Stream.concat(Stream.ofNullable(live), good.stream()).forEach(standing -> {
            releases.add(standing.release());
            releases.addAll(standing.places().values());
        });
        promotions.forEach(promotion -> {
            releases.add(promotion.release());
            releases.add(promotion.before());
        });
        releases.remove(null);
        return releases;
    }

    public Optional<Promotion> promotion(String id) {
        return promotions.stream().filter(p -> p.id().equals(id)).findFirst();
    }

    /** The promotion that is changing the environment now. */
    public Optional<Promotion> running() {
        return promotions.stream().filter(p -> p.state().isRunning()).findFirst();
    }

    /**
     * @param promotion the one that brought it
     * @param places what is live place by place, where that differs after a deployment that was left half way; a
     *     null value: neither the old nor the new release as a whole
     */
    public record Live(ReleaseRef release, String promotion, Instant since, Map<String, ReleaseRef> places) {
        public Live {
            places = java.util.Collections.unmodifiableMap(new TreeMap<>(places));
        }
    }

    /**
     * A deployment that started although gates were closed; open until somebody has looked at it.
     *
     * @param at when it started
     * @param by ids of those who overrode the gates
     * @param gates what was closed, as {@link GateStatus.Kind#word}; a later version may have other kinds
     */
    public record PostReview(
            String promotion, ReleaseRef release, Instant at, List<String> by, List<String> gates, String reason) {
        public PostReview {
            by = List.copyOf(by);
            gates = List.copyOf(gates);
        }

        /** When somebody should have looked at it; it stays open after that too. */
        public Instant due() {
            return at.plus(REVIEW_WITHIN);
        }
    }

    /** The hold of a rollback by hand: it keeps forward promotions waiting until a person releases it. */
    public record Hold(String by, Instant since, String reason) {
        public LaneHold asLaneHold() {
            return new LaneHold(LaneHold.Kind.ROLLBACK, by, since, null, reason);
        }
    }
}
