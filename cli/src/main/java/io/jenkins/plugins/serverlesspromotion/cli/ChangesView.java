package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.view.PlanWording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Renders every change of a plan as text, by target, resource and property. */
final class ChangesView {
    /** More files of one site than this are counted, not listed; {@code --json} has them all. */
    private static final int LISTED = 40;

    /** The prefix of every property path of CloudFormation. */
    private static final String PROPERTIES = "/Properties/";

    private ChangesView() {}

    /** @param plan null before the first */
    static List<String> lines(Plan plan) {
        if (plan == null || plan.targets().isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        lines.add("");
        int changes = plan.targets().stream()
                .mapToInt(t -> t.content().changes().size())
                .sum();
        lines.add("Changes (" + changes + ")");
        for (Plan.TargetPlan target : plan.targets()) {
            Plan.Content content = target.content();
            lines.add("  " + target.key() + " (" + target.kind() + " " + content.subject() + "): "
                    + PlanWording.target(content));
            content.changes().stream().limit(LISTED).forEach(c -> change(c, lines));
            if (content.changes().size() > LISTED) {
                lines.add("    and " + (content.changes().size() - LISTED) + " more; --json lists them all");
            }
            if (!content.unchanged()) {
                lines.addAll(values(target));
            }
            content.pins().forEach((name, version) -> lines.add("    pinned " + name + " at version " + version));
        }
        return lines;
    }

    /** The values that are passed to a target. */
    private static List<String> values(Plan.TargetPlan target) {
        String what = target.kind().equals("site") ? "" : "parameter ";
        var lines = new ArrayList<String>();
        for (Map.Entry<String, String> value : target.content().values().entrySet()) {
            lines.add("    " + what + value.getKey() + " = " + PlanWording.excerpt(value.getValue()));
        }
        return lines;
    }

    private static void change(Plan.Change change, List<String> lines) {
        lines.add("    " + sign(change.action()) + " " + change.subject() + " (" + change.type() + ")"
                + replaced(change.replacement()));
        for (Plan.PropertyChange property : change.properties()) {
            String path = property.path().startsWith(PROPERTIES)
                    ? property.path().substring(PROPERTIES.length())
                    : property.path();
            lines.add("        " + path + ": " + PlanWording.values(change.action(), property)
                    + replaced(property.replacement()));
        }
    }

    private static String sign(Plan.Action action) {
        String sign =
                switch (action) {
                    case ADD -> "+ ";
                    case MODIFY -> "~ ";
                    case REMOVE -> "- ";
                    case IMPORT -> "> ";
                    case DYNAMIC -> "? ";
                };
        return sign + PlanWording.verb(action) + (action == Plan.Action.DYNAMIC ? ":" : "");
    }

    private static String replaced(Plan.Replacement replacement) {
        String word = PlanWording.replacement(replacement);
        return word == null ? "" : " " + Marks.RISK + " " + word;
    }
}
