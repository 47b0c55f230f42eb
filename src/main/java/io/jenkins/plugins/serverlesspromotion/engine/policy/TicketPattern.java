package io.jenkins.plugins.serverlesspromotion.engine.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of tickets in the policy.
 *
 * @param path its place: {@code environments[prod].gates[2].ticket}
 */
public record TicketPattern(String path, String pattern) {
    /** The ticket patterns of the gates of an environment, in the order of policy. */
    public static List<TicketPattern> ofGates(Policy.Environment environment) {
        var all = new ArrayList<TicketPattern>();
        for (int i = 0; i < environment.gates().size(); i++) {
            if (environment.gates().get(i) instanceof Gate.Ticket ticket) {
                all.add(new TicketPattern(path(environment, "gates[" + i + "].ticket"), ticket.pattern()));
            }
        }
        return all;
    }

    /** The same with the pattern of break-glass, last. */
    public static List<TicketPattern> of(Policy.Environment environment) {
        var all = new ArrayList<>(ofGates(environment));
        if (environment.breakGlass() != null && environment.breakGlass().ticket() != null) {
            all.add(ofBreakGlass(environment));
        }
        return all;
    }

    /** @param environment with a pattern for the tickets of break-glass */
    public static TicketPattern ofBreakGlass(Policy.Environment environment) {
        return new TicketPattern(
                path(environment, "breakGlass.ticket"), environment.breakGlass().ticket());
    }

    private static String path(Policy.Environment environment, String rest) {
        return "environments[" + environment.name() + "]." + rest;
    }
}
