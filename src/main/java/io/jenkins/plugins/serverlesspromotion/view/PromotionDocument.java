package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.OverrideStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The common content of {@code --json} and REST about a promotion. Members may be added, but none changes its meaning;
 * absent values are left out.
 */
public final class PromotionDocument {
    private PromotionDocument() {}

    /** The facts about a promotion without its plan and gates. */
    public static JsonObject of(Promotion p) {
        LaneId lane = LaneId.ofPromotion(p.id());
        return new JsonObject()
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
                .with("requestersStated", p.requestersStated().isEmpty() ? null : p.requestersStated())
                .with("authorsAttested", p.authorsAttested().isEmpty() ? null : p.authorsAttested())
                .with("attempt", p.deployment() == null ? null : p.deployment().attempt())
                .with("steps", p.deployment() == null ? null : steps(p))
                .with("checks", p.deployment() == null ? null : checks(p));
    }

    private static List<Object> checks(Promotion p) {
        var checks = new ArrayList<>();
        p.deployment()
                .checks()
                .forEach(c -> checks.add(new JsonObject()
                        .with("check", c.result().check())
                        .with("place", c.result().place())
                        .with("passed", c.result().held())
                        .with("attempts", c.result().attempts())
                        .with("millis", c.result().millis())
                        .with("answer", c.result().answer())
                        .with("difference", c.result().difference())
                        .with("digest", c.result().digest())
                        .with("at", c.at())));
        return checks;
    }

    private static List<Object> steps(Promotion p) {
        var steps = new ArrayList<>();
        p.deployment()
                .steps()
                .forEach(s -> steps.add(new JsonObject()
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

    public static JsonObject plan(Plan plan) {
        var targets = new ArrayList<>();
        plan.targets()
                .forEach(t -> targets.add(new JsonObject()
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
        return new JsonObject()
                .with("digest", plan.digest())
                .with("complete", plan.complete())
                .with("problems", plan.problems())
                .with("targets", targets);
    }

    public static List<JsonObject> gates(List<GateStatus> gates) {
        return gates.stream()
                .map(g -> new JsonObject()
                        .with("gate", g.gate())
                        .with("verdict", g.result())
                        .with("sentence", g.sentence())
                        .with("helpers", g.helpers())
                        .with("until", g.until())
                        .with("overridden", g.isOverridden()))
                .toList();
    }

    public static JsonObject pause(Pause pause) {
        return new JsonObject()
                .with("scope", pause.scope())
                .with("by", pause.by())
                .with("since", pause.since())
                .with("reason", pause.reason());
    }

    /** @param remaining what is still paused */
    public static JsonObject resumed(String scope, List<Pause> remaining) {
        return new JsonObject()
                .with("resumed", scope)
                .with("pauses", remaining.stream().map(PromotionDocument::pause).toList());
    }

    /** The open post-reviews of overridden gates. */
    public static JsonObject review(Lane.PostReview postReview) {
        return new JsonObject()
                .with("promotion", postReview.promotion())
                .with("release", postReview.release().id())
                .with("at", postReview.at())
                .with("people", postReview.by())
                .with("gates", postReview.gates())
                .with("reason", postReview.reason())
                .with("due", postReview.due());
    }

    /** The progress of an override. */
    public static JsonObject override(OverrideStatus overrideStatus) {
        return new JsonObject()
                .with("open", overrideStatus.open())
                .with(
                        "closed",
                        overrideStatus.closed().stream()
                                .map(GateStatus.Kind::word)
                                .toList())
                .with("given", overrideStatus.given())
                .with("required", overrideStatus.required())
                .with("missing", overrideStatus.missing())
                .with("until", overrideStatus.until())
                .with(
                        "people",
                        overrideStatus.words().stream()
                                .map(w -> new JsonObject()
                                        .with("id", w.override().person().id())
                                        .with("until", w.until()))
                                .toList());
    }
}
