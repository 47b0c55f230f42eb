package io.jenkins.plugins.serverlesspromotion.format.input;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that a user probably meant. */
public final class Suggestion {
    private static final int LONGEST = 64;

    private Suggestion() {}

    /** The known word nearest to {@code word}: at most two typing errors away, and at most a third of its length. */
    public static Optional<String> of(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        int allowed = Math.max(1, Math.min(2, word.length() / 3));
        return known.stream()
                .filter(k -> k.equalsIgnoreCase(word) || distance(word, k) <= allowed)
                .min(Comparator.comparingInt(k -> k.equalsIgnoreCase(word) ? 0 : distance(word, k)));
    }

    /** Number of edits (insert, delete, replace, swap of neighbours) from one word to the other. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
