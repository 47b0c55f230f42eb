package io.jenkins.plugins.serverlesspromotion.fuzz;

import io.jenkins.plugins.serverlesspromotion.engine.release.VersionRange;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A version range and a version: whether it lies in the range is found out in a second way, and must be the same. */
public final class VersionRangeFuzz {
    private static final List<String> OPERATORS = List.of(">=", "<=", ">", "<", "=");

    private VersionRangeFuzz() {}

    /** @param data a range, a line feed, a version */
    public static void fuzzerTestOneInput(byte[] data) {
        Expect.withinMemory(() -> {
            String text = new String(data, StandardCharsets.UTF_8);
            int end = text.indexOf('\n');
            String range = end < 0 ? text : text.substring(0, end);
            String version = end < 0 ? "1.0.0" : text.substring(end + 1);
            VersionRange read;
            try {
                read = new VersionRange(range);
            } catch (IllegalArgumentException e) {
                Expect.sentence(e.getMessage());
                return;
            }
            Optional<Boolean> found = read.contains(version);
            Optional<Boolean> expected = contains(range, version);
            Expect.that(
                    found.equals(expected), "'" + version + "' in '" + range + "' is " + found + ", not " + expected);
        });
    }

    private static Optional<Boolean> contains(String range, String version) {
        Ordered ordered = Ordered.of(version);
        boolean within = true;
        boolean comparable = true;
        for (String bound : range.strip().split(" ")) {
            if (bound.isEmpty()) {
                continue;
            }
            String operator =
                    OPERATORS.stream().filter(bound::startsWith).findFirst().orElse("");
            String text = bound.substring(operator.length());
            Ordered limit = Ordered.of(text);
            if (operator.isEmpty() || operator.equals("=")) {
                within &= text.equals(version) || ordered != null && limit != null && ordered.compareTo(limit) == 0;
            } else if (ordered == null || limit == null) {
                comparable = false;
            } else {
                int order = ordered.compareTo(limit);
                within &= switch (operator) {
                    case ">=" -> order >= 0;
                    case "<=" -> order <= 0;
                    case ">" -> order > 0;
                    default -> order < 0 && !(limit.pre.isEmpty() && ordered.numbersOf(limit) == 0);
                };
            }
        }
        return comparable ? Optional.of(within) : Optional.empty();
    }

    /** @param pre identifiers of the pre-release; empty: it is none */
    private record Ordered(List<BigInteger> numbers, List<String> pre) implements Comparable<Ordered> {
        static Ordered of(String version) {
            String text = version.startsWith("v") || version.startsWith("V") ? version.substring(1) : version;
            int plus = text.indexOf('+');
            if (plus >= 0) {
                if (!consistsOf(text.substring(plus + 1), ".+_-")) {
                    return null;
                }
                text = text.substring(0, plus);
            }
            int dash = text.indexOf('-');
            List<String> pre = List.of();
            if (dash >= 0) {
                String identifiers = text.substring(dash + 1);
                if (identifiers.isEmpty() || !consistsOf(identifiers, "._-")) {
                    return null;
                }
                pre = Arrays.asList(identifiers.split("\\.", -1));
                text = text.substring(0, dash);
            }
            var numbers = new ArrayList<BigInteger>();
            for (String part : text.split("\\.", -1)) {
                if (!isNumber(part)) {
                    return null;
                }
                numbers.add(new BigInteger(part));
            }
            return new Ordered(numbers, pre);
        }

        private static boolean consistsOf(String text, String others) {
            return text.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || others.indexOf(c) >= 0));
        }

        private static boolean isNumber(String text) {
            return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        int numbersOf(Ordered other) {
            for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
                BigInteger mine = i < numbers.size() ? numbers.get(i) : BigInteger.ZERO;
                BigInteger theirs = i < other.numbers.size() ? other.numbers.get(i) : BigInteger.ZERO;
                if (!mine.equals(theirs)) {
                    return mine.compareTo(theirs);
                }
            }
            return 0;
        }

        @Override
        public int compareTo(Ordered other) {
            int order = numbersOf(other);
            if (order != 0) {
                return order;
            }
            if (pre.isEmpty() || other.pre.isEmpty()) {
                return Boolean.compare(pre.isEmpty(), other.pre.isEmpty());
            }
            for (int i = 0; i < Math.min(pre.size(), other.pre.size()); i++) {
                int one = identifiers(pre.get(i), other.pre.get(i));
                if (one != 0) {
                    return one;
                }
            }
            return pre.size() - other.pre.size();
        }

        /** Numbers come before texts (SemVer 2.0, section 11.4). */
        private static int identifiers(String a, String b) {
            if (isNumber(a) && isNumber(b)) {
                return new BigInteger(a).compareTo(new BigInteger(b));
            }
            return isNumber(a) ? -1 : isNumber(b) ? 1 : a.compareTo(b);
        }
    }
}
