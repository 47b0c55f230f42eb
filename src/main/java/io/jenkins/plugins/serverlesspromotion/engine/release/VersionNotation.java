package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads ranges of versions as npm (node-semver, "Advanced Range Syntax") and Maven ("Dependency Version Requirement
 * Specification") write them, where both mean the same. The result is a text for
 * {@link VersionRange}. What is such a text already stays as it is.
 */
public final class VersionNotation {
    private static final Pattern SPACE_AFTER_OPERATOR = Pattern.compile("([<>=^~!]) +");
    private static final Pattern OPERATOR = Pattern.compile("(>=|<=|==|>|<|=|\\^|~)?(.*)");

    /** Numbers, with {@code x} or {@code *} for any, and perhaps a pre-release. */
    private static final Pattern PARTIAL = Pattern.compile(
            "[vV]?((?:[0-9]+|[xX*])(?:\\.(?:[0-9]+|[xX*]))*)(?:-([0-9A-Za-z._-]+))?(?:\\+[0-9A-Za-z.+_-]*)?");

    private static final Pattern HYPHEN = Pattern.compile("(\\S+) +- +(\\S+)");
    private static final Pattern INTERVAL = Pattern.compile("([\\[(])([^,\\[\\]()]*)(?:(,)([^,\\[\\]()]*))?([])])");

    /** A longer text is a mistake. */
    private static final int LONGEST = 200;

    /** npm takes an upper end with fewer numbers as a wildcard. */
    private static final int WHOLE = 3;

    private VersionNotation() {}

    /** @throws IllegalArgumentException with what to write instead */
    public static String plain(String text) {
        String range = text.strip();
        if (range.length() > LONGEST) {
            throw refused(range, "is too long; write bounds such as >=2.3 <3");
        }
        if (range.equalsIgnoreCase("latest")) {
            throw refused(
                    range,
                    "is another version with every release; write * for any version, a bound such as >=2.3, or"
                            + " =latest for a release of that name");
        }
        if (range.contains("||")) {
            throw refused(range, "has alternatives, which are not supported; write one range, such as >=2.3 <4");
        }
        if (range.contains("~>")) {
            throw refused(
                    range, "has ~>, which tools read differently; write ~1.2 for >=1.2 <1.3, or ^1.2 for >=1.2 <2");
        }
        if (range.contains("!")) {
            throw refused(range, "leaves out a version, which is not supported; write bounds such as >=2.3 <3");
        }
        String plain = range.startsWith("[") || range.startsWith("(") ? interval(range) : bounds(range);
        new VersionRange(plain);
        return plain.equals(range) ? text : plain;
    }

    private static IllegalArgumentException refused(String range, String why) {
        return new IllegalArgumentException("'" + Shown.text(range) + "' " + why);
    }

    private static String interval(String range) {
        Matcher interval = INTERVAL.matcher(range);
        if (!interval.matches()) {
            throw refused(range, "is no interval of Maven; write one such as [2.3,3), or bounds such as >=2.3 <3");
        }
        String from = interval.group(2).strip();
        boolean open = interval.group(1).equals("(");
        boolean before = interval.group(5).equals(")");
        if (interval.group(3) == null) {
            if (from.isEmpty() || open || before) {
                throw refused(range, "has one version but is open; write [2.3] for exactly that version");
            }
            return "=" + from;
        }
        String to = interval.group(4).strip();
        var bounds = new ArrayList<String>();
        if (!from.isEmpty()) {
            bounds.add((open ? ">" : ">=") + from);
        }
        if (!to.isEmpty()) {
            bounds.add((before ? "<" : "<=") + to);
        }
        return bounds.isEmpty() ? ">=0" : String.join(" ", bounds);
    }

    private static String bounds(String range) {
        Matcher hyphen = HYPHEN.matcher(range);
        if (hyphen.matches()) {
            return hyphen(range, hyphen.group(1), hyphen.group(2));
        }
        String joined = SPACE_AFTER_OPERATOR.matcher(range).replaceAll("$1");
        // Only what npm or a comma of other tools added is rewritten: the text is part of the release's digest.
        String[] parts = joined.split("[ ,]+");
        var bounds = new ArrayList<String>();
        boolean changed = joined.indexOf(',') >= 0 || !joined.equals(range);
        for (String part : parts) {
            String bound = bound(range, part);
            changed |= !bound.equals(part);
            bounds.add(bound);
        }
        return changed ? String.join(" ", bounds) : range;
    }

    private static String hyphen(String range, String from, String to) {
        Partial low = Partial.of(from);
        Partial high = Partial.of(to);
        if (low == null || high == null) {
            throw refused(range, "is no range; write two versions, as in 1.2 - 2.0, or bounds such as >=1.2 <2.1");
        }
        String upper = high.any
                ? high.numbers.isEmpty() ? "" : " <" + high.next()
                : high.numbers.size() < WHOLE && high.preRelease == null ? " <" + high.next() : " <=" + to;
        return (low.any ? ">=" + low.lowest() : ">=" + from) + upper;
    }

    private static String bound(String range, String part) {
        Matcher matcher = OPERATOR.matcher(part);
        matcher.matches();
        String operator = matcher.group(1) == null ? "" : matcher.group(1);
        String version = matcher.group(2);
        Partial partial = Partial.of(version);
        boolean close = operator.equals("^") || operator.equals("~");
        if (partial == null) {
            if (close) {
                throw refused(
                        range,
                        "has no version after " + operator + "; write numbers with dots, as in " + operator + "1.2");
            }
            return operator.equals("==") ? "=" + version : part;
        }
        if (!partial.any && !close) {
            return operator.equals("==") ? "=" + version : part;
        }
        if (partial.any && partial.preRelease != null) {
            throw refused(range, "has a wildcard and a pre-release; write bounds such as >=2.3 <3");
        }
        String from = ">=" + (partial.any ? partial.lowest() : version);
        if (partial.numbers.isEmpty()) {
            if (operator.equals("<") || operator.equals(">")) {
                throw refused(range, "takes no version; write a bound such as >=2.3");
            }
            return from;
        }
        return switch (operator) {
            case "^" -> from + " <" + partial.caret();
            case "~" -> from + " <" + partial.tilde();
            case ">=" -> from;
            case ">" -> ">=" + partial.next();
            case "<" -> "<" + partial.lowest();
            case "<=" -> "<" + partial.next();
            default -> from + " <" + partial.next();
        };
    }

    /**
     * A version of which the end may be left open.
     *
     * @param numbers before the first wildcard
     * @param any whether there is a wildcard
     */
    private record Partial(List<BigInteger> numbers, boolean any, String preRelease) {
        /** @return null when it is no such version */
        static Partial of(String text) {
            Matcher matcher = PARTIAL.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            var numbers = new ArrayList<BigInteger>();
            boolean any = false;
            for (String part : matcher.group(1).split("\\.")) {
                boolean wildcard = part.equals("*") || part.equalsIgnoreCase("x");
                if (any && !wildcard) {
                    return null;
                }
                any |= wildcard;
                if (!wildcard) {
                    numbers.add(new BigInteger(part));
                }
            }
            return new Partial(numbers, any, matcher.group(2));
        }

        String lowest() {
            return numbers.isEmpty() ? "0" : dotted(numbers);
        }

        /** The first version that differs in the last of the numbers. */
        String next() {
            return after(numbers.size());
        }

        /** The first version that differs in the first number that is not 0. */
        String caret() {
            int i = 0;
            while (i < numbers.size() - 1 && numbers.get(i).signum() == 0) {
                i++;
            }
            return after(i + 1);
        }

        /** The first version that differs in the second number. */
        String tilde() {
            return after(Math.min(2, numbers.size()));
        }

        private String after(int count) {
            var upper = new ArrayList<>(numbers.subList(0, count));
            upper.set(count - 1, upper.get(count - 1).add(BigInteger.ONE));
            return dotted(upper);
        }

        private static String dotted(List<BigInteger> numbers) {
            return numbers.stream().map(BigInteger::toString).collect(Collectors.joining("."));
        }
    }
}
