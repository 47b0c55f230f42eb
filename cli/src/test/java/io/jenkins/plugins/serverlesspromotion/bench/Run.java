package io.jenkins.plugins.serverlesspromotion.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One piece of work as the sandbox saw it.
 *
 * @param wall seconds from the first request that could be sent to the end; without the start of a process
 * @param start seconds from the start of the process to its first request; 0 where there is none to start
 * @param reads requests to CloudFormation that change nothing: the same for everybody
 * @param calls all requests to AWS
 */
record Run(double wall, double start, long reads, long calls, List<String> trace) {
    Run {
        trace = List.copyOf(trace);
    }

    double withStart() {
        return start + wall;
    }

    interface Work {
        void run() throws Exception;
    }

    /** @param process whether {@code work} starts a process whose start is to be left out */
    static Run of(SandboxControl control, boolean process, Work work) throws Exception {
        int requests = control.log().size();
        int changes = control.history().size();
        double begun = System.currentTimeMillis();
        long from = System.nanoTime();
        work.run();
        double whole = (System.nanoTime() - from) / 1e9;
        List<JsonNode> all = control.log();
        List<JsonNode> log = all.subList(requests, all.size());
        List<JsonNode> history = control.history();
        double start = !process || log.isEmpty() ? 0 : Math.max(0, at(log.get(0)) - begun) / 1_000;
        return of(whole - start, start, log, trace(log, history.subList(changes, history.size()), begun));
    }

    /** @param log the requests of this work, as the sandbox logs them */
    static Run of(double wall, double start, List<JsonNode> log, List<String> trace) {
        return new Run(wall, start, log.stream().filter(Run::readsCloudFormation).count(), log.size(), trace);
    }

    private static boolean readsCloudFormation(JsonNode entry) {
        return entry.path("service").asText().equals("cloudformation")
                && entry.path("operation").asText().matches("(Describe|Get|List|Head|Detect|Validate).*");
    }

    /** For whoever wants to know where the time went: milliseconds since the start, and what happened then. */
    private static List<String> trace(List<JsonNode> log, List<JsonNode> history, double begun) {
        record Line(double at, String text) {}
        var lines = new ArrayList<Line>();
        for (JsonNode e : log) {
            lines.add(new Line(
                    at(e),
                    String.format(
                            Locale.ROOT,
                            "%4.0f ms  %s:%s %s %s",
                            e.path("durationMillis").asDouble(),
                            e.path("service").asText(),
                            e.path("operation").asText(),
                            e.path("resource").asText(),
                            e.path("errorCode").asText(""))));
        }
        for (JsonNode c : history) {
            lines.add(new Line(
                    at(c),
                    "         = " + c.path("type").asText() + " " + c.path("id").asText() + " "
                            + c.path("what").asText()));
        }
        return lines.stream()
                .sorted(Comparator.comparingDouble(Line::at))
                .map(l -> String.format(Locale.ROOT, "%7.0f %s", l.at() - begun, l.text()))
                .toList();
    }

    private static double at(JsonNode entry) {
        return Instant.parse(entry.path("at").asText()).toEpochMilli();
    }
}
