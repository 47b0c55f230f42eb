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

/** Something that happened and that a lane must take into account. The journal keeps every one of them. */
public sealed interface Fact {

    /** Somebody asks to bring {@code release} into the lane; asking again for the same one joins the first. */
    record Requested(ReleaseRef release, PromotionDecisions.Request request) implements Fact {}

    /** Somebody asks to return to an earlier release. {@code version} null: the last good one. */
    record RollbackRequested(String version, PromotionDecisions.Request request) implements Fact {}

    record Planned(String promotion, int planning, Plan plan) implements Fact {}

    /** Planning gave no plan at all. */
    record PlanningEnded(String promotion, int planning, Failure failure) implements Fact {}

    /** Somebody asks for a new plan, after a problem was mended. */
    record ReplanRequested(String promotion, Person person) implements Fact {}

    /** @param planDigest the plan that the person looked at */
    record Approved(String promotion, Person person, String planDigest, String comment) implements Fact {}

    /** A person takes back an approval, which is possible until the deployment begins. */
    record ApprovalWithdrawn(String promotion, Person person, String reason) implements Fact {}

    /**
     * Somebody overrides what is closed for a promotion, as far as it takes one person's word.
     *
     * @param planDigest the plan that the person looked at
     */
    record Overridden(String promotion, Person person, String planDigest, String reason, String ticket)
            implements Fact {}

    /**
     * A person states who asked for a promotion, where that could not be established.
     *
     * @param people ids; empty: no person asked
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

    /** Somebody has looked at what was let in by overriding gates. */
    record Reviewed(String promotion, Person person, String finding) implements Fact {}

    record Rejected(String promotion, Person person, String reason) implements Fact {}

    /** @param by a person ({@code user:bob}) or a build */
    record AbortRequested(String promotion, String by, String reason) implements Fact {}

    /** What the directory of users said; passed over when it was asked again since. */
    record MembershipRead(String promotion, int number, PromotionDecisions.Answer answer) implements Fact {}

    /**
     * The build that asked takes its request back: it was stopped by a person.
     *
     * @param key of the request ({@link PromotionDecisions.Request#key})
     * @param by who stopped it
     */
    record Withdrawn(String promotion, String key, String by, String reason) implements Fact {}

    record StepEnded(String promotion, int attempt, String step, StepResult result) implements Fact {}

    /**
     * @param failure null when every check held
     * @param results the evidence: what each check was asked and answered; empty in older records
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

    /** @param failure null when the place is back at the release it had before */
    record Undone(String promotion, int attempt, String step, String detail, List<String> requests, Failure failure)
            implements Fact {
        public Undone {
            requests = List.copyOf(requests);
        }
    }

    record HoldReleased(Person person, String reason) implements Fact {}

    /**
     * What older records say about owners, written down when a version that records them starts for the first time.
     *
     * @param owns what the lane's last success changed
     * @param promotions what those that are not over must own, by their ids
     */
    record OwnersRecorded(List<OwnershipClaim> owns, Map<String, List<OwnershipClaim>> promotions) implements Fact {
        public OwnersRecorded {
            owns = List.copyOf(owns);
            promotions = new TreeMap<>(promotions);
        }
    }

    /** Time has passed, or policy, a pause or another lane has changed: look again. */
    record Reconsidered(String because) implements Fact {}

    /** @param cause one sentence: what, and the next step */
    record Failure(FailureKind verdict, String cause) {}

    enum FailureKind {
        /** The answer is no. */
        FAILED,
        /** We could not find out. */
        ERRORED
    }

    /**
     * @param status {@code DONE UNCHANGED FAILED ERRORED STALE}
     * @param detail what happened, as a sentence
     * @param results checks that were asked on the way; empty in older records
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
