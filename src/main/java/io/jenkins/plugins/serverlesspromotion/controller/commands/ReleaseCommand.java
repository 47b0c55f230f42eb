package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.AbortException;
import hudson.cli.CLICommand;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ReleaseText;
import org.jvnet.localizer.Localizable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.access.AccessDeniedException;

/**
 * A command of {@code jenkins-cli} about releases. It decides nothing itself; its exit codes are those of Jenkins' own
 * commands: 3 for unknown names or invalid arguments, 4 when the answer could not be determined, 5 when the answer is
 * no, 6 without permission.
 */
@Restricted(NoExternalUse.class)
public abstract class ReleaseCommand extends CLICommand {
    private final String name;
    private final Localizable description;

    ReleaseCommand(String name, Localizable description) {
        this.name = name;
        this.description = description;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getShortDescription() {
        return description.toString();
    }

    /** Carries out the command and prints the result. */
    abstract void act() throws DecisionException;

    @Override
    protected int run() throws Exception {
        try {
            act();
            return 0;
        } catch (DecisionException e) {
            switch (e.kind()) {
                case UNKNOWN, WRONG -> throw new IllegalArgumentException(e.getMessage(), e);
                case NOT_A_PERSON -> throw new AccessDeniedException(e.getMessage(), e);
                case UNAVAILABLE -> throw new IllegalStateException(e.getMessage(), e);
                default -> {
                    var no = new AbortException(e.getMessage());
                    no.initCause(e);
                    throw no;
                }
            }
        }
    }

    /** Prints the current state of the promotion. */
    void report(String promotion) throws DecisionException {
        ReleaseText.promotion(promotion).forEach(stdout::println);
    }
}
