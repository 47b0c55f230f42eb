package io.jenkins.plugins.serverlesspromotion.controller.steps;

import io.jenkins.plugins.serverlesspromotion.engine.lane.LaneLimits;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Tickets;
import io.jenkins.plugins.serverlesspromotion.engine.release.Names;

/** Checks the arguments of steps; errors name the argument and the expected form. */
final class Arguments {
    private Arguments() {}

    static String text(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("argument '" + name + "' is missing");
        }
        return value.strip();
    }

    static String name(String name, String value) {
        return Names.name("argument '" + name + "'", text(name, value));
    }

    /** One line of at most {@link Tickets#LONGEST} characters; null when none is named. */
    static String ticket(String value) {
        if (value != null) {
            Tickets.problem(value).ifPresent(problem -> {
                throw new IllegalArgumentException("argument 'ticket': " + problem);
            });
        }
        return value;
    }

    /** For people: at most {@link LaneLimits#TEXT} characters. */
    static String comment(String value) {
        if (value != null && value.length() > LaneLimits.TEXT) {
            throw new IllegalArgumentException("a reason has at most " + LaneLimits.TEXT + " characters");
        }
        return value;
    }
}
