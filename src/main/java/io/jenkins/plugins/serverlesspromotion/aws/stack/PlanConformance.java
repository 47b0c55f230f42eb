package io.jenkins.plugins.serverlesspromotion.aws.stack;

import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipRules;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Checks whether the current changes are the approved ones, or within them. */
public final class PlanConformance {
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
        return findings.stream()
                .filter(f ->
                        !f.kind().equals(OwnershipRules.ADOPTS) && !f.kind().equals(OwnershipRules.ADOPTS_BY_POLICY))
                .toList();
    }

    private static String different(Plan.Content approved, Plan.Content actual) {
        boolean same = withoutOwners(approved.findings()).equals(withoutOwners(actual.findings()));
        if (approved.changes().equals(actual.changes()) && same) {
            return null;
        }
        for (Plan.Change change : actual.changes()) {
            if (!approved.changes().contains(change)) {
                return change.subject() + " (" + change.type() + ") would change in another way";
            }
        }
        return "less would change";
    }

    private static String outside(
            List<Plan.Change> approved, List<Plan.Change> actual, BiPredicate<String, String> same) {
        Map<String, Plan.Change> bounds =
                approved.stream().collect(Collectors.toMap(PlanConformance::identity, c -> c, (a, b) -> a));
        for (Plan.Change change : actual) {
            Plan.Change bound = bounds.get(identity(change));
            String named = change.subject() + " (" + change.type() + ")";
            if (bound == null) {
                // Changes of the stack itself affect no resource.
                if (change.subject().equals(ChangeSetContent.STACK)) {
                    continue;
                }
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
