package io.jenkins.plugins.serverlesspromotion.view;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateContext.Pause;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus;
import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import io.jenkins.plugins.serverlesspromotion.engine.lane.RoleProgress;
import io.jenkins.plugins.serverlesspromotion.engine.lane.Sentence;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.LaneRules;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Person;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** What somebody with two minutes and a phone reads about each kind of gate. */
public class GateRowsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z"); // Friday, 13:00 there
    private static final Person DAVE = new Person("dave", Set.of(), "login");
    private static final GateRows.Onlooker VERA = new GateRows.Onlooker(null, false, null, false, List.of());

    private static LaneRules rules(Gate.Overrun overrun) {
        var window = new Gate.Window(
                List.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), LocalTime.of(9, 0), LocalTime.of(15, 0), BERLIN, overrun);
        var environment = new Policy.Environment(
                "prod", "staging", List.of(window, new Gate.Soak("staging", Duration.ofHours(2))), null);
        var freeze = new Freeze(
                "year-end",
                LocalDateTime.parse("2026-11-20T00:00"),
                LocalDateTime.parse("2027-01-02T00:00"),
                BERLIN,
                List.of("prod"),
                List.of());
        return new LaneRules(
                "orders",
                environment,
                new Policy.Placement(List.of(), Duration.ZERO),
                Map.of("owners", new Policy.Role("owners", Set.of("dave", "erin"), Set.of("team-orders"))),
                Map.of(),
                List.of(freeze),
                List.of(),
                null);
    }

    private static String words(GateStatus gate) {
        GateRow row = new GateRows(rules(Gate.Overrun.FINISH), NOW)
                .of(List.of(gate), List.of(), null, VERA)
                .get(0);
        return row.word() + " " + row.name() + ": " + row.sentence();
    }

    private static GateStatus gate(String gate, GateResult gateResult, String sentence, String until) {
        return gate(gate, gateResult, Sentence.of(sentence), until, null);
    }

    private static GateStatus gate(String gate, GateResult gateResult, Sentence said, String until, String subject) {
        return new GateStatus(
                GateStatus.Kind.of(gate).orElseThrow(),
                gateResult,
                said,
                List.of(),
                until == null ? null : Instant.parse(until),
                null,
                subject,
                null);
    }

    @Test
    public void aWindowSaysWhenInItsOwnZone() {
        GateStatus open = gate("window", GateResult.PASSED, "open until whenever", "2026-11-27T14:00:00Z");
        assertEquals(
                "passed window: open until Fri 2026-11-27 15:00 Europe/Berlin (start), may finish later", words(open));
        assertEquals(
                "open until Fri 2026-11-27 15:00 Europe/Berlin (start); a wave that has not begun by then waits until it opens again",
                new GateRows(rules(Gate.Overrun.WAIT), NOW)
                        .of(List.of(open), List.of(), null, VERA)
                        .get(0)
                        .sentence());
        assertEquals(
                "pending window: opens Mon 2026-11-30 09:00 Europe/Berlin",
                words(gate("window", GateResult.PENDING, "closed until whenever", "2026-11-30T08:00:00Z")));
        assertEquals(
                "what never opens says so",
                "pending window: closed, and does not open in the next two weeks",
                words(gate("window", GateResult.PENDING, "closed, and does not open in the next two weeks", null)));
    }

    @Test
    public void freezeAndSoakCountDown() {
        assertEquals(
                "pending freeze: frozen until Sat 2027-01-02 00:00 Europe/Berlin (year-end)",
                words(gate(
                        "freeze",
                        GateResult.PENDING,
                        Sentence.of("frozen by whatever until whenever"),
                        "2027-01-01T23:00:00Z",
                        "year-end")));
        String soak = words(gate(
                "soak",
                GateResult.PENDING,
                Sentence.of("must be live in whatever"),
                "2026-11-27T12:12:00Z",
                "staging"));
        assertEquals(
                "pending soak: 12 min left of 2 h in staging, until", soak.substring(0, soak.lastIndexOf("until") + 5));
    }

    @Test
    public void otherGatesAreWordedByTheEngineWithTimesAndJobsForPeople() {
        assertEquals(
                "passed path: succeeded in staging 2 h ago",
                words(gate(
                        "path",
                        GateResult.PASSED,
                        Sentence.of("succeeded in staging").at(Instant.parse("2026-11-27T10:00:00Z")),
                        null,
                        null)));
        assertEquals(
                "passed evidence: tests passed: team-orders/orders/main #218 3 min ago (412 passed)",
                words(gate(
                        "evidence",
                        GateResult.PASSED,
                        Sentence.of("tests passed: ")
                                .by("job:team-orders/orders/main")
                                .then(" #218")
                                .at(Instant.parse("2026-11-27T11:57:00Z"))
                                .then(" (412 passed)"),
                        null,
                        null)));
        assertEquals(
                "pending requires: needs payments >=2.3; 2.2.0 is live here",
                words(gate("dependency", GateResult.PENDING, "needs payments >=2.3; 2.2.0 is live here", null)));
        assertEquals("passed ticket: CHG0031337", words(gate("ticket", GateResult.PASSED, "CHG0031337", null)));
    }

    @Test
    public void whatIsOverriddenNeverLooksAsIfItHeld() {
        Instant end = Instant.parse("2026-11-27T12:54:00Z");
        var overridden = new GateStatus(
                GateStatus.Kind.WINDOW,
                GateResult.PASSED,
                Sentence.of("closed until whenever"),
                List.of(),
                end,
                null,
                null,
                new GateStatus.Overridden(List.of("alice", "bob"), end));
        GateRow row = new GateRows(rules(Gate.Overrun.FINISH), NOW)
                .of(List.of(overridden), List.of(), null, VERA)
                .get(0);
        assertEquals("overridden", row.word());
        assertEquals(GateRow.State.OVERRIDDEN, row.state());
        assertEquals(true, row.sentence().startsWith("OVERRIDDEN by alice, bob before "));
    }

    @Test
    public void anApprovalIsToldRoleByRole() {
        var carol = new PromotionDecisions.Approval(
                new Person("carol", Set.of(), "login"), NOW.minusSeconds(180), null, "r", "p", "q", null);
        var approval = gate("approval", GateResult.PENDING, "waiting for whoever", null);
        var managers = new RoleProgress("release-managers", 2, List.of(carol), List.of("dave", "erin"), List.of());
        var owners = new RoleProgress("owners", 1, List.of(), List.of("erin"), List.of("team-orders"));
        var done = new RoleProgress("security", 1, List.of(carol), List.of(), List.of());
        var nobody = new RoleProgress("legal", 1, List.of(), List.of(), List.of());
        List<GateRow> rows = new GateRows(rules(Gate.Overrun.FINISH), NOW)
                .of(
                        List.of(approval),
                        List.of(managers, owners, done, nobody),
                        null,
                        new GateRows.Onlooker(
                                DAVE, false, "whatever it says", true, List.of("a1b2c3d4e5", "b2", "c3", "d4")));
        assertEquals(
                "1 of 2 — carol approved 3 min ago; dave or erin can approve",
                rows.get(0).sentence());
        assertEquals("pending", rows.get(0).word());
        assertEquals("not you", rows.get(1).word());
        assertEquals(
                "0 of 1; you wrote part of the 4 commits (a1b2c3d, b2, c3, …), so you cannot approve it; erin or"
                        + " members of team-orders can approve",
                rows.get(1).sentence());
        assertEquals("passed", rows.get(2).word());
        assertEquals("1 of 1 — carol approved 3 min ago", rows.get(2).sentence());
        assertEquals("0 of 1; no one else can approve", rows.get(3).sentence());
    }

    @Test
    public void aPauseIsTheLastLine() {
        var pause = new Pause("environment prod", "user:olga", NOW, "incident");
        List<GateRow> rows = new GateRows(null, NOW).of(List.of(), List.of(), pause, VERA);
        assertEquals("paused: environment prod, by olga (incident)", rows.get(0).sentence());
    }
}
