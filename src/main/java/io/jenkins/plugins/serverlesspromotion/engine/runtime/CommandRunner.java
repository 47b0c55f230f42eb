package io.jenkins.plugins.serverlesspromotion.engine.runtime;

import io.jenkins.plugins.serverlesspromotion.engine.lane.Command;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Fact;
import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneId;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

/** Carries out the lanes' commands on a bounded pool, each at most once at a time, and passes on their results. */
final class CommandRunner {
    private final CommandHandler commandHandler;
    private final ExecutorService pool;
    private final Results results;
    private final Map<String, Future<?>> running = new ConcurrentHashMap<>();
    private volatile boolean open;
    private volatile BooleanSupplier permitted = () -> true;

    /** Receives the results. */
    interface Results {
        void came(LaneId lane, Fact result) throws IOException;

        void unwritable(IOException e);

        void defect(Command command, RuntimeException e);

        /** The command is no longer running. */
        void ended();
    }

    CommandRunner(CommandHandler commandHandler, ExecutorService pool, Results results) {
        this.commandHandler = commandHandler;
        this.pool = pool;
        this.results = results;
    }

    /** Commands are skipped until then. */
    void open() {
        open = true;
    }

    /** Starts no further commands; running commands continue. */
    void shut() {
        open = false;
    }

    boolean isOpen() {
        return open;
    }

    void onlyWhile(BooleanSupplier condition) {
        permitted = condition;
    }

    int busy() {
        return running.size();
    }

    void interrupt() {
        running.values().forEach(f -> f.cancel(true));
    }

    void start(LaneId lane, Command command) {
        if (!open || !permitted.getAsBoolean()) {
            return;
        }
        var task = new FutureTask<Void>(() -> {
            work(lane, command);
            return null;
        });
        if (running.putIfAbsent(command.key(), task) == null) {
            pool.execute(task);
        }
    }

    private void work(LaneId lane, Command command) {
        try {
            results.came(lane, commandHandler.carryOut(command));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing: the next start carries it out
        } catch (IOException e) {
            results.unwritable(e);
        } catch (RuntimeException e) {
            results.defect(command, e);
        } finally {
            running.remove(command.key());
            results.ended();
        }
    }
}
