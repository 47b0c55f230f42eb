package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.ownership.Owners;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.release.ReleaseRef;
import java.util.List;

/** Builds the work of one lane for the ports from the store. The only place that builds it. */
final class WorkBuilder {
    private final Store store;
    private final LaneId lane;
    private final Owners owners;
    private List<String> approvers = List.of();
    private List<String> kept = List.of();
    private List<Published> earlier = List.of();

    /** @param owners what the work may write to and invoke */
    WorkBuilder(Store store, LaneId lane, Owners owners) {
        this.store = store;
        this.lane = lane;
        this.owners = owners;
    }

    /** @param ids of those who approved */
    WorkBuilder approvedBy(List<String> ids) {
        this.approvers = ids;
        return this;
    }

    /** @param targets names of the targets that stay unchanged */
    WorkBuilder keeping(List<String> targets) {
        this.kept = targets;
        return this;
    }

    /** Includes the releases that were deployed there before, because their values may be live. */
    WorkBuilder withEarlierReleases() {
        this.earlier = LaneSecrets.releases(store, lane);
        return this;
    }

    /**
     * @param promotion its id, or a name in place of one
     * @throws CannotWork when policy does not place the service there, or no longer has the release's artifact store
     */
    Deployer.Work build(String promotion, Published release) {
        Policy policy = store.policy()
                .map(Entry.PolicyApplied::policy)
                .orElseThrow(() -> new CannotWork("there is no valid policy"));
        LaneRules rules = LaneRules.of(policy, lane.service(), lane.environment())
                .orElseThrow(() -> new CannotWork(policy.notPlaced(lane.service(), lane.environment())));
        Policy.Store artifacts = policy.stores().get(release.store());
        if (artifacts == null) {
            throw new CannotWork("policy has no artifact store " + release.store() + " any more, where "
                    + release.release().id() + " is kept");
        }
        return new Deployer.Work(
                store.id(),
                promotion,
                release,
                rules,
                artifacts,
                policy.accounts().get(artifacts.account()),
                approvers,
                kept,
                owners,
                earlier);
    }

    /** @throws CannotWork when it was never published here */
    Deployer.Work build(String promotion, ReleaseRef release) {
        return build(
                promotion,
                store.release(release.service(), release.version())
                        .orElseThrow(() -> new CannotWork(release.id() + " was never published here")));
    }

    /** Something that the work needs is missing; the message is for people. */
    static final class CannotWork extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CannotWork(String message) {
            super(message);
        }
    }
}
