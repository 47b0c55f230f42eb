package io.jenkins.plugins.serverlesspromotion.fuzz;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the output of one run of Jazzer says.
 *
 * @param executions how many inputs were tried
 * @param coverage how many places of the instrumented code were reached
 * @param memory the most that the process had, in MiB: the heap, and what the JVM and Jazzer need beside it
 * @param finding the first line about what went wrong; empty: nothing was found
 * @param reproducer where the input is that was a finding; empty: nothing was found, or it was not written
 */
record FuzzReport(long executions, long coverage, long memory, Optional<String> finding, Optional<String> reproducer) {
    /** {@code #2097152	pulse  cov: 811 ft: 3102 corp: 512/40Kb lim: 8192 exec/s: 20763 rss: 812Mb} */
    private static final Pattern STATUS = Pattern.compile("^#(\\d+)\\s.*\\bcov: (\\d+) .*\\brss: (\\d+)Mb.*");

    private static final Pattern EXECUTED = Pattern.compile("^stat::number_of_executed_units: (\\d+)");
    private static final Pattern WRITTEN = Pattern.compile("^artifact_prefix=.*Test unit written to (.*)$");
    private static final Pattern WRONG =
            Pattern.compile("^(== Java (?:Exception|Assertion Error): .*|==\\d+== ?ERROR: .*)$");

    /**
     * @param exit the exit code of Jazzer
     * @param output its lines
     */
    static FuzzReport of(int exit, List<String> output) {
        long executions = 0;
        long coverage = 0;
        long memory = 0;
        String finding = null;
        String reproducer = null;
        for (String line : output) {
            Matcher status = STATUS.matcher(line);
            Matcher executed = EXECUTED.matcher(line);
            Matcher written = WRITTEN.matcher(line);
            if (status.matches()) {
                executions = Math.max(executions, Long.parseLong(status.group(1)));
                coverage = Long.parseLong(status.group(2));
                memory = Math.max(memory, Long.parseLong(status.group(3)));
            } else if (executed.matches()) {
                executions = Long.parseLong(executed.group(1));
            } else if (written.matches()) {
                reproducer = written.group(1);
            } else if (finding == null && WRONG.matcher(line).matches()) {
                finding = line;
            }
        }
        if (finding == null && exit != 0) {
            finding = "ended with exit code " + exit;
        }
        return new FuzzReport(executions, coverage, memory, Optional.ofNullable(finding), Optional.ofNullable(reproducer));
    }

    /** One line for a person. */
    String line(FuzzTarget target) {
        return String.format(
                        "%-14s %,12d executions  coverage %,6d  %,5d MiB  ",
                        target.word(), executions, coverage, memory)
                + finding.map(text -> "FINDING: " + text
                                + reproducer
                                        .map(at -> "\n    reproducer: " + at)
                                        .orElse(""))
                        .orElse("nothing found");
    }
}
