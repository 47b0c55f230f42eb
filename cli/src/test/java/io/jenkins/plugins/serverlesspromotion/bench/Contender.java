package io.jenkins.plugins.serverlesspromotion.bench;

/** Somebody who brings an application into the sandbox. */
interface Contender {
    String name();

    /** Brings the application with this code there: the same code as before is no change. */
    Run deploy(String code) throws Exception;
}
