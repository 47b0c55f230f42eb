package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.AbortException;
import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.SingleLine;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.RecoveryDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.view.ReleaseText;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/**
 * {@code jenkins-cli promotion-recover}; its exit code is 5 when a stack is stuck or the recovery action did not help.
 */
@Extension
@Restricted(NoExternalUse.class)
public class PromotionRecover extends ReleaseCommand {
    @Argument(metaVar = "SERVICE", required = true, usage = "The service")
    public String service;

    @Option(name = "--in", metaVar = "ENVIRONMENT", required = true, usage = "The environment")
    public String environment;

    @Option(name = "--stack", metaVar = "NAME", depends = "--do", usage = "The stack to recover")
    public String stack;

    @Option(
            name = "--do",
            metaVar = "CHOICE",
            depends = {"--stack", "--reason"},
            usage = "continue-rollback, skip-resources, roll-back, delete or delete-and-retain")
    public String choice;

    @Option(name = "--resource", metaVar = "ID", depends = "--do", usage = "To skip or to retain; may be repeated")
    public List<String> resources = new ArrayList<>();

    @Option(name = "--confirm", metaVar = "NAME", depends = "--do", usage = "The stack's name once more, to delete it")
    public String confirmation;

    @Option(name = "--reason", metaVar = "TEXT", depends = "--do", usage = "Why, for the audit log")
    public String reason;

    /** Why the command fails; null when it does not. */
    private String no;

    public PromotionRecover() {
        super("promotion-recover", Messages._Doctor_description());
    }

    /** The same by another name. */
    PromotionRecover(String name) {
        super(name, Messages._Doctor_description());
    }

    @Override
    void act() throws DecisionException {
        if (choice == null) {
            List<Recoverer.Diagnosis> stacks = RecoveryDecisions.examine(service, environment);
            ReleaseText.stacks(stacks).forEach(stdout::println);
            no = stacks.stream().anyMatch(Recoverer.Diagnosis::stuck) ? "a stack is stuck" : null;
            return;
        }
        var recoveryForm = new RecoveryDecisions.RecoveryForm(stack, choice, resources, confirmation, reason);
        Recoverer.RecoveryResult recoveryResult = RecoveryDecisions.recover(service, environment, recoveryForm);
        if (recoveryResult == null) {
            throw new IllegalStateException("it is still being carried out; check again later");
        }
        stdout.println(choice + " " + stack + ": " + SingleLine.of(recoveryResult.detail()));
        no = recoveryResult.good() ? null : "it did not help";
    }

    @Override
    protected int run() throws Exception {
        int code = super.run();
        if (no != null) {
            throw new AbortException(no);
        }
        return code;
    }
}
