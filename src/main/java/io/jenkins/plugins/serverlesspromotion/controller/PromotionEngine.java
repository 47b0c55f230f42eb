package io.jenkins.plugins.serverlesspromotion.controller;

import hudson.init.InitMilestone;
import hudson.security.ACL;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Transition;
import io.jenkins.plugins.serverlesspromotion.engine.port.AccountChecker;
import io.jenkins.plugins.serverlesspromotion.engine.port.ArtifactStore;
import io.jenkins.plugins.serverlesspromotion.engine.port.Deployer;
import io.jenkins.plugins.serverlesspromotion.engine.port.Inspector;
import io.jenkins.plugins.serverlesspromotion.engine.port.Recoverer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Observer;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.security.ImpersonatingExecutorService;
import jenkins.security.ImpersonatingScheduledExecutorService;

/** A store that is open for writing, and the services that work on it. */
final class PromotionEngine implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(PromotionEngine.class.getName());

    /** Steps, checks and plans carried out at the same time. */
    private static final int WORKERS = 16;

    /** The interval for checking whether Jenkins is up, or no longer quieting down. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** The wait for interrupted threads. Nothing is lost when one does not end in time. */
    private static final Duration STOP = Duration.ofSeconds(5);

    private static final Set<State> IN_ACCOUNTS = EnumSet.of(State.DEPLOYING, State.VERIFYING, State.ROLLING_BACK);

    private final FileStore store;
    private final AwsConnection aws;

    /** Carries out the work. */
    private final Deployer accounts;

    private final RealmDirectory directory;
    private final ExecutorService pool;
    private final ScheduledExecutorService timer;

    /** A separate thread: starting work reads every lane, and wake-ups must not wait for that. */
    private final ScheduledExecutorService heart;

    private final Promotions promotions;
    private volatile String trouble;
    private volatile boolean closing;

    /** Whether the start of work was delayed since the last start. */
    private volatile boolean keptBack = true;

    /**
     * @param accounts carries out work instead of {@code aws}, for tests; null: {@code aws}
     * @param rules for people, applied before anything is deployed on their decision
     */
    PromotionEngine(FileStore store, AwsConnection aws, Deployer accounts, Supplier<IdentityRules> rules) {
        this.store = store;
        this.aws = aws;
        this.accounts = accounts == null ? aws : accounts;
        this.directory = new RealmDirectory(rules);
        this.pool = new ImpersonatingExecutorService(
                Executors.newFixedThreadPool(WORKERS, threads("Serverless Promotion")), ACL.SYSTEM2);
        this.timer = new ImpersonatingScheduledExecutorService(
                Executors.newSingleThreadScheduledExecutor(threads("Serverless Promotion timer")), ACL.SYSTEM2);
        this.heart = new ImpersonatingScheduledExecutorService(
                Executors.newSingleThreadScheduledExecutor(threads("Serverless Promotion heartbeat")), ACL.SYSTEM2);
        this.promotions = new Promotions(
                store,
                this.accounts,
                directory,
                new CanonicalDigests(),
                new Re2Patterns(),
                Clock.systemUTC(),
                pool,
                timer,
                new Relay());
        promotions.onlyWhile(this::mayStart);
    }

    private static NamingThreadFactory threads(String name) {
        return new NamingThreadFactory(new DaemonThreadFactory(), name);
    }

    FileStore store() {
        return store;
    }

    Promotions promotions() {
        return promotions;
    }

    ArtifactStore artifacts() {
        return accounts instanceof ArtifactStore own ? own : aws;
    }

    Inspector inspector() {
        return accounts instanceof Inspector own ? own : aws;
    }

    Recoverer recoverer() {
        return accounts instanceof Recoverer own ? own : aws;
    }

    AccountChecker accountChecker() {
        return accounts instanceof AccountChecker own ? own : aws;
    }

    /** Null when all is well. */
    String trouble() {
        return store.refusal()
                .filter(why -> !closing)
                .map(why -> "nothing can be requested, decided or deployed: " + why)
                .orElse(trouble);
    }

    /** Work starts automatically when Jenkins is up, which may be much later. */
    void begin() {
        heart.scheduleWithFixedDelay(this::heartbeat, 0, HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean mayStart() {
        boolean may = isUp();
        if (!may) {
            keptBack = true;
        }
        return may;
    }

    private boolean isUp() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        return !closing
                && jenkins != null
                && jenkins.getInitLevel() == InitMilestone.COMPLETED
                && !jenkins.isQuietingDown()
                && !jenkins.isTerminating()
                && store.refusal().isEmpty();
    }

    /**
     * Jenkins sends no event when quieting down is cancelled, and a disk sends none when it has space again. Both are
     * polled.
     */
    private void heartbeat() {
        if (!closing && store.refusal().isPresent()) {
            keptBack = true;
            store.tryAgain();
        }
        if (!keptBack || trouble != null || !isUp()) {
            return;
        }
        keptBack = false;
        try {
            promotions.start();
        } catch (IOException e) {
            unwritten("work could not be started", e);
        } catch (RuntimeException e) {
            report("work could not be started", e);
        }
    }

    /** The journal could not write a record. The store reports that, and the next heartbeat starts work again. */
    private void unwritten(String sentence, Throwable cause) {
        keptBack = true;
        LOGGER.log(closing ? Level.FINE : Level.SEVERE, sentence, cause);
    }

    boolean isDeploying() {
        return promotions.busy() > 0
                && store.lanes().stream()
                        .flatMap(lane -> store.lane(lane).promotions().stream())
                        .anyMatch(promotion -> IN_ACCOUNTS.contains(promotion.state()));
    }

    /**
     * Stops without waiting for deployments. It closes the store first, so that no thread is interrupted while it
     * writes a record. The next start continues the unfinished work.
     */
    @Override
    public void close() {
        closing = true;
        promotions.quiet();
        try {
            store.close();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the store did not close properly", e);
        }
        promotions.close();
        timer.shutdownNow();
        heart.shutdownNow();
        directory.close();
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.fine("a task does not stop and is abandoned");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        aws.close();
    }

    private void report(String sentence, Throwable cause) {
        if (closing) {
            LOGGER.log(Level.FINE, sentence, cause);
            return;
        }
        LOGGER.log(Level.SEVERE, sentence, cause);
        trouble = sentence + " (" + (cause.getMessage() == null ? cause.toString() : cause.getMessage())
                + "). Correct that, then open the store again";
    }

    /** Forwards the events of the runtime. */
    private final class Relay implements Observer {
        @Override
        public void changed(LaneId lane, Transition transition) {
            notifyListeners(listener -> listener.changed(lane, transition));
        }

        @Override
        public void note(String promotion, String step, String line) {
            notifyListeners(listener -> listener.note(promotion, step, line));
        }

        @Override
        public void trouble(String sentence, Throwable cause) {
            if (cause instanceof IOException) {
                // The journal could not write a record. The store reports that, and the heartbeat starts work again.
                keptBack = true;
                LOGGER.log(closing ? Level.FINE : Level.SEVERE, sentence, cause);
                return;
            }
            report(sentence, cause);
        }

        private void notifyListeners(Consumer<PromotionListener> what) {
            for (PromotionListener listener : PromotionListener.all()) {
                try {
                    what.accept(listener);
                } catch (RuntimeException e) {
                    LOGGER.log(
                            Level.WARNING,
                            "a listener failed: " + listener.getClass().getName(),
                            e);
                }
            }
        }
    }
}
