package io.jenkins.plugins.serverlesspromotion.engine.port;

import io.jenkins.plugins.serverlesspromotion.engine.lane.CheckResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * Brings releases into accounts. Every call may be repeated after a crash at any point and has each effect once. Writes
 * carry a token derived from the work, or a precondition, or follow a read of the current state. Calls block; an
 * interrupt stops them soon without undoing anything.
 */
public interface Deployer {

    /** Computes what {@code work} would do. Writes nothing but content-addressed copies of the artifacts. */
    Planning plan(Work work, int planning, Progress progress) throws InterruptedException;

    /**
     * Removes what planning left in the accounts when the deployment will not run; objects that are already deleted are
     * fine.
     */
    void discard(Work work, List<Plan.TargetPlan> targets) throws InterruptedException;

    /**
     * Carries out one target of the plan, exactly as planned.
     *
     * @param outputs of the steps that are done, by their keys
     * @return {@code STALE} when the plan was found to be out of date before anything was written
     */
    Fact.StepResult deploy(
            Work work, int attempt, Plan.TargetPlan step, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException;

    /** Runs every check of the manifest in the places of {@code wave}. */
    Verification verify(
            Work work, int attempt, int wave, Plan plan, Map<String, Map<String, String>> outputs, Progress progress)
            throws InterruptedException;

    /**
     * Reads the CloudWatch alarms in every place of the work's lane, with the role that plans.
     *
     * @return one for each name in each place; a failed read is reported as such
     */
    List<GateContext.Alarm> alarms(Work work, List<String> names) throws InterruptedException;

    /** Returns one place of one target to {@code to}. */
    Undoing undo(Work work, int attempt, Plan.TargetPlan step, Published to, Progress progress)
            throws InterruptedException;

    /**
     * @param controller the store's id: part of every client token, so that tokens of another store are never mistaken
     *     for ours
     * @param approvers ids of the approvers, for CloudTrail
     * @param kept names of targets that stay unchanged, whatever the release contains: a release that the rollback
     *     passes over marked them {@code forwardOnly}
     * @param owners decides what this work may write to and invoke
     * @param earlier releases that were deployed there before: their values may be live
     */
    record Work(
            String controller,
            String promotion,
            Published release,
            LaneRules rules,
            Policy.Store store,
            Policy.Account storeAccount,
            List<String> approvers,
            List<String> kept,
            Owners owners,
            List<Published> earlier) {
        public Work {
            earlier = List.copyOf(earlier);
            approvers = List.copyOf(approvers);
            kept = List.copyOf(kept);
            Objects.requireNonNull(owners, "nothing may be written without an owner");
        }

        /** Work without targets that stay unchanged. */
        public Work(
                String controller,
                String promotion,
                Published release,
                LaneRules rules,
                Policy.Store store,
                Policy.Account storeAccount,
                List<String> approvers,
                Owners owners) {
            this(controller, promotion, release, rules, store, storeAccount, approvers, List.of(), owners);
        }

        /** Work without known earlier releases. */
        public Work(
                String controller,
                String promotion,
                Published release,
                LaneRules rules,
                Policy.Store store,
                Policy.Account storeAccount,
                List<String> approvers,
                List<String> kept,
                Owners owners) {
            this(controller, promotion, release, rules, store, storeAccount, approvers, kept, owners, List.of());
        }

        /** The same work with other accounts of its releases. */
        public Work of(Published known, List<Published> knownEarlier) {
            return new Work(
                    controller, promotion, known, rules, store, storeAccount, approvers, kept, owners, knownEarlier);
        }

        public String environment() {
            return rules.environment().name();
        }
    }

    /**
     * @param targets also those planned before a failure, so that what they left behind can be removed
     * @param failure why there can be no plan at all (a tampered artifact, an invalid template), otherwise null
     * @param noEcho by ids of releases of which it was not recorded: the parameters with NoEcho, each as {@code
     *     TARGET.PARAMETER}
     */
    record Planning(
            List<Plan.TargetPlan> targets,
            List<Plan.Problem> problems,
            Fact.Failure failure,
            Map<String, List<String>> noEcho) {
        public Planning(List<Plan.TargetPlan> targets, List<Plan.Problem> problems, Fact.Failure failure) {
            this(targets, problems, failure, Map.of());
        }

        public Planning {
            targets = List.copyOf(targets);
            noEcho = Map.copyOf(noEcho);
            problems = List.copyOf(problems);
        }
    }

    /**
     * @param checks one sentence each
     * @param failure null when all passed
     * @param results every check in every place where it ran
     */
    record Verification(List<String> checks, Fact.Failure failure, List<CheckResult> results) {
        public Verification {
            checks = List.copyOf(checks);
            results = List.copyOf(results);
        }

        public Verification(List<String> checks, Fact.Failure failure) {
            this(checks, failure, List.of());
        }
    }

    /** @param failure null when the place has returned */
    record Undoing(String detail, List<String> requests, Fact.Failure failure) {
        public Undoing {
            requests = List.copyOf(requests);
        }
    }

    /** Receives progress while work continues, and decides whether it is still wanted; nothing is recorded. */
    interface Progress {
        /** @param step key of the step, or the environment's name while planning */
        void note(String step, String line);

        /** Whether a person stopped the promotion that this work is for. */
        boolean abortRequested();

        /** For work without a promotion, such as reading, which no one can abort. */
        static Progress of(BiConsumer<String, String> notes) {
            return new Progress() {
                @Override
                public void note(String step, String line) {
                    notes.accept(step, line);
                }

                @Override
                public boolean abortRequested() {
                    return false;
                }
            };
        }
    }
}
