package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Delivers messages one after the other, and tries again where that may help. Callers never wait: messages over the
 * capacity are dropped, and the log reports that.
 */
final class Deliveries {
    private static final Logger LOGGER = Logger.getLogger(Deliveries.class.getName());

    private final ScheduledExecutorService worker;
    private final int capacity;
    private final List<Duration> waits;
    private final AtomicInteger outstanding = new AtomicInteger();

    /**
     * @param capacity the most waiting messages, including those that are tried again
     * @param waits the wait before each further try
     */
    Deliveries(ScheduledExecutorService worker, int capacity, List<Duration> waits) {
        this.worker = worker;
        this.capacity = capacity;
        this.waits = List.copyOf(waits);
    }

    @FunctionalInterface
    interface Delivery {
        void deliver() throws DeliveryException;
    }

    /** @param what for the log, without secrets */
    void take(String what, Delivery delivery) {
        if (outstanding.incrementAndGet() > capacity) {
            outstanding.decrementAndGet();
            LOGGER.log(Level.WARNING, "Dropped, because {0} are waiting already: {1}", new Object[] {capacity, what});
            return;
        }
        schedule(what, delivery, 0, Duration.ZERO);
    }

    private void schedule(String what, Delivery delivery, int tries, Duration wait) {
        try {
            worker.schedule(() -> attempt(what, delivery, tries), wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            outstanding.decrementAndGet();
            LOGGER.log(Level.WARNING, "Not delivered, because Jenkins is shutting down: {0}", what);
        }
    }

    private void attempt(String what, Delivery delivery, int tries) {
        try {
            delivery.deliver();
            outstanding.decrementAndGet();
        } catch (DeliveryException e) {
            if (e.isPassing() && tries < waits.size()) {
                LOGGER.log(Level.INFO, "{0} is tried again: {1}", new Object[] {what, e.getMessage()});
                schedule(what, delivery, tries + 1, waits.get(tries));
                return;
            }
            outstanding.decrementAndGet();
            LOGGER.log(Level.WARNING, "Not delivered: {0}: {1}", new Object[] {what, e.getMessage()});
        } catch (RuntimeException e) {
            outstanding.decrementAndGet();
            LOGGER.log(Level.WARNING, "Not delivered: " + what, e);
        }
    }
}
