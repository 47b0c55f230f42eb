package io.jenkins.plugins.serverlesspromotion.controller.notifications;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.LoggerRule;

public class DeliveriesTest {
    private static final List<Duration> TWICE = List.of(Duration.ofMillis(1), Duration.ofMillis(1));

    @Rule
    public LoggerRule log =
            new LoggerRule().record(Deliveries.class, Level.INFO).capture(100);

    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @After
    public void stop() {
        worker.shutdownNow();
    }

    /** Waits until everything that was taken before has ended: there is one thread. */
    private void settle(Deliveries deliveries) throws Exception {
        var settled = new CountDownLatch(1);
        deliveries.take("the last one", settled::countDown);
        assertTrue(settled.await(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    public void whatMayWorkLaterIsTriedAgainAndGivenUpInTheEnd() throws Exception {
        var deliveries = new Deliveries(worker, 10, TWICE);
        var ended = new CountDownLatch(5);
        deliveries.take("works at last", () -> {
            done.add("a");
            ended.countDown();
            if (Collections.frequency(done, "a") < 2) {
                throw new DeliveryException("busy", true);
            }
        });
        deliveries.take("never works", () -> {
            done.add("b");
            ended.countDown();
            throw new DeliveryException("answered 500", true);
        });
        assertTrue(ended.await(Patience.SECONDS, TimeUnit.SECONDS));
        settle(deliveries);
        assertEquals(2, Collections.frequency(done, "a"));
        assertEquals("once and twice again", 3, Collections.frequency(done, "b"));
        assertTrue(
                log.getMessages().toString(), log.getMessages().contains("Not delivered: never works: answered 500"));
    }

    @Test
    public void whatWillNeverWorkIsTriedOnce() throws Exception {
        var deliveries = new Deliveries(worker, 10, TWICE);
        deliveries.take("refused", () -> {
            done.add("c");
            throw new DeliveryException("answered 404", false);
        });
        deliveries.take("a defect", () -> {
            done.add("d");
            throw new IllegalStateException("oops");
        });
        settle(deliveries);
        assertEquals(List.of("c", "d"), done);
        assertTrue(log.getMessages().contains("Not delivered: refused: answered 404"));
        assertTrue(log.getMessages().contains("Not delivered: a defect"));
    }

    @Test
    public void whatIsTooMuchIsDroppedLoudlyAndNobodyWaits() throws Exception {
        var deliveries = new Deliveries(worker, 2, TWICE);
        var goOn = new CountDownLatch(1);
        var both = new CountDownLatch(2);
        for (String name : List.of("one", "two", "three")) {
            deliveries.take(name, () -> {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                done.add(name);
                both.countDown();
            });
        }
        assertTrue(log.getMessages().contains("Dropped, because 2 are waiting already: three"));
        goOn.countDown();
        assertTrue(both.await(Patience.SECONDS, TimeUnit.SECONDS));
        assertEquals(List.of("one", "two"), done);
    }
}
