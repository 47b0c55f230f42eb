package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A plan as text: what could not be planned, what is dangerous and why, then every change. */
final class PlanView {
    /** What cannot be undone first, then what lets others in. */
    private static final List<String> WORST_FIRST = List.of(
            "statefulDeletion",
            "statefulReplacement",
            "publicExposure",
            "iamBroadening",
            "statefulUnprotected",
            "removedAlarm",
            "removedLogging",
            "notAnalysable");

    /** Places of one finding that are listed; {@code --json} has them all. */
    private static final int PLACES = 3;

    private PlanView() {}

    /** What {@code promotion plan} answers. */
    static List<String> lines(PlanCommand.Answer answer) {
        Plan plan = answer.plan();
        var lines = new ArrayList<String>();
        lines.add(answer.release() + " → " + answer.environment() + ", only planned: nobody has asked for it");
        lines.add("plan " + Texts.digest(plan.digest()) + (answer.live() == null ? "" : " · live is " + answer.live()));
        lines.addAll(risks(plan, true));
        if (answer.live() == null && plan.targets().stream().anyMatch(t -> t.content().liveDigest() != null)) {
            lines.add("  what is there already was not deployed from here; the plan is made against it");
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
     * @param evidence whether to say what each was concluded from
     */
    static List<String> risks(Plan plan, boolean evidence) {
        var lines = new ArrayList<String>();
        if (plan == null) {
            return lines;
        }
        plan.problems()
                .forEach(problem ->
                        lines.add("  " + Marks.BAD + " not planned: " + problem.key() + ": " + problem.cause()));
        var findings = new ArrayList<Plan.Finding>();
        // The same finding in several places is one sentence to read.
        var places = new LinkedHashMap<String, Set<String>>();
        for (Plan.TargetPlan target : plan.targets()) {
            for (Plan.Finding finding : target.content().findings()) {
                if (places.computeIfAbsent(finding.sentence(), s -> new LinkedHashSet<>()).isEmpty()) {
                    findings.add(finding);
                }
                places.get(finding.sentence()).add(target.place().toString());
            }
        }
        findings.sort((a, b) -> rank(a) - rank(b));
        for (Plan.Finding finding : findings) {
            lines.add("  " + Marks.RISK + " " + finding.sentence() + " ("
                    + String.join(", ", places.get(finding.sentence())) + ")");
            if (evidence) {
                finding.evidence().stream().limit(PLACES).forEach(e -> lines.add("      " + evidence(e)));
                if (finding.evidence().size() > PLACES) {
                    lines.add("      and " + (finding.evidence().size() - PLACES) + " more; --json lists them all");
                }
            }
        }
        return lines;
    }

    private static int rank(Plan.Finding finding) {
        int at = WORST_FIRST.indexOf(finding.kind());
        return at < 0 ? 0 : at;
    }

    private static String evidence(Plan.Evidence evidence) {
        return evidence.path() + ": " + value(evidence.before()) + " → " + value(evidence.after());
    }

    private static String value(String text) {
        return text == null ? "(none)" : text.replace('\n', ' ');
    }

    /** Values that a target is given, as they are passed. */
    static List<String> values(Plan.TargetPlan target) {
        String what = target.kind().equals("site") ? "" : "parameter ";
        var lines = new ArrayList<String>();
        for (Map.Entry<String, String> value : target.content().values().entrySet()) {
            lines.add("    " + what + value.getKey() + " = " + value(value.getValue()));
        }
        return lines;
    }
}
