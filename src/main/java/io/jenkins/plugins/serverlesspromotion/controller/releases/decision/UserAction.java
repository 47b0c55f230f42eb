package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

/** The action of a button on a page, or of a POST to REST. */
@FunctionalInterface
public interface UserAction {
    void run() throws DecisionException;
}
