package io.jenkins.plugins.serverlesspromotion.controller.releases.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Deployment;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The current status of a promotion, for the script of its page.
 *
 * @param fingerprint of the page; when it differs from the one of the loaded page, more has changed than steps, and the
 *     script reloads the page
 */
public record LiveStatus(String fingerprint, String state, boolean over, String since, List<Step> steps) {
    /** @param lines the newest progress lines of the step, newest first */
    record Step(String key, String word, String icon, String colour, String detail, String since, List<String> lines) {}

    public static LiveStatus of(Promotion promotion, Instant now) {
        List<Step> steps = promotion.deployment() == null
                ? List.of()
                : promotion.deployment().steps().stream()
                        .map(s -> step(promotion.id(), s, now))
                        .toList();
        return new LiveStatus(
                fingerprint(promotion),
                Wording.word(promotion.state()),
                promotion.state().isOver(),
                Words.moment(promotion.since(), now).relative(),
                steps);
    }

    private static Step step(String promotion, Deployment.Step step, Instant now) {
        Words.Mark mark = Words.mark(step.status());
        return new Step(
                step.key(),
                mark.word(),
                mark.icon(),
                mark.colour(),
                step.detail(),
                Words.moment(step.since(), now).relative(),
                RecentLines.of(promotion, step.key()));
    }

    public static String fingerprint(Promotion p) {
        return Integer.toHexString(Objects.hash(
                p.state().toString(),
                p.why(),
                p.planning().number(),
                p.plan() == null ? null : p.plan().digest(),
                p.approvals(),
                p.overrides(),
                p.requests().size(),
                p.deployment() == null ? 0 : p.deployment().attempt(),
                p.deployment() == null ? null : p.deployment().abort()));
    }

    /** For the script of the page. */
    public JsonObject document() {
        return new JsonObject()
                .with("fingerprint", fingerprint)
                .with("state", state)
                .with("over", over)
                .with("since", since)
                .with(
                        "steps",
                        steps.stream()
                                .map(s -> new JsonObject()
                                        .with("key", s.key())
                                        .with("word", s.word())
                                        .with("icon", s.icon())
                                        .with("colour", s.colour())
                                        .with("detail", s.detail())
                                        .with("since", s.since())
                                        .with("lines", s.lines()))
                                .toList());
    }
}
