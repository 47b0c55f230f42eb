package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.util.List;

/**
 * What one fact made of a lane. One journal record.
 *
 * @param commands all work that {@code lane} wants done, including what is running already
 * @param refusal why the fact was not accepted, null when it was; a refused fact changes nothing but is recorded.
 *     One exception: a request that is taken back is marked, also when the promotion continues
 */
public record Transition(Lane lane, List<Command> commands, List<Event> events, String refusal) {
    public Transition {
        commands = List.copyOf(commands);
        events = List.copyOf(events);
    }

    /** Whether there is nothing to record. Every change is said in an event, so silence means no change. */
    public boolean isNothing() {
        return events.isEmpty();
    }
}
