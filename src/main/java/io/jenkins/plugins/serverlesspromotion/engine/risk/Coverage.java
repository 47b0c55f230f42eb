package io.jenkins.plugins.serverlesspromotion.engine.risk;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Determines which statements are covered by others. A template of 1 MiB can hold policies far larger than IAM accepts.
 * Comparing these word by word would take minutes. Then a statement is covered only by an identical statement, and the
 * approver sees every other one as new.
 */
final class Coverage {
    /** A statement with more combinations than this is compared as a whole. */
    private static final int COMBINATIONS = 20_000;

    /** Limit of comparisons of two words for one template: a second or two. */
    private static final long COMPARISONS = 8_000_000;

    /** In characters. Only longer words make their comparison slow. */
    private static final int LONG = 256;

    private static final int LETTERS_PER_COMPARISON = 64;

    private final List<IamStatement> wide;

    /** Null while statements are compared word by word. */
    private final Set<IamStatement> same;

    private Coverage(List<IamStatement> wide, Set<IamStatement> same) {
        this.wide = wide;
        this.same = same;
    }

    /** The comparisons left for one template. */
    static final class Budget {
        private long left = COMPARISONS;

        /** Compares {@code narrow} with {@code wide} as exactly as the remaining budget allows. */
        Coverage of(List<IamStatement> wide, List<IamStatement> narrow) {
            long cost = product(
                            wide.stream().mapToLong(Coverage::words).sum(),
                            narrow.stream().mapToLong(Coverage::combinations).sum())
                    + product(letters(wide), letters(narrow)) / LETTERS_PER_COMPARISON;
            if (cost <= left) {
                left -= cost;
                return new Coverage(wide, null);
            }
            var same = new HashSet<IamStatement>();
            wide.forEach(iamStatement -> same.add(iamStatement.anywhere()));
            return new Coverage(wide, same);
        }
    }

    private static long product(long a, long b) {
        return Math.min(a, Integer.MAX_VALUE) * Math.min(b, Integer.MAX_VALUE);
    }

    private static long words(IamStatement s) {
        return s.actions().size()
                + s.resources().size()
                + s.principals().size()
                + s.conditions().size();
    }

    private static long letters(List<IamStatement> statements) {
        return statements.stream()
                .mapToLong(s -> letters(s.actions())
                        + letters(s.resources())
                        + s.conditions().values().stream()
                                .mapToLong(Coverage::letters)
                                .sum())
                .sum();
    }

    private static long letters(Collection<String> words) {
        return words.stream().mapToInt(String::length).filter(l -> l > LONG).sum();
    }

    /** The number of comparisons with each word of the other statements. */
    private static long combinations(IamStatement s) {
        return isOneByOne(s) ? all(s) : words(s);
    }

    private static long all(IamStatement s) {
        return (long) s.actions().size()
                * Math.max(1, s.resources().size())
                * Math.max(1, s.principals().size());
    }

    private static boolean isOneByOne(IamStatement s) {
        return !s.otherActions() && !s.otherResources() && !s.otherPrincipals() && all(s) <= COMBINATIONS;
    }

    /**
     * Whether each combination of the words of {@code statement} can be compared; otherwise only the whole statement.
     */
    boolean isComparable(IamStatement iamStatement) {
        return same == null && isOneByOne(iamStatement);
    }

    /** Whether one of the others covers all of {@code statement}. */
    boolean covers(IamStatement iamStatement) {
        return same == null
                ? wide.stream()
                        .anyMatch(w -> w.isAboutAllOf(iamStatement) && w.conditionsCover(iamStatement.conditions()))
                : same.contains(iamStatement.anywhere());
    }

    /** Whether one of the others covers this combination; only where {@link #tellsEach}. */
    boolean covers(String action, String resource, String principal, Map<String, Set<String>> conditions) {
        return wide.stream()
                .anyMatch(w -> w.isAboutAction(action)
                        && w.isAboutResource(resource)
                        && (principal.isEmpty() || w.isAboutPrincipal(principal))
                        && w.conditionsCover(conditions));
    }

    /** The statements in which to search for a similar one; none where the search would take too long. */
    List<IamStatement> candidates() {
        return same == null ? wide : List.of();
    }
}
