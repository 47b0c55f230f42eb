package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Risk;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A risk of a plan, which a review shows first.
 *
 * @param severe whether it could not be planned, which keeps everyone from approving
 * @param sentence what is dangerous, or why it could not be planned
 * @param where the target, or all places of the same finding
 * @param evidence one line for each place of a template that is evidence for the finding
 */
public record ReviewRisk(boolean severe, String sentence, String where, List<String> evidence) {
    public ReviewRisk {
        evidence = List.copyOf(evidence);
    }

    /**
     * Lists what could not be planned, then the dangerous changes. The same finding in several places is one entry.
     *
     * @param plan null before the first
     */
    public static List<ReviewRisk> of(Plan plan) {
        var risks = new ArrayList<ReviewRisk>();
        if (plan == null) {
            return risks;
        }
        plan.problems().forEach(p -> risks.add(new ReviewRisk(true, p.cause(), p.key(), List.of())));
        Risk.of(plan)
                .forEach(r -> risks.add(new ReviewRisk(
                        false,
                        r.finding().sentence(),
                        r.places().stream().map(Object::toString).collect(Collectors.joining(", ")),
                        r.finding().evidence().stream()
                                .map(PlanWording::evidence)
                                .toList())));
        return risks;
    }
}
