package io.jenkins.plugins.serverlesspromotion.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A CloudWatch alarm; its state is set by callers and faults, not by metrics. */
final class Alarm implements Serializable {
    private static final long serialVersionUID = 1L;

    final String name;
    JsonNode properties;
    String state = "INSUFFICIENT_DATA";
    String reason = "Unchecked: Initial alarm creation";
    Instant updated = Instant.now();
    /** Every change of state, oldest first. */
    final List<Change> changes = new ArrayList<>();

    record Change(Instant at, String summary) implements Serializable {}

    Alarm(String name, JsonNode properties) {
        this.name = name;
        this.properties = properties;
    }

    /** A composite alarm has a rule instead of a metric. */
    boolean composite() {
        return properties.has("AlarmRule");
    }

    void turn(String newState, String newReason) {
        if (!newState.equals(state)) {
            changes.add(new Change(Instant.now(), "Alarm updated from " + state + " to " + newState));
        }
        state = newState;
        reason = newReason;
        updated = Instant.now();
    }

    /** A planned change of state; the alarm may not exist by then. */
    record Turn(String account, String region, String alarm, String state, String reason) implements Timeline.Task {
        private static final long serialVersionUID = 1L;

        @Override
        public void run(World world) {
            for (Region place : world.regions()) {
                if (IamPolicy.glob(account, place.account, false) && IamPolicy.glob(region, place.name, false)) {
                    place.alarms.values().stream()
                            .filter(found -> IamPolicy.glob(alarm, found.name, false))
                            .forEach(found -> {
                                found.turn(state, reason);
                                world.changed(Actor.WORLD, place, "cloudwatch:alarm", found.name, "state", state);
                            });
                }
            }
        }
    }
}
