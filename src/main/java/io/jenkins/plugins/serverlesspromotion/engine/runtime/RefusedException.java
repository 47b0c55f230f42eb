package io.jenkins.plugins.serverlesspromotion.engine.runtime;

/** The answer is no, and the message says why to whoever asked. The refusal is in the audit log already. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedException(String why) {
        super(why);
    }
}
