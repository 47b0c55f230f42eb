package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;

/** The outside world: where artifacts go and what deploys them. */
interface Ports extends AutoCloseable {
    Deployer deployer();

    ArtifactStore artifacts();

    @Override
    void close();
}
