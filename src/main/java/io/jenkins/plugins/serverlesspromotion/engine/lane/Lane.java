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
 * The complete state of one lane in the engine.
 *
 * @param live the result of the lane's last successful promotion, null before the first
 * @param good the releases that a rollback may return to, oldest first, without the live one
 * @param holds the holds that keep forward promotions pending, oldest first
 * @param promotions the promotions that have not ended, in the order of their requests, and those that the last
 *     transition ended; each has an id of this lane
 * @param counted how many promotions this lane has had; the next id continues from here
 * @param reviews open post-reviews of overridden gates
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
    /** The number of earlier releases that a lane can return to. */
    static final int GOOD_KEPT = 20;

    /** How soon the post-review of overridden gates is due. */
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
     * A lane without open reviews and without recorded resources.
     *
     * @param hold null: there is none
     */
    public Lane(
            LaneId id, Live live, List<Live> good, Hold hold, List<Promotion> promotions, long counted, long changes) {
        this(id, live, good, hold, promotions, counted, changes, List.of());
    }

    /**
     * A lane without recorded resources.
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

    /** The lane as the owner of resources. */
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

    /** The releases that are live or may be live, are promoted, or can be returned to. */
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
     * @param promotion the promotion that deployed it
     * @param places the live releases place by place, where they differ after a deployment that was left incomplete; a
     *     null value: a mix of the old and the new release
     */
    public record Live(ReleaseRef release, String promotion, Instant since, Map<String, ReleaseRef> places) {
        public Live {
            places = java.util.Collections.unmodifiableMap(new TreeMap<>(places));
        }
    }

    /**
     * A deployment that started although gates were closed; open until its post-review is closed.
     *
     * @param at when it started
     * @param by ids of those who overrode the gates
     * @param gates the closed gates, as {@link GateStatus.Kind#word}; a later version may have other kinds
     */
    public record PostReview(
            String promotion, ReleaseRef release, Instant at, List<String> by, List<String> gates, String reason) {
        public PostReview {
            by = List.copyOf(by);
            gates = List.copyOf(gates);
        }

        /** When the post-review is due; it stays open after that too. */
        public Instant due() {
            return at.plus(REVIEW_WITHIN);
        }
    }

    /** The hold of a rollback by hand: it keeps forward promotions pending until a person releases it. */
    public record Hold(String by, Instant since, String reason) {
        public LaneHold asLaneHold() {
            return new LaneHold(LaneHold.Kind.ROLLBACK, by, since, null, reason);
        }
    }
}
