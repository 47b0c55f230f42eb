package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResource;
import java.util.List;
import java.util.Optional;

/** The source of all facts in the views. A store implements it; an index can implement it later. */
public interface ViewReader {
    /** The policy in force; empty before the first. */
    Optional<Policy> policy();

    /** Services with a release, in order. */
    List<String> services();

    /** Every lane in which anything happened, in order. */
    List<LaneId> lanes();

    /** Empty when nothing has happened there. */
    Lane lane(LaneId id);

    /** Also one that is over. */
    Optional<Promotion> promotion(String id);

    /** The newest of a lane, also when it is over. */
    Optional<Promotion> newest(LaneId lane);

    /** The newest plan of a promotion. Fingerprints replace values that must not be shown. */
    Optional<Plan> plan(String promotion);

    /** Newest first. */
    List<Published> releases(String service);

    /** What is paused now. */
    List<Pause> pauses();

    /** What the lane owns and its live release does not name, as the journal knows it. */
    List<LeftResource> leftBehind(LaneId lane);

    /** The result of the last drift check, whatever was deployed since; empty where none is kept. */
    Optional<DriftReading> drift(LaneId lane);
}
