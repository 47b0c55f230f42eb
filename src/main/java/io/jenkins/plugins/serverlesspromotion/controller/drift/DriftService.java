package io.jenkins.plugins.serverlesspromotion.controller.drift;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.security.ACL;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.serverlesspromotion.controller.EngineLifecycle;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftLog;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.DriftReading;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jenkins.security.ImpersonatingExecutorService;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Keeps the last reading of every lane and checks lanes again. A lane is never checked twice at the same time. */
@Extension
@Restricted(NoExternalUse.class)
public class DriftService {
    /**
     * Lanes that are checked at the same time: drift checks must leave enough API rate of the accounts for deployments.
     */
    static final int READERS = 2;

    private final ExecutorService pool = new ImpersonatingExecutorService(
            Executors.newFixedThreadPool(
                    READERS, new NamingThreadFactory(new DaemonThreadFactory(), "Serverless Promotion drift")),
            ACL.SYSTEM2);

    private final Map<LaneId, CompletableFuture<DriftReading>> looking = new TreeMap<>();
    private Map<LaneId, DriftReading> readings = new TreeMap<>();

    /** Id of the store that {@link #readings} belong to; null before the first call. */
    private String of;

    public static DriftService get() {
        return ExtensionList.lookupSingleton(DriftService.class);
    }

    @Terminator
    public static void stop() {
        get().pool.shutdownNow();
    }

    private static DriftFile file() {
        return new DriftFile(EngineLifecycle.root().resolve("views"));
    }

    /** The last reading, also one of an earlier deployment; see {@link DriftReading#isAbout}. */
    public synchronized Optional<DriftReading> reading(LaneId lane) {
        return EngineLifecycle.get().store().map(store -> of(store).get(lane));
    }

    private Map<LaneId, DriftReading> of(Store store) {
        if (!store.id().equals(of)) {
            readings = file().read(store.id());
            of = store.id();
        }
        return readings;
    }

    /** Whether a check of it runs or is queued. */
    public synchronized boolean isLooking(LaneId lane) {
        return looking.containsKey(lane);
    }

    /**
     * Checks a lane soon. Callers during a running check get its result.
     *
     * @param by {@code user:olga} or {@code schedule}
     * @return fails with {@link RefusedException} when there is nothing to compare or the lane is being changed, with
     *     {@link IOException} when news could not be recorded
     */
    public synchronized CompletableFuture<DriftReading> look(LaneId lane, String by) {
        CompletableFuture<DriftReading> already = looking.get(lane);
        if (already != null) {
            return already;
        }
        var answer = new CompletableFuture<DriftReading>();
        looking.put(lane, answer);
        try {
            pool.execute(() -> lookNow(lane, by, answer));
        } catch (RuntimeException e) {
            looking.remove(lane);
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private void lookNow(LaneId lane, String by, CompletableFuture<DriftReading> answer) {
        DriftReading reading = null;
        Exception failure = null;
        try {
            reading = lookNow(lane, by);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e;
        } catch (IOException | RefusedException | RuntimeException e) {
            failure = e;
        }
        synchronized (this) {
            looking.remove(lane);
        }
        if (failure == null) {
            answer.complete(reading);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    private DriftReading lookNow(LaneId lane, String by) throws IOException, RefusedException, InterruptedException {
        // New findings are written to the journal, so a read-only store is not sufficient.
        Store store = EngineLifecycle.get()
                .promotions()
                .flatMap(p -> EngineLifecycle.get().store())
                .orElseThrow(() -> new IOException("the promotion engine is not running"));
        Inspector inspector =
                EngineLifecycle.get().inspector().orElseThrow(() -> new IOException("the engine was just stopped"));
        DriftReading before = reading(lane).orElse(null);
        DriftReading reading = new DriftLog(store, inspector, Clock.systemUTC()).look(lane, by, before);
        synchronized (this) {
            of(store).put(lane, reading);
            file().write(store.id(), readings);
        }
        return reading;
    }
}
