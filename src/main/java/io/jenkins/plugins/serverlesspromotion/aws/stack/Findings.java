package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.risk.StatefulTypes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;

/**
 * Combines what an approver must see first: findings from the templates, and facts that only CloudFormation knows. Only
 * the change set determines whether a resource is replaced and what its policy then does.
 */
public final class Findings {
    private static final String DELETION = "statefulDeletion";
    private static final String REPLACEMENT = "statefulReplacement";
    private static final String NOT_ANALYSABLE = "notAnalysable";

    private final Map<String, Boolean> written;
    private final UnaryOperator<String> shown;
    private final LinkedHashMap<String, Plan.Finding> found = new LinkedHashMap<>();

    private Findings(Map<String, Boolean> written, UnaryOperator<String> shown) {
        this.written = written;
        this.shown = shown;
    }

    /**
     * @param compared the findings from the comparison of the templates
     * @param written logical ids of both templates, with whether they define that resource differently
     * @param shown a value of a property in the form that people may see
     */
    public static List<Plan.Finding> of(
            List<Change> changes,
            List<Plan.Finding> compared,
            Map<String, Boolean> written,
            UnaryOperator<String> shown) {
        var findings = new Findings(written, shown);
        for (Plan.Finding finding : compared) {
            if (!finding.kind().equals(DELETION) && !finding.kind().equals(REPLACEMENT)) {
                findings.add(finding);
            }
        }
        for (Change change : changes) {
            if (change.resourceChange() != null) {
                findings.add(change.resourceChange());
            }
        }
        return findings.found.values().stream()
                .sorted(Comparator.comparing(Plan.Finding::kind)
                        .thenComparing(Plan.Finding::subject)
                        .thenComparing(Plan.Finding::sentence))
                .toList();
    }

    /** Deletions and replacements that delete data; data that a deletion policy keeps is excluded. */
    public static List<String> losses(List<Change> changes) {
        return changes.stream()
                .map(Change::resourceChange)
                .filter(r -> r != null && StatefulTypes.isStateful(r.resourceType()) && !isKept(r))
                .filter(r -> r.actionAsString().equals("Remove") || isReplaced(r))
                .map(r -> r.logicalResourceId() + " (" + r.resourceType() + ")")
                .sorted()
                .toList();
    }

    private void add(Plan.Finding finding) {
        found.put(finding.kind() + " " + finding.subject() + " " + finding.sentence(), finding);
    }

    private void add(ResourceChange change) {
        String subject = change.logicalResourceId();
        String type = change.resourceType();
        String named = subject + " (" + type + ")";
        boolean removed = "Remove".equals(change.actionAsString());
        // The comparison of the templates finds removed logs, as a separate kind.
        if (StatefulTypes.isStateful(type) && removed && !type.equals("AWS::Logs::LogGroup")) {
            String sentence = named
                    + (isKept(change)
                            ? " leaves the stack; its deletion policy keeps it"
                            : " is deleted with what it holds");
            add(new Plan.Finding(
                    DELETION, subject, sentence, List.of(new Plan.Evidence("Resources." + subject, type, null))));
        }
        if (StatefulTypes.isStateful(type) && isReplaced(change)) {
            String when = "Conditional".equals(change.replacementAsString()) ? " may be" : " is";
            String sentence = named + when + " made anew, "
                    + (isKept(change)
                            ? "and its policy keeps the old one beside it"
                            : "and what the old one holds is not moved");
            add(new Plan.Finding(REPLACEMENT, subject, sentence, causes(change)));
        }
        if ((isAccess(type) || touchesRole(change)) && !removed && !isTagged(change) && !isWritten(subject)) {
            notAnalysable(subject, named + " changes who may do what, by a value that stands in no template", change);
        }
        if (isOpaque(change) && isFirst(subject)) {
            notAnalysable(subject, named + " decides itself what it does", change);
        }
    }

    private void notAnalysable(String subject, String sentence, ResourceChange change) {
        add(new Plan.Finding(NOT_ANALYSABLE, subject, sentence, causes(change)));
    }

    private boolean isFirst(String subject) {
        return found.values().stream()
                .noneMatch(f -> f.kind().equals(NOT_ANALYSABLE) && f.subject().equals(subject));
    }

    /** The properties that cause a replacement; all changed properties where CloudFormation names none. */
    private List<Plan.Evidence> causes(ResourceChange change) {
        var all = new ArrayList<Plan.Evidence>();
        for (boolean every : new boolean[] {false, true}) {
            for (var detail : change.details()) {
                var target = detail.target();
                if (target == null
                        || !every
                                && (target.requiresRecreation() == null
                                        || isNever(target.requiresRecreationAsString()))) {
                    continue;
                }
                String path = target.path() != null
                        ? target.path()
                        : "/" + target.attributeAsString() + (target.name() == null ? "" : "/" + target.name());
                all.add(new Plan.Evidence(
                        "Resources." + change.logicalResourceId() + path.replace('/', '.'),
                        shown.apply(target.beforeValue()),
                        shown.apply(target.afterValue())));
            }
            if (!all.isEmpty()) {
                break;
            }
        }
        return all.isEmpty()
                ? List.of(new Plan.Evidence("Resources." + change.logicalResourceId(), change.resourceType(), null))
                : all.stream()
                        .distinct()
                        .sorted(Comparator.comparing(Plan.Evidence::path))
                        .toList();
    }

    private static boolean isNever(String recreation) {
        return recreation.equals("Never");
    }

    /** Whether only tags change: the stack's tags are applied to all its resources. */
    private static boolean isTagged(ResourceChange change) {
        return !change.details().isEmpty()
                && change.details().stream()
                        .allMatch(d -> d.target() != null
                                && ("Tags".equals(d.target().attributeAsString())
                                        || "Tags".equals(d.target().name())));
    }

    /**
     * Whether the template comparison has covered this change: of the resource, or of the one for which SAM creates it.
     */
    private boolean isWritten(String subject) {
        if (written.containsKey(subject) || subject.contains("/")) {
            return written.getOrDefault(subject, true);
        }
        return written.keySet().stream()
                .filter(subject::startsWith)
                .max(Comparator.comparing(String::length))
                .map(written::get)
                .orElse(false);
    }

    private static boolean isReplaced(ResourceChange change) {
        return "True".equals(change.replacementAsString()) || "Conditional".equals(change.replacementAsString());
    }

    private static boolean isKept(ResourceChange change) {
        String policy = String.valueOf(change.policyActionAsString());
        return policy.contains("Retain") || policy.contains("Snapshot");
    }

    private static boolean isAccess(String type) {
        return type.startsWith("AWS::IAM::")
                || type.equals("AWS::Lambda::Permission")
                || type.equals("AWS::Lambda::LayerVersionPermission")
                || (type.startsWith("AWS::") && type.endsWith("Policy") && !type.contains("Scaling"));
    }

    private static boolean touchesRole(ResourceChange change) {
        return change.details().stream()
                .anyMatch(d -> d.target() != null
                        && ("Role".equals(d.target().name())
                                || String.valueOf(d.target().name()).equals("KeyPolicy")));
    }

    private static boolean isOpaque(ResourceChange change) {
        String type = change.resourceType();
        return type.startsWith("Custom::")
                || type.equals("AWS::CloudFormation::CustomResource")
                || type.equals("AWS::CloudFormation::Stack")
                        && change.changeSetId() == null
                        && !"Remove".equals(change.actionAsString())
                || type.equals("AWS::CloudFormation::Macro")
                || "Dynamic".equals(change.actionAsString());
    }
}
