package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.HashSet;
import java.util.Set;

/**
 * Patterns of IAM: {@code *} for any text, {@code ?} for one character. A placeholder such as <code>${Table.Arn}</code>
 * stands for an unknown text, so only {@code *} and the same placeholder match it.
 */
final class IamPattern {
    /** No ARN or action is longer. Comparing longer texts letter by letter would take too long. */
    private static final int LONGEST = 2_048;

    private IamPattern() {}

    /** Whether {@code pattern} matches everything that {@code text}, itself a pattern, matches. */
    static boolean covers(String pattern, String text) {
        if (pattern.length() > LONGEST || text.length() > LONGEST) {
            return pattern.equals("*") || pattern.equals(text);
        }
        int p = 0;
        int t = 0;
        int star = -1;
        int mark = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = t;
            } else if (p < pattern.length() && matchesOne(pattern.charAt(p), text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean matchesOne(char pattern, char text) {
        return pattern == '?' ? "*${}".indexOf(text) < 0 : pattern == text;
    }

    /** Whether some text matches both patterns. */
    static boolean meet(String a, String b) {
        return a.length() > LONGEST
                || b.length() > LONGEST
                || a.length() * b.length() > LONGEST * 32
                || meet(a, 0, b, 0, new HashSet<>());
    }

    private static boolean meet(String a, int i, String b, int j, Set<Long> failed) {
        if (i == a.length() && j == b.length()) {
            return true;
        }
        long state = (long) i << 32 | j;
        if (failed.contains(state)) {
            return false;
        }
        boolean found = i < a.length()
                        && a.charAt(i) == '*'
                        && (meet(a, i + 1, b, j, failed) || j < b.length() && meet(a, i, b, j + 1, failed))
                || j < b.length()
                        && b.charAt(j) == '*'
                        && (meet(a, i, b, j + 1, failed) || i < a.length() && meet(a, i + 1, b, j, failed))
                || i < a.length()
                        && j < b.length()
                        && (a.charAt(i) == b.charAt(j) || a.charAt(i) == '?' || b.charAt(j) == '?')
                        && meet(a, i + 1, b, j + 1, failed);
        if (!found) {
            failed.add(state);
        }
        return found;
    }
}
