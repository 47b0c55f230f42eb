package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Inspections;
import io.jenkins.plugins.serverlesspromotion.view.DriftDocument;
import io.jenkins.plugins.serverlesspromotion.view.DriftWording;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "drift",
        description = {
            "Compare what is live in an environment with the release that was promoted there: stacks, functions, files."
                    + " Only reads, and records nothing.",
            "",
            "Ends with 0 when everything is as promoted, with 1 when something is not, with 3 when it could not be found"
                    + " out."
        },
        footer = {"", "Examples:", "  promotion drift orders --in prod", "  promotion drift orders --in prod --json"})
final class DriftCommand extends Action {
    @Mixin
    private Subject.OneLane given;

    DriftCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    public Integer call() throws Exception {
        try (Home home = Home.read(invocation)) {
            Inspections.Report report = new Inspections(home.store(), home.ports().inspector())
                    .inspect(given.id(), Deployer.Progress.of((step, line) -> {}));
            screen().result(() -> DriftDocument.of(report), () -> lines(report));
            return switch (report.driftResult()) {
                case SAME -> Exit.DONE;
                case DRIFTED -> Exit.NO;
                case UNKNOWN -> Exit.NOT_FOUND_OUT;
            };
        }
    }

    private static List<String> lines(Inspections.Report report) {
        var lines = new ArrayList<String>();
        lines.add(mark(report.driftResult()) + " "
                + DriftWording.sentence(report.lane(), report.release(), report.driftResult()));
        for (Inspected target : report.targets()) {
            lines.add("  " + mark(target.verdict()) + " " + target.key() + (target.verdict() == DriftResult.SAME ? " as promoted" : ""));
            target.differences().forEach(d -> lines.add("      " + d));
        }
        report.leftBehind()
                .forEach(l -> lines.add("  " + Marks.RISK + " " + DriftWording.leftBehind(l) + "; "
                        + report.release().id() + " does not name it, and it stays live until it is removed"));
        return lines;
    }

    private static String mark(DriftResult driftResult) {
        return switch (driftResult) {
            case SAME -> Marks.GOOD;
            case DRIFTED -> Marks.BAD;
            case UNKNOWN -> Marks.HELD;
        };
    }
}
