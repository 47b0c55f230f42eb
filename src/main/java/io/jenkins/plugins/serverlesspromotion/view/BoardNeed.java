package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.OverrideStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Sentence;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A promotion that a person can continue or must review, and what it waits for.
 *
 * @param due when it has to happen; null: there is no such time
 */
public record BoardNeed(Kind kind, Promotion promotion, Sentence sentence, Instant due) {
    /** The urgent first. */
    public enum Kind {
        OVERRIDE("OVERRIDE"),
        REVIEW("REVIEW"),
        APPROVAL("APPROVAL");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** In REST and {@code --json}. */
        public String word() {
            return word;
        }
    }

    /** Whether its time has passed. */
    public boolean overdue(Instant now) {
        return due != null && now.isAfter(due);
    }

    /** For people, with times as they name them. */
    public String sentence(Instant now) {
        return sentence.written(
                at -> kind == Kind.REVIEW ? Wording.moment(at, ZoneId.systemDefault()) : Wording.relative(at, now),
                Wording::producer);
    }

    /** Of one lane. */
    static List<BoardNeed> of(ViewReader reader, Promotions promotions, Viewer viewer, Lane lane, Instant now) {
        var needs = new ArrayList<BoardNeed>();
        for (Promotion promotion : lane.promotions()) {
            if (promotion.state() == Promotion.State.WAITING) {
                override(promotions, viewer, promotion).ifPresent(needs::add);
                approval(promotions, viewer.person(), promotion).ifPresent(needs::add);
            }
        }
        LaneId id = lane.id();
        LaneRules rules = reader.policy()
                .flatMap(policy -> LaneRules.of(policy, id.service(), id.environment()))
                .orElse(null);
        for (Lane.PostReview postReview : lane.reviews()) {
            if (Gates.whyNotReview(viewer.person(), postReview, rules).isEmpty()) {
                var sentence = Sentence.of(
                                now.isAfter(postReview.due())
                                        ? "post-review of an override OVERDUE; it was due"
                                        : "post-review of an override due")
                        .at(postReview.due());
                reader.promotion(postReview.promotion())
                        .ifPresent(p -> needs.add(new BoardNeed(Kind.REVIEW, p, sentence, postReview.due())));
            }
        }
        return needs;
    }

    /** Someone requested to override gates, and this person's confirmation is required. */
    private static Optional<BoardNeed> override(Promotions promotions, Viewer viewer, Promotion promotion) {
        if (promotion.overrides().isEmpty() || !viewer.overrides()) {
            return Optional.empty();
        }
        Person person = viewer.person();
        return promotions
                .overrideStatus(promotion)
                .filter(g -> !g.open() && !g.words().isEmpty() && !confirmed(g, person))
                .filter(g -> promotions.whyNotOverride(person, promotion).isEmpty())
                .map(g -> new BoardNeed(
                        Kind.OVERRIDE,
                        promotion,
                        Sentence.of("break-glass: your confirmation is required to override gates; still required: "
                                + OverrideNotice.missing(g)),
                        g.until()));
    }

    private static boolean confirmed(OverrideStatus overrideStatus, Person person) {
        return overrideStatus.words().stream()
                .anyMatch(w -> w.override().person().id().equals(person.id()));
    }

    private static Optional<BoardNeed> approval(Promotions promotions, Person person, Promotion promotion) {
        if (promotion.standing().stream().anyMatch(a -> a.person().id().equals(person.id()))
                || promotions.whyNot(person, promotion).isPresent()) {
            return Optional.empty();
        }
        List<GateStatus> open = promotions.gates(promotion.id()).stream()
                .filter(g -> g.result() != GateStatus.GateResult.PASSED && !g.opensByItself())
                .toList();
        // A promotion that also waits for something else than time does not need this person yet.
        return open.size() == 1 && open.get(0).kind() == GateStatus.Kind.APPROVAL
                ? Optional.of(
                        new BoardNeed(Kind.APPROVAL, promotion, open.get(0).detail(), null))
                : Optional.empty();
    }
}
