package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Surroundings.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Inspections;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answers of {@code --json}. Their members are documented in docs/user/command-line.md: one may be added, none
 * changes its meaning. What is absent is left out.
 */
final class Documents {
    private Documents() {}

    /** A map that leaves out nulls. */
    private static final class Members extends LinkedHashMap<String, Object> {
        private static final long serialVersionUID = 1L;

        Members with(String name, Object value) {
            if (value != null) {
                put(name, value);
            }
            return this;
        }
    }

    static Map<String, Object> of(String name, Object value) {
        return new Members().with(name, value);
    }

    /** What a look at a lane found. */
    static Map<String, Object> drift(Inspections.Report report) {
        return new Members()
                .with("service", report.lane().service())
                .with("environment", report.lane().environment())
                .with("release", report.release().id())
                .with("verdict", report.verdict())
                .with("targets", report.targets());
    }

    /** What is known of a promotion without its plan and gates. */
    static Map<String, Object> promotion(Promotion p) {
        LaneId lane = LaneId.ofPromotion(p.id());
        return new Members()
                .with("id", p.id())
                .with("service", lane.service())
                .with("environment", lane.environment())
                .with("kind", p.kind())
                .with("release", p.release().id())
                .with("version", p.release().version())
                .with("releaseDigest", p.release().digest())
                .with("state", p.state())
                .with("over", p.state().isOver())
                .with("since", p.since())
                .with("why", p.why())
                .with("before", p.before() == null ? null : p.before().id())
                .with("planDigest", p.plan() == null ? null : p.plan().digest())
                .with("requests", p.requests())
                .with("approvals", p.approvals())
                .with("overrides", p.overrides().isEmpty() ? null : p.overrides())
                .with("attempt", p.deployment() == null ? null : p.deployment().attempt())
                .with("steps", p.deployment() == null ? null : steps(p));
    }

    private static List<Object> steps(Promotion p) {
        var steps = new ArrayList<>();
        p.deployment()
                .steps()
                .forEach(s -> steps.add(new Members()
                        .with("key", s.key())
                        .with("wave", s.wave() + 1)
                        .with("status", s.status())
                        .with("since", s.since())
                        .with("detail", s.detail())
                        .with(
                                "returnTo",
                                s.returnTo() == null ? null : s.returnTo().id())
                        .with("outputs", s.outputs())
                        .with("requests", s.requests())));
        return steps;
    }

    static Map<String, Object> review(Review review) {
        var document = (Members) promotion(review.promotion());
        return document.with(
                        "live",
                        review.live() == null ? null : review.live().release().id())
                .with("plan", review.plan() == null ? null : plan(review.plan()))
                .with("gates", review.gates())
                .with("paused", review.pause() == null ? null : pause(review.pause()))
                .with("user", review.person().id())
                .with("youCannotApprove", review.whyNot())
                .with("expires", review.expires())
                .with("next", review.next());
    }

    static Map<String, Object> planned(PlanCommand.Answer answer) {
        return new Members()
                .with("release", answer.release())
                .with("environment", answer.environment())
                .with("live", answer.live())
                .with("plan", plan(answer.plan()));
    }

    private static Map<String, Object> plan(Plan plan) {
        var targets = new ArrayList<>();
        plan.targets()
                .forEach(t -> targets.add(new Members()
                        .with("key", t.key())
                        .with("kind", t.kind())
                        .with("wave", t.wave() + 1)
                        .with("after", t.after())
                        .with("subject", t.content().subject())
                        .with("exactness", t.content().exactness())
                        .with("unchanged", t.content().unchanged())
                        .with("values", t.content().values())
                        .with("pins", t.content().pins())
                        .with("changes", t.content().changes())
                        .with("findings", t.content().findings())));
        return new Members()
                .with("digest", plan.digest())
                .with("complete", plan.complete())
                .with("problems", plan.problems())
                .with("targets", targets);
    }

    static Map<String, Object> pause(Pause pause) {
        return new Members()
                .with("scope", pause.scope())
                .with("by", pause.by())
                .with("since", pause.since())
                .with("reason", pause.reason());
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
                .with("pauses", board.pauses().stream().map(Documents::pause).toList())
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
                                .map(Documents::promotion)
                                .toList())
                .with("endedBadly", cell.ended() == null ? null : promotion(cell.ended()))
                .with(
                        "canReturnTo",
                        lane.good().stream().map(l -> l.release().version()).toList());
    }
}
