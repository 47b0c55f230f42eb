package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Evaluates IAM policy documents: Effect, Action/NotAction, Resource, Principal and the conditions StringEquals,
 * StringNotEquals, StringLike, ArnEquals, ArnLike and Bool. A statement with another condition never allows and always
 * denies, so that an unsupported one fails closed.
 */
final class IamPolicy {
    enum Decision {
        ALLOW,
        DENY,
        NONE
    }

    private static final Set<String> EQUALS = Set.of("StringEquals", "ArnEquals", "Bool", "ArnLike", "StringLike");

    private IamPolicy() {}

    /** Identity policies and bucket policies alike: {@code caller} is null where the document has no principals. */
    static Decision evaluate(
            Iterable<JsonNode> documents,
            Principal caller,
            String action,
            String resource,
            Map<String, String> context) {
        Decision decision = Decision.NONE;
        for (JsonNode document : documents) {
            for (JsonNode statement : items(document.get("Statement"))) {
                boolean deny = "Deny".equals(SandboxJson.text(statement, "Effect"));
                if (matches(statement, caller, action, resource, context, deny)) {
                    if (deny) {
                        return Decision.DENY;
                    }
                    decision = Decision.ALLOW;
                }
            }
        }
        return decision;
    }

    private static boolean matches(
            JsonNode statement,
            Principal caller,
            String action,
            String resource,
            Map<String, String> context,
            boolean deny) {
        boolean named = statement.has("NotAction")
                ? strings(statement.get("NotAction")).stream().noneMatch(pattern -> glob(pattern, action, true))
                : strings(statement.get("Action")).stream().anyMatch(pattern -> glob(pattern, action, true));
        if (!named) {
            return false;
        }
        if (resource != null
                && statement.has("Resource")
                && strings(statement.get("Resource")).stream().noneMatch(pattern -> glob(pattern, resource, false))) {
            return false;
        }
        if (caller != null && !admits(statement.get("Principal"), caller)) {
            return false;
        }
        return condition(statement.get("Condition"), context, deny);
    }

    private static boolean admits(JsonNode principal, Principal caller) {
        if (principal == null) {
            return false;
        }
        if (principal.isTextual()) {
            return principal.asText().equals("*");
        }
        for (String service : strings(principal.get("Service"))) {
            if (service.equals(caller.policyArn())) {
                return true;
            }
        }
        for (String pattern : strings(principal.get("AWS"))) {
            if (pattern.equals("*")
                    || pattern.equals(caller.account())
                    || pattern.equals("arn:aws:iam::" + caller.account() + ":root")
                    || pattern.equals(caller.policyArn())
                    || pattern.equals(caller.arn())) {
                return true;
            }
        }
        return false;
    }

    private static boolean condition(JsonNode condition, Map<String, String> context, boolean deny) {
        if (condition == null) {
            return true;
        }
        for (var operator : condition.properties()) {
            boolean negated = operator.getKey().equals("StringNotEquals");
            if (!negated && !EQUALS.contains(operator.getKey())) {
                return deny;
            }
            for (var key : operator.getValue().properties()) {
                String actual = lookUp(context, key.getKey());
                boolean wild = operator.getKey().endsWith("Like");
                boolean equal = actual != null
                        && strings(key.getValue()).stream()
                                .anyMatch(wanted -> wild ? glob(wanted, actual, false) : wanted.equals(actual));
                if (equal == negated) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Names of condition keys have no case. */
    private static String lookUp(Map<String, String> context, String key) {
        String exact = context.get(key);
        if (exact != null) {
            return exact;
        }
        return context.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(key))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** {@code *} any run of characters, {@code ?} one. */
    static boolean glob(String pattern, String text, boolean ignoreCase) {
        String p = ignoreCase ? pattern.toLowerCase(java.util.Locale.ROOT) : pattern;
        String t = ignoreCase ? text.toLowerCase(java.util.Locale.ROOT) : text;
        int i = 0;
        int j = 0;
        int star = -1;
        int mark = 0;
        while (j < t.length()) {
            if (i < p.length() && p.charAt(i) == '*') {
                star = i++;
                mark = j;
            } else if (i < p.length() && (p.charAt(i) == '?' || p.charAt(i) == t.charAt(j))) {
                i++;
                j++;
            } else if (star >= 0) {
                i = star + 1;
                j = ++mark;
            } else {
                return false;
            }
        }
        while (i < p.length() && p.charAt(i) == '*') {
            i++;
        }
        return i == p.length();
    }

    static List<String> strings(JsonNode node) {
        List<String> strings = new ArrayList<>();
        items(node).forEach(item -> strings.add(item.asText()));
        return strings;
    }

    /** IAM lets a single value stand for a list of one. */
    private static Iterable<JsonNode> items(JsonNode node) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        return node.isArray() ? node : List.of(node);
    }
}
