package io.jenkins.plugins.serverlesspromotion.engine.lane;

import java.util.List;

/**
 * The effect of one fact on a lane. One journal record.
 *
 * @param commands all work that {@code lane} needs, including running work
 * @param refusal why the fact was not accepted, null when it was; a refused fact changes nothing but is recorded. One
 *     exception: a withdrawn request is marked, also when the promotion continues
 */
public record Transition(Lane lane, List<Command> commands, List<Event> events, String refusal) {
    public Transition {
        commands = List.copyOf(commands);
        events = List.copyOf(events);
    }

    /** Whether there is nothing to record. Every change has an event, so no event means no change. */
    public boolean isNothing() {
        return events.isEmpty();
    }
}
