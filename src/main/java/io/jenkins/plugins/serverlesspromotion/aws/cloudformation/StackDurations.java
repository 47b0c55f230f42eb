package io.jenkins.plugins.serverlesspromotion.aws.cloudformation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;

/**
 * Remembers how long updates and change sets of a stack took. The next one is read when it should be ready, instead of
 * repeatedly. A stack's own events give the durations, including updates of other tools. Safe for use by several
 * threads.
 */
public final class StackDurations {
    private static final int STACKS = 1000;
    private static final int KEPT = 3;

    private final Map<String, Deque<Duration>> updates = new LruMap<>(STACKS);
    private final Map<String, Bracket> changeSets = new LruMap<>(STACKS);

    /** The last time it was not ready, and the first time it was. */
    private record Bracket(Duration early, Duration ready) {}

    /** The shortest of the last updates: reading too early costs a call, reading too late costs time. */
    Optional<Duration> update(String stackArn) {
        synchronized (updates) {
            return Optional.ofNullable(updates.get(stackArn))
                    .flatMap(all -> all.stream().min(Duration::compareTo));
        }
    }

    /** @param events of one stack, oldest first; operations that are complete in this list count, if they succeeded */
    void learn(String stackArn, List<StackEvent> events) {
        var found = new ArrayList<Duration>();
        Instant begun = null;
        for (StackEvent event : events) {
            if (!StackEvents.isOfStack(event) || event.timestamp() == null) {
                continue;
            }
            String status = event.resourceStatusAsString();
            if (status.equals("UPDATE_IN_PROGRESS")) {
                begun = event.timestamp();
            } else if (StackState.isEnd(status)) {
                if (begun != null && StackState.isSuccess(status)) {
                    found.add(Duration.between(begun, event.timestamp()));
                }
                begun = null;
            }
        }
        if (found.isEmpty()) {
            return;
        }
        synchronized (updates) {
            Deque<Duration> all = updates.computeIfAbsent(stackArn, k -> new ArrayDeque<>());
            found.forEach(all::addLast);
            while (all.size() > KEPT) {
                all.removeFirst();
            }
        }
    }

    /** The delay after which a first read of a change set of {@code stack} is useful. */
    Optional<Duration> changeSet(String stack) {
        synchronized (changeSets) {
            Bracket known = changeSets.get(stack);
            if (known == null) {
                return Optional.empty();
            }
            Duration open = known.ready().minus(known.early());
            // Close enough: a read that is too early would cost more than it could save.
            boolean close = open.compareTo(known.ready().dividedBy(4)) <= 0;
            return Optional.of(close ? known.ready() : known.early().plus(open.dividedBy(2)));
        }
    }

    /** @param early when it was last seen not ready, zero when it was never seen so */
    void changeSetTook(String stack, Duration early, Duration ready) {
        synchronized (changeSets) {
            Bracket known = changeSets.get(stack);
            // A change set that is ready at the first read does not show when it became ready.
            boolean first = early.isZero() && known != null && known.early().compareTo(ready) < 0;
            changeSets.put(stack, new Bracket(first ? known.early() : early, ready));
        }
    }
}
