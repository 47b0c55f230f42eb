package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.runtime.GateExplanation;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;

/** The common content of {@code policy explain --json} and REST. */
public final class ExplanationDocument {
    private ExplanationDocument() {}

    public static JsonObject of(ReleaseExplanation explanation) {
        GateExplanation explained = explanation.explained();
        return new JsonObject()
                .with("release", explanation.release())
                .with("environment", explanation.environment())
                .with("promotion", explained.promotion().map(p -> p.id()).orElse(null))
                .with("open", explained.open())
                .with("gates", PromotionDocument.gates(explained.gates()))
                .with("paused", explained.pause() == null ? null : PromotionDocument.pause(explained.pause()))
                .with(
                        "user",
                        explanation.person() == null
                                ? null
                                : explanation.person().id())
                .with("youCannotApprove", explanation.youCannotApprove());
    }
}
