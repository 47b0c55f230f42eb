package io.jenkins.plugins.serverlesspromotion.controller.steps;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.junit.Test;

/** A step names a ticket that is one line of at most 200 characters, or ends before anything is asked for. */
public class TicketArgumentTest {
    private static void refused(String ticket, String says) {
        var step = new PromoteReleaseStep("orders@1.4.2", "prod");
        step.setTicket(ticket);
        String why = assertThrows(IllegalArgumentException.class, () -> step.start(null))
                .getMessage();
        assertEquals(
                "argument 'ticket': the ticket " + says
                        + "; a ticket is one line of at most 200 characters: give its id"
                        + " alone, and what else matters as the reason",
                why);
    }

    @Test
    public void aLongOneOrOneOfSeveralLinesEndsTheStep() {
        refused("C" + " ".repeat(4_000) + "G", "has 4002 characters");
        refused("C".repeat(201), "has 201 characters");
        refused("CHG1\nCHG2", "has a line break or another control character");
        assertEquals("C".repeat(200), Arguments.ticket("C".repeat(200)));
    }
}
