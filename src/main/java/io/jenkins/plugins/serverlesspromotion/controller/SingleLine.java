package io.jenkins.plugins.serverlesspromotion.controller;

import io.jenkins.plugins.serverlesspromotion.view.Wording;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Puts text of people, templates and AWS on one line, so that it cannot control a terminal or forge a line of a log.
 */
@Restricted(NoExternalUse.class)
public final class SingleLine {
    private SingleLine() {}

    /** Replaces each control character by a space. */
    public static String of(String text) {
        return Wording.line(text);
    }
}
