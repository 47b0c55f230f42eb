package io.jenkins.plugins.serverlesspromotion.fuzz;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class FuzzReportTest {
    private static FuzzReport report(int exit, String... lines) {
        return FuzzReport.of(exit, List.of(lines));
    }

    @Test
    public void aRunThatFoundNothingSaysHowMuchItTried() {
        var report = report(
                0,
                "INFO: Seed: 4211",
                "#2\tINITED cov: 701 ft: 702 corp: 1/3b exec/s: 0 rss: 310Mb",
                "#131072\tpulse  cov: 811 ft: 3102 corp: 512/40Kb lim: 8192 exec/s: 20763 rss: 812Mb",
                "#150000\tDONE   cov: 815 ft: 3110 corp: 514/41Kb lim: 8192 exec/s: 20000 rss: 812Mb",
                "stat::number_of_executed_units: 150001");
        assertEquals(new FuzzReport(150_001, 815, 812, Optional.empty(), Optional.empty()), report);
        assertTrue(report.line(FuzzTarget.ZIP).endsWith("nothing found"));
    }

    @Test
    public void aFindingIsNamedWithItsReproducer() {
        var report = report(
                77,
                "#10\tNEW    cov: 9 ft: 9 corp: 2/2b lim: 4 exec/s: 0 rss: 310Mb L: 1/1 MS: 1 ChangeBit-",
                "== Java Exception: java.lang.NullPointerException: because",
                "\tat a.B.c(B.java:7)",
                "artifact_prefix='/x/'; Test unit written to /x/crash-0a");
        assertEquals(Optional.of("== Java Exception: java.lang.NullPointerException: because"), report.finding());
        assertEquals(Optional.of("/x/crash-0a"), report.reproducer());
        assertEquals(10, report.executions());
        assertEquals(310, report.memory());
        assertTrue(report.line(FuzzTarget.ZIP).contains("FINDING"));
    }

    @Test
    public void aHangAndTooMuchMemoryAreFindings() {
        assertTrue(report(70, "==12== ERROR: libFuzzer: timeout after 10 seconds")
                .finding()
                .orElseThrow()
                .contains("timeout"));
        assertTrue(report(71, "==12== ERROR: libFuzzer: out-of-memory (used: 1600Mb; limit: 1536Mb)")
                .finding()
                .orElseThrow()
                .contains("out-of-memory"));
    }

    @Test
    public void aRunThatDidNotBeginIsNoRunWithoutAFinding() {
        assertEquals(
                Optional.of("ended with exit code 1"),
                report(1, "ERROR: 'manifest' is no class").finding());
    }
}
