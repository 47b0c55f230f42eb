package io.jenkins.plugins.serverlesspromotion.engine.lane;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.time.Instant;
import java.util.List;

/**
 * The progress of a promotion's planning.
 *
 * @param number how often it was planned
 * @param plan the last plan, null before the first
 * @param stale how often a deployment found that the plan was out of date
 */
public record PromotionPlanning(int number, Planned plan, int stale) {
    /** Before the first plan. */
    static final PromotionPlanning NONE = new PromotionPlanning(0, null, 0);

    /** The same, with a new plan pending. */
    PromotionPlanning again() {
        return new PromotionPlanning(number + 1, plan, stale);
    }

    PromotionPlanning with(Planned next) {
        return new PromotionPlanning(number, next, stale);
    }

    /** The same after a deployment found that the plan was out of date. */
    PromotionPlanning foundStale() {
        return new PromotionPlanning(number, plan, stale + 1);
    }

    /**
     * The part of a plan that the lane keeps; the whole plan is in its journal record.
     *
     * @param basis the state that the plan was made for (see {@code LaneBuilder.basis}): when it changes, the plan is
     *     void
     * @param findings the kinds of risk findings in it, each once; null: of a version that did not keep them
     * @param claims what the lane must own to carry it out; null: of a version that did not record owners
     * @param gone what the lane has recorded and no longer exists; null for nothing
     */
    public record Planned(
            String digest,
            Instant at,
            String basis,
            List<Plan.Problem> problems,
            List<PlannedStep> steps,
            List<String> findings,
            List<OwnershipClaim> claims,
            List<ResourceId> gone) {
        public Planned {
            problems = List.copyOf(problems);
            steps = List.copyOf(steps);
            findings = findings == null ? null : List.copyOf(findings);
            claims = claims == null ? null : List.copyOf(claims);
            gone = gone == null || gone.isEmpty() ? null : List.copyOf(gone);
        }

        /** A plan of a version that did not record owners. */
        public Planned(
                String digest,
                Instant at,
                String basis,
                List<Plan.Problem> problems,
                List<PlannedStep> steps,
                List<String> findings) {
            this(digest, at, basis, problems, steps, findings, null, null);
        }

        Planned claiming(List<OwnershipClaim> found) {
            return new Planned(digest, at, basis, problems, steps, findings, found, gone);
        }

        static Planned of(Plan plan, String basis, Instant now) {
            return new Planned(
                    plan.digest(),
                    now,
                    basis,
                    plan.problems(),
                    plan.targets().stream()
                            .map(t -> new PlannedStep(t.key(), t.wave(), t.after()))
                            .toList(),
                    plan.targets().stream()
                            .flatMap(t -> t.content().findings().stream())
                            .map(Plan.Finding::kind)
                            .distinct()
                            .sorted()
                            .toList(),
                    plan.targets().stream()
                            .flatMap(t -> t.claims().stream())
                            .distinct()
                            .sorted()
                            .toList(),
                    plan.targets().stream()
                            .filter(t -> t.gone() != null)
                            .flatMap(t -> t.gone().stream())
                            .distinct()
                            .sorted()
                            .toList());
        }
    }

    public record PlannedStep(String key, int wave, List<String> after) {
        public PlannedStep {
            after = List.copyOf(after);
        }
    }
}
