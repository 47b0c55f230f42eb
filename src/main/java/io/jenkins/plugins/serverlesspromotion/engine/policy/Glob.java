package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.util.function.Predicate;

/** Patterns of jobs, branches and producers, in which {@code *} stands for anything but {@code /}. */
public final class Glob {
    private Glob() {}

    /**
     * Whether all of {@code text} matches {@code pattern}, case-sensitively. Needs at most as many steps as the product
     * of both lengths, however many stars there are: a branch name must not keep a processor busy.
     */
    public static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int taken = 0;
        while (t < text.length()) {
            char c = text.charAt(t);
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                taken = t;
            } else if (p < pattern.length() && pattern.charAt(p) == c) {
                // A star before a slash cannot match the slash, so it never has to match more once the slash is passed.
                star = c == '/' ? -1 : star;
                p++;
                t++;
            } else if (star >= 0 && text.charAt(taken) != '/') {
                p = star + 1;
                t = ++taken;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** As {@link #matches}, for many texts. */
    public static Predicate<String> matching(String pattern) {
        return text -> matches(pattern, text);
    }
}
