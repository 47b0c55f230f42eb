package io.jenkins.plugins.serverlesspromotion.controller;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** There is nobody in person behind a request, or not surely enough. The message is a sentence to whoever asked. */
@Restricted(NoExternalUse.class)
public final class NotAPersonException extends Exception {
    private static final long serialVersionUID = 1L;

    NotAPersonException(String why) {
        super(why);
    }
}
