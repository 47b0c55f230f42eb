package io.jenkins.plugins.serverlesspromotion.format.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.format.input.TypedReader;
import java.util.Optional;

/** Patterns in RE2 syntax: that of Java without the parts that need backtracking. */
public final class Re2Patterns implements Patterns {
    /** Characters of a pattern. A longer one is probably a mistake. */
    private static final int LONGEST = 200;

    @Override
    public Optional<String> problem(String pattern) {
        if (pattern.length() > LONGEST) {
            return Optional.of("is longer than " + LONGEST + " characters");
        }
        // First, because the library allocates memory for every repetition before it returns.
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
            // The parser is a library: a pattern that makes it fail must close only its own gate.
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
