package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** References to outputs of targets in a text: <code>${output.api.Url}</code>. */
public final class OutputReference {
    private static final Pattern FORM = Pattern.compile("\\$\\{output\\.([^.}]+)\\.([^}]+)}");

    private OutputReference() {}

    public static boolean isIn(String text) {
        return FORM.matcher(text.substring(0, text.lastIndexOf('}') + 1)).find();
    }

    /**
     * The text with every reference replaced.
     *
     * @param value by target and output; empty: the reference remains
     */
    public static String replaced(String text, BiFunction<String, String, Optional<String>> value) {
        // After the last brace nothing is closed. Searching for a brace from every ${ would take very long.
        int end = text.lastIndexOf('}') + 1;
        return FORM.matcher(text.substring(0, end))
                        .replaceAll(m -> Matcher.quoteReplacement(
                                value.apply(m.group(1), m.group(2)).orElse(m.group())))
                + text.substring(end);
    }
}
