package io.jenkins.plugins.serverlesspromotion.controller;

import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;

/** Lets the running engine work in accounts that a test has made up. */
public final class TestAccounts {
    private TestAccounts() {}

    /** The store is opened anew; what it holds stays. */
    public static void install(Deployer accounts) {
        EngineLifecycle.get().reopenWith(accounts);
    }
}
