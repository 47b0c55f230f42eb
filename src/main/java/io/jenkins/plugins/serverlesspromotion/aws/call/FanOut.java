package io.jenkins.plugins.serverlesspromotion.aws.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Runs the same task for many items in parallel. */
public final class FanOut {
    private FanOut() {}

    public interface Task<T, R> {
        R apply(T item) throws InterruptedException;
    }

    /**
     * Results in the order of the items. The first exception cancels the other tasks and is thrown.
     *
     * @throws InterruptedException when the caller is interrupted; started tasks are interrupted too
     */
    public static <T, R> List<R> map(ExecutorService pool, List<T> items, Task<T, R> task) throws InterruptedException {
        if (items.size() == 1) {
            return List.of(task.apply(items.get(0)));
        }
        var running = new ArrayList<Future<R>>();
        try {
            for (T item : items) {
                running.add(pool.submit((Callable<R>) () -> task.apply(item)));
            }
            var results = new ArrayList<R>();
            for (Future<R> one : running) {
                results.add(result(one));
            }
            return results;
        } finally {
            running.forEach(one -> one.cancel(true));
        }
    }

    /** The result of {@code task}; its exceptions are thrown unchanged. */
    public static <R> R result(Future<R> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            if (e.getCause() instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
