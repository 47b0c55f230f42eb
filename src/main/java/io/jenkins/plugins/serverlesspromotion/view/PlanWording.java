package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;

/** Texts for the content of a plan. */
public final class PlanWording {
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
}
