package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Inspections;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResource;
import io.jenkins.plugins.serverlesspromotion.format.json.JsonObject;
import java.util.List;

/** The common content of {@code --json} and REST about drift. */
public final class DriftDocument {
    private DriftDocument() {}

    /** The result of one comparison of a lane. */
    public static JsonObject of(Inspections.Report report) {
        return document(report.lane(), report.release(), report.driftResult(), report.targets())
                .with("leftBehind", leftBehind(report.leftBehind()));
    }

    /** Null for none. */
    static List<JsonObject> leftBehind(List<LeftResource> left) {
        return left == null || left.isEmpty()
                ? null
                : left.stream()
                        .map(l -> new JsonObject()
                                .with("kind", l.resource().kind().word())
                                .with("id", l.resource().id())
                                .with("place", l.resource().place())
                                .with("promotion", l.promotion())
                                .with("unread", l.unread()))
                        .toList();
    }

    /** The result of the last comparison of a lane, and since when each drift is known. */
    public static JsonObject of(DriftReading reading) {
        return document(reading.lane(), reading.release(), reading.driftResult(), reading.targets())
                .with("at", reading.at())
                .with("by", reading.by())
                .with("drifted", reading.known())
                .with("leftBehind", leftBehind(reading.leftBehind()));
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
