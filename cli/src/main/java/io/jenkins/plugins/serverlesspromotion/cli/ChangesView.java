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

    /** In characters. A longer value is shown from its first difference. */
    private static final int LONGEST = 200;

    /** Characters shown before the first that differs. */
    private static final int LEAD = 20;

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
            lines.add("    " + what + value.getKey() + " = " + PlanWording.value(value.getValue()));
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
            lines.add("        " + path + ": " + values(change.action(), property) + replaced(property.replacement()));
        }
    }

    private static String values(Plan.Action action, Plan.PropertyChange property) {
        String before = PlanWording.value(property.before());
        String after = PlanWording.value(property.after());
        if (action == Plan.Action.ADD && property.before() == null) {
            return excerpt(after, 0);
        }
        // Cutting two long texts to the same beginning would hide the change.
        int from = Math.max(0, firstDifference(before, after) - LEAD);
        boolean isLong = Math.max(before.length(), after.length()) > LONGEST;
        return excerpt(before, isLong ? from : 0) + " → " + excerpt(after, isLong ? from : 0);
    }

    private static int firstDifference(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }

    private static String excerpt(String text, int from) {
        int start = Math.min(from, text.length());
        String rest = (start > 0 ? "…" : "") + text.substring(start);
        return rest.length() <= LONGEST
                ? rest
                : TextFormat.cut(rest, LONGEST) + " (" + text.length() + " characters, all of them with --json)";
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
