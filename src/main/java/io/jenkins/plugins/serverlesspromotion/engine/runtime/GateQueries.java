package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.OverrideStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.RoleProgress;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Answers questions about the current status of gates. Records nothing. */
final class GateQueries {
    private final Store store;
    private final GateContextLoader gateContextLoader;
    private final Clock clock;

    GateQueries(Store store, GateContextLoader gateContextLoader, Clock clock) {
        this.store = store;
        this.gateContextLoader = gateContextLoader;
        this.clock = clock;
    }

    List<GateStatus> gates(String promotion) {
        LaneId lane = LaneId.ofPromotion(promotion);
        return store.lane(lane)
                .promotion(promotion)
                .filter(p -> !p.state().isOver())
                .map(p -> Gates.of(store.lane(lane), p, gateContextLoader.around(lane), clock.instant()))
                .orElse(List.of());
    }

    GateExplanation explain(LaneId id, ReleaseRef release, PromotionDecisions.Request request, Person person) {
        Lane lane = store.lane(id);
        Optional<Promotion> open = lane.promotions().stream()
                .filter(p -> !p.state().isOver()
                        && p.kind() == Promotion.Kind.FORWARD
                        && p.release().digest().equals(release.digest()))
                .findFirst();
        Promotion promotion = open.orElseGet(() -> Promotion.requested(id, release, request));
        GateContext around = gateContextLoader.around(id, List.of(release));
        Instant now = clock.instant();
        return new GateExplanation(
                open,
                Gates.of(lane, promotion, around, now),
                Gates.roles(promotion, around, now),
                around.rules(),
                around.pause(),
                person == null
                        ? Optional.of("no one is logged in; log in first")
                        : Gates.whyNot(person, promotion, around, now),
                person != null && Gates.excludedAsAuthor(person, promotion, around, now));
    }

    Optional<String> whyNot(Person person, Promotion promotion) {
        return Gates.whyNot(
                person, promotion, gateContextLoader.around(LaneId.ofPromotion(promotion.id())), clock.instant());
    }

    boolean excludedAsAuthor(Person person, Promotion promotion) {
        return Gates.excludedAsAuthor(
                person, promotion, gateContextLoader.around(LaneId.ofPromotion(promotion.id())), clock.instant());
    }

    List<RoleProgress> roles(Promotion promotion) {
        return promotion.state().isOver()
                ? List.of()
                : Gates.roles(promotion, gateContextLoader.around(LaneId.ofPromotion(promotion.id())), clock.instant());
    }

    Optional<OverrideStatus> overrideStatus(Promotion promotion) {
        LaneId lane = LaneId.ofPromotion(promotion.id());
        return promotion.state().isOver()
                ? Optional.empty()
                : Gates.overrideStatus(store.lane(lane), promotion, gateContextLoader.around(lane), clock.instant());
    }

    Optional<String> whyNotOverride(Person person, Promotion promotion) {
        return Gates.whyNotOverride(
                person, promotion, gateContextLoader.around(LaneId.ofPromotion(promotion.id())), clock.instant());
    }

    StatementsWanted statementsWanted(Person person, Promotion promotion) {
        if (promotion.state().isOver()) {
            return StatementsWanted.NONE;
        }
        GateContext around = gateContextLoader.around(LaneId.ofPromotion(promotion.id()));
        Instant now = clock.instant();
        return new StatementsWanted(
                Gates.needsRequesters(promotion, around, now)
                        && Gates.whyNotState(person, promotion, around, now).isEmpty(),
                Gates.needsAuthors(promotion, around, now).stream()
                        .filter(release -> Gates.whyNotAttest(person, release, promotion, around, now)
                                .isEmpty())
                        .toList());
    }

    StatementsWanted statementsMissing(Promotion promotion) {
        if (promotion.state().isOver()) {
            return StatementsWanted.NONE;
        }
        GateContext around = gateContextLoader.around(LaneId.ofPromotion(promotion.id()));
        Instant now = clock.instant();
        return new StatementsWanted(
                Gates.needsRequesters(promotion, around, now), Gates.needsAuthors(promotion, around, now));
    }

    Optional<Instant> expiry(Promotion promotion) {
        return Gates.expiry(promotion, gateContextLoader.around(LaneId.ofPromotion(promotion.id())), clock.instant());
    }
}
