package io.jenkins.plugins.serverlesspromotion.format.json;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Inspections;
import java.util.List;

/** What {@code --json} and REST answer alike about drift. */
public final class DriftDocument {
    private DriftDocument() {}

    /** What a look at a lane found. */
    public static JsonObject of(Inspections.Report report) {
        return document(report.lane(), report.release(), report.driftResult(), report.targets());
    }

    /** What the last look at a lane found, and since when what has drifted is known. */
    public static JsonObject of(DriftReading reading) {
        return document(reading.lane(), reading.release(), reading.driftResult(), reading.targets())
                .with("at", reading.at())
                .with("by", reading.by())
                .with("drifted", reading.known());
    }

    private static JsonObject document(
            LaneId lane, ReleaseRef release, DriftResult driftResult, List<Inspected> targets) {
        return new JsonObject()
                .with("service", lane.service())
                .with("environment", lane.environment())
                .with("release", release.id())
                .with("verdict", driftResult)
                .with("targets", targets);
    }
}
