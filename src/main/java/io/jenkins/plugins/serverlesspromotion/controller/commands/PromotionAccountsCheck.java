package io.jenkins.plugins.serverlesspromotion.controller.commands;

import hudson.AbortException;
import hudson.Extension;
import io.jenkins.plugins.serverlesspromotion.controller.SingleLine;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.AccountDecisions;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker.AccountFinding;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker.FindingState;
import io.jenkins.plugins.serverlesspromotion.view.AccountsDocument;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code jenkins-cli promotion-accounts-check}; ends with 5 when something is missing, with 4 without an answer. */
@Extension
@Restricted(NoExternalUse.class)
public final class PromotionAccountsCheck extends ReleaseCommand {
    private List<AccountFinding> findings = List.of();

    public PromotionAccountsCheck() {
        super("promotion-accounts-check", Messages._AccountsCheck_description());
    }

    @Override
    void act() throws DecisionException {
        findings = AccountDecisions.check();
        findings.forEach(finding -> stdout.println(SingleLine.of(AccountsDocument.line(finding))));
        AccountsDocument.remedies(findings).forEach(remedy -> stdout.println(SingleLine.of(remedy)));
    }

    @Override
    protected int run() throws Exception {
        int code = super.run();
        if (findings.stream().anyMatch(f -> f.state() == FindingState.UNKNOWN)) {
            throw new IllegalStateException("not everything could be checked");
        }
        if (!AccountsDocument.isComplete(findings)) {
            throw new AbortException("something is missing");
        }
        return code;
    }
}
