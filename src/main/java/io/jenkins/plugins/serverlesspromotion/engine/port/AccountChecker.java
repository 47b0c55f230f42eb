package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.util.List;

/** Tries every role and bucket that a policy names in AWS. Reads only: it writes nothing to AWS and records nothing. */
public interface AccountChecker {
    /** @return what was tried and what could not be tried, account by account in the order of the policy */
    List<AccountFinding> checkAccounts(Policy policy) throws InterruptedException;

    enum FindingState {
        OK("OK"),
        /** It does not exist, or it does not allow what is needed. */
        MISSING("MISSING"),
        /** The answer of AWS could not be obtained. */
        UNKNOWN("UNKNOWN"),
        /** No role may read it: only a promotion shows it. */
        NOT_CHECKED("NOT_CHECKED");

        private final String word;

        FindingState(String word) {
            this.word = word;
        }

        /** In REST and {@code --json}. */
        public String word() {
            return word;
        }
    }

    /**
     * One thing in one account.
     *
     * @param region null: of the account as a whole
     * @param subject as in {@code role promotion-plan}
     * @param detail why it is not in order; null when it is
     * @param template the template that creates it; null when it is in order
     */
    record AccountFinding(
            String account, String region, String subject, FindingState state, String detail, String template) {}
}
