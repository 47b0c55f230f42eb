package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker.AccountFinding;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker.FindingState;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a check of the accounts found, as every surface shows it. */
public final class AccountsDocument {
    /** Where the templates are described. */
    private static final String GUIDE = "docs/admin/aws-many-accounts.md";

    private AccountsDocument() {}

    public static JsonObject of(List<AccountFinding> findings) {
        return new JsonObject()
                .with("complete", isComplete(findings))
                .with(
                        "checks",
                        findings.stream()
                                .map(f -> new JsonObject()
                                        .with("account", f.account())
                                        .with("region", f.region())
                                        .with("subject", f.subject())
                                        .with("result", f.state().word())
                                        .with("detail", f.detail())
                                        .with("template", f.template()))
                                .toList());
    }

    /** Whether nothing that was tried is missing. */
    public static boolean isComplete(List<AccountFinding> findings) {
        return findings.stream().allMatch(f -> f.state() == FindingState.OK || f.state() == FindingState.NOT_CHECKED);
    }

    /** {@code orders-prod/eu-west-1: staging bucket acme-code is missing: …} */
    public static String line(AccountFinding finding) {
        String where = finding.account() + (finding.region() == null ? "" : "/" + finding.region());
        String state =
                switch (finding.state()) {
                    case OK -> " passed";
                    case MISSING -> " is missing or not allowed";
                    case UNKNOWN -> " could not be checked";
                    case NOT_CHECKED -> " was not checked";
                };
        return where + ": " + finding.subject() + state + (finding.detail() == null ? "" : ": " + finding.detail());
    }

    /** What to do, account by account: the templates to deploy or to update there. Empty when nothing is missing. */
    public static List<String> remedies(List<AccountFinding> findings) {
        Set<String> remedies = new LinkedHashSet<>();
        findings.stream()
                .filter(f -> f.state() == FindingState.MISSING && f.template() != null)
                .forEach(f -> remedies.add("deploy or update " + f.template() + " for account " + f.account()
                        + (f.region() == null ? "" : " and region " + f.region()) + " (" + GUIDE + ")"));
        return List.copyOf(remedies);
    }
}
