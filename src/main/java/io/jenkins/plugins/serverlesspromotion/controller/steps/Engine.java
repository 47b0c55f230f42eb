package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.AbortException;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.util.Optional;

/** The services of the engine that a step needs, all available. */
record Engine(Promotions promotions, Store store, ArtifactStore artifacts) {

    /** The engine does not run now, but may run again soon. */
    static final class UnavailableException extends AbortException {
        private static final long serialVersionUID = 1L;

        UnavailableException(String message) {
            super(message);
        }
    }

    /** @throws UnavailableException with the problem of the store, when nothing can be requested now */
    static Engine now() throws UnavailableException {
        EngineLifecycle engine = EngineLifecycle.get();
        Optional<Promotions> promotions = engine.promotions();
        Optional<Store> store = engine.store();
        Optional<ArtifactStore> artifacts = engine.artifacts();
        if (promotions.isEmpty() || store.isEmpty() || artifacts.isEmpty()) {
            throw new UnavailableException("Serverless Promotion does not work now: "
                    + engine.trouble().orElse("Jenkins is starting or stopping")
                    + ". Ask the administrators of Jenkins");
        }
        return new Engine(promotions.get(), store.get(), artifacts.get());
    }

    Optional<Policy> policy() {
        return store.policy().map(Entry.PolicyApplied::policy);
    }
}
