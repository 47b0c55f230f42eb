package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipRules;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Checks whether the current changes are the approved ones, or within them. */
public final class PlanConformance {
    private static final Set<String> OWNERS =
            Set.of(OwnershipRules.ADOPTS, OwnershipRules.ADOPTS_BY_POLICY, OwnershipRules.TARGET_LEFT_BEHIND);

    private PlanConformance() {}

    /**
     * @param settled fills in the outputs that were not known when {@code approved} was planned
     * @return null when {@code actual} may be carried out, otherwise what differs, as part of a sentence
     */
    public static String exceeded(Plan.Content approved, Plan.Content actual, UnaryOperator<String> settled) {
        return exceeded(approved, actual, settled, text -> text);
    }

    /** @param shown hides values that must not be in a plan, and so are not in {@code actual} */
    static String exceeded(
            Plan.Content approved, Plan.Content actual, UnaryOperator<String> settled, UnaryOperator<String> shown) {
        BiPredicate<String, String> same = (then, now) -> {
            String value = settled.apply(then);
            return Objects.equals(value, now) || Objects.equals(shown.apply(value), now);
        };
        if (!Objects.equals(approved.templateDigest(), actual.templateDigest())) {
            return "the template or its code is another one";
        }
        if (!Objects.equals(approved.liveDigest(), actual.liveDigest())) {
            return "what is live was changed since";
        }
        if (!approved.pins().equals(actual.pins())) {
            return "pinned versions differ";
        }
        if (!same(approved.values(), actual.values(), same)) {
            return "parameter values differ";
        }
        if (approved.exactness() == Plan.Exactness.EXACT) {
            return different(approved, actual);
        }
        String outside = outside(approved.changes(), actual.changes(), same);
        return outside == null ? riskier(approved.findings(), actual.findings()) : outside;
    }

    /** A value that was unknown during planning must not add a risk that no one saw. */
    private static String riskier(List<Plan.Finding> approved, List<Plan.Finding> actual) {
        return actual.stream()
                .filter(now -> approved.stream()
                        .noneMatch(then ->
                                then.kind().equals(now.kind()) && then.subject().equals(now.subject())))
                .findFirst()
                .map(now -> now.sentence() + ", which was not seen while planning")
                .orElse(null);
    }

    /** Ownership was decided when the deployment began; it is checked again before each write, not here. */
    private static List<Plan.Finding> withoutOwners(List<Plan.Finding> findings) {
        return findings.stream().filter(f -> !OWNERS.contains(f.kind())).toList();
    }

    private static String different(Plan.Content approved, Plan.Content actual) {
        boolean same = withoutOwners(approved.findings()).equals(withoutOwners(actual.findings()));
        List<Plan.Change> expected = withoutGuards(approved.changes());
        List<Plan.Change> changes = withoutGuards(actual.changes());
        if (expected.equals(changes) && same) {
            return null;
        }
        for (Plan.Change change : changes) {
            if (!expected.contains(change)) {
                return change.subject() + " (" + change.type() + ") would change in another way";
            }
        }
        return "less would change";
    }

    /**
     * Guards follow from the release alone, and are written after the change set: a deployment that is repeated may find
     * them written already.
     */
    private static List<Plan.Change> withoutGuards(List<Plan.Change> changes) {
        var others = new ArrayList<Plan.Change>();
        for (Plan.Change change : changes) {
            List<Plan.PropertyChange> properties = change.properties().stream()
                    .filter(p -> !ChangeSetContent.isStack(change) || !StackProtection.PATHS.contains(p.path()))
                    .toList();
            if (properties.size() == change.properties().size()) {
                others.add(change);
            } else if (!properties.isEmpty()) {
                others.add(new Plan.Change(
                        change.subject(), change.type(), change.action(), change.replacement(), properties));
            }
        }
        return others;
    }

    /** Whether no resource and no output changes for certain: at most the guards of the stack do. */
    public static boolean isAtMostGuards(Plan.Content content) {
        return content.exactness() == Plan.Exactness.EXACT
                && withoutGuards(content.changes()).isEmpty();
    }

    private static String outside(
            List<Plan.Change> approved, List<Plan.Change> actual, BiPredicate<String, String> same) {
        Map<String, Plan.Change> bounds =
                approved.stream().collect(Collectors.toMap(PlanConformance::identity, c -> c, (a, b) -> a));
        for (Plan.Change change : actual) {
            if (ChangeSetContent.isStack(change)) {
                continue;
            }
            Plan.Change bound = bounds.get(identity(change));
            String named = change.subject() + " (" + change.type() + ")";
            if (bound == null) {
                return named + " would change too";
            }
            if (ChangeSetContent.worse(bound.replacement(), change.replacement()) != bound.replacement()) {
                return named + " would be replaced";
            }
            String property = outside(bound, change, same);
            if (property != null) {
                return property + " of " + named + " would change in another way";
            }
        }
        return null;
    }

    private static String outside(Plan.Change bound, Plan.Change change, BiPredicate<String, String> same) {
        for (Plan.PropertyChange property : change.properties()) {
            boolean within = bound.properties().stream()
                    .anyMatch(p -> p.path().equals(property.path())
                            && Objects.equals(p.before(), property.before())
                            && (p.after() == null || same.test(p.after(), property.after()))
                            && ChangeSetContent.worse(p.replacement(), property.replacement()) == p.replacement());
            if (!within) {
                return property.path();
            }
        }
        return null;
    }

    private static String identity(Plan.Change change) {
        return change.action() + " " + change.type() + " " + change.subject();
    }

    private static boolean same(
            Map<String, String> approved, Map<String, String> actual, BiPredicate<String, String> same) {
        return approved.keySet().equals(actual.keySet())
                && approved.entrySet().stream().allMatch(e -> same.test(e.getValue(), actual.get(e.getKey())));
    }
}
