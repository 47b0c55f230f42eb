package io.jenkins.plugins.serverlesspromotion.controller.drift;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.controller.configuration.ServerlessPromotionConfiguration;
import io.jenkins.plugins.serverlesspromotion.engine.audit.Entry;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Checks the lanes that are due. Two runs never overlap. */
@Extension
@Restricted(NoExternalUse.class)
public class DriftWork extends AsyncPeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(DriftWork.class.getName());

    /** The resolution of the schedule. */
    private static final Duration EVERY = Duration.ofMinutes(5);

    public DriftWork() {
        super("Serverless Promotion drift");
    }

    @Override
    public long getRecurrencePeriod() {
        return EVERY.toMillis();
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(TaskListener listener) throws InterruptedException {
        lookAtWhatIsDue(Instant.now());
    }

    void lookAtWhatIsDue(Instant now) throws InterruptedException {
        Duration interval =
                ServerlessPromotionConfiguration.get().settingsInEffect().driftInterval();
        Store store = EngineLifecycle.get().promotions().isEmpty()
                ? null
                : EngineLifecycle.get().store().orElse(null);
        if (interval.isZero() || store == null || Jenkins.get().isQuietingDown()) {
            return;
        }
        Policy policy = store.policy().map(Entry.PolicyApplied::policy).orElse(null);
        var readings = new ArrayList<CompletableFuture<DriftReading>>();
        for (LaneId id : store.lanes()) {
            Lane lane = store.lane(id);
            boolean placed = policy != null
                    && LaneRules.of(policy, id.service(), id.environment()).isPresent();
            boolean due = DriftSchedule.due(lane, DriftService.get().reading(id).orElse(null), interval)
                    .map(at -> !at.isAfter(now))
                    .orElse(false);
            if (placed && due) {
                readings.add(DriftService.get().look(id, "schedule"));
            }
        }
        await(readings);
    }

    private static void await(List<CompletableFuture<DriftReading>> readings) throws InterruptedException {
        for (CompletableFuture<DriftReading> one : readings) {
            try {
                one.get();
            } catch (ExecutionException e) {
                // A deployment began meanwhile: the next run checks its result.
                Level level = e.getCause() instanceof RefusedException ? Level.FINE : Level.WARNING;
                LOGGER.log(level, "a lane was not compared with its release", e.getCause());
            }
        }
    }
}
