package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.format.Members;
import io.jenkins.plugins.serverlesspromotion.format.PromotionDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answers of {@code --json}. Their members are documented in docs/reference/json.md: one may be added, none
 * changes its meaning. What is absent is left out.
 */
final class Documents {
    private Documents() {}

    static Map<String, Object> of(String name, Object value) {
        return new Members().with(name, value);
    }

    static Map<String, Object> review(Review review) {
        var document = PromotionDocument.of(review.promotion());
        return document.with(
                        "live",
                        review.live() == null ? null : review.live().release().id())
                .with("plan", review.plan() == null ? null : PromotionDocument.plan(review.plan()))
                .with("gates", PromotionDocument.gates(review.gates()))
                .with("paused", review.pause() == null ? null : PromotionDocument.pause(review.pause()))
                .with("user", review.person().id())
                .with("youCannotApprove", review.whyNot())
                .with("expires", review.expires())
                .with("next", review.next());
    }

    static Map<String, Object> planned(PlanAnswer answer) {
        return new Members()
                .with("release", answer.release())
                .with("environment", answer.environment())
                .with("live", answer.live())
                .with("plan", PromotionDocument.plan(answer.plan()));
    }

    static Map<String, Object> published(Published p, boolean again) {
        return new Members()
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
                .forEach(a -> all.add(new Members()
                        .with("path", a.path())
                        .with("digest", a.digest())
                        .with("size", a.size())
                        .with("storeVersion", p.versions().get(a.digest()))));
        return all;
    }

    static Map<String, Object> board(Board board) {
        var services = new ArrayList<>();
        board.cells().forEach((service, cells) -> {
            var lanes = new ArrayList<>();
            cells.forEach((environment, cell) -> lanes.add(lane(environment, cell)));
            services.add(new Members().with("service", service).with("environments", lanes));
        });
        var needs = new ArrayList<>();
        board.needs()
                .forEach(n -> needs.add(
                        new Members().with("promotion", n.promotion().id()).with("sentence", n.sentence())));
        return new Members()
                .with("user", board.person().id())
                .with("needsYou", needs)
                .with(
                        "pauses",
                        board.pauses().stream().map(PromotionDocument::pause).toList())
                .with("services", services);
    }

    private static Map<String, Object> lane(String environment, Board.Cell cell) {
        Lane lane = cell.lane();
        Members live = null;
        if (lane.live() != null) {
            var places = new LinkedHashMap<String, Object>();
            lane.live().places().forEach((place, release) -> places.put(place, release == null ? null : release.id()));
            live = new Members()
                    .with("release", lane.live().release().id())
                    .with("version", lane.live().release().version())
                    .with("digest", lane.live().release().digest())
                    .with("promotion", lane.live().promotion())
                    .with("since", lane.live().since())
                    .with("places", places);
        }
        return new Members()
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
