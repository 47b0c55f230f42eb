package io.jenkins.plugins.serverlesspromotion.engine.lane;

import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.ALICE;
import static io.jenkins.plugins.serverlesspromotion.engine.lane.Lanes.BOB;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.serverlesspromotion.engine.lane.GateStatus.GateResult;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Freeze;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Policy;
import io.jenkins.plugins.serverlesspromotion.engine.policy.RulesChange;
import io.jenkins.plugins.serverlesspromotion.engine.release.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.Test;

/**
 * Every rule that has a clock, begun at every moment at which clocks are odd, looked at just before its end, at the
 * instant of it, just after, and just before again because the clock went back. Lengths are lengths: no zone changes
 * them. Times of day are told by the clock on the wall, which {@code HoursTest} takes further.
 */
public class GateClocksTest {
    private static final Duration TICK = Duration.ofNanos(1);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static final Map<String, Instant> STARTS = Map.of(
            "an ordinary noon", Instant.parse("2026-11-21T12:00:00Z"),
            "just before clocks go forward", Instant.parse("2026-03-29T00:59:59.999999999Z"),
            "when clocks go forward", Instant.parse("2026-03-29T01:00:00Z"),
            "an hour before clocks go back", Instant.parse("2026-10-25T00:00:00Z"),
            "when clocks go back", Instant.parse("2026-10-25T01:00:00Z"),
            "before the leap day", Instant.parse("2028-02-28T23:30:00Z"),
            "on the leap day", Instant.parse("2028-02-29T12:00:00Z"),
            "midnight of the year", Instant.parse("2026-12-31T23:00:00Z"));

    /** @param before what is so until the end, @param after what is so from then on */
    private record Row(String rule, Duration length, Object before, Object after, Function<Lanes, Object> now) {}

    private static String waiting(Lanes lanes, Gate... gates) {
        lanes.gates(false, gates);
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1);
        return id;
    }

    private static Object verdict(Lanes lanes, String gate) {
        return lanes.gate(lanes.last().id(), gate).result();
    }

    private static Row soak(Lanes lanes) {
        waiting(lanes, new Gate.Soak("staging", Duration.ofHours(2)));
        lanes.stays.put("staging", Map.of(Lanes.release(1).digest(), new GateContext.LiveInterval(lanes.now, null)));
        return new Row("soak", Duration.ofHours(2), GateResult.PENDING, GateResult.PASSED, l -> verdict(l, "soak"));
    }

    private static Row evidence(Lanes lanes) {
        lanes.releaseFacts = new GateContext.ReleaseFacts(
                "main",
                List.of(),
                List.of(new Evidence(
                        "orders@1.1.0", "tests", Evidence.Result.PASSED, "job:unit", null, null, lanes.now)));
        waiting(lanes, new Gate.Evidence("tests", List.of("job:unit"), Duration.ofHours(24)));
        return new Row(
                "age of evidence",
                Duration.ofHours(24),
                GateResult.PASSED,
                GateResult.PENDING,
                l -> verdict(l, "evidence"));
    }

    private static Row alarm(Lanes lanes) {
        waiting(lanes, new Gate.Alarm(List.of("errors")));
        lanes.alarms = new GateContext.AlarmReading(
                lanes.now,
                List.of(
                        new GateContext.Alarm(Lanes.EU.toString(), "errors", GateContext.Alarm.State.OK, null),
                        new GateContext.Alarm(Lanes.US.toString(), "errors", GateContext.Alarm.State.OK, null)));
        return new Row(
                "reading of alarms",
                Duration.ofMinutes(1),
                GateResult.PASSED,
                GateResult.PENDING,
                l -> verdict(l, "alarm"));
    }

    /** The click itself: what it comes to is tried on a copy, because a lane that has expired stays so. */
    private static Row approval(Lanes lanes) {
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1);
        String digest = lanes.get(id).plan().digest();
        return new Row("expiry at the click", Duration.ofHours(24), null, "it is over: EXPIRED", l -> {
            String refusal = LaneMachine.advance(l.lane, new Fact.Approved(id, ALICE, digest, null), l.around(), l.now)
                    .refusal();
            return refusal == null ? null : refusal.substring(0, "it is over: EXPIRED".length());
        });
    }

    private static Row timeBox(Lanes lanes) {
        waiting(lanes, new Gate.Ticket("CHG[0-9]+"));
        lanes.environment = new Policy.Environment(
                "prod",
                null,
                lanes.environment.gates(),
                null,
                false,
                null,
                new Policy.BreakGlass(
                        List.of(new Gate.Requirement("release-managers", 2)), Duration.ofHours(1), null, "on-call"));
        lanes.pause = new GateContext.Pause("everything", "user:dave", lanes.now, "incident");
        String id = lanes.last().id();
        String digest = lanes.get(id).plan().digest();
        lanes.take(new Fact.Overridden(id, ALICE, digest, "down", "INC1"));
        lanes.take(new Fact.Overridden(id, BOB, digest, "down", "INC1"));
        return new Row(
                "time box of break-glass",
                Duration.ofHours(1),
                GateResult.PASSED,
                GateResult.PENDING,
                l -> verdict(l, "ticket"));
    }

    private static Row rulesChange(Lanes lanes) {
        String id = lanes.request(1, "zoe");
        lanes.planned(id, 1);
        lanes.changes = List.of(new RulesChange("prod", null, "user:alice", lanes.now));
        return new Row(
                "change of rules",
                Duration.ofHours(24),
                false,
                true,
                l -> Gates.whyNot(ALICE, l.get(id), l.around(), l.now).isEmpty());
    }

    private static Row freezeEnds(Lanes lanes) {
        waiting(lanes);
        LocalDateTime wall = LocalDateTime.ofInstant(lanes.now, ZoneId.of("UTC"));
        lanes.freezes = List.of(
                new Freeze("sale", wall.minusDays(1), wall.plusHours(5), ZoneId.of("UTC"), List.of(), List.of()));
        return new Row("freeze", Duration.ofHours(5), true, false, GateClocksTest::frozen);
    }

    private static Row freezeBegins(Lanes lanes) {
        waiting(lanes);
        LocalDateTime wall = LocalDateTime.ofInstant(lanes.now, ZoneId.of("UTC"));
        lanes.freezes = List.of(
                new Freeze("sale", wall.plusHours(5), wall.plusDays(9), ZoneId.of("UTC"), List.of(), List.of()));
        return new Row("freeze to come", Duration.ofHours(5), false, true, GateClocksTest::frozen);
    }

    private static Object frozen(Lanes lanes) {
        return Gates.of(lanes.lane, lanes.last(), lanes.around(), lanes.now).stream()
                .anyMatch(g -> g.gate().equals("freeze") && g.result() == GateResult.PENDING);
    }

    @Test
    public void everyLengthEndsAtItsInstantWhateverTheClocksOnTheWallDo() {
        List<Function<Lanes, Row>> rules = List.of(
                GateClocksTest::soak,
                GateClocksTest::evidence,
                GateClocksTest::alarm,
                GateClocksTest::approval,
                GateClocksTest::timeBox,
                GateClocksTest::rulesChange,
                GateClocksTest::freezeEnds,
                GateClocksTest::freezeBegins);
        STARTS.forEach((name, start) -> rules.forEach(rule -> {
            var lanes = new Lanes();
            lanes.now = start;
            Row row = rule.apply(lanes);
            Instant end = start.plus(row.length());
            String what = row.rule() + ", begun " + name;
            for (Instant before : List.of(start, end.minus(TICK))) {
                lanes.now = before;
                assertEquals(what + ", at " + before, row.before(), row.now().apply(lanes));
            }
            for (Instant after : List.of(end, end.plus(TICK))) {
                lanes.now = after;
                assertEquals(what + ", at " + after, row.after(), row.now().apply(lanes));
            }
            lanes.now = end.minus(TICK);
            assertEquals(
                    what + ", when the clock went back", row.before(), row.now().apply(lanes));
        }));
    }

    @Test
    public void aFreezeOfAZoneIsToldByItsClocksOnTheDaysOfChange() {
        for (var days : Map.of(
                        "2026-03-29",
                        Duration.ofHours(23),
                        "2026-10-25",
                        Duration.ofHours(25),
                        "2028-02-29",
                        Duration.ofHours(24))
                .entrySet()) {
            var lanes = new Lanes();
            LocalDateTime day = LocalDateTime.parse(days.getKey() + "T00:00");
            lanes.freezes = List.of(new Freeze("day", day, day.plusDays(1), BERLIN, List.of(), List.of()));
            Instant start = day.atZone(BERLIN).toInstant();
            lanes.now = start.minus(TICK);
            waiting(lanes);
            assertEquals(days.getKey(), false, frozen(lanes));
            lanes.now = start;
            assertEquals(days.getKey(), true, frozen(lanes));
            lanes.now = start.plus(days.getValue()).minus(TICK);
            assertEquals(days.getKey(), true, frozen(lanes));
            lanes.now = start.plus(days.getValue());
            assertEquals(days.getKey(), false, frozen(lanes));
        }
    }
}
