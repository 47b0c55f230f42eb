package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.view.ReviewRisk;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.util.ArrayList;
import java.util.List;

/** Renders a plan as text: what could not be planned, the dangerous changes with their reasons, then every change. */
final class PlanView {
    /** Places of one finding that are listed; {@code --json} has them all. */
    private static final int PLACES = 3;

    private PlanView() {}

    /** The answer of {@code promotion plan}. */
    static List<String> lines(PlanAnswer answer) {
        Plan plan = answer.plan();
        var lines = new ArrayList<String>();
        lines.add(answer.release() + " → " + answer.environment() + ", only planned: no promotion was requested");
        lines.add("plan " + Wording.digest(plan.digest()) + (answer.live() == null ? "" : " · live is " + answer.live()));
        lines.addAll(risks(plan, true));
        if (answer.live() == null && plan.targets().stream().anyMatch(t -> t.content().liveDigest() != null)) {
            lines.add("  the existing stacks were not deployed from here; the plan is made against them");
        }
        lines.addAll(ChangesView.lines(plan));
        if (plan.targets().stream().noneMatch(t -> !t.content().unchanged()) && plan.complete()) {
            lines.add("");
            lines.add("Nothing would change.");
        }
        return lines;
    }

    /**
     * @param plan null before the first
     * @param evidence whether to show the evidence for each finding
     */
    static List<String> risks(Plan plan, boolean evidence) {
        var lines = new ArrayList<String>();
        if (plan == null) {
            return lines;
        }
        for (ReviewRisk risk : ReviewRisk.of(plan)) {
            if (risk.severe()) {
                lines.add("  " + Marks.BAD + " not planned: " + risk.where() + ": " + risk.sentence());
                continue;
            }
            lines.add("  " + Marks.RISK + " " + risk.sentence() + " (" + risk.where() + ")");
            List<String> concluded = risk.evidence();
            if (evidence) {
                concluded.stream().limit(PLACES).forEach(e -> lines.add("      " + e));
                if (concluded.size() > PLACES) {
                    lines.add("      and " + (concluded.size() - PLACES) + " more; --json lists them all");
                }
            }
        }
        return lines;
    }
}
