package io.jenkins.plugins.serverlesspromotion.format.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.Optional;

/** Patterns in RE2 syntax, which is that of Java without what needs backtracking. */
public final class Re2Patterns implements Patterns {
    /** Characters of a pattern. A longer one is more likely a mistake than meant. */
    private static final int LONGEST = 200;

    @Override
    public Optional<String> problem(String pattern) {
        if (pattern.length() > LONGEST) {
            return Optional.of("is longer than " + LONGEST + " characters");
        }
        // First, because the library allocates memory for every repetition before it answers.
        Optional<String> unsuitable = PatternScan.problem(pattern);
        if (unsuitable.isPresent()) {
            return unsuitable;
        }
        try {
            Pattern.compile(pattern);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of("is no regular expression: " + e.getDescription() + at(e.getPattern()));
        } catch (RuntimeException e) {
            // The parser is not ours: a pattern that makes it fail must not close more than the gate that has it.
            return Optional.of("is no regular expression that can be read: " + e);
        }
    }

    private static String at(String part) {
        return part == null || part.isEmpty() ? "" : " (" + TypedReader.shown(part) + ")";
    }

    @Override
    public boolean matches(String pattern, String text) {
        problem(pattern).ifPresent(problem -> {
            throw new IllegalArgumentException("'" + TypedReader.shown(pattern) + "' " + problem);
        });
        return Pattern.matches(pattern, text);
    }
}
