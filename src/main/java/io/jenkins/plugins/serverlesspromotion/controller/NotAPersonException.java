package io.jenkins.plugins.serverlesspromotion.controller;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The user behind a request is not a person, or not identified surely enough. The message is a sentence for the
 * requester.
 */
@Restricted(NoExternalUse.class)
public final class NotAPersonException extends Exception {
    private static final long serialVersionUID = 1L;

    NotAPersonException(String why) {
        super(why);
    }
}
