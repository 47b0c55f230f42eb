package io.jenkins.plugins.serverlesspromotion.controller.steps;

import hudson.AbortException;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Glob;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import java.io.IOException;
import java.util.Optional;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMRevisionAction;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import org.jenkinsci.plugins.workflow.cps.CpsFlowFactoryAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowFactoryAction2;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;

/**
 * Checks what a job may do. Only {@code services[].jobs} of the policy determines that. A step runs as SYSTEM, so
 * permissions do not apply. The step's context names the job; the arguments cannot change it.
 */
final class JobRights {
    static final String PUBLISH = "publish";

    /** To record evidence about a release. */
    static final String EVIDENCE = "evidence";

    private JobRights() {}

    static String request(String environment) {
        return "request:" + environment;
    }

    static String rollback(String environment) {
        return "rollback:" + environment;
    }

    /**
     * Passes when the job of {@code run} may do {@code right} for {@code service}; a refusal is in the audit log before
     * it is reported.
     *
     * @param what in words, for the audit log: {@code publish orders@1.4.2}
     * @throws AbortException with the reason and the next step
     */
    static void check(
            Promotions promotions, Optional<Policy> policy, Run<?, ?> run, String service, String right, String what)
            throws IOException {
        Optional<String> whyNot = whyNot(policy, run, service, right);
        if (whyNot.isPresent()) {
            refuse(promotions, run, what, whyNot.get());
        }
    }

    /** Passes when the job may do anything for {@code service}: such a job may see where the service is. */
    static void checkAny(Promotions promotions, Optional<Policy> policy, Run<?, ?> run, String service, String what)
            throws IOException {
        Optional<String> whyNot = inForce(policy);
        if (whyNot.isEmpty() && !isGranted(policy.orElseThrow(), run.getParent(), service, null)) {
            whyNot = Optional.of(notGranted(run.getParent(), "do anything", service));
        }
        if (whyNot.isPresent()) {
            refuse(promotions, run, what, whyNot.get());
        }
    }

    private static void refuse(Promotions promotions, Run<?, ?> run, String what, String why) throws IOException {
        promotions.refuse(
                BuildIdentity.by(run.getParent().getFullName(), run.getNumber()),
                what,
                why,
                Requesters.of(run).named());
        throw new AbortException(what + " refused: " + why);
    }

    /** Why the job of {@code run} may not, as a sentence; empty when it may. */
    static Optional<String> whyNot(Optional<Policy> policy, Run<?, ?> run, String service, String right) {
        Optional<String> unknown = inForce(policy);
        if (unknown.isPresent()) {
            return unknown;
        }
        Job<?, ?> job = run.getParent();
        if (isPullRequest(run)) {
            return Optional.of(
                    "job " + job.getFullName() + " builds a pull request, and what is in one was not reviewed"
                            + " yet; it is done from the branch after the merge");
        }
        if (!isGranted(policy.orElseThrow(), job, service, right)) {
            return Optional.of(notGranted(job, right, service));
        }
        return right.equals(PUBLISH) || right.equals(EVIDENCE) ? whyNotItsOwn(run) : Optional.empty();
    }

    private static boolean isPullRequest(Run<?, ?> run) {
        return SCMHead.HeadByItem.findHead(run.getParent()) instanceof ChangeRequestSCMHead
                || run.getActions(SCMRevisionAction.class).stream()
                        .anyMatch(a -> a.getRevision().getHead() instanceof ChangeRequestSCMHead);
    }

    private static Optional<String> inForce(Optional<Policy> policy) {
        return policy.isEmpty()
                ? Optional.of("there is no valid policy; the platform team puts one in force in the configuration of"
                        + " Serverless Promotion")
                : Optional.empty();
    }

    /** The same sentence where policy has no such service: a job without rights must not see which services exist. */
    private static String notGranted(Job<?, ?> job, String right, String service) {
        String name = Names.isName(service) ? service : "of that name";
        return "policy does not allow job " + job.getFullName() + " " + right + " for service " + name
                + ", or it has no such service; the platform team adds it under services["
                + (Names.isName(service) ? service : "") + "].jobs";
    }

    private static boolean isGranted(Policy policy, Job<?, ?> job, String service, String right) {
        Policy.Service known = policy.services().get(service);
        return known != null
                && known.jobs().stream()
                        .anyMatch(grant -> Glob.matches(grant.job(), job.getFullName())
                                && (right == null || grant.may().contains(right)));
    }

    /**
     * A replayed build runs a script that a person typed. A restarted build skips stages that tested its input. Neither
     * result is that of the job. Every such build has an action in place of the job's own definition.
     */
    private static Optional<String> whyNotItsOwn(Run<?, ?> run) {
        boolean replayed = BuildCauses.of(run).stream().anyMatch(ReplayCause.class::isInstance);
        boolean other = run.getAllActions().stream()
                .anyMatch(a -> a instanceof CpsFlowFactoryAction2 || a instanceof CpsFlowFactoryAction);
        return replayed || other
                ? Optional.of("this build was replayed or restarted from a stage, so it is not what the job makes; run"
                        + " the job again")
                : Optional.empty();
    }
}
