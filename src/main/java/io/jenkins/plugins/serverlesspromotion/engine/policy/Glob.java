package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.util.regex.Pattern;

/** Patterns of branches and producers, in which {@code *} stands for anything but {@code /}. */
public final class Glob {
    private Glob() {}

    /** Whether all of {@code text} matches {@code pattern}, in this case of letters. */
    public static boolean matches(String pattern, String text) {
        var regex = new StringBuilder();
        for (String literal : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : "[^/]*").append(Pattern.quote(literal));
        }
        return Pattern.matches(regex.toString(), text);
    }
}
