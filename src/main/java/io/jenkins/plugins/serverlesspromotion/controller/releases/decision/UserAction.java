package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

/** What the button of a page, or a POST to REST, does. */
@FunctionalInterface
public interface UserAction {
    void run() throws DecisionException;
}
