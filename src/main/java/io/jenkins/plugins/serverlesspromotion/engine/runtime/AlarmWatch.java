package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.AlarmGates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.AlarmReading;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Gates;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Lane;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reads the alarms of lanes that have pending promotions, and keeps the last reading in memory. The journal does not
 * record readings. It records their effect: the gate that closed or the deployment that began. After a restart the
 * alarms are read again.
 */
final class AlarmWatch {
    private final CommandHandler commandHandler;
    private final Clock clock;
    private final ExecutorService pool;
    private final ScheduledExecutorService timer;
    private final CommandRunner.Results results;
    private final Map<LaneId, AlarmReading> readings = new ConcurrentHashMap<>();
    private final Map<LaneId, Future<?>> timers = new ConcurrentHashMap<>();
    private final Set<LaneId> busy = ConcurrentHashMap.newKeySet();

    AlarmWatch(
            CommandHandler commandHandler,
            Clock clock,
            ExecutorService pool,
            ScheduledExecutorService timer,
            CommandRunner.Results results) {
        this.commandHandler = commandHandler;
        this.clock = clock;
        this.pool = pool;
        this.timer = timer;
        this.results = results;
    }

    /** The last reading; null before the first. */
    AlarmReading last(LaneId lane) {
        return readings.get(lane);
    }

    /** Whether a reading is in progress. The lane is evaluated again when it ends. */
    boolean isReading(LaneId lane) {
        return busy.contains(lane);
    }

    /** Starts a reading of the lane's alarms when one is due. Called after every evaluation of the lane. */
    void look(Lane lane, GateContext around) {
        Future<?> old = timers.remove(lane.id());
        if (old != null) {
            old.cancel(false);
        }
        Optional<Promotion> waits =
                around.rules() == null || AlarmGates.wanted(around.rules()).isEmpty() ? Optional.empty() : first(lane);
        if (waits.isEmpty()) {
            if (!busy.contains(lane.id())) {
                readings.remove(lane.id());
            }
            return;
        }
        Instant now = clock.instant();
        AlarmReading last = readings.get(lane.id());
        Instant due = last == null || last.at().isAfter(now) ? now : last.at().plus(pause(lane, around, now));
        if (due.isAfter(now)) {
            long delay = Duration.between(now, due).toMillis() + 1;
            timers.put(lane.id(), timer.schedule(() -> read(lane.id(), waits.get()), delay, TimeUnit.MILLISECONDS));
        } else {
            read(lane.id(), waits.get());
        }
    }

    private static Optional<Promotion> first(Lane lane) {
        return lane.promotions().stream()
                .filter(p -> p.kind() == Promotion.Kind.FORWARD)
                .filter(p -> p.state() == State.WAITING || p.state() == State.QUEUED)
                .findFirst();
    }

    /** Reads often while the alarms alone keep something from starting. */
    private static Duration pause(Lane lane, GateContext around, Instant now) {
        boolean ready = lane.promotions().stream()
                .filter(p -> p.state() == State.WAITING || p.state() == State.QUEUED)
                .anyMatch(p -> Gates.of(lane, p, around, now).stream()
                        .allMatch(
                                g -> g.result() == GateStatus.GateResult.PASSED || g.kind() == GateStatus.Kind.ALARM));
        return ready ? AlarmGates.EVERY : AlarmGates.SELDOM;
    }

    private void read(LaneId lane, Promotion promotion) {
        if (busy.add(lane)) {
            pool.execute(() -> readNow(lane, promotion));
        }
    }

    private void readNow(LaneId lane, Promotion promotion) {
        try {
            List<GateContext.Alarm> alarms = commandHandler.alarms(promotion);
            readings.put(lane, new AlarmReading(clock.instant(), alarms));
            results.came(lane, new Fact.Reconsidered("the alarms were read"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
        } catch (java.io.IOException e) {
            results.unwritable(e);
        } finally {
            busy.remove(lane);
            results.ended();
        }
    }

    void close() {
        timers.values().forEach(t -> t.cancel(false));
    }
}
