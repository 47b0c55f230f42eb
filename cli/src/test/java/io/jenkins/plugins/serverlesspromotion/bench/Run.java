package io.jenkins.plugins.serverlesspromotion.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.serverlesspromotion.sandbox.SandboxControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One piece of work as the sandbox saw it.
 *
 * @param wall seconds from the first request that could be sent to the end; without the start of a process
 * @param start seconds from the start of the process to its first request; 0 where there is none to start
 * @param path seconds of AWS's own time that could not be saved, see {@link #path}
 * @param reads requests to CloudFormation that read, whichever they are: the same for everybody
 * @param calls all requests to AWS
 */
record Run(double wall, double start, double path, long reads, long calls, List<String> trace) {
    Run {
        trace = List.copyOf(trace);
    }

    double withStart() {
        return start + wall;
    }

    interface Work {
        void run() throws Exception;
    }

    /**
     * @param latencyMillis what the sandbox lets each request take
     * @param process whether {@code work} starts a process whose start is to be left out
     */
    static Run of(SandboxControl control, double latencyMillis, boolean process, Work work) throws Exception {
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
        return new Run(
                whole - start,
                start,
                path(log, history.subList(changes, history.size()), latencyMillis),
                log.stream().filter(Run::readsCloudFormation).count(),
                log.size(),
                trace(log, history.subList(changes, history.size()), begun));
    }

    /** The run whose time is in the middle. */
    static Run median(List<Run> runs, ToDoubleFunction<Run> time) {
        return runs.stream().sorted(Comparator.comparingDouble(time)).toList().get(runs.size() / 2);
    }

    private static boolean readsCloudFormation(JsonNode entry) {
        return entry.path("service").asText().equals("cloudformation") && reads(entry);
    }

    private static boolean reads(JsonNode entry) {
        return entry.path("operation").asText().matches("(Describe|Get|List|Head|Detect|Validate).*");
    }

    /**
     * The critical path: the time in which a change set was being made, a resource was changing, or a request was under
     * way. Each request counts what AWS takes for it and no more, so that a machine that is busy counts against us; to read
     * once more what was read before counts nothing, so that asking twice does as well.
     */
    private static double path(List<JsonNode> log, List<JsonNode> history, double latencyMillis) {
        var spans = new ArrayList<double[]>();
        var read = new HashSet<String>();
        for (JsonNode entry : log) {
            String what = entry.path("service").asText() + " "
                    + entry.path("operation").asText() + " " + entry.path("resource").asText();
            if (!reads(entry) || read.add(what)) {
                spans.add(new double[] {at(entry), at(entry) + latencyMillis});
            }
        }
        var begun = new HashMap<String, Double>();
        for (JsonNode change : history) {
            String type = change.path("type").asText();
            String what = change.path("what").asText();
            String id = type + change.path("id").asText();
            if (type.equals("cloudformation:change-set") && what.equals("create")
                    || type.equals("cloudformation:stack") && what.matches("(CREATE|UPDATE)_IN_PROGRESS")) {
                begun.put(id, at(change));
            } else if (what.endsWith("_COMPLETE") || what.equals("FAILED") || what.contains("CLEANUP")) {
                Double since = begun.remove(id);
                if (since != null) {
                    spans.add(new double[] {since, at(change)});
                }
            }
        }
        spans.sort(Comparator.comparingDouble(s -> s[0]));
        double busy = 0;
        double until = 0;
        for (double[] span : spans) {
            busy += Math.max(0, span[1] - Math.max(until, span[0]));
            until = Math.max(until, span[1]);
        }
        return busy / 1_000;
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
