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
 * How long updates and change sets of a stack took before: the next one is asked about when it should be done, instead of
 * again and again. A stack's own events tell it, those of other tools' updates too. Safe for use by several threads.
 */
public final class StackDurations {
    private static final int STACKS = 1000;
    private static final int KEPT = 3;

    private final Map<String, Deque<Duration>> updates = new LruMap<>(STACKS);
    private final Map<String, Bracket> changeSets = new LruMap<>(STACKS);

    /** When it was not ready yet, and when it was. */
    private record Bracket(Duration early, Duration ready) {}

    /** The shortest of the last updates: to ask too early costs a read, to ask too late costs time. */
    Optional<Duration> update(String stackArn) {
        synchronized (updates) {
            return Optional.ofNullable(updates.get(stackArn))
                    .flatMap(all -> all.stream().min(Duration::compareTo));
        }
    }

    /** @param events of one stack, oldest first; operations that are there from begin to end count, if they succeeded */
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

    /** After how long a change set of {@code stack} is worth a first look. */
    Optional<Duration> changeSet(String stack) {
        synchronized (changeSets) {
            Bracket known = changeSets.get(stack);
            if (known == null) {
                return Optional.empty();
            }
            Duration open = known.ready().minus(known.early());
            // Close enough: a look that comes too early would cost more than what it could save.
            boolean close = open.compareTo(known.ready().dividedBy(4)) <= 0;
            return Optional.of(close ? known.ready() : known.early().plus(open.dividedBy(2)));
        }
    }

    /** @param early when it was still not ready, zero when it was never seen so */
    void changeSetTook(String stack, Duration early, Duration ready) {
        synchronized (changeSets) {
            Bracket known = changeSets.get(stack);
            // Being ready at the first look tells nothing about when it got so.
            boolean first = early.isZero() && known != null && known.early().compareTo(ready) < 0;
            changeSets.put(stack, new Bracket(first ? known.early() : early, ready));
        }
    }
}
