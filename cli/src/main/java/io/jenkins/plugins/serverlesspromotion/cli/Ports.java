package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;

/** The outside world: where artifacts go, what deploys them and what looks after them. */
interface Ports extends AutoCloseable {
    Deployer deployer();

    ArtifactStore artifacts();

    Inspector inspector();

    Recoverer recoverer();

    @Override
    void close();
}
