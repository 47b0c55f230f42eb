package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.aws.call.Sha256;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.release.Shown;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;
import software.amazon.awssdk.services.cloudformation.model.ResourceChangeDetail;
import software.amazon.awssdk.services.cloudformation.model.ResourceTargetDefinition;

/**
 * Converts the changes of a change set into the one form that is compared and approved: sorted, each property once,
 * without identifiers of AWS, without secrets.
 */
public final class ChangeSetContent {
    /** A longer value is shown as its beginning and digest; the digest keeps it bound. */
    private static final int LONGEST_VALUE = 16_000;

    /** The same limit where all values together are longer than {@link #TOGETHER}. */
    private static final int LONGEST_OF_MANY = 2_000;

    private static final int TOGETHER = 256_000;

    private static final String MASKED = "****";

    /** The subject of changes to the stack itself and not to a resource, such as outputs. */
    public static final String STACK = "(stack)";

    private final Map<String, String> rewrites;

    public ChangeSetContent(Map<String, String> rewrites) {
        this.rewrites = rewrites;
    }

    public List<Plan.Change> normalise(List<Change> changes) {
        var all = new ArrayList<Plan.Change>();
        for (Change change : changes) {
            if (change.resourceChange() != null) {
                all.add(normalise(change.resourceChange()));
            }
        }
        if (all.isEmpty()) {
            // CloudFormation found a change in outputs or metadata, so the result must not look empty.
            all.add(ofStack("", List.of()));
        }
        all.sort(Comparator.comparing(Plan.Change::subject).thenComparing(Plan.Change::type));
        return all;
    }

    /** @param path of a nested stack, with a slash at its end; empty for the outermost one */
    static Plan.Change ofStack(String path, List<Plan.PropertyChange> properties) {
        return new Plan.Change(
                path + STACK, "AWS::CloudFormation::Stack", Plan.Action.MODIFY, Plan.Replacement.NO, properties);
    }

    /** Whether it is a change of a stack itself, which affects no resource. */
    static boolean isStack(Plan.Change change) {
        return change.subject().endsWith(STACK);
    }

    private Plan.Change normalise(ResourceChange change) {
        Plan.Action action = action(change.actionAsString());
        var properties = new TreeMap<String, Plan.PropertyChange>();
        for (ResourceChangeDetail detail : change.details()) {
            if (detail.target() != null) {
                Plan.PropertyChange property = property(detail.target());
                properties.merge(property.path(), property, ChangeSetContent::united);
            }
        }
        if (action == Plan.Action.ADD && properties.isEmpty()) {
            created(change.afterContext())
                    .forEach((path, value) ->
                            properties.put(path, new Plan.PropertyChange(path, null, value, Plan.Replacement.NO)));
        }
        return new Plan.Change(
                change.logicalResourceId(),
                change.resourceType(),
                action,
                replacement(change.replacementAsString()),
                List.copyOf(properties.values()));
    }

    private Plan.PropertyChange property(ResourceTargetDefinition target) {
        String path = target.path() != null
                ? target.path()
                : target.name() != null
                        ? "/" + target.attributeAsString() + "/" + target.name()
                        : "/" + target.attributeAsString();
        return new Plan.PropertyChange(
                path,
                shown(target.beforeValue()),
                shown(target.afterValue()),
                recreation(target.requiresRecreationAsString()));
    }

    /** CloudFormation lists a property once for each reason of its change. */
    private static Plan.PropertyChange united(Plan.PropertyChange a, Plan.PropertyChange b) {
        return new Plan.PropertyChange(
                a.path(),
                a.before() != null ? a.before() : b.before(),
                a.after() != null ? a.after() : b.after(),
                worse(a.replacement(), b.replacement()));
    }

    /** The properties of a resource that does not exist yet, one by one. */
    private Map<String, String> created(String context) {
        var found = new TreeMap<String, String>();
        if (context != null && !context.isBlank()) {
            try {
                JsonNode.parser().parse(context).field("Properties").ifPresent(p -> flatten("/Properties", p, found));
            } catch (UncheckedIOException | IllegalArgumentException e) {
                found.put("/Properties", shown(context));
            }
        }
        return found;
    }

    private void flatten(String path, JsonNode node, Map<String, String> into) {
        if (node.isObject() && !node.asObject().isEmpty()) {
            node.asObject().forEach((key, value) -> flatten(path + "/" + key, value, into));
        } else if (node.isArray() && !node.asArray().isEmpty()) {
            for (int i = 0; i < node.asArray().size(); i++) {
                flatten(path + "/" + i, node.asArray().get(i), into);
            }
        } else {
            String text = node.text();
            into.put(path, shown(text != null ? text : node.isNull() ? "null" : node.isArray() ? "[]" : "{}"));
        }
    }

    /** A value in the form that people see. */
    public String shown(String value) {
        if (value == null) {
            return null;
        }
        String text = value;
        for (var rewrite : new TreeMap<>(rewrites).entrySet()) {
            boolean secret = rewrite.getValue().equals(MASKED);
            // A short secret is recognised only as a whole text; otherwise every "1" would be replaced by stars.
            if (secret && rewrite.getKey().length() < 6) {
                text = text.equals(rewrite.getKey()) ? MASKED : text;
            } else {
                text = text.replace(rewrite.getKey(), rewrite.getValue());
            }
        }
        return cut(text, LONGEST_VALUE);
    }

    private static String cut(String text, int longest) {
        return text == null || text.length() <= longest ? text : Shown.cut(text, 200) + " (" + Sha256.of(text) + ")";
    }

    /** The same changes, with long values cut where there are many. */
    static List<Plan.Change> bounded(List<Plan.Change> changes) {
        long together = changes.stream()
                .flatMap(c -> c.properties().stream())
                .mapToLong(p -> length(p.before()) + length(p.after()))
                .sum();
        return together <= TOGETHER
                ? changes
                : changes.stream().map(ChangeSetContent::cut).toList();
    }

    private static int length(String text) {
        return text == null ? 0 : text.length();
    }

    private static Plan.Change cut(Plan.Change change) {
        return new Plan.Change(
                change.subject(),
                change.type(),
                change.action(),
                change.replacement(),
                change.properties().stream()
                        .map(p -> new Plan.PropertyChange(
                                p.path(),
                                cut(p.before(), LONGEST_OF_MANY),
                                cut(p.after(), LONGEST_OF_MANY),
                                p.replacement()))
                        .toList());
    }

    static Plan.Replacement worse(Plan.Replacement a, Plan.Replacement b) {
        if (a == Plan.Replacement.YES || b == Plan.Replacement.YES) {
            return Plan.Replacement.YES;
        }
        return a == Plan.Replacement.CONDITIONAL || b == Plan.Replacement.CONDITIONAL
                ? Plan.Replacement.CONDITIONAL
                : Plan.Replacement.NO;
    }

    private static Plan.Action action(String text) {
        return switch (String.valueOf(text)) {
            case "Add" -> Plan.Action.ADD;
            case "Modify" -> Plan.Action.MODIFY;
            case "Remove" -> Plan.Action.REMOVE;
            case "Import" -> Plan.Action.IMPORT;
            default -> Plan.Action.DYNAMIC;
        };
    }

    private static Plan.Replacement replacement(String text) {
        return switch (String.valueOf(text)) {
            case "True" -> Plan.Replacement.YES;
            case "Conditional" -> Plan.Replacement.CONDITIONAL;
            default -> Plan.Replacement.NO;
        };
    }

    private static Plan.Replacement recreation(String text) {
        return switch (String.valueOf(text)) {
            case "Always" -> Plan.Replacement.YES;
            case "Conditionally" -> Plan.Replacement.CONDITIONAL;
            default -> Plan.Replacement.NO;
        };
    }
}
