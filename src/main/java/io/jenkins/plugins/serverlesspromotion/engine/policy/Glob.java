package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Patterns of jobs, branches and producers, in which {@code *} stands for anything but {@code /}. */
public final class Glob {
    private Glob() {}

    /** Whether all of {@code text} matches {@code pattern}, in this case of letters. */
    public static boolean matches(String pattern, String text) {
        return matching(pattern).test(text);
    }

    /** As {@link #matches}, for many texts. */
    public static Predicate<String> matching(String pattern) {
        var regex = new StringBuilder();
        for (String literal : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : "[^/]*").append(Pattern.quote(literal));
        }
        return Pattern.compile(regex.toString()).asMatchPredicate();
    }
}
