package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker.AccountFinding;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker.FindingState;
import io.jenkins.plugins.serverlesspromotion.view.AccountsDocument;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** The accounts of the policy. */
@Command(
        name = "accounts",
        description = "The AWS accounts of the policy.",
        subcommands = {AccountsCommand.CheckAccounts.class},
        footer = {"", "Example:", "  promotion accounts check"})
final class AccountsCommand {
    private AccountsCommand() {}

    @Command(
            name = "check",
            description = {
                "Try every role and bucket of the policy in every account and region, and show what is missing, with the"
                        + " template to deploy or update. Only reads; what cannot be checked is named."
            },
            footer = {"", "Examples:", "  promotion accounts check", "  promotion accounts check --json"})
    static final class CheckAccounts extends Action {
        CheckAccounts(Invocation invocation) {
            super(invocation);
        }

        @Override
        public Integer call() throws Exception {
            try (Home home = Home.read(invocation)) {
                Policy policy = home.policy();
                List<AccountFinding> findings = home.ports().accounts().checkAccounts(policy);
                int exit = exit(findings);
                screen().result(
                                () -> AccountsDocument.of(findings).with("exit", exit), () -> lines(findings));
                return exit;
            }
        }

        private static int exit(List<AccountFinding> findings) {
            if (findings.stream().anyMatch(f -> f.state() == FindingState.UNKNOWN)) {
                return Exit.NOT_FOUND_OUT;
            }
            return AccountsDocument.isComplete(findings) ? Exit.DONE : Exit.NO;
        }

        private List<String> lines(List<AccountFinding> findings) {
            var lines = new ArrayList<String>();
            findings.stream()
                    .filter(f -> !invocation.options().quiet || f.state() != FindingState.OK)
                    .forEach(f -> lines.add(mark(f.state()) + " " + AccountsDocument.line(f)));
            AccountsDocument.remedies(findings).forEach(remedy -> lines.add("Next: " + remedy));
            return lines;
        }

        private static String mark(FindingState state) {
            return switch (state) {
                case OK -> Marks.GOOD;
                case MISSING -> Marks.BAD;
                case UNKNOWN -> Marks.RISK;
                case NOT_CHECKED -> Marks.HELD;
            };
        }
    }
}
