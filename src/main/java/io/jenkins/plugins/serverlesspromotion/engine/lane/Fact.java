package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** An event that a lane must take into account. The journal keeps every one of them. */
public sealed interface Fact {

    /**
     * A person or a build requests {@code release} in the lane; a repeated request for the same release joins the
     * first.
     */
    record Requested(ReleaseRef release, PromotionDecisions.Request request) implements Fact {}

    /** A person or a build requests a return to an earlier release. {@code version} null: the last good one. */
    record RollbackRequested(String version, PromotionDecisions.Request request) implements Fact {}

    record Planned(String promotion, int planning, Plan plan) implements Fact {}

    /** Planning produced no plan at all. */
    record PlanningEnded(String promotion, int planning, Failure failure) implements Fact {}

    /** A person requests a new plan, after a problem was fixed. */
    record ReplanRequested(String promotion, Person person) implements Fact {}

    /** @param planDigest the plan that the person reviewed */
    record Approved(String promotion, Person person, String planDigest, String comment) implements Fact {}

    /** A person withdraws an approval, which is possible until the deployment begins. */
    record ApprovalWithdrawn(String promotion, Person person, String reason) implements Fact {}

    /**
     * A person overrides the closed gates of a promotion; the rule may require more people.
     *
     * @param planDigest the plan that the person reviewed
     */
    record Overridden(String promotion, Person person, String planDigest, String reason, String ticket)
            implements Fact {}

    /**
     * A person states who requested a promotion, where that could not be established.
     *
     * @param people ids; empty: no person requested it
     */
    record RequestersStated(String promotion, Person person, Set<String> people, String reason) implements Fact {
        public RequestersStated {
            people = Collections.unmodifiableSet(new TreeSet<>(people));
        }
    }

    /**
     * A person states who wrote a release that comes in with a promotion, where that could not be established.
     *
     * @param release id: {@code orders@1.4.2}
     * @param people ids, at least one
     */
    record AuthorsAttested(String promotion, Person person, String release, Set<String> people, String reason)
            implements Fact {
        public AuthorsAttested {
            people = Collections.unmodifiableSet(new TreeSet<>(people));
        }
    }

    /** A person closed the post-review of overridden gates. */
    record Reviewed(String promotion, Person person, String finding) implements Fact {}

    record Rejected(String promotion, Person person, String reason) implements Fact {}

    /** @param by a person ({@code user:bob}) or a build */
    record AbortRequested(String promotion, String by, String reason) implements Fact {}

    /** The result of the directory of users; ignored when a newer query was made since. */
    record MembershipRead(String promotion, int number, PromotionDecisions.Answer answer) implements Fact {}

    /**
     * The build that made a request withdraws it, because a person stopped the build.
     *
     * @param key of the request ({@link PromotionDecisions.Request#key})
     * @param by who stopped it
     */
    record Withdrawn(String promotion, String key, String by, String reason) implements Fact {}

    record StepEnded(String promotion, int attempt, String step, StepResult result) implements Fact {}

    /**
     * @param failure null when every check passed
     * @param results the evidence: the result of each check; empty in older records
     */
    record Verified(
            String promotion, int attempt, int wave, List<String> checks, Failure failure, List<CheckResult> results)
            implements Fact {
        public Verified {
            checks = List.copyOf(checks);
            results = results == null ? List.of() : List.copyOf(results);
        }

        public Verified(String promotion, int attempt, int wave, List<String> checks, Failure failure) {
            this(promotion, attempt, wave, checks, failure, List.of());
        }
    }

    /** @param failure null when the place has returned to its earlier release */
    record Undone(String promotion, int attempt, String step, String detail, List<String> requests, Failure failure)
            implements Fact {
        public Undone {
            requests = List.copyOf(requests);
        }
    }

    record HoldReleased(Person person, String reason) implements Fact {}

    /**
     * The owners derived from older records. Recorded when a version that records owners starts for the first time.
     *
     * @param owns what the lane's last success changed
     * @param promotions what the promotions that have not ended must own, by their ids
     */
    record OwnersRecorded(List<OwnershipClaim> owns, Map<String, List<OwnershipClaim>> promotions) implements Fact {
        public OwnersRecorded {
            owns = List.copyOf(owns);
            promotions = new TreeMap<>(promotions);
        }
    }

    /** Time has passed, or policy, a pause or another lane has changed: the lane is evaluated again. */
    record Reconsidered(String because) implements Fact {}

    /** @param cause one sentence: the problem and the next step */
    record Failure(FailureKind verdict, String cause) {}

    enum FailureKind {
        /** The operation was refused or failed. */
        FAILED,
        /** The outcome is unknown. */
        ERRORED
    }

    /**
     * @param status {@code DONE UNCHANGED FAILED ERRORED STALE}
     * @param detail what happened, as a sentence
     * @param results results of checks during the step; empty in older records
     */
    record StepResult(
            Deployment.Status status,
            Map<String, String> outputs,
            String detail,
            List<String> requests,
            List<CheckResult> results) {
        public StepResult(Deployment.Status status, Map<String, String> outputs, String detail, List<String> requests) {
            this(status, outputs, detail, requests, List.of());
        }

        public StepResult {
            outputs = Map.copyOf(outputs);
            requests = List.copyOf(requests);
            results = results == null ? List.of() : List.copyOf(results);
            switch (status) {
                case DONE, UNCHANGED, FAILED, ERRORED, STALE -> {}
                default -> throw new IllegalArgumentException(status + " is no result of a step");
            }
        }
    }
}
