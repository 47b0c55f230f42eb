package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The documents of REST and {@code --json}. Members may be added, but none changes its meaning. Absent values are left
 * out.
 */
public final class ViewDocuments {
    private final UnaryOperator<String> address;
    private final Predicate<Promotion> interrupted;

    /** @param address of a promotion's page, by its id; returns null where there are no pages */
    public ViewDocuments(UnaryOperator<String> address) {
        this(address, promotion -> false);
    }

    /** @param interrupted whether work on a promotion was begun and no process continues it */
    public ViewDocuments(UnaryOperator<String> address, Predicate<Promotion> interrupted) {
        this.address = address;
        this.interrupted = interrupted;
    }

    /** The facts about a promotion without its plan and gates. */
    public JsonObject promotion(Promotion p) {
        return PromotionDocument.of(p)
                .with("interrupted", interrupted.test(p) ? true : null)
                .with("url", address.apply(p.id()));
    }

    /** With plan, gates, and the possible actions of {@code review.person()}. */
    public JsonObject review(ReviewFacts review) {
        return promotion(review.promotion())
                .with(
                        "live",
                        review.live() == null ? null : review.live().release().id())
                .with("plan", review.plan() == null ? null : PromotionDocument.plan(review.plan()))
                .with("gates", PromotionDocument.gates(review.gates()))
                .with("paused", review.pause() == null ? null : PromotionDocument.pause(review.pause()))
                .with("override", review.override() == null ? null : PromotionDocument.override(review.override()))
                .with("commits", review.commits())
                .with("authors", List.copyOf(review.authors()))
                .with("publishers", review.publishers())
                .with("user", review.person() == null ? null : review.person().id())
                .with("youCannotApprove", review.youCannotApprove())
                .with("expires", review.expires());
    }

    /** @param next the first service of the next page, null: there is none */
    public JsonObject board(ReleaseBoard board, String next) {
        var services = new ArrayList<>();
        board.cells().forEach((service, cells) -> {
            var lanes = new ArrayList<>();
            cells.forEach((environment, cell) -> lanes.add(lane(board, environment, cell)));
            services.add(new JsonObject().with("service", service).with("environments", lanes));
        });
        return new JsonObject()
                .with("user", board.person() == null ? null : board.person().id())
                .with(
                        "needsYou",
                        board.needs().stream().map(ViewDocuments::need).toList())
                .with(
                        "pauses",
                        board.pauses().stream().map(PromotionDocument::pause).toList())
                .with(
                        "freezes",
                        board.freezes().isEmpty()
                                ? null
                                : board.freezes().stream()
                                        .map(ViewDocuments::freeze)
                                        .toList())
                .with("services", services)
                .with("next", next);
    }

    private static JsonObject need(BoardNeed need) {
        return new JsonObject()
                .with("promotion", need.promotion().id())
                .with("kind", need.kind().word())
                .with("sentence", need.sentence().toString())
                .with("due", need.due());
    }

    private static JsonObject freeze(ReleaseBoard.ActiveFreeze freeze) {
        return new JsonObject()
                .with("name", freeze.freeze().name())
                .with("environments", freeze.freeze().environments())
                .with("exempt", freeze.freeze().exempt())
                .with("until", freeze.end());
    }

    private JsonObject lane(ReleaseBoard board, String environment, ReleaseBoard.Cell cell) {
        Lane lane = cell.lane();
        return new JsonObject()
                .with("environment", environment)
                .with("placed", cell.placed())
                .with("live", live(lane.live()))
                .with("hold", lane.hold())
                .with(
                        "soaks",
                        cell.soaks().isEmpty()
                                ? null
                                : cell.soaks().stream()
                                        .map(s -> new JsonObject()
                                                .with("before", s.next())
                                                .with("until", s.end()))
                                        .toList())
                .with(
                        "reviews",
                        lane.reviews().isEmpty()
                                ? null
                                : lane.reviews().stream()
                                        .map(PromotionDocument::review)
                                        .toList())
                .with("drift", drift(cell.drift()))
                .with("leftBehind", DriftDocument.leftBehind(cell.leftBehind()))
                .with(
                        "promotions",
                        cell.open().stream().map(p -> open(board, p)).toList())
                .with("endedBadly", cell.ended() == null ? null : promotion(cell.ended()))
                .with("canReturnTo", versions(lane.good()));
    }

    private static JsonObject drift(DriftReading reading) {
        return reading == null ? null : DriftDocument.of(reading);
    }

    private static JsonObject live(Lane.Live live) {
        if (live == null) {
            return null;
        }
        var places = new LinkedHashMap<String, Object>();
        live.places().forEach((place, release) -> places.put(place, release == null ? null : release.id()));
        return new JsonObject()
                .with("release", live.release().id())
                .with("version", live.release().version())
                .with("digest", live.release().digest())
                .with("promotion", live.promotion())
                .with("since", live.since())
                .with("places", places);
    }

    private static List<String> versions(List<Lane.Live> good) {
        return good.stream().map(l -> l.release().version()).toList();
    }

    private JsonObject open(ReleaseBoard board, Promotion promotion) {
        JsonObject override = board.overrides().stream()
                .filter(n -> !n.begun() && n.promotion().id().equals(promotion.id()))
                .findFirst()
                .map(n -> PromotionDocument.override(n.progress()))
                .orElse(null);
        return promotion(promotion).with("override", override);
    }
}
