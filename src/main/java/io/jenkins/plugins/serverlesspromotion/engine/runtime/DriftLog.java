package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares lanes periodically and records in the journal what is new: drift that was found, and drift that has ended. A
 * comparison that finds nothing new, or that fails, leaves no entry.
 */
public final class DriftLog {
    private final Store store;
    private final Inspector inspector;
    private final Clock clock;

    public DriftLog(Store store, Inspector inspector, Clock clock) {
        this.store = store;
        this.inspector = inspector;
        this.clock = clock;
    }

    /**
     * @param by {@code user:olga} or {@code schedule}
     * @param before the last reading of this lane, null when there is none
     * @throws RefusedException as {@link Inspections#inspect}: then there is no reading
     * @throws IOException when a new finding could not be recorded
     */
    public DriftReading look(LaneId id, String by, DriftReading before)
            throws IOException, RefusedException, InterruptedException {
        Lane lane = store.lane(id);
        List<Inspected> targets;
        List<LeftResource> left = null;
        try {
            Inspections.Report report =
                    new Inspections(store, inspector).inspect(id, Deployer.Progress.of((step, line) -> {}));
            targets = report.targets();
            left = report.leftBehind();
        } catch (RuntimeException e) {
            String cause = e.getMessage() == null ? e.toString() : e.getMessage();
            targets = List.of(new Inspected(id.environment(), DriftResult.UNKNOWN, List.of(cause)));
        }
        Instant now = clock.instant();
        DriftReading reading = DriftReading.of(lane, now, by, targets, left, before);
        record(reading, before);
        return reading;
    }

    private void record(DriftReading now, DriftReading before) throws IOException {
        List<String> were = keys(before);
        List<String> are = keys(now);
        String release = now.release().id();
        var found = new TreeMap<String, List<String>>();
        now.known().stream().filter(k -> !were.contains(k.key())).forEach(k -> found.put(k.key(), k.differences()));
        if (!found.isEmpty()) {
            store.append(new Entry.DriftFound(now.lane(), now.promotion(), release, found, now.by()));
        }
        List<String> gone = were.stream().filter(k -> !are.contains(k)).toList();
        if (!gone.isEmpty()) {
            store.append(new Entry.DriftGone(now.lane(), now.promotion(), release, gone, now.by()));
        }
    }

    private static List<String> keys(DriftReading reading) {
        return reading == null
                ? List.of()
                : reading.known().stream().map(DriftReading.Known::key).collect(Collectors.toList());
    }
}
