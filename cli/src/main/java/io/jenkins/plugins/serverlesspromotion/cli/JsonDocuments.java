package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.format.json.PromotionDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answers of {@code --json}. Their members are documented in docs/reference/json.md: one may be added, none
 * changes its meaning. What is absent is left out.
 */
final class JsonDocuments {
    private JsonDocuments() {}

    static Map<String, Object> of(String name, Object value) {
        return new JsonObject().with(name, value);
    }

    static Map<String, Object> review(ReviewModel reviewModel) {
        var document = PromotionDocument.of(reviewModel.promotion());
        return document.with(
                        "live",
                        reviewModel.live() == null ? null : reviewModel.live().release().id())
                .with("plan", reviewModel.plan() == null ? null : PromotionDocument.plan(reviewModel.plan()))
                .with("gates", PromotionDocument.gates(reviewModel.gates()))
                .with("paused", reviewModel.pause() == null ? null : PromotionDocument.pause(reviewModel.pause()))
                .with("user", reviewModel.person().id())
                .with("youCannotApprove", reviewModel.whyNot())
                .with("expires", reviewModel.expires())
                .with("next", reviewModel.next());
    }

    static Map<String, Object> planned(PlanAnswer answer) {
        return new JsonObject()
                .with("release", answer.release())
                .with("environment", answer.environment())
                .with("live", answer.live())
                .with("plan", PromotionDocument.plan(answer.plan()));
    }

    static Map<String, Object> published(Published p, boolean again) {
        return new JsonObject()
                .with("release", p.ref().id())
                .with("service", p.ref().service())
                .with("version", p.ref().version())
                .with("digest", p.ref().digest())
                .with("number", p.ref().number())
                .with("publishedBefore", again)
                .with("at", p.at())
                .with("by", p.by())
                .with("store", p.store())
                .with("artifacts", artifacts(p))
                .with("provenance", p.provenance());
    }

    private static List<Object> artifacts(Published p) {
        var all = new ArrayList<>();
        p.release()
                .artifacts()
                .forEach(a -> all.add(new JsonObject()
                        .with("path", a.path())
                        .with("digest", a.digest())
                        .with("size", a.size())
                        .with("storeVersion", p.versions().get(a.digest()))));
        return all;
    }

    static Map<String, Object> board(BoardModel boardModel) {
        var services = new ArrayList<>();
        boardModel.cells().forEach((service, cells) -> {
            var lanes = new ArrayList<>();
            cells.forEach((environment, cell) -> lanes.add(lane(environment, cell)));
            services.add(new JsonObject().with("service", service).with("environments", lanes));
        });
        var needs = new ArrayList<>();
        boardModel.needs()
                .forEach(n -> needs.add(
                        new JsonObject().with("promotion", n.promotion().id()).with("sentence", n.sentence())));
        return new JsonObject()
                .with("user", boardModel.person().id())
                .with("needsYou", needs)
                .with(
                        "pauses",
                        boardModel.pauses().stream().map(PromotionDocument::pause).toList())
                .with("services", services);
    }

    private static Map<String, Object> lane(String environment, BoardModel.Cell cell) {
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
                        "promotions",
                        lane.promotions().stream()
                                .filter(p -> !p.state().isOver())
                                .map(PromotionDocument::of)
                                .toList())
                .with("endedBadly", cell.ended() == null ? null : PromotionDocument.of(cell.ended()))
                .with(
                        "canReturnTo",
                        lane.good().stream().map(l -> l.release().version()).toList());
    }
}
