package io.jenkins.plugins.serverlesspromotion.cli;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneMachine;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Store;
import io.jenkins.plugins.serverlesspromotion.engine.release.Published;
import io.jenkins.plugins.serverlesspromotion.engine.runtime.Promotions;
import io.jenkins.plugins.serverlesspromotion.format.json.CanonicalDigests;
import io.jenkins.plugins.serverlesspromotion.format.json.JournalCodec;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import io.jenkins.plugins.serverlesspromotion.store.FileStore;
import io.jenkins.plugins.serverlesspromotion.store.Product;
import io.jenkins.plugins.serverlesspromotion.view.StoreReader;
import io.jenkins.plugins.serverlesspromotion.view.ViewReader;
import io.jenkins.plugins.serverlesspromotion.view.Wording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The open folder of this command line's store. Reading works while another process deploys. Only one process at a time
 * can write. Closing the home stops the work; the next process continues it.
 */
final class Home implements AutoCloseable {
    /** Steps, checks and plans carried out at the same time. */
    private static final int WORKERS = 8;

    /** The time for records that are being written. An interrupt stops the work itself. */
    private static final Duration LAST_RECORD = Duration.ofSeconds(2);

    private static final Duration STOP = Duration.ofSeconds(10);

    private final Invocation invocation;
    private final FileStore store;
    private final LazyPorts ports;
    private final LiveProgress progress;
    private final ExecutorService pool;
    private final ScheduledExecutorService timer;
    private final Promotions promotions;
    private final Thread interrupt = new Thread(this::interrupted, "interrupted");
    private volatile boolean stopping;
    private boolean started;

    private Home(Invocation invocation, FileStore store) {
        this.invocation = invocation;
        this.store = store;
        this.ports = new LazyPorts(invocation);
        this.progress = new LiveProgress(invocation, store);
        ThreadFactory threads = task -> {
            var thread = new Thread(task, "work");
            thread.setDaemon(true);
            return thread;
        };
        this.pool = Executors.newFixedThreadPool(WORKERS, threads);
        this.timer = Executors.newSingleThreadScheduledExecutor(threads);
        this.promotions = new Promotions(
                store, ports, new CanonicalDigests(), new Re2Patterns(), invocation.clock(), pool, timer, progress);
    }

    /** The process is ending and has reported that. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Opens the store for reading; empty when this home has no store yet. */
    static Optional<Home> ifThere(Invocation invocation) throws IOException {
        Path root = invocation.options().home();
        if (isEmpty(root)) {
            return Optional.empty();
        }
        FileStore store = FileStore.openReadOnly(root, Product.CLI, new JournalCodec());
        store.damage()
                .ifPresent(damage -> invocation.screen().warn(damage + "; the output shows the records before it"));
        return Optional.of(new Home(invocation, store));
    }

    /** Opens the store for reading. */
    static Home read(Invocation invocation) throws IOException {
        return ifThere(invocation).orElseThrow(() -> nothing(invocation));
    }

    /** Opens the store for writing. Only a policy creates a home. */
    static Home write(Invocation invocation) throws IOException {
        if (isEmpty(invocation.options().home())) {
            throw nothing(invocation);
        }
        return create(invocation);
    }

    /** Opens the home for writing and makes it when there is none. */
    static Home create(Invocation invocation) throws IOException {
        return new Home(
                invocation,
                FileStore.open(invocation.options().home(), Product.CLI, new JournalCodec(), invocation.storage()));
    }

    private static boolean isEmpty(Path root) throws IOException {
        if (!Files.exists(root)) {
            return true;
        }
        if (!Files.isDirectory(root)) {
            throw CommandException.usage(root + " is a file; name a folder with --home DIR");
        }
        try (Stream<Path> files = Files.list(root)) {
            return files.findAny().isEmpty();
        }
    }

    private static CommandException nothing(Invocation invocation) {
        return CommandException.no(
                "there is no store in " + invocation.options().home() + " yet; begin with: promotion policy apply FILE"
                        + invocation.options().repeated());
    }

    Store store() {
        return store;
    }

    /** The source of the views. A command line keeps no results of drift checks. */
    ViewReader reader() {
        return new StoreReader(store);
    }

    FileStore files() {
        return store;
    }

    Promotions promotions() {
        return promotions;
    }

    /** The connection to AWS, opened at the first use. */
    Ports ports() {
        return ports.open();
    }

    /** @throws CommandException when there is none */
    Policy policy() {
        return store.policy()
                .orElseThrow(() ->
                        CommandException.no("there is no policy yet; put one in force with: promotion policy apply FILE"
                                + invocation.options().repeated()))
                .policy();
    }

    /** @throws CommandException when there is no promotion of that id */
    Promotion promotion(PromotionId id) {
        return store.promotion(id.text())
                .orElseThrow(() -> CommandException.no("there is no promotion " + id + "; promotion history "
                        + id.lane().service() + " lists those of " + id.lane().service()));
    }

    /** @throws CommandException when it was never published */
    Published published(ReleaseId release) {
        return store.release(release.service(), release.version()).orElseThrow(() -> {
            List<Published> known = store.releases(release.service());
            String names = known.stream().limit(5).map(p -> p.ref().version()).collect(Collectors.joining(", "));
            return CommandException.no(release + " was never published here; "
                    + (known.isEmpty() ? noRelease(release.service()) : "the newest are " + names)
                    + ". Publish it first: promotion publish release.yaml --version " + release.version());
        });
    }

    private String noRelease(String service) {
        var others = store.services();
        return "no release of " + service + " was"
                + (others.isEmpty() ? "" : "; services with releases are " + String.join(", ", others));
    }

    /** The promotions with outstanding work, in all lanes. */
    List<Promotion> outstanding() {
        var all = new ArrayList<Promotion>();
        for (LaneId lane : store.lanes()) {
            LaneMachine.outstanding(store.lane(lane)).stream()
                    .map(command -> command.promotion())
                    .distinct()
                    .forEach(id -> store.promotion(id).ifPresent(all::add));
        }
        return all;
    }

    /**
     * Starts all outstanding work, and reports which work it starts besides that of {@code promotion}.
     *
     * @param promotion null: nothing is reported
     */
    void start(String promotion) throws IOException {
        if (promotion != null) {
            String others = outstanding().stream()
                    .filter(p -> !p.id().equals(promotion))
                    .map(p -> p.id() + " (" + Wording.word(p.state()) + ")")
                    .collect(Collectors.joining(", "));
            if (!others.isEmpty()) {
                invocation.screen().note("also continuing " + others);
            }
        }
        // From here on an interrupt must report how to continue.
        Runtime.getRuntime().addShutdownHook(interrupt);
        started = true;
        promotions.start();
    }

    /**
     * Follows a promotion with live progress until nothing more happens to it here.
     *
     * @return the promotion then, or as it is when {@code atMost} has passed
     * @throws CommandException when work cannot continue
     */
    Promotion follow(String promotion, Duration atMost) throws InterruptedException {
        return follow(promotion, this::rests, atMost);
    }

    Promotion follow(String promotion, Predicate<Promotion> wanted, Duration atMost) throws InterruptedException {
        progress.begin(promotion);
        try {
            Promotion then =
                    promotions.await(promotion, p -> stopping || progress.trouble() != null || wanted.test(p), atMost);
            if (stopping) {
                throw new Stopped();
            }
            if (progress.trouble() != null) {
                throw CommandException.notFoundOut(progress.trouble());
            }
            return then;
        } finally {
            progress.end();
        }
    }

    /** Whether {@code promotion} waits until a person acts. A pause between waves also counts. */
    boolean rests(Promotion promotion) {
        LaneId lane = LaneId.ofPromotion(promotion.id());
        return promotions.resting(promotion)
                || promotion.state() == Promotion.State.DEPLOYING
                        && store.pauses().stream().anyMatch(p -> p.covers(lane))
                        && LaneMachine.outstanding(store.lane(lane)).isEmpty();
    }

    /** Whether work on a promotion is unfinished, waits for nothing, and no process does it: it crashed or was ended. */
    boolean isInterrupted(Promotion promotion) {
        boolean running =
                switch (promotion.state()) {
                    case PLANNING, DEPLOYING, VERIFYING, ROLLING_BACK -> true;
                    default -> false;
                };
        if (!running
                || LaneMachine.outstanding(store.lane(LaneId.ofPromotion(promotion.id()))).stream()
                        .noneMatch(command -> command.promotion().equals(promotion.id()))) {
            return false;
        }
        try {
            return !FileStore.isInUse(invocation.options().home());
        } catch (IOException e) {
            return false; // not known
        }
    }

    /** Whether no command is being carried out and none is to be. */
    boolean isIdle() {
        return promotions.busy() == 0 && outstanding().isEmpty();
    }

    /** The process has received a signal to end. All work stops; the journal keeps its state. */
    private void interrupted() {
        stopping = true;
        invocation
                .screen()
                .declare("interrupted; nothing is lost, continue with: promotion work"
                        + invocation.options().repeated());
        stop();
    }

    private void stop() {
        promotions.close();
        timer.shutdownNow();
        pool.shutdown();
        try {
            if (started && !pool.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                invocation.screen().warn("a task does not stop and is abandoned");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ports.close();
    }

    @Override
    public void close() throws IOException {
        if (stopping) {
            return; // the interrupt's thread closes everything; the process ends with it
        }
        if (started) {
            promotions.quiet();
            settle();
            try {
                Runtime.getRuntime().removeShutdownHook(interrupt);
            } catch (IllegalStateException e) {
                return; // being interrupted right now
            }
        }
        progress.end();
        stop();
        store.close();
    }

    /** Waits for tasks that are writing records: an interrupt during a write would look like a disk failure. */
    private void settle() {
        Optional<Promotion> any = store.lanes().stream()
                .flatMap(lane -> store.promotions(lane).stream())
                .findAny();
        try {
            if (any.isPresent() && outstanding().isEmpty()) {
                promotions.await(any.get().id(), p -> promotions.busy() == 0, LAST_RECORD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
