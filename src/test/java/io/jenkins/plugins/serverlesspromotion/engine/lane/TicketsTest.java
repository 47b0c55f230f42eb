package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.release;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions.TicketCheck;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.port.Patterns;
import io.jenkins.plugins.serverlesspromotion.format.policy.Re2Patterns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

/** What a ticket must be, when it is compared with the pattern of the policy, and what a pattern that cannot be used does. */
public class TicketsTest {
    private static final String LOOK_AHEAD = "CHG(?=[0-9])[0-9]+";
    private static final String LONGEST = "CHG" + "0".repeat(197);

    private final Lanes lanes = new Lanes();

    private PromotionDecisions.Request request(String user, String ticket) {
        return new PromotionDecisions.Request("user:" + user, Set.of(user), lanes.now, null, ticket, null);
    }

    private String ask(String user, String ticket) {
        return lanes.take(new Fact.Requested(release(1), request(user, ticket)));
    }

    private String waiting(String ticket) {
        assertNull(ask("zoe", ticket));
        lanes.work();
        return lanes.last().id();
    }

    private void form(String pattern) {
        lanes.gates(true, new Gate.Ticket(pattern));
    }

    /** The same lane as an older version would have recorded it. */
    private void recordedBefore(String ticket) {
        Lane l = lanes.lane;
        Promotion p = lanes.last();
        Promotion old = p.with(
                p.decisions().withRequests(List.of(request("zoe", ticket))).withTicketCheck(null));
        lanes.lane = new Lane(
                l.id(), l.live(), l.good(), l.holds(), List.of(old), l.counted(), l.changes(), l.reviews(), l.owns());
    }

    /** Remembers what it was asked. */
    private static final class Counting implements Patterns {
        private final Patterns patterns = new Re2Patterns();
        private final List<String> compared = new ArrayList<>();

        @Override
        public Optional<String> problem(String pattern) {
            return patterns.problem(pattern);
        }

        @Override
        public boolean matches(String pattern, String text) {
            compared.add(text + " with " + pattern);
            return patterns.matches(pattern, text);
        }
    }

    // --- one line of at most 200 characters ---

    @Test
    public void aTicketIsOneLineOfAtMost200Characters() {
        assertEquals(Optional.empty(), Tickets.problem(LONGEST));
        assertEquals(
                "the ticket has 201 characters; a ticket is one line of at most 200 characters: give its id alone, and"
                        + " what else matters as the reason",
                Tickets.problem(LONGEST + "0").orElseThrow());
        for (String end : List.of("\n", "\r", "\u0085", "\u2028", "\u2029", "\u0000", "\t", "\u001b")) {
            assertTrue(Tickets.problem("CHG1" + end + "CHG2")
                    .orElseThrow()
                    .startsWith("the ticket has a line break or another control character; a ticket is one line"));
        }
    }

    @Test
    public void aRequestWithALongerOneIsRefused() {
        lanes.refused(
                new Fact.Requested(release(1), request("zoe", " ".repeat(4_000))),
                null,
                "user:zoe",
                "promotion",
                "the ticket has 4000 characters; a ticket is one line of at most 200 characters: give its id alone, and"
                        + " what else matters as the reason");
        String id = waiting(null);
        assertTrue(ask("bob", "CHG1\nCHG2").startsWith("the ticket has a line break"));
        assertEquals("it did not join", 1, lanes.get(id).requests().size());
    }

    @Test
    public void aRollbackWithALongerOneIsRefused() {
        lanes.deploy(1);
        lanes.deploy(2);
        assertTrue(lanes.take(new Fact.RollbackRequested(null, request("zoe", LONGEST + "0")))
                .startsWith("the ticket has 201 characters"));
        assertNull(lanes.take(new Fact.RollbackRequested(null, request("zoe", LONGEST))));
    }

    @Test
    public void anOverrideWithALongerOneIsRefused() {
        glass(null);
        String id = waiting(null);
        assertTrue(override(id, LONGEST + "0").startsWith("the ticket has 201 characters"));
        assertTrue(override(id, "INC1\rINC2").startsWith("the ticket has a line break"));
        assertNull(override(id, LONGEST));
    }

    @Test
    public void aLongerOneOfAnOlderRecordKeepsItsGateClosedAndSaysHowToGoOn() {
        form("(.*)*");
        String id = waiting(null);
        recordedBefore("CHG" + " ".repeat(4_000));
        GateStatus gate = lanes.gate(id, "ticket");
        assertEquals(GateResult.PENDING, gate.result());
        assertEquals(
                "the ticket has 4003 characters; a ticket is one line of at most 200 characters: give its id alone, and"
                        + " what else matters as the reason; it must look like (.*)*; request the same promotion again"
                        + " with one",
                gate.sentence());
        lanes.pass(Duration.ofMinutes(1));
        assertEquals(gate, lanes.gate(id, "ticket"));
        assertNull(ask("bob", "CHG7"));
        assertEquals(GateResult.PASSED, lanes.gate(id, "ticket").result());
    }

    // --- when it is compared ---

    @Test
    public void itIsComparedWhenItIsGivenAndNeverWhenAGateIsLookedAt() {
        var counting = new Counting();
        lanes.patterns = counting;
        form("CHG[0-9]+");
        String id = waiting("INC7");
        ask("bob", "CHG7");
        assertEquals(List.of("INC7 with CHG[0-9]+", "INC7 with CHG[0-9]+", "CHG7 with CHG[0-9]+"), counting.compared);
        counting.compared.clear();
        assertEquals("CHG7", lanes.gate(id, "ticket").sentence());
        lanes.pass(Duration.ofMinutes(1));
        ask("erin", null);
        lanes.approve(id, ALICE);
        LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now);
        assertEquals(List.of(), counting.compared);
    }

    @Test
    public void theResultIsKeptInTheLane() {
        form("CHG[0-9]+");
        String id = waiting("INC7");
        assertEquals(
                new TicketCheck(List.of("CHG[0-9]+"), null, null, null),
                lanes.get(id).decisions().ticketCheck());
        ask("bob", "CHG7");
        assertEquals(
                new TicketCheck(List.of("CHG[0-9]+"), "CHG7", null, null),
                lanes.get(id).decisions().ticketCheck());
        // Whatever an engine of another version would answer: what was decided stands.
        lanes.patterns = null;
        assertEquals(GateResult.PASSED, lanes.gate(id, "ticket").result());
    }

    @Test
    public void itIsComparedAgainWhenThePatternChangesAndThatIsRecorded() {
        form("CHG[0-9]+");
        String id = waiting("CHG7");
        form("INC[0-9]+");
        assertEquals(
                "before the lane was reached",
                GateResult.PENDING,
                lanes.gate(id, "ticket").result());
        List<Event> said = lanes.said(new Fact.Reconsidered("policy applied by user:olga"));
        assertEquals(
                List.of(new Event(Event.Type.TICKETS, id, null, "compared the tickets: none has the form INC[0-9]+")),
                said);
        assertEquals(
                new TicketCheck(List.of("INC[0-9]+"), null, null, null),
                lanes.get(id).decisions().ticketCheck());
        form("C.*");
        lanes.pass(Duration.ZERO);
        assertEquals("CHG7", lanes.get(id).decisions().ticketCheck().ticket());
        lanes.gates(true);
        assertEquals(
                List.of(new Event(Event.Type.TICKETS, id, null, "no ticket is needed any more")),
                lanes.said(new Fact.Reconsidered("policy applied by user:olga")));
        assertNull(lanes.get(id).decisions().ticketCheck());
    }

    @Test
    public void ofAnOlderRecordItIsComparedAtTheFirstChance() {
        form("CHG[0-9]+");
        String id = waiting(null);
        recordedBefore("CHG7");
        assertEquals("a look needs no record", "CHG7", lanes.gate(id, "ticket").sentence());
        lanes.take(new Fact.Reconsidered("started"));
        assertEquals(
                new TicketCheck(List.of("CHG[0-9]+"), "CHG7", null, null),
                lanes.get(id).decisions().ticketCheck());
    }

    /** An engine with backtracking does not answer this. */
    @Test
    public void nestedRepetitionInThePatternStopsNothing() {
        form("((C|H|G| )+)+X");
        String id = waiting("CHG" + " ".repeat(196) + "Y");
        assertEquals(GateResult.PENDING, lanes.gate(id, "ticket").result());
        assertNull(lanes.take(new Fact.AbortRequested(id, "user:zoe", "enough")));
        assertEquals(State.ABORTED, lanes.state(id));
    }

    // --- a pattern that cannot be used ---

    private void glass(String ticket) {
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                lanes.environment.gates(),
                lanes.environment.rollback(),
                false,
                null,
                new Policy.BreakGlass(
                        List.of(new Gate.Requirement("release-managers", 2)), Duration.ofHours(1), ticket, "on-call"));
    }

    private String override(String id, String ticket) {
        return override(id, ALICE, ticket);
    }

    private String override(String id, io.jenkins.plugins.serverlesspromotion.engine.policy.Person who, String ticket) {
        return lanes.take(new Fact.Overridden(id, who, lanes.get(id).plan().digest(), "down", ticket));
    }

    @Test
    public void aPatternThatCannotBeUsedClosesItsGateWithItsPath() {
        form(LOOK_AHEAD);
        String id = waiting("CHG7");
        GateStatus gate = lanes.gate(id, "ticket");
        assertEquals(GateResult.BLOCKED, gate.result());
        assertEquals(
                "the pattern in environments[prod].gates[0].ticket of the policy cannot be used: it has a look-ahead"
                        + " ((?=), which is not supported; write what the whole ticket looks like. Until it is replaced"
                        + " there, nothing passes this gate",
                gate.sentence());
        assertEquals(
                "has a look-ahead",
                lanes.get(id).decisions().ticketCheck().problem().substring(0, 16));
        assertEquals("others can be decided", null, lanes.approve(id, ALICE));
        assertEquals(null, lanes.approve(id, Lanes.CAROL));
        assertEquals(
                List.of("ticket"),
                Gates.of(lanes.lane, lanes.get(id), lanes.around(), lanes.now).stream()
                        .filter(g -> g.result() != GateResult.PASSED)
                        .map(GateStatus::gate)
                        .toList());
        form("CHG[0-9]+");
        lanes.pass(Duration.ZERO);
        assertEquals("as soon as it is replaced", State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void itKeepsNoRollbackAndNoOverrideFromHappening() {
        lanes.deploy(1);
        lanes.deploy(2);
        form(LOOK_AHEAD);
        glass("INC[0-9]+");
        assertNull(lanes.take(new Fact.RollbackRequested(null, request("bob", null))));
        lanes.work();
        lanes.approve(lanes.last().id(), Lanes.ERIN);
        assertEquals(State.DEPLOYING, lanes.last().state());
        lanes.work();
        lanes.pass(Duration.ofMinutes(30));
        lanes.work();
        lanes.take(new Fact.HoldReleased(Lanes.ERIN, "mended"));
        lanes.take(new Fact.Requested(release(3), request("zoe", "CHG7")));
        lanes.work();
        String id = lanes.last().id();
        assertNull(override(id, "INC1"));
        assertNull(override(id, BOB, "INC1"));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void inBreakGlassItRefusesOverridesWithItsPath() {
        glass(LOOK_AHEAD);
        String id = waiting(null);
        assertEquals(
                "the pattern in environments[prod].breakGlass.ticket of the policy cannot be used: it has a look-ahead"
                        + " ((?=), which is not supported; write what the whole ticket looks like. Until it is replaced"
                        + " there, nothing can be overridden",
                override(id, "CHG7"));
        glass("CHG[0-9]+");
        assertNull(override(id, "CHG7"));
        assertEquals("the rest is as ever", null, lanes.approve(id, ALICE));
    }
}
