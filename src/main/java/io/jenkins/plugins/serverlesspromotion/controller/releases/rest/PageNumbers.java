package io.jenkins.plugins.serverlesspromotion.controller.releases.rest;

import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.Authorization;
import io.jenkins.plugins.serverlesspromotion.controller.releases.decision.DecisionException;

/** The parameters with which a caller requests one page of a list. */
public final class PageNumbers {
    private PageNumbers() {}

    /** The number of the first record wanted, 0 where nothing is given. */
    public static long from(String text) throws DecisionException {
        return number("from", text, 0, Long.MAX_VALUE, 0);
    }

    /** How many are wanted at once, 1 to {@code most}; {@code most} where nothing is given. */
    static int limit(String text, int most) throws DecisionException {
        return (int) number("limit", text, 1, most, most);
    }

    private static long number(String name, String text, long least, long most, long otherwise)
            throws DecisionException {
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The error below reports it.
        }
        throw Authorization.wrong(name + " must be a number from " + least + " to " + most);
    }
}
