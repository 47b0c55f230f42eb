package io.jenkins.plugins.serverlesspromotion.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What was measured, with the targets that are to be met: a table for people, JSON for machines. */
final class Report {
    private final Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
    private final List<String> missed = new ArrayList<>();

    /** What a figure must be. */
    sealed interface Target {
        boolean isMet(double value);
    }

    record AtMost(double limit) implements Target {
        @Override
        public boolean isMet(double value) {
            return value <= limit;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "at most %.2f", limit);
        }
    }

    record AtLeast(double limit) implements Target {
        @Override
        public boolean isMet(double value) {
            return value >= limit;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "at least %.2f", limit);
        }
    }

    /**
     * Adds a row and prints it.
     *
     * @param target the limit; a row without one could not fail
     * @param told what else people read about it
     */
    void row(String name, double value, Target target, String told, Map<String, Object> more) {
        Objects.requireNonNull(target, name + " has no limit");
        double shown = hundredths(value);
        var row = new LinkedHashMap<String, Object>();
        row.put("value", shown);
        row.put("target", target.toString());
        row.put("met", target.isMet(shown));
        row.putAll(more);
        row.put("load", load());
        rows.put(name, row);
        String verdict = target.isMet(shown) ? "  (met: " + target + ")" : "  MISSED: " + target;
        if (!target.isMet(shown)) {
            missed.add(name + " is " + shown + ", wanted " + target);
        }
        System.out.printf(Locale.ROOT, "%-78s %7.2f  %s%s%n", name, shown, told, verdict);
    }

    /** A target that could not be looked at is not met. */
    void notMeasured(String name, String why) {
        rows.put(name, Map.of("notMeasured", why));
        missed.add(name + " was not measured: " + why);
        System.out.printf("%-78s NOT MEASURED: %s%n", name, why);
    }

    static double hundredths(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** Of the machine, over the last minute: figures of a busy one are worth less. */
    static double load() {
        return hundredths(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    List<String> missed() {
        return List.copyOf(missed);
    }

    void write(Path json) throws IOException {
        Files.writeString(json, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows));
    }
}
