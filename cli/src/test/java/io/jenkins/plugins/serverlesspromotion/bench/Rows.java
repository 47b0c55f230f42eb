package io.jenkins.plugins.serverlesspromotion.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Turns runs into rows of the report: every row has a limit. */
final class Rows {
    private final Report report;

    Rows(Report report) {
        this.report = report;
    }

    /**
     * Time, calls and reads of a promotion, each with its limit. Of several runs each median counts: a busy machine makes
     * one run ask once more.
     */
    void overTheFloor(String who, Floor floor, List<Run> runs) {
        double wall = median(runs, Run::wall);
        long calls = (long) median(runs, Run::calls);
        long reads = (long) median(runs, Run::reads);
        String what = who + ", " + floor.what();
        report.row(
                what + ", over its floor",
                wall / floor.seconds(),
                new Report.AtMost(floor.limit().over()),
                String.format(Locale.ROOT, "%.2f s over %.2f s", wall, floor.seconds()),
                Map.of(
                        "seconds", Report.hundredths(wall),
                        "floorSeconds", Report.hundredths(floor.seconds()),
                        "floor", floor.chain()));
        report.row(
                what + ", calls",
                calls,
                new Report.AtMost(floor.limit().calls()),
                floor.chain().size() + " of them cannot be sent at the same time",
                Map.of("all", runs.stream().map(Run::calls).toList()));
        report.row(
                what + ", reads of CloudFormation",
                reads,
                new Report.AtMost(floor.limit().reads()),
                "",
                Map.of("all", runs.stream().map(Run::reads).toList()));
    }

    /**
     * A rival's time over ours.
     *
     * @param floor of ours
     * @param wanted the target, unless the rival's time over the floor does not reach it: then no promotion can
     * @param least what ours must reach in any case
     */
    void against(
            String rival,
            List<Run> theirs,
            String who,
            List<Run> ours,
            Floor floor,
            Report.AtLeast wanted,
            Report.AtLeast least) {
        double wall = median(theirs, Run::wall);
        double withStart = median(theirs, Run::withStart);
        double mine = median(ours, Run::wall);
        double possible = wall / floor.seconds();
        String waived = wanted.isMet(possible)
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  (%s is out of reach: the floor is %.2f s, so no more than %.2f is)",
                        wanted,
                        floor.seconds(),
                        possible);
        report.row(
                rival + ", " + floor.what() + ", over " + who,
                wall / mine,
                target(wall, floor, wanted, least),
                String.format(
                        Locale.ROOT,
                        "%.2f s over %.2f s, their start left out; with it %.2f%s",
                        wall,
                        mine,
                        withStart / mine,
                        waived),
                Map.of(
                        "seconds", Report.hundredths(wall),
                        "ourSeconds", Report.hundredths(mine),
                        "possible", Report.hundredths(possible),
                        "withStart", Report.hundredths(withStart / mine)));
    }

    /** @param theirs a rival's seconds */
    static Report.AtLeast target(double theirs, Floor floor, Report.AtLeast wanted, Report.AtLeast least) {
        return wanted.isMet(theirs / floor.seconds()) && wanted.limit() > least.limit() ? wanted : least;
    }

    void readsAgainst(String rival, List<Run> theirs, String who, List<Run> ours, String what) {
        long mine = (long) median(ours, Run::reads);
        long other = (long) median(theirs, Run::reads);
        report.row(
                "reads of the stack, " + who + " over " + rival + ", " + what,
                (double) mine / other,
                new Report.AtMost(1),
                mine + " over " + other,
                Map.of("ours", mine, "theirs", other));
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> of) {
        return runs.stream().mapToDouble(of).sorted().toArray()[runs.size() / 2];
    }
}
