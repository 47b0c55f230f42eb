package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One statement of an IAM policy.
 *
 * @param path its place in the template
 * @param actions as written; with {@code otherActions}, everything but these
 * @param resources with {@code otherResources}, everything but these
 * @param principals {@code *}, {@code AWS:123456789012} for an account, {@code Service:lambda.amazonaws.com}; with
 *     {@code otherPrincipals}, everyone but these; empty in a policy of an identity
 * @param conditions values by operator and key in lower case: {@code stringequals aws:sourceaccount}
 */
record IamStatement(
        String path,
        boolean allow,
        Set<String> actions,
        boolean otherActions,
        Set<String> resources,
        boolean otherResources,
        Set<String> principals,
        boolean otherPrincipals,
        Map<String, Set<String>> conditions) {
    /** Conditions that allow only known callers; keys in lower case. */
    private static final Set<String> RESTRICTING = Set.of(
            "aws:principalaccount",
            "aws:principalarn",
            "aws:principalorgid",
            "aws:principalorgpaths",
            "aws:sourceaccount",
            "aws:sourcearn",
            "aws:sourceip",
            "aws:sourceorgid",
            "aws:sourceorgpaths",
            "aws:sourceowner",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:vpcsourceip",
            "aws:userid",
            "kms:calleraccount",
            "s3:dataaccesspointaccount");

    /** @param map a member of {@code Statement} */
    static IamStatement of(String path, Map<String, Object> map) {
        boolean otherActions = map.containsKey("NotAction");
        boolean otherResources = map.containsKey("NotResource");
        boolean otherPrincipals = map.containsKey("NotPrincipal");
        // IAM ignores case in actions, people do not.
        var actions = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        actions.addAll(TemplateQuery.texts(map.get(otherActions ? "NotAction" : "Action")));
        return new IamStatement(
                path,
                !"Deny".equals(map.get("Effect")),
                actions,
                otherActions,
                new TreeSet<>(TemplateQuery.texts(map.get(otherResources ? "NotResource" : "Resource"))),
                otherResources,
                principals(map.get(otherPrincipals ? "NotPrincipal" : "Principal")),
                otherPrincipals,
                conditions(map.get("Condition")));
    }

    private static Set<String> principals(Object node) {
        var found = new TreeSet<>(TemplateQuery.texts(node));
        for (Map<String, Object> kinds : TemplateQuery.maps(node)) {
            kinds.forEach(
                    (kind, names) -> TemplateQuery.texts(names).forEach(name -> found.add(principal(kind, name))));
        }
        return found;
    }

    static String principal(String kind, String name) {
        if (name.equals("*")) {
            return "*";
        }
        // An account and its root are two spellings of the same principal.
        return kind + ":" + name.replaceFirst("^arn:[^:]+:iam::([^:]+|\\$\\{[^}]+}):root$", "$1");
    }

    private static Map<String, Set<String>> conditions(Object node) {
        var found = new TreeMap<String, Set<String>>();
        for (Map<String, Object> operators : TemplateQuery.maps(node)) {
            operators.forEach((operator, keys) -> {
                if (keys instanceof String unknown) {
                    found.computeIfAbsent(operator.toLowerCase(Locale.ROOT), k -> new TreeSet<>())
                            .add(unknown);
                }
                TemplateQuery.maps(keys)
                        .forEach(map -> map.forEach((key, values) -> found.computeIfAbsent(
                                        (operator + " " + key).toLowerCase(Locale.ROOT), k -> new TreeSet<>())
                                .addAll(TemplateQuery.texts(values))));
            });
        }
        return found;
    }

    /** Whether the actions of this statement include {@code action}, and all actions that it matches. */
    boolean isAboutAction(String action) {
        String low = action.toLowerCase(Locale.ROOT);
        return otherActions
                ? actions.stream().noneMatch(a -> IamPattern.meet(a.toLowerCase(Locale.ROOT), low))
                : actions.stream().anyMatch(a -> IamPattern.covers(a.toLowerCase(Locale.ROOT), low));
    }

    /** The same statement without its place. */
    IamStatement anywhere() {
        return new IamStatement(
                "", allow, actions, otherActions, resources, otherResources, principals, otherPrincipals, conditions);
    }

    private static Set<String> low(Set<String> actions) {
        var low = new TreeSet<String>();
        actions.forEach(a -> low.add(a.toLowerCase(Locale.ROOT)));
        return low;
    }

    boolean isAboutResource(String resource) {
        return resources.isEmpty() || isAbout(resources, otherResources, resource);
    }

    boolean isAboutPrincipal(String principal) {
        return principals.isEmpty()
                || (otherPrincipals
                        ? !principals.contains(principal) && !principal.equals("*")
                        : principals.stream().anyMatch(p -> includes(p, principal)));
    }

    private static boolean isAbout(Set<String> patterns, boolean others, String text) {
        return others
                ? patterns.stream().noneMatch(p -> IamPattern.meet(p, text))
                : patterns.stream().anyMatch(p -> IamPattern.covers(p, text));
    }

    private static boolean includes(String wide, String narrow) {
        // A policy that names an account allows every identity of that account, within the identity's own policies.
        return wide.equals("*")
                || wide.equals(narrow)
                || wide.startsWith("AWS:")
                        && narrow.startsWith("AWS:arn:")
                        && narrow.contains(":iam::" + wide.substring("AWS:".length()) + ":");
    }

    /**
     * Whether it covers all of {@code other}, ignoring conditions, when both use the same kinds of elements. Statements
     * of many words are compared as a whole with this.
     */
    boolean isAboutAllOf(IamStatement other) {
        return sameOrWider(low(actions), otherActions, low(other.actions), other.otherActions)
                && (resources.isEmpty()
                        || sameOrWider(resources, otherResources, other.resources, other.otherResources))
                && (principals.isEmpty()
                        || otherPrincipals == other.otherPrincipals
                                && (otherPrincipals
                                        ? other.principals.containsAll(principals)
                                        : other.principals.stream().allMatch(this::isAboutPrincipal)));
    }

    private static boolean sameOrWider(Set<String> wide, boolean wideOthers, Set<String> narrow, boolean narrowOthers) {
        if (narrowOthers) {
            return wideOthers
                    ? wide.stream().allMatch(w -> narrow.stream().anyMatch(n -> IamPattern.covers(n, w)))
                    : wide.contains("*");
        }
        return narrow.stream().allMatch(n -> isAbout(wide, wideOthers, n));
    }

    /** Whether every request that meets the conditions of {@code narrow} meets these too. */
    boolean conditionsCover(Map<String, Set<String>> narrow) {
        for (var condition : conditions.entrySet()) {
            String wanted = condition.getKey();
            Set<String> allowed = condition.getValue();
            boolean within = narrow.entrySet().stream()
                    .anyMatch(n -> implies(n.getKey(), wanted) && valuesWithin(wanted, allowed, n.getValue()));
            if (!within) {
                return false;
            }
        }
        return true;
    }

    private static boolean implies(String narrow, String wide) {
        if (narrow.equals(wide) || narrow.equals(wide.replace("ifexists ", " "))) {
            return true;
        }
        return family(narrow).equals(family(wide))
                && (!operator(narrow).contains("like") || operator(wide).contains("like"));
    }

    /** The operator alone: a key may contain any word. */
    private static String operator(String condition) {
        return condition.substring(0, Math.max(0, condition.indexOf(' ')));
    }

    private static String family(String condition) {
        return condition.replaceFirst("^stringlike ", "stringequals ").replaceFirst("^arn(like|equals) ", "arn ");
    }

    private static boolean valuesWithin(String condition, Set<String> wide, Set<String> narrow) {
        String operator = operator(condition);
        if (operator.contains("not")) {
            return narrow.containsAll(wide);
        }
        boolean patterns = operator.contains("like") || operator.contains("arn");
        return narrow.stream()
                .allMatch(n -> wide.contains(n) || patterns && wide.stream().anyMatch(w -> IamPattern.covers(w, n)));
    }

    /** The statement without parts that are too long for an evidence line. */
    String shown() {
        var parts = new ArrayList<String>();
        parts.add(allow ? "Allow" : "Deny");
        add(parts, otherPrincipals ? "to all but " : "to ", principals);
        add(parts, otherActions ? "everything but " : "", actions);
        add(parts, otherResources ? "on all but " : "on ", resources);
        if (!conditions.isEmpty()) {
            parts.add("if " + conditions);
        }
        return TemplateQuery.shown(String.join(" ", parts));
    }

    private static void add(List<String> parts, String word, Set<String> values) {
        if (!values.isEmpty()) {
            parts.add(word + String.join(", ", new LinkedHashSet<>(values)));
        }
    }

    /** Whether conditions allow only known callers. */
    boolean isRestricted() {
        return conditions.entrySet().stream().anyMatch(condition -> {
            String[] parts = condition.getKey().split(" ", 2);
            return parts.length == 2
                    && RESTRICTING.contains(parts[1])
                    && !parts[0].contains("not")
                    && !parts[0].contains("null")
                    && !parts[0].contains("ifexists")
                    // True too when the request does not have such a key.
                    && !parts[0].startsWith("forallvalues:")
                    && condition.getValue().stream().noneMatch(v -> isEverywhere(v) || isOfAnybody(v));
        });
    }

    /** A text that matches resources of strangers: any text, or ARNs of any account. */
    private static boolean isOfAnybody(String pattern) {
        if (!pattern.startsWith("arn:")) {
            return pattern.equals("*");
        }
        String[] parts = pattern.split(":", 6);
        if (parts.length < 6) {
            return pattern.contains("*");
        }
        // The ARN of a bucket has no account.
        return parts[4].isEmpty() ? parts[5].startsWith("*") : parts[4].matches("[*?]+");
    }

    /** An address range that is the internet, or half of it. */
    static boolean isEverywhere(String range) {
        return range.endsWith("/0") || range.endsWith("/1") && range.matches("[0-9a-fA-F:.]+/1");
    }
}
