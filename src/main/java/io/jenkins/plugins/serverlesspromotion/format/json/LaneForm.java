package io.jenkins.plugins.serverlesspromotion.format.json;

import com.fasterxml.jackson.databind.util.StdConverter;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneHold;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import java.util.List;

/**
 * The form of a lane in the journal. Format 1 has one hold, that of a rollback. Other holds are in {@code holds}, which
 * only format 2 has; then there is no {@code hold}.
 */
public record LaneForm(
        LaneId id,
        Lane.Live live,
        List<Lane.Live> good,
        Lane.Hold hold,
        List<Promotion> promotions,
        long counted,
        long changes,
        List<Lane.PostReview> reviews,
        List<OwnershipClaim> owns,
        List<LaneHold> holds) {
    public LaneForm {
        // Checked here, because Jackson reports the exception of a constructor, but not that of a converter.
        good = List.copyOf(good);
        promotions = List.copyOf(promotions);
        holds = holds == null ? List.of() : List.copyOf(holds);
        if (hold != null && !holds.isEmpty()) {
            throw new IllegalArgumentException("a lane has both \"hold\" and \"holds\"");
        }
    }

    /** For writing. */
    public static final class Of extends StdConverter<Lane, LaneForm> {
        @Override
        public LaneForm convert(Lane lane) {
            List<LaneHold> expressible =
                    lane.hold() == null ? List.of() : List.of(lane.hold().asLaneHold());
            boolean old = lane.holds().equals(expressible);
            return new LaneForm(
                    lane.id(),
                    lane.live(),
                    lane.good(),
                    old ? lane.hold() : null,
                    lane.promotions(),
                    lane.counted(),
                    lane.changes(),
                    lane.reviews(),
                    lane.owns(),
                    old ? List.of() : lane.holds());
        }
    }

    /** For reading. */
    public static final class Back extends StdConverter<LaneForm, Lane> {
        @Override
        public Lane convert(LaneForm form) {
            return new Lane(
                    form.id(),
                    form.live(),
                    form.good(),
                    form.hold() == null ? form.holds() : List.of(form.hold().asLaneHold()),
                    form.promotions(),
                    form.counted(),
                    form.changes(),
                    form.reviews(),
                    form.owns());
        }
    }
}
