package io.jenkins.plugins.serverlesspromotion.controller;

import io.jenkins.plugins.serverlesspromotion.view.Wording;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Text of people, templates and AWS on one line, so that it cannot steer a terminal or forge a line of a log. */
@Restricted(NoExternalUse.class)
public final class SingleLine {
    private SingleLine() {}

    /** Puts a space in the place of each control character. */
    public static String of(String text) {
        return Wording.line(text);
    }
}
