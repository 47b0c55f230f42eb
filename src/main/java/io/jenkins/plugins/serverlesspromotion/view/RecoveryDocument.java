package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Infirmary;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import java.util.List;

/** The common content of {@code --json} and REST about stuck stacks. */
public final class RecoveryDocument {
    private RecoveryDocument() {}

    public static JsonObject of(List<Recoverer.Diagnosis> stacks) {
        return new JsonObject().with("stacks", stacks);
    }

    /** The result of a recovery. */
    public static JsonObject of(Infirmary.RecoveryRequest recoveryRequest, Recoverer.RecoveryResult recoveryResult) {
        return new JsonObject()
                .with("stack", recoveryRequest.stack())
                .with("choice", recoveryRequest.choice().word())
                .with("state", recoveryResult.state())
                .with("good", recoveryResult.good())
                .with("detail", recoveryResult.detail())
                .with("requests", recoveryResult.requests());
    }
}
