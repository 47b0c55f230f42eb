package io.jenkins.plugins.serverlesspromotion.format;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds what makes a pattern unsuitable for RE2 before RE2 reads it: what it does not support, what it would read with
 * another meaning than Java, which read the patterns of earlier versions, and counts that would take too much memory.
 */
final class PatternScan {
    /** RE2 writes a repetition out: {@code (a{100}){100}} has 10,000 parts. */
    private static final long MOST_PARTS = 10_000;

    private final String pattern;
    private int at;

    /** Parts of the groups that are open, outermost last. */
    private final Deque<Long> outer = new ArrayDeque<>();

    /** Parts of the group that is being read. */
    private long parts;

    /** Parts of what a repetition would repeat. */
    private long last;

    private PatternScan(String pattern) {
        this.pattern = pattern;
    }

    /** @return the rest of a sentence about {@code pattern}; empty where RE2 decides whether it can be used */
    static Optional<String> problem(String pattern) {
        return Optional.ofNullable(new PatternScan(pattern).problem());
    }

    private String problem() {
        String problem = null;
        while (problem == null && at < pattern.length()) {
            char c = pattern.charAt(at);
            problem = switch (c) {
                case '\\' -> escape();
                case '[' -> characters();
                case '(' -> open();
                case ')' -> close();
                case '*', '+', '?' -> repetition();
                case '{' -> count();
                default -> {
                    at++;
                    if (c == '|') {
                        last = 0;
                    } else {
                        part(1);
                    }
                    yield null;
                }
            };
        }
        return problem;
    }

    private void part(long size) {
        last = size;
        parts += size;
    }

    private boolean looksAt(String text) {
        return pattern.startsWith(text, at);
    }

    private static String not(String what, String written, String instead) {
        return "has " + what + " (" + written + "), which is not supported; " + instead;
    }

    private String escape() {
        if (looksAt("\\Q")) {
            int end = pattern.indexOf("\\E", at);
            int until = end < 0 ? pattern.length() : end;
            for (at += 2; at < until; at++) {
                part(1);
            }
            at = end < 0 ? until : end + 2;
            return null;
        }
        if (at + 1 < pattern.length() && pattern.charAt(at + 1) >= '1' && pattern.charAt(at + 1) <= '9'
                || looksAt("\\k<")) {
            return not("a back reference", pattern.substring(at, at + 2), "write out what it stands for");
        }
        if (looksAt("\\0")) {
            return octal();
        }
        skipEscape();
        part(1);
        return null;
    }

    /** Java takes three digits behind the zero, RE2 two. */
    private static String octal() {
        return not("an octal number of a character", "\\0", "write the character itself, or its number as \\x{41}");
    }

    /** {@code \d}, {@code \pL}, {@code \p{Greek}}, {@code \x{41}}. */
    private void skipEscape() {
        boolean named = looksAt("\\p{") || looksAt("\\P{") || looksAt("\\x{");
        int end = named ? pattern.indexOf('}', at) : -1;
        at = end < 0 ? Math.min(at + 2, pattern.length()) : end + 1;
    }

    private String characters() {
        at++;
        if (looksAt("^")) {
            at++;
        }
        boolean first = true;
        while (at < pattern.length() && (first || pattern.charAt(at) != ']')) {
            first = false;
            if (looksAt("\\0")) {
                return octal();
            } else if (looksAt("\\")) {
                skipEscape();
            } else if (looksAt("&&")) {
                return not("an intersection of characters", "&&", "list the characters that are meant");
            } else if (looksAt("[")) {
                return not(
                        "characters inside characters",
                        "[…[",
                        "list all of them between one pair of brackets, or write \\[ for the bracket itself");
            } else {
                at++;
            }
        }
        at++;
        part(1);
        return null;
    }

    private String open() {
        String problem = looksAt("(?=") || looksAt("(?!")
                ? not("a look-ahead", pattern.substring(at, at + 3), "write what the whole ticket looks like")
                : looksAt("(?<=") || looksAt("(?<!")
                        ? not("a look-behind", pattern.substring(at, at + 4), "write what the whole ticket looks like")
                        : looksAt("(?>") ? not("an atomic group", "(?>", "write (?:") : null;
        if (problem != null) {
            return problem;
        }
        if (looksAt("(?")) {
            int from = at + 2;
            int end = from;
            while (end < pattern.length() && (Character.isLetter(pattern.charAt(end)) || pattern.charAt(end) == '-')) {
                end++;
            }
            String flags = pattern.substring(from, end);
            boolean named = looksAt("(?P<");
            if (!named && flags.indexOf('U') >= 0) {
                return not("the flag U", "(?" + flags, "write \\pL for letters and \\p{Nd} for digits of every script");
            }
            if (!named && end < pattern.length() && pattern.charAt(end) == ')') {
                at = end + 1;
                last = 0;
                // RE2 would repeat what stands before the flags, and Java repeated nothing.
                return at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0
                        ? not("a repetition of flags", pattern.substring(from - 2, at + 1), "leave out the repetition")
                        : null;
            }
            at = end;
            return begin();
        }
        at++;
        return begin();
    }

    private String begin() {
        outer.push(parts);
        parts = 0;
        last = 0;
        if (looksAt("<")) {
            int end = pattern.indexOf('>', at);
            at = end < 0 ? pattern.length() : end + 1;
        } else if (looksAt(":")) {
            at++;
        }
        return null;
    }

    private String close() {
        at++;
        long group = Math.max(1, parts);
        parts = outer.isEmpty() ? 0 : outer.pop();
        part(group);
        return null;
    }

    private String repetition() {
        at++;
        return possessive();
    }

    /** A second plus keeps Java from trying again; RE2 never tries again. */
    private String possessive() {
        return looksAt("+")
                ? not("a possessive repetition", pattern.substring(at - 1, at + 1), "leave out the second +")
                : null;
    }

    /** {@code {2}}, {@code {2,}} and {@code {2,5}}; any other brace stands for itself. */
    private String count() {
        int end = pattern.indexOf('}', at);
        String inside = end < 0 ? "" : pattern.substring(at + 1, end);
        if (!isCount(inside)) {
            at++;
            part(1);
            return null;
        }
        long most = 1;
        for (String number : List.of(inside.split(","))) {
            most = Math.max(most, number.length() > 6 ? MOST_PARTS + 1 : Long.parseLong(number));
        }
        parts += last * (most - 1);
        last *= most;
        at = end + 1;
        return parts > MOST_PARTS
                ? "repeats more than " + MOST_PARTS + " parts, when its counts are multiplied; write smaller counts"
                : possessive();
    }

    private static boolean isCount(String text) {
        int comma = text.indexOf(',');
        String from = comma < 0 ? text : text.substring(0, comma);
        String to = comma < 0 ? "" : text.substring(comma + 1);
        return !from.isEmpty() && (from + to).chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
