package io.jenkins.plugins.serverlesspromotion.controller.releases.rest;

import io.jenkins.plugins.serverlesspromotion.controller.configuration.Proposals;
import io.jenkins.plugins.serverlesspromotion.controller.drift.DriftService;
import io.jenkins.plugins.serverlesspromotion.controller.releases.ReleasesAction;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Board;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.Review;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RecordPage;
import io.jenkins.plugins.serverlesspromotion.format.json.DriftDocument;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.format.json.PromotionDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The answers of REST. A member may be added, none changes its meaning; what is absent is left out. */
final class Documents {
    private Documents() {}

    /** What is known of a promotion without its plan and gates. */
    static JsonObject promotion(Promotion p) {
        return PromotionDocument.of(p).with("url", ReleasesAction.urlOf(p.id()));
    }

    /** @param person who asks, null when that is not a person */
    static Map<String, Object> review(Review review, Promotions promotions, Person person) {
        var document = promotion(review.promotion());
        return document.with(
                        "live",
                        review.live() == null ? null : review.live().release().id())
                .with("plan", review.plan() == null ? null : PromotionDocument.plan(review.plan()))
                .with("gates", PromotionDocument.gates(review.gates()))
                .with("paused", review.pause() == null ? null : PromotionDocument.pause(review.pause()))
                .with("glass", glass(promotions, review.promotion()))
                .with("commits", review.commits())
                .with("authors", List.copyOf(review.authors()))
                .with("publishers", review.publishers())
                .with("user", person == null ? null : person.id())
                .with(
                        "youCannotApprove",
                        person == null || promotions == null ? null : review.whyNotApprove(promotions, person))
                .with("expires", review.expires());
    }

    /** Null where nobody can override anything, and when it is over. */
    private static JsonObject glass(Promotions promotions, Promotion promotion) {
        return promotions == null
                ? null
                : promotions.glass(promotion).map(PromotionDocument::glass).orElse(null);
    }

    /** @param next the first service of the next page, null: there is none */
    static Map<String, Object> board(Board board, Person person, String next) {
        var services = new ArrayList<>();
        board.cells().forEach((service, cells) -> {
            var lanes = new ArrayList<>();
            cells.forEach((environment, cell) -> lanes.add(lane(environment, cell)));
            services.add(new JsonObject().with("service", service).with("environments", lanes));
        });
        var needs = new ArrayList<>();
        board.needs()
                .forEach(n -> needs.add(new JsonObject()
                        .with("promotion", n.promotion().id())
                        .with("kind", kind(n.kind()))
                        .with("sentence", n.sentence())
                        .with("due", n.due())));
        return new JsonObject()
                .with("user", person == null ? null : person.id())
                .with("needsYou", needs)
                .with(
                        "pauses",
                        board.pauses().stream().map(PromotionDocument::pause).toList())
                .with("services", services)
                .with("next", next);
    }

    private static Map<String, Object> lane(String environment, Board.Cell cell) {
        Lane lane = cell.lane();
        JsonObject live = null;
        if (lane.live() != null) {
            var places = new LinkedHashMap<String, Object>();
            lane.live().places().forEach((place, release) -> places.put(place, release == null ? null : release.id()));
            live = new JsonObject()
                    .with("release", lane.live().release().id())
                    .with("version", lane.live().release().version())
                    .with("digest", lane.live().release().digest())
                    .with("promotion", lane.live().promotion())
                    .with("since", lane.live().since())
                    .with("places", places);
        }
        return new JsonObject()
                .with("environment", environment)
                .with("placed", cell.placed())
                .with("live", live)
                .with("hold", lane.hold())
                .with(
                        "reviews",
                        lane.reviews().isEmpty()
                                ? null
                                : lane.reviews().stream()
                                        .map(PromotionDocument::review)
                                        .toList())
                .with(
                        "drift",
                        DriftService.get()
                                .reading(lane.id())
                                .filter(r -> r.isAbout(lane))
                                .map(DriftDocument::of)
                                .orElse(null))
                .with(
                        "promotions",
                        cell.open().stream().map(Documents::promotion).toList())
                .with("endedBadly", cell.ended() == null ? null : promotion(cell.ended()))
                .with(
                        "canReturnTo",
                        lane.good().stream().map(l -> l.release().version()).toList());
    }

    /** What somebody proposed to change, without the content itself. */
    static Map<String, Object> change(Proposal proposal) {
        return new JsonObject()
                .with("id", proposal.id())
                .with("by", proposal.made().by())
                .with("at", proposal.at())
                .with("differences", proposal.made().differences())
                .with("problems", Proposals.problems(proposal))
                .with("current", Proposals.isCurrent(proposal));
    }

    static Map<String, Object> audit(RecordPage page) {
        return new JsonObject()
                .with("records", page.records())
                .with("more", page.next() != null)
                .with("next", page.next());
    }

    private static String kind(Board.Kind kind) {
        return switch (kind) {
            case OVERRIDE -> "OVERRIDE";
            case REVIEW -> "REVIEW";
            case APPROVAL -> "APPROVAL";
        };
    }
}
