package io.jenkins.plugins.serverlesspromotion.format;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Verdict;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Inspections;
import java.util.List;

/** What {@code --json} and REST answer alike about drift. */
public final class DriftDocument {
    private DriftDocument() {}

    /** What a look at a lane found. */
    public static Members of(Inspections.Report report) {
        return document(report.lane(), report.release(), report.verdict(), report.targets());
    }

    /** What the last look at a lane found, and since when what has drifted is known. */
    public static Members of(DriftReading reading) {
        return document(reading.lane(), reading.release(), reading.verdict(), reading.targets())
                .with("at", reading.at())
                .with("by", reading.by())
                .with("drifted", reading.known());
    }

    private static Members document(LaneId lane, ReleaseRef release, Verdict verdict, List<Inspected> targets) {
        return new Members()
                .with("service", lane.service())
                .with("environment", lane.environment())
                .with("release", release.id())
                .with("verdict", verdict)
                .with("targets", targets);
    }
}
