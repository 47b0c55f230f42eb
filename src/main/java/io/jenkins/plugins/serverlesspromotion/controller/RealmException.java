package io.jenkins.plugins.serverlesspromotion.controller;

/** The security realm does not answer. The message is a sentence for people. */
final class RealmException extends Exception {
    private static final long serialVersionUID = 1L;

    RealmException(String why) {
        super(why);
    }
}
