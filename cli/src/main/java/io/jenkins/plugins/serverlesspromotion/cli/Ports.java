package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;

/** The external systems: the artifact store, the deployer, drift checks and stack recovery. */
interface Ports extends AutoCloseable {
    Deployer deployer();

    ArtifactStore artifacts();

    Inspector inspector();

    Recoverer recoverer();

    AccountChecker accounts();

    @Override
    void close();
}
