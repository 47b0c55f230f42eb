package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;

/** Texts for the content of a plan. */
public final class PlanWording {
    /** In characters. What is longer is shown from where it changes. */
    private static final int LONGEST = 200;

    /** Characters shown before the first that differs. */
    private static final int LEAD = 20;

    private PlanWording() {}

    public static String changes(int number) {
        return number == 0 ? "no changes" : Wording.count(number, "change", "changes");
    }

    /** The action on one target, as far as it is known. */
    public static String target(Plan.Content content) {
        if (content.unchanged()) {
            return "already as it should be";
        }
        return content.exactness() == Plan.Exactness.BOUNDED
                ? "upper bound: a value is not known before another target is deployed"
                : changes(content.changes().size());
    }

    public static String verb(Plan.Action action) {
        return switch (action) {
            case ADD -> "add";
            case MODIFY -> "modify";
            case REMOVE -> "remove";
            case IMPORT -> "import";
            case DYNAMIC -> "determined by a macro or nested stack";
        };
    }

    /** Null: it stays the same resource. */
    public static String replacement(Plan.Replacement replacement) {
        return switch (replacement == null ? Plan.Replacement.NO : replacement) {
            case NO -> null;
            case YES -> "replaced";
            case CONDITIONAL -> "may be replaced";
        };
    }

    /** {@code Resources.Table: AWS::DynamoDB::Table → (none)} */
    public static String evidence(Plan.Evidence evidence) {
        return evidence.path() + ": " + value(evidence.before()) + " → " + value(evidence.after());
    }

    /** On one line. */
    public static String value(String text) {
        return text == null ? "(none)" : text.replace('\n', ' ');
    }

    /** {@code 512 → 1024}, or the value of what is added; a long value from where it changes. */
    public static String values(Plan.Action action, Plan.PropertyChange property) {
        if (property.before() == null && property.after() == null) {
            return "changes; CloudFormation gives no values";
        }
        String before = value(property.before());
        String after = value(property.after());
        if (action == Plan.Action.ADD && property.before() == null) {
            return excerpt(after, 0);
        }
        // Two long texts that begin alike must not be cut to the same beginning: that would hide the change.
        boolean isLong = Math.max(before.length(), after.length()) > LONGEST;
        int from = isLong ? Math.max(0, firstDifference(before, after) - LEAD) : 0;
        return excerpt(before, from) + " → " + excerpt(after, from);
    }

    /** The beginning of a long value, on one line. */
    public static String excerpt(String text) {
        return excerpt(value(text), 0);
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
                : Shown.cut(rest, LONGEST - 1) + " (" + text.length()
                        + " characters, all of them with --json and in REST)";
    }
}
