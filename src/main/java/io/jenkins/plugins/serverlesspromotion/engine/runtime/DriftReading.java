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
 * What was found when a lane was last compared with the release that is live there, and the drift that is known of it: a
 * look that finds nothing out does not make a drift go away.
 *
 * @param promotion the one that brought what is live
 * @param changes of the lane then: after another deployment this says nothing about what is there
 * @param by who looked: {@code user:olga} or {@code schedule}
 * @param targets what this look found
 * @param known every target that has drifted, as far as anybody knows
 */
public record DriftReading(
        LaneId lane,
        String promotion,
        ReleaseRef release,
        long changes,
        Instant at,
        String by,
        List<Inspected> targets,
        List<Known> known) {
    public DriftReading {
        targets = List.copyOf(targets);
        known = List.copyOf(known);
    }

    /**
     * @param key of the target
     * @param since when it was first found
     * @param differences as of the last look that found them
     */
    public record Known(String key, Instant since, List<String> differences) {
        public Known {
            differences = List.copyOf(differences);
        }
    }

    /** @param before the reading before this one, null when there is none */
    static DriftReading of(Lane lane, Instant at, String by, List<Inspected> targets, DriftReading before) {
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
        // What was not looked at is no part of the release any more, unless something could not be found out.
        if (targets.stream().anyMatch(t -> t.verdict() == DriftResult.UNKNOWN)) {
            known.addAll(earlier.values());
        }
        return new DriftReading(
                lane.id(), lane.live().promotion(), lane.live().release(), lane.changes(), at, by, targets, known);
    }

    /** Whether it is about what {@code lane} has now. */
    public boolean isAbout(Lane lane) {
        return lane.live() != null && lane.changes() == changes;
    }

    /** Drift before doubt: what is known to be otherwise is not hidden by what is not known. */
    public DriftResult driftResult() {
        if (!known.isEmpty()) {
            return DriftResult.DRIFTED;
        }
        return targets.stream().anyMatch(t -> t.verdict() == DriftResult.UNKNOWN)
                ? DriftResult.UNKNOWN
                : DriftResult.SAME;
    }
}
