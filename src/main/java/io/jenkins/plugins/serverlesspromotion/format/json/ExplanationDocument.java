package io.jenkins.plugins.serverlesspromotion.format.json;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.GateExplanation;

/** The common content of {@code policy explain --json} and REST. */
public final class ExplanationDocument {
    private ExplanationDocument() {}

    /**
     * @param release id: {@code orders@1.4.2}
     * @param person for whom it was explained, null: the system account
     */
    public static JsonObject of(String release, String environment, GateExplanation explained, Person person) {
        return new JsonObject()
                .with("release", release)
                .with("environment", environment)
                .with("promotion", explained.promotion().map(p -> p.id()).orElse(null))
                .with("open", explained.open())
                .with("gates", PromotionDocument.gates(explained.gates()))
                .with("paused", explained.pause() == null ? null : PromotionDocument.pause(explained.pause()))
                .with("user", person == null ? null : person.id())
                .with("youCannotApprove", explained.whyNot().orElse(null));
    }
}
