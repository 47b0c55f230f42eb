package io.jenkins.plugins.serverlesspromotion.format.policy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds parts of a pattern that are unsuitable for RE2, before RE2 reads it. These are: unsupported syntax; syntax with
 * another meaning in Java, which read the patterns of earlier versions; repetition counts that need too much memory;
 * and letters whose cases send the library into an endless loop.
 */
final class PatternScan {
    /** RE2 expands a repetition: {@code (a{100}){100}} has 10,000 parts. */
    private static final long MOST_PARTS = 10_000;

    /**
     * Letters with more than two cases that RE2/J 1.8 knows, such as K, k and the kelvin sign: the members of its case
     * table that do not return to themselves in two steps. A test compares them with the library.
     */
    private static final String KNOWN_CASES =
            "\u00b5\u0130\u0131\u017f\u01c5\u01c8\u01cb\u01f2\u0345\u03c2\u03d0\u03d1\u03d5\u03d6\u03f0\u03f1"
                    + "\u03f4\u03f5\u1e9b\u1e9e\u1fbe\u2126\u212a\u212b";

    private final String pattern;
    private int at;

    /** Parts of the groups that are open, outermost last. */
    private final Deque<Long> outer = new ArrayDeque<>();

    /** Parts of the group that is being read. */
    private long parts;

    /** Parts that a following repetition would repeat. */
    private long last;

    /** Whether the pattern ignores case anywhere. */
    private boolean folds;

    /** The first letter whose cases send the library into an endless loop; negative when there is none. */
    private int endless = -1;

    private PatternScan(String pattern) {
        this.pattern = pattern;
    }

    /** @return the rest of a sentence about {@code pattern}; empty where RE2 must decide whether it can be used */
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
                    literal(pattern.codePointAt(at));
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
        return problem == null && folds && endless >= 0
                ? "has a letter whose upper and lower case are not known ("
                        + String.format("U+%04X", endless)
                        + "); leave it out, or leave out (?i)"
                : problem;
    }

    /**
     * Whether the library would follow the cases of this letter without end: it alternates between lower and upper case
     * until it finds the first letter again.
     */
    static boolean hasEndlessCases(int letter) {
        return otherCase(otherCase(letter)) != letter && KNOWN_CASES.indexOf(letter) < 0;
    }

    private static int otherCase(int letter) {
        int lower = Character.toLowerCase(letter);
        return lower != letter ? lower : Character.toUpperCase(letter);
    }

    private void literal(int letter) {
        literals(letter, letter);
    }

    private void literals(int from, int to) {
        for (int letter = from; letter <= to && endless < 0; letter++) {
            if (hasEndlessCases(letter)) {
                endless = letter;
            }
        }
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
                literal(pattern.codePointAt(at));
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
        literal(escaped());
        part(1);
        return null;
    }

    /** Java reads three digits after the zero, RE2 two. */
    private static String octal() {
        return not("an octal number of a character", "\\0", "write the character itself, or its number as \\x{41}");
    }

    /**
     * Reads {@code \d}, {@code \pL}, {@code \p{Greek}}, {@code \x{41}}.
     *
     * @return the character that stands there; negative when it is a class of characters, or none
     */
    private int escaped() {
        boolean number = looksAt("\\x{");
        boolean named = number || looksAt("\\p{") || looksAt("\\P{");
        int end = named ? pattern.indexOf('}', at) : -1;
        int from = at;
        at = end < 0 ? Math.min(at + 2, pattern.length()) : end + 1;
        if (number && end >= 0) {
            String hex = pattern.substring(from + 3, end);
            return hex.matches("[0-9A-Fa-f]{1,6}") ? Integer.parseInt(hex, 16) : -1;
        }
        // Control characters are below all letters, so a range may also begin at its control character.
        return named || at - from < 2 || "dDsSwWpPbBAzC".indexOf(pattern.charAt(from + 1)) >= 0
                ? -1
                : "afnrtv".indexOf(pattern.charAt(from + 1)) >= 0 ? '\t' : pattern.codePointAt(from + 1);
    }

    private String characters() {
        at++;
        if (looksAt("^")) {
            at++;
        }
        boolean first = true;
        int from = -1;
        while (at < pattern.length() && (first || pattern.charAt(at) != ']')) {
            boolean range = from >= 0 && looksAt("-") && !looksAt("-]");
            at += range ? 1 : 0;
            first = false;
            int letter;
            if (looksAt("\\0")) {
                return octal();
            } else if (looksAt("\\")) {
                letter = escaped();
            } else if (looksAt("&&")) {
                return not("an intersection of characters", "&&", "list the characters that are meant");
            } else if (looksAt("[")) {
                return not(
                        "characters inside characters",
                        "[…[",
                        "list all of them between one pair of brackets, or write \\[ for the bracket itself");
            } else if (at < pattern.length()) {
                letter = pattern.codePointAt(at);
                at += Character.charCount(letter);
            } else {
                letter = -1;
            }
            literals(range ? from : letter, letter);
            from = range ? -1 : letter;
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
            folds |= !named && flags.matches("[^-]*i.*");
            if (!named && flags.indexOf('U') >= 0) {
                return not("the flag U", "(?" + flags, "write \\pL for letters and \\p{Nd} for digits of every script");
            }
            if (!named && end < pattern.length() && pattern.charAt(end) == ')') {
                at = end + 1;
                last = 0;
                // RE2 would repeat the part before the flags; Java repeated nothing.
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

    /** A second plus prevents backtracking in Java; RE2 never backtracks. */
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
