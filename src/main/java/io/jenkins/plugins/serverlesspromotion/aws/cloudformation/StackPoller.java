package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import io.jenkins.plugins.serverlesspromotion.aws.DeploymentException;
import io.jenkins.plugins.serverlesspromotion.aws.call.Failures;
import io.jenkins.plugins.serverlesspromotion.aws.call.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;

/**
 * Follows running operations: one loop per account and region, one event stream per stack, no thread per stack. A stack
 * with a known update duration is polled when that has passed, and sometimes before, to show progress. Other stacks are
 * polled after one second, then at growing intervals of up to five seconds. While AWS throttles, a loop pauses for up
 * to thirty seconds. A failed poll fails no operation.
 */
public final class StackPoller {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration LONGEST_THROTTLED = Duration.ofSeconds(30);
    /** Interval of polls that only show progress. */
    private static final Duration PROGRESS = Duration.ofSeconds(20);
    /** CloudFormation accepts about five reads a second per account; people need some of them too. */
    private static final Duration SPACE = Duration.ofMillis(250);
    /** After this time without a response, the state of the stack is unknown. */
    private static final Duration SILENCE = Duration.ofMinutes(15);
    /** An operation that was accepted shows in the stack's events within seconds. */
    private static final Duration NO_TRACE = Duration.ofMinutes(5);

    /** Number of polls, seconds apart, for events that appear later than their state. */
    private static final int LATE_LOOKS = 5;

    /** Number of polls after which the stack itself is read, if its events do not show the end. */
    private static final int LOOK_AT_STACK = 5;

    private final ScheduledExecutorService scheduler;
    private final Pace pace;
    private final StackDurations stackDurations;
    private final Map<String, Loop> loops = new HashMap<>();

    public StackPoller(ScheduledExecutorService scheduler, Pace pace, StackDurations stackDurations) {
        this.scheduler = scheduler;
        this.pace = pace;
        this.stackDurations = stackDurations;
    }

    /**
     * @param loop account and region
     * @param client without retries
     * @param before the stack before the operation; null when that is no longer known
     * @param since the earliest possible begin of the operation
     * @param told receives every new event of the operation
     */
    public record Watch(
            String loop,
            CloudFormationClient client,
            String stackArn,
            String token,
            LiveStack before,
            Instant since,
            Consumer<StackEvent> told) {}

    /** @param events those of the operation, oldest first */
    public record Outcome(String stackArn, String status, List<StackEvent> events) {
        public Outcome {
            events = List.copyOf(events);
        }
    }

    /** Completes when the operation has ended; cancelling it ends the polling. */
    public CompletableFuture<Outcome> watch(Watch watch) {
        var followed = new Followed(watch);
        synchronized (loops) {
            Loop loop = loops.computeIfAbsent(watch.loop(), Loop::new);
            loop.stacks.add(followed);
            loop.schedule();
        }
        return followed.result;
    }

    private final class Loop {
        final String name;
        final List<Followed> stacks = new ArrayList<>();
        /** While AWS throttles, otherwise zero. */
        private Duration rest = Duration.ZERO;

        private boolean running;
        private Future<?> next;

        Loop(String name) {
            this.name = name;
        }

        /** Called with {@code loops} locked. While it runs, it schedules itself at the end. */
        void schedule() {
            if (running) {
                return;
            }
            if (next != null) {
                next.cancel(false);
            }
            long due = stacks.stream().mapToLong(s -> s.due).min().orElseThrow();
            try {
                next = scheduler.schedule(this::run, due - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                stacks.forEach(s -> s.result.cancel(false));
                stacks.clear();
            }
        }

        void run() {
            List<Followed> now;
            synchronized (loops) {
                if (running) {
                    return;
                }
                running = true;
                now = stacks.stream()
                        .filter(s -> s.result.isDone() || s.due - System.nanoTime() <= 0)
                        .toList();
            }
            boolean throttled = false;
            for (Followed stack : now) {
                throttled |= !stack.result.isDone() && stack.poll();
            }
            synchronized (loops) {
                running = false;
                stacks.removeIf(s -> s.result.isDone());
                rest = !throttled
                        ? Duration.ZERO
                        : rest.isZero() ? LONGEST : shorter(rest.multipliedBy(2), LONGEST_THROTTLED);
                Duration least = longer(rest, SPACE.multipliedBy(stacks.size()));
                if (throttled) {
                    stacks.forEach(s -> s.again(least));
                } else {
                    now.forEach(s -> s.again(least));
                }
                if (stacks.isEmpty()) {
                    loops.remove(name);
                } else {
                    schedule();
                }
            }
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private final class Followed {
        final Watch watch;
        final CompletableFuture<Outcome> result = new CompletableFuture<>();
        private final List<StackEvent> ours = new ArrayList<>();
        private final Instant begun = pace.now();
        private final long started = System.nanoTime();
        private String seen;
        private Instant answered = begun;
        /** How often the stack itself showed that the operation has ended. */
        private int ended;

        private int polls;
        private Duration interval = FIRST;
        /** In the time of {@link System#nanoTime}. */
        private volatile long due;

        Followed(Watch watch) {
            this.watch = watch;
            again(Duration.ZERO);
        }

        /** Since its begin, which may be long before it was followed here. */
        private Duration passed() {
            Duration here = Duration.ofNanos(System.nanoTime() - started);
            return ours.isEmpty() || ours.get(0).timestamp() == null
                    ? here
                    : longer(here, Duration.between(ours.get(0).timestamp(), pace.now()));
        }

        /** @param least the minimum delay, nominal */
        void again(Duration least) {
            Duration passed = passed();
            Duration left = stackDurations
                    .update(watch.stackArn())
                    .map(took -> took.plus(took.dividedBy(50))
                            .plus(pace.scaled(SPACE))
                            .minus(passed))
                    .filter(d -> watch.before() != null && watch.before().exists() && !d.isNegative())
                    .orElse(null);
            Duration wait;
            if (left != null) {
                wait = shorter(left, pace.scaled(PROGRESS));
            } else {
                wait = pace.scaled(interval);
                wait = Duration.ofNanos(
                        (long) (wait.toNanos() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
                interval = shorter(interval.multipliedBy(5).dividedBy(4), LONGEST);
            }
            due = System.nanoTime() + longer(wait, pace.scaled(least)).toNanos();
        }

        /** @return whether AWS throttled it */
        boolean poll() {
            try {
                look();
                answered = pace.now();
                return false;
            } catch (RuntimeException e) {
                if (pace.now().isAfter(answered.plus(pace.scaled(SILENCE)))) {
                    result.completeExceptionally(e);
                }
                return Failures.isThrottling(e);
            }
        }

        private void look() {
            var older = new ArrayList<StackEvent>();
            List<StackEvent> events = StackEvents.after(watch.client(), watch.stackArn(), seen, watch.since(), older);
            if (polls == 0) {
                // The page was read anyway, and it also contains earlier durations.
                older.addAll(events);
                stackDurations.learn(watch.stackArn(), older);
            }
            if (!events.isEmpty()) {
                seen = events.get(events.size() - 1).eventId();
                List<StackEvent> more = StackEvents.of(watch.token(), events);
                ours.addAll(more);
                more.forEach(watch.told());
            }
            var end = StackEvents.end(ours);
            if (end.isPresent()) {
                if (polls > 0) {
                    stackDurations.learn(watch.stackArn(), ours);
                }
                result.complete(new Outcome(watch.stackArn(), end.get(), ours));
            } else if ((++polls % LOOK_AT_STACK == 0 || ended > 0) && watch.before() != null) {
                lookAtStack();
            }
        }

        /** Not every CloudFormation-compatible endpoint sets the token in its events. */
        private void lookAtStack() {
            LiveStack now = LiveStack.read(watch.client(), watch.stackArn());
            boolean moved = !String.valueOf(now.status()).equals(watch.before().status())
                    || !Objects.equals(now.changed(), watch.before().changed());
            if (now.status() != null && moved && StackState.isEnd(now.status())) {
                // The events contain the cause, and may appear later.
                if (++ended > LATE_LOOKS) {
                    result.complete(new Outcome(watch.stackArn(), now.status(), ours));
                }
            } else if (ours.isEmpty() && pace.now().isAfter(begun.plus(pace.scaled(NO_TRACE)))) {
                result.completeExceptionally(DeploymentException.errored("stack " + now.name()
                        + " accepted the change, but shows no trace of it (" + now.status()
                        + "); check its events in the console before trying again"));
            }
        }
    }
}
