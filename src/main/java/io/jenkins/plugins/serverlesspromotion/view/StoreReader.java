package io.jenkins.plugins.serverlesspromotion.view;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResource;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.LeftResources;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads from a store, and from the results of drift checks. */
public final class StoreReader implements ViewReader {
    private final Store store;
    private final Function<LaneId, Optional<DriftReading>> drift;

    /** For a surface that keeps no results of drift checks. */
    public StoreReader(Store store) {
        this(store, lane -> Optional.empty());
    }

    public StoreReader(Store store, Function<LaneId, Optional<DriftReading>> drift) {
        this.store = store;
        this.drift = drift;
    }

    @Override
    public Optional<Policy> policy() {
        return store.policy().map(Entry.PolicyApplied::policy);
    }

    @Override
    public List<String> services() {
        return store.services();
    }

    @Override
    public List<LaneId> lanes() {
        return store.lanes();
    }

    @Override
    public Lane lane(LaneId id) {
        return store.lane(id);
    }

    @Override
    public Optional<Promotion> promotion(String id) {
        return store.promotion(id);
    }

    @Override
    public Optional<Promotion> newest(LaneId lane) {
        return store.promotions(lane).stream().findFirst();
    }

    @Override
    public Optional<Plan> plan(String promotion) {
        return store.shownPlan(promotion);
    }

    @Override
    public List<Published> releases(String service) {
        return store.releases(service);
    }

    @Override
    public List<Pause> pauses() {
        return store.pauses();
    }

    @Override
    public List<LeftResource> leftBehind(LaneId lane) {
        return LeftResources.certain(store, lane);
    }

    @Override
    public Optional<DriftReading> drift(LaneId lane) {
        return drift.apply(lane);
    }
}
