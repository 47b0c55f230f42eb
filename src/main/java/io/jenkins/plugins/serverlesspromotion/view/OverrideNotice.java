package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.OverrideStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Notice that the gates of a promotion were overridden and the post-review is due, or that an override is requested.
 *
 * @param review the open post-review; null: the deployment has not begun
 * @param progress of the override; null: the deployment has begun
 */
public record OverrideNotice(Promotion promotion, Lane.PostReview review, OverrideStatus progress) {
    /** Of one lane. {@code promotions} null: the engine does not run, so that requested overrides are not known. */
    public static List<OverrideNotice> of(ViewReader reader, Promotions promotions, Lane lane) {
        var notices = new ArrayList<OverrideNotice>();
        for (Lane.PostReview postReview : lane.reviews()) {
            reader.promotion(postReview.promotion())
                    .ifPresent(p -> notices.add(new OverrideNotice(p, postReview, null)));
        }
        for (Promotion p : lane.promotions()) {
            boolean begun = lane.reviews().stream().anyMatch(r -> r.promotion().equals(p.id()));
            if (promotions != null && !begun && !p.overrides().isEmpty()) {
                promotions
                        .overrideStatus(p)
                        .filter(g -> !g.words().isEmpty())
                        .ifPresent(g -> notices.add(new OverrideNotice(p, null, g)));
            }
        }
        return notices;
    }

    public boolean begun() {
        return review != null;
    }

    /** Whether nothing more is required for the gates to be overridden. */
    public boolean complete() {
        return begun() || progress.open();
    }

    /** When the review is due, or the override ends. */
    public Instant until() {
        return begun() ? review.due() : progress.until();
    }

    public boolean overdue(Instant now) {
        return begun() && now.isAfter(review.due());
    }

    /** Always highlighted after the deployment has begun. */
    public String word() {
        return begun() ? "BREAK-GLASS" : "break-glass";
    }

    /** Who overrides which gates, and why. */
    public String sentence(Instant now) {
        if (begun()) {
            String gates = review.gates().stream().map(GateNames::recorded).collect(Collectors.joining(", "));
            return "gates overridden by " + String.join(", ", review.by()) + " " + Wording.relative(review.at(), now)
                    + ": " + gates + ". " + review.reason();
        }
        String gates = GateNames.all(progress.closed());
        String people = progress.words().stream()
                .map(w -> w.override().person().id() + ": " + w.override().reason() + " ("
                        + w.override().ticket() + ")")
                .collect(Collectors.joining("; "));
        return progress.open()
                ? "overrides " + gates + ". " + people
                : progress.given() + " of " + progress.required() + " overrides of " + gates + " given. " + people
                        + ". Waiting for " + missing(progress);
    }

    /** The notice about one promotion, if any. */
    public static Optional<OverrideNotice> of(ViewReader reader, Promotions promotions, Promotion promotion) {
        Lane lane = reader.lane(LaneId.ofPromotion(promotion.id()));
        return of(reader, promotions, lane).stream()
                .filter(n -> n.promotion().id().equals(promotion.id()))
                .findFirst();
    }

    /** The meaning of {@link #until}; the relative time follows. */
    public String deadline(Instant now) {
        if (!begun()) {
            return progress.open() ? "the deployment must begin; the override ends" : "the override ends";
        }
        String day = Wording.moment(review.due(), ZoneId.systemDefault());
        return overdue(now) ? "POST-REVIEW OVERDUE since " + day + "," : "post-review due " + day + ",";
    }

    /** {@code 1 release-managers and 1 serviceOwner} */
    public static String missing(OverrideStatus progress) {
        return progress.missing().entrySet().stream()
                .map(OverrideNotice::people)
                .collect(Collectors.joining(" and "));
    }

    private static String people(Map.Entry<String, Integer> role) {
        return role.getValue() + " " + role.getKey();
    }
}
