package io.jenkins.plugins.serverlesspromotion.controller.releases.decision;

import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.PromotionPermissions;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker.AccountFinding;
import java.util.List;
import java.util.concurrent.Semaphore;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Tries the accounts of the policy for people who configure or audit. Changes nothing and records nothing. */
@Restricted(NoExternalUse.class)
public final class AccountDecisions {
    /** One at a time: each makes several calls for each account. */
    private static final Semaphore RUNNING = new Semaphore(1);

    private AccountDecisions() {}

    public static List<AccountFinding> check() throws DecisionException {
        if (!Jenkins.get().hasPermission(PromotionPermissions.CONFIGURE)) {
            Authorization.check("check the accounts", null, PromotionPermissions.AUDIT);
        }
        Policy policy = Authorization.policy(Authorization.store());
        AccountChecker checker = EngineLifecycle.get().accountChecker().orElseThrow(Authorization::unavailable);
        if (policy == null) {
            throw new DecisionException(
                    DecisionException.Kind.UNAVAILABLE, "no policy is in force yet; configure one first");
        }
        if (!RUNNING.tryAcquire()) {
            throw new DecisionException(
                    DecisionException.Kind.UNAVAILABLE,
                    "the accounts are being checked already; try again in a minute");
        }
        try {
            return checker.checkAccounts(policy);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DecisionException(DecisionException.Kind.UNAVAILABLE, "Jenkins is shutting down", e);
        } finally {
            RUNNING.release();
        }
    }
}
