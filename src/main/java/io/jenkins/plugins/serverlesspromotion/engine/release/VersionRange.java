package io.jenkins.plugins.serverlesspromotion.engine.release;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Versions between bounds, as {@code >=2.3 <3}: all bounds must match. Versions are compared as in SemVer 2.0 section
 * 11, with any number of numeric parts; missing parts are 0: {@code 2.3} is {@code 2.3.0}. A pre-release
 * ({@code 2.3.0-rc1}) comes before its release. The part after {@code +} does not affect the order. {@code <3} also
 * excludes release candidates of 3, so a pre-release of the bound is not below it. A bound without an operator is the
 * version itself.
 */
public record VersionRange(String text) {
    private static final Pattern BOUND = Pattern.compile("(>=|<=|>|<|=)?([0-9A-Za-z][0-9A-Za-z.+_-]{0,63})");
    private static final Pattern VERSION =
            Pattern.compile("[vV]?(\\d+(?:\\.\\d+)*)(?:-([0-9A-Za-z._-]+))?(?:\\+[0-9A-Za-z.+_-]*)?");

    /** @throws IllegalArgumentException when the text contains anything other than bounds separated by spaces */
    public VersionRange {
        for (String part : text.strip().split(" +")) {
            Matcher bound = BOUND.matcher(part);
            if (!bound.matches()) {
                throw new IllegalArgumentException(
                        "'" + Shown.text(part) + "' is no bound of a version range; write bounds such"
                                + " as >=2.3 or <3 with a space between them");
            }
            if (bound.group(1) != null && !bound.group(1).equals("=") && !isOrdered(bound.group(2))) {
                throw new IllegalArgumentException("'" + bound.group(2) + "' has no place in an order of versions;"
                        + " after " + bound.group(1) + " write numbers with dots, as in 2.3");
            }
        }
    }

    /** Whether {@code version} can be compared: numbers with dots, perhaps a pre-release. */
    public static boolean isOrdered(String version) {
        return VERSION.matcher(version).matches();
    }

    /** Whether {@code version} is in this range; empty when it cannot be compared. */
    public Optional<Boolean> contains(String version) {
        boolean within = true;
        for (String part : text.strip().split(" +")) {
            Matcher bound = BOUND.matcher(part);
            if (!bound.matches()) {
                throw new IllegalStateException(part);
            }
            String operator = bound.group(1) == null ? "=" : bound.group(1);
            if (operator.equals("=") && bound.group(2).equals(version)) {
                continue;
            }
            if (!isOrdered(version) || !isOrdered(bound.group(2))) {
                if (!operator.equals("=")) {
                    return Optional.empty();
                }
                within = false;
                continue;
            }
            int order = compare(version, bound.group(2));
            within &= switch (operator) {
                case ">=" -> order >= 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                case "<" -> order < 0 && !isPreReleaseOf(version, bound.group(2));
                default -> order == 0;
            };
        }
        return Optional.of(within);
    }

    /** @throws IllegalArgumentException when one of them is not {@link #isOrdered ordered} */
    static int compare(String a, String b) {
        Matcher left = matched(a);
        Matcher right = matched(b);
        int order = numbers(left.group(1), right.group(1));
        if (order != 0) {
            return order;
        }
        if (left.group(2) == null || right.group(2) == null) {
            return Boolean.compare(left.group(2) == null, right.group(2) == null);
        }
        return preRelease(left.group(2), right.group(2));
    }

    private static boolean isPreReleaseOf(String version, String bound) {
        return matched(bound).group(2) == null
                && numbers(matched(version).group(1), matched(bound).group(1)) == 0;
    }

    private static Matcher matched(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "version '" + Shown.text(version) + "' has no place in an order of versions");
        }
        return matcher;
    }

    private static int numbers(String a, String b) {
        List<String> left = List.of(a.split("\\."));
        List<String> right = List.of(b.split("\\."));
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            int order = number(left, i).compareTo(number(right, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static BigInteger number(List<String> parts, int i) {
        return i < parts.size() ? new BigInteger(parts.get(i)) : BigInteger.ZERO;
    }

    private static int preRelease(String a, String b) {
        // With empty parts at the end, because otherwise two different versions would be equal.
        List<String> left = List.of(a.split("\\.", -1));
        List<String> right = List.of(b.split("\\.", -1));
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            boolean leftNumber = left.get(i).matches("\\d+");
            boolean rightNumber = right.get(i).matches("\\d+");
            int order;
            if (leftNumber && rightNumber) {
                order = new BigInteger(left.get(i)).compareTo(new BigInteger(right.get(i)));
            } else if (leftNumber != rightNumber) {
                order = leftNumber ? -1 : 1;
            } else {
                order = left.get(i).compareTo(right.get(i));
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }
}
