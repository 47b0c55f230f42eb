package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.plan.Plan;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Digests;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import java.time.Clock;

/**
 * Computes what a promotion would do, without requesting one. Nothing is recorded, and nothing that it creates in the
 * accounts stays.
 */
public final class Preview {
    /** As in the first planning of a promotion. */
    private static final int FIRST = 1;

    private final Store store;
    private final Deployer deployer;
    private final Digests digests;

    public Preview(Store store, Deployer deployer, Digests digests) {
        this.store = store;
        this.deployer = deployer;
        this.digests = digests;
    }

    /** @param failure why there can be no plan at all; then {@code plan} is null */
    public record Outcome(Plan plan, Fact.Failure failure) {}

    /**
     * @param name used in place of a promotion id for what is created in the accounts; different every time, so that
     *     two previews do not delete each other's resources
     * @throws RefusedException when policy does not place the service there
     */
    public Outcome of(LaneId lane, Published release, String name, Deployer.Progress progress)
            throws RefusedException, InterruptedException {
        Deployer.Work work;
        try {
            var owners = new OwnerRecords(store, Clock.systemUTC());
            work = new WorkBuilder(store, lane, owners.of(lane))
                    .withEarlierReleases()
                    .build(name, release);
        } catch (WorkBuilder.CannotWork e) {
            throw new RefusedException(e.getMessage());
        }
        LaneSecrets secrets = LaneSecrets.of(store, lane, release);
        Deployer.Planning planning = deployer.plan(
                work, FIRST, Deployer.Progress.of((step, line) -> progress.note(step, secrets.masked(line))));
        deployer.discard(work, planning.targets());
        return planning.failure() != null
                ? new Outcome(null, secrets.masked(planning.failure()))
                : new Outcome(
                        new Plan(
                                digests.plan(planning.targets()),
                                planning.targets(),
                                secrets.maskedProblems(planning.problems())),
                        null);
    }
}
