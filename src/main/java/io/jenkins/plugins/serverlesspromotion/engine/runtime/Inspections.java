package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.OwnershipClaim;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.ResourceId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.DriftResult;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector.Inspected;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Checks whether a lane is in the state that the journal records. */
public final class Inspections {
    private final Store store;
    private final Inspector inspector;

    public Inspections(Store store, Inspector inspector) {
        this.store = store;
        this.inspector = inspector;
    }

    /**
     * @param release that is live in the lane
     * @param targets in order of their keys
     * @param leftBehind what the lane owns, the release does not name, and was not found to be gone
     */
    public record Report(LaneId lane, ReleaseRef release, List<Inspected> targets, List<LeftResource> leftBehind) {
        public Report {
            targets = List.copyOf(targets);
            leftBehind = List.copyOf(leftBehind);
        }

        /** Drift comes before unknown results: an unknown result must not hide known drift. */
        public DriftResult driftResult() {
            for (DriftResult driftResult : List.of(DriftResult.DRIFTED, DriftResult.UNKNOWN)) {
                if (targets.stream().anyMatch(t -> t.verdict() == driftResult)) {
                    return driftResult;
                }
            }
            return DriftResult.SAME;
        }
    }

    /**
     * @throws RefusedException when nothing is live there, a deployment is running, or one ran during the comparison:
     *     the result would then mix two states
     */
    public Report inspect(LaneId id, Deployer.Progress progress) throws RefusedException, InterruptedException {
        Lane lane = store.lane(id);
        Lane.Live live = lane.live();
        if (live == null) {
            throw new RefusedException("nothing was promoted into " + id + " yet, so there is nothing to compare with");
        }
        if (lane.running().isPresent()) {
            throw new RefusedException(id + " is being changed by "
                    + lane.running().get().id() + " right now; check again when that has ended");
        }
        Deployer.Work work = work(id, live);
        var targets = new ArrayList<Inspected>();
        var places = new TreeSet<String>();
        live.places().forEach((place, release) -> {
            if (live.release().equals(release)) {
                places.add(place);
            } else {
                targets.add(new Inspected(
                        place,
                        DriftResult.UNKNOWN,
                        List.of(
                                release == null
                                        ? "a deployment was left incomplete here; neither release is there as a whole"
                                        : "a deployment that did not succeed left " + release.id() + " here")));
            }
        });
        Plan plan = store.plan(live.promotion())
                .orElseThrow(() -> new RefusedException("the plan of " + live.promotion() + " is not in the journal"));
        LaneSecrets secrets = LaneSecrets.of(store, id, null);
        var noted = Deployer.Progress.of((step, line) -> progress.note(step, secrets.masked(line)));
        var left = new ArrayList<LeftResource>();
        for (Inspected found : inspector.inspect(work, plan, places, noted)) {
            List<String> differences = secrets.masked(found.differences());
            if (found.leftBehind() == null) {
                targets.add(new Inspected(found.key(), found.verdict(), differences));
            } else {
                boolean unread = found.verdict() == DriftResult.UNKNOWN;
                left.add(new LeftResource(
                        found.leftBehind(),
                        promotion(lane, found.leftBehind()),
                        unread ? String.join("; ", differences) : null));
            }
        }
        Lane after = store.lane(id);
        if (after.changes() != lane.changes() || after.running().isPresent()) {
            throw new RefusedException(id + " was changed while it was checked; check again when that has ended");
        }
        targets.sort((a, b) -> a.key().compareTo(b.key()));
        return new Report(id, live.release(), targets, left);
    }

    /** That recorded the resource; null where none did. */
    private static String promotion(Lane lane, ResourceId resource) {
        return lane.owns().stream()
                .filter(claim -> claim.resource().equals(resource))
                .findFirst()
                .map(OwnershipClaim::promotion)
                .orElse(null);
    }

    private Deployer.Work work(LaneId id, Lane.Live live) throws RefusedException {
        try {
            return new WorkBuilder(store, id, new OwnerRecords(store, Clock.systemUTC()).of(id))
                    .build(live.promotion(), live.release());
        } catch (WorkBuilder.CannotWork e) {
            throw new RefusedException(e.getMessage());
        }
    }
}
