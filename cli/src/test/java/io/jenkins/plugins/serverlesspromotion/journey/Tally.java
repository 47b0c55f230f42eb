package io.jenkins.plugins.serverlesspromotion.journey;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts of named things, and the comparison of two counts. Things that occur 0 times are not kept. */
final class Tally {
    private final Map<String, Integer> counts = new TreeMap<>();

    /** Adds {@code times}, which may be negative, to the count of {@code thing}. */
    Tally add(String thing, int times) {
        counts.merge(thing, times, Integer::sum);
        counts.remove(thing, 0);
        return this;
    }

    Tally addAll(Tally other) {
        other.counts.forEach(this::add);
        return this;
    }

    int count(String thing) {
        return counts.getOrDefault(thing, 0);
    }

    Map<String, Integer> counts() {
        return Collections.unmodifiableMap(counts);
    }

    /**
     * Each difference between this tally, which was counted, and {@code expected}, as a sentence.
     *
     * @return empty when both are the same
     */
    List<String> differences(Tally expected) {
        List<String> differences = new ArrayList<>();
        expected.counts.forEach((thing, times) -> {
            if (count(thing) != times) {
                differences.add(count(thing) + " times instead of " + times + ": " + thing);
            }
        });
        counts.forEach((thing, times) -> {
            if (!expected.counts.containsKey(thing)) {
                differences.add(times + " times instead of 0: " + thing);
            }
        });
        return differences;
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
