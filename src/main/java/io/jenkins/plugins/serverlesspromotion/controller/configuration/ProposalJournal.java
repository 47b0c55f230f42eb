package io.jenkins.plugins.serverlesspromotion.controller.configuration;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.engine.port.Proposal;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.ConfigurationChanges;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.policy.TreeDifferences;
import java.io.IOException;
import java.util.List;

/** Reads and writes the proposed changes in the journal; {@link Proposals} accepts them and carries them out. */
final class ProposalJournal {
    private ProposalJournal() {}

    /** All open proposals, oldest first; empty when the store cannot be read. */
    static List<Proposal> open() {
        return EngineLifecycle.get().store().map(Store::proposals).orElse(List.of());
    }

    /** @param by a user's id */
    static void propose(Configured before, Configured after, String by) throws IOException {
        changes()
                .propose(
                        by,
                        before.digest(),
                        TreeDifferences.between(before.whole(), after.whole()),
                        ConfigurationContent.of(after));
    }

    /** @throws IOException when the journal is not open for writing */
    static ConfigurationChanges changes() throws IOException {
        return EngineLifecycle.get()
                .promotions()
                .map(Promotions::configurationChanges)
                .orElseThrow(() -> new IOException("the journal is not open for writing: "
                        + EngineLifecycle.get().trouble().orElse("Jenkins is starting or stopping")));
    }
}
