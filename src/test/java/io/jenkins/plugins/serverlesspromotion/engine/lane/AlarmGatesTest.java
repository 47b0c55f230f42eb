package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Alarm;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.AlarmReading;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Promotion.State;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Test;

/** Alarms must be OK in each place, as of a minute ago at most. */
public class AlarmGatesTest {
    private static final Duration TICK = Duration.ofNanos(1);
    private static final String EU = Lanes.EU.toString();
    private static final String US = Lanes.US.toString();

    private final Lanes lanes = new Lanes();
    private String id;

    @Before
    public void waits() {
        lanes.gates(false, new Gate.Alarm(List.of("${service}-errors-${environment}")));
        id = lanes.request(1, "bob");
        lanes.work();
        assertEquals(State.WAITING, lanes.state(id));
    }

    private static Alarm errors(String place, Alarm.State state, String detail) {
        return new Alarm(place, "orders-errors-prod", state, detail);
    }

    private void read(Alarm... alarms) {
        lanes.alarms = new AlarmReading(lanes.now, List.of(alarms));
        lanes.take(new Fact.Reconsidered("the alarms were read"));
    }

    private void pause(boolean paused) {
        lanes.pause = paused ? new GateContext.Pause("everything", "user:dave", lanes.now, "incident") : null;
    }

    private GateStatus gate() {
        return lanes.gate(id, "alarm");
    }

    @Test
    public void beforeTheyAreReadNothingStarts() {
        assertEquals("the alarms were not read yet: orders-errors-prod", gate().sentence());
        assertEquals(lanes.now.plus(AlarmGates.EVERY), gate().until());
        assertTrue("nobody is asked to help", gate().opensByItself());
    }

    @Test
    public void whereAllAreOkItGoesOn() {
        read(errors(EU, Alarm.State.OK, "fine"), errors(US, Alarm.State.OK, null));
        assertEquals(State.DEPLOYING, lanes.state(id));
        assertEquals("orders-errors-prod was OK in 2 places at 2026-11-21T12:00:00Z", gate().sentence());
    }

    @Test
    public void onePlaceThatIsNotOkHoldsItUpAndIsNamed() {
        var says = new ArrayList<String>();
        for (Alarm bad : List.of(
                errors(US, Alarm.State.ALARM, "5 > 1"),
                errors(US, Alarm.State.ALARM, null),
                errors(US, Alarm.State.INSUFFICIENT_DATA, null),
                errors(US, Alarm.State.MISSING, null),
                errors(US, Alarm.State.UNREADABLE, "access denied"))) {
            read(errors(EU, Alarm.State.OK, null), bad);
            assertEquals(State.WAITING, lanes.state(id));
            assertEquals(GateResult.PENDING, gate().result());
            assertEquals(lanes.now.plus(AlarmGates.SELDOM), gate().until());
            says.add(gate().sentence().replace(" at 2026-11-21T12:00:00Z", ""));
        }
        String where = "orders-errors-prod in orders-prod/us-west-2";
        assertEquals(
                List.of(
                        where + " was in ALARM (5 > 1)",
                        where + " was in ALARM",
                        "could not find out about " + where + ": it has too little data",
                        "could not find out about " + where + ": there is no such alarm",
                        "could not find out about " + where + ": access denied"),
                says);
        read(errors(EU, Alarm.State.OK, null));
        assertEquals(
                "could not find out about " + where + ": it was not read yet at 2026-11-21T12:00:00Z",
                gate().sentence());
        read(errors(EU, Alarm.State.OK, null), new Alarm(US, "orders-errors", Alarm.State.OK, null));
        assertEquals("another alarm", GateResult.PENDING, gate().result());
    }

    @Test
    public void aReadingCountsForAMinuteToTheInstant() {
        pause(true);
        read(errors(EU, Alarm.State.OK, null), errors(US, Alarm.State.OK, null));
        assertEquals(State.QUEUED, lanes.state(id));
        Instant end = lanes.now.plus(AlarmGates.COUNTS);
        assertEquals(end, gate().until());
        assertFalse(gate().opensByItself());
        assertEquals(
                end, LaneMachine.nextWake(lanes.lane, lanes.around(), lanes.now).orElseThrow());
        lanes.pass(AlarmGates.COUNTS.minus(TICK));
        assertEquals(State.QUEUED, lanes.state(id));
        pause(false);
        lanes.pass(TICK);
        assertEquals("not on an old reading", State.WAITING, lanes.state(id));
        assertEquals(
                "orders-errors-prod was OK in 2 places at 2026-11-21T12:00:00Z; they are read again when nothing else"
                        + " is missing",
                gate().sentence());
        assertEquals(end.minus(AlarmGates.COUNTS).plus(AlarmGates.SELDOM), gate().until());
        lanes.now = end.minus(AlarmGates.COUNTS).plus(AlarmGates.SELDOM);
        assertEquals("soon", lanes.now.plus(AlarmGates.EVERY), gate().until());
        read(errors(EU, Alarm.State.OK, null), errors(US, Alarm.State.OK, null));
        assertEquals(State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void whenTheClockGoesBackNobodyKnowsHowOldAReadingIs() {
        pause(true);
        read(errors(EU, Alarm.State.OK, null), errors(US, Alarm.State.OK, null));
        pause(false);
        lanes.pass(TICK.negated());
        assertEquals(State.WAITING, lanes.state(id));
        lanes.pass(TICK);
        assertEquals("at the very instant it counts", State.DEPLOYING, lanes.state(id));
    }

    @Test
    public void threeAreNamedAndTheOthersCounted() {
        lanes.gates(false, new Gate.Alarm(List.of("b", "a")), new Gate.Alarm(List.of("b", "c")));
        assertEquals(List.of("a", "b", "c"), AlarmGates.wanted(lanes.around().rules()));
        read();
        String said = gate().sentence();
        assertTrue(said, said.contains("about a in orders-prod/eu-west-1") && said.contains("; and 3 more at"));
        lanes.placement = new io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Placement(
                List.of(List.of(Lanes.EU)), Duration.ZERO);
        read(new Alarm(EU, "a", Alarm.State.ALARM, null), new Alarm(EU, "b", Alarm.State.OK, null));
        assertTrue(
                gate().sentence(), gate().sentence().startsWith("a in orders-prod/eu-west-1 was in ALARM; could not"));
        assertFalse(gate().sentence(), gate().sentence().contains("more"));
        pause(true);
        read(
                new Alarm(EU, "a", Alarm.State.OK, null),
                new Alarm(EU, "b", Alarm.State.OK, null),
                new Alarm(EU, "c", Alarm.State.OK, null));
        assertEquals("3 alarms were OK in orders-prod/eu-west-1 at 2026-11-21T12:00:00Z", gate().sentence());
    }

    @Test
    public void aRollbackDoesNotWaitForWhatItMayHaveToMend() {
        lanes.gates(false);
        lanes.take(new Fact.Reconsidered("policy"));
        lanes.work();
        lanes.pass(Duration.ofMinutes(30));
        lanes.work();
        lanes.deploy(2);
        lanes.gates(false, new Gate.Alarm(List.of("errors")));
        lanes.take(new Fact.RollbackRequested(null, lanes.by("erin")));
        String back = lanes.last().id();
        lanes.work();
        assertTrue(Gates.of(lanes.lane, lanes.get(back), lanes.around(), lanes.now).stream()
                .noneMatch(g -> g.gate().equals("alarm")));
    }

    @Test
    public void threeThatAreBadAreNamedAndNoneIsLeftToCount() {
        lanes.gates(false, new Gate.Alarm(List.of("a", "b", "c")));
        lanes.placement = new io.jenkins.plugins.serverlesspromotion.engine.policy.Policy.Placement(
                List.of(List.of(Lanes.EU)), Duration.ZERO);
        read(
                new Alarm(EU, "a", Alarm.State.ALARM, null),
                new Alarm(EU, "b", Alarm.State.ALARM, null),
                new Alarm(EU, "c", Alarm.State.ALARM, null));
        assertEquals(
                "a in orders-prod/eu-west-1 was in ALARM; b in orders-prod/eu-west-1 was in ALARM;"
                        + " c in orders-prod/eu-west-1 was in ALARM at 2026-11-21T12:00:00Z",
                gate().sentence());
    }
}
