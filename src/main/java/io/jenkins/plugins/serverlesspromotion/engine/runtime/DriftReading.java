package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of the last comparison of a lane with the release that is live there, and the known drift. A comparison
 * that fails does not end a known drift.
 *
 * @param promotion the promotion that deployed the live release
 * @param changes of the lane at that time: after another deployment this reading is out of date
 * @param by who started the comparison: {@code user:olga} or {@code schedule}
 * @param targets the results of this comparison
 * @param known every target with known drift
 * @param leftBehind what the lane owns and the release does not name; null where that was not read
 */
public record DriftReading(
        LaneId lane,
        String promotion,
        ReleaseRef release,
        long changes,
        Instant at,
        String by,
        List<Inspected> targets,
        List<Known> known,
        List<LeftResource> leftBehind) {
    public DriftReading {
        targets = List.copyOf(targets);
        known = List.copyOf(known);
        leftBehind = leftBehind == null ? null : List.copyOf(leftBehind);
    }

    /** A reading that did not find out what is left behind. */
    public DriftReading(
            LaneId lane,
            String promotion,
            ReleaseRef release,
            long changes,
            Instant at,
            String by,
            List<Inspected> targets,
            List<Known> known) {
        this(lane, promotion, release, changes, at, by, targets, known, null);
    }

    /**
     * @param key of the target
     * @param since when it was first found
     * @param differences from the last comparison that found them
     */
    public record Known(String key, Instant since, List<String> differences) {
        public Known {
            differences = List.copyOf(differences);
        }
    }

    /**
     * @param left null where that was not read
     * @param before the reading before this one, null when there is none
     */
    static DriftReading of(
            Lane lane, Instant at, String by, List<Inspected> targets, List<LeftResource> left, DriftReading before) {
        Map<String, Known> earlier = new LinkedHashMap<>();
        if (before != null) {
            before.known.forEach(k -> earlier.put(k.key(), k));
        }
        var known = new ArrayList<Known>();
        for (Inspected target : targets) {
            Known already = earlier.remove(target.key());
            if (target.verdict() == DriftResult.DRIFTED) {
                known.add(new Known(target.key(), already == null ? at : already.since(), target.differences()));
            } else if (target.verdict() == DriftResult.UNKNOWN && already != null) {
                known.add(already);
            }
        }
        // A target that was not compared is no longer part of the release, unless something could not be read.
        if (targets.stream().anyMatch(t -> t.verdict() == DriftResult.UNKNOWN)) {
            known.addAll(earlier.values());
        }
        return new DriftReading(
                lane.id(),
                lane.live().promotion(),
                lane.live().release(),
                lane.changes(),
                at,
                by,
                targets,
                known,
                left);
    }

    /** Whether this reading is about the current deployment of {@code lane}. */
    public boolean isAbout(Lane lane) {
        return lane.live() != null && lane.changes() == changes;
    }

    /** Drift comes before unknown results: an unknown result must not hide known drift. */
    public DriftResult driftResult() {
        if (!known.isEmpty()) {
            return DriftResult.DRIFTED;
        }
        return targets.stream().anyMatch(t -> t.verdict() == DriftResult.UNKNOWN)
                ? DriftResult.UNKNOWN
                : DriftResult.SAME;
    }
}
