package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;

/** The external systems: the artifact store, the deployer, drift checks and stack recovery. */
interface Ports extends AutoCloseable {
    Deployer deployer();

    ArtifactStore artifacts();

    Inspector inspector();

    Recoverer recoverer();

    @Override
    void close();
}
