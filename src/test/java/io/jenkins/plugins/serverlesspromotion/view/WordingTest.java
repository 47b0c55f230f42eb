package io.jenkins.plugins.serverlesspromotion.view;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.junit.Test;

public class WordingTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    public void lengthsAreWrittenAsPeopleSayThem() {
        assertEquals("8 s", Wording.length(Duration.ofSeconds(8)));
        assertEquals("3 min", Wording.length(Duration.ofSeconds(239)));
        assertEquals("2 h 4 min", Wording.length(Duration.ofMinutes(124)));
        assertEquals("2 h", Wording.length(Duration.ofMinutes(120)));
        assertEquals("6 d", Wording.length(Duration.ofHours(150)));
        assertEquals("0 s", Wording.length(Duration.ofSeconds(-5)));
    }

    @Test
    public void thePeopleBehindABuildAskedAndTheBuildIsWhereTheyAskedFrom() {
        var byBuild = new PromotionDecisions.Request("job:team/main#7", Set.of("erin", "bob"), NOW, null, null, "key");
        assertEquals("bob, erin", Wording.requester(byBuild));
        assertEquals("from team/main#7", Wording.origin(byBuild));
        var inPerson = new PromotionDecisions.Request("user:bob", Set.of("bob"), NOW, null, null, null);
        assertEquals("bob", Wording.requester(inPerson));
        assertNull(Wording.origin(inPerson));
        var byNobody = new PromotionDecisions.Request("job:team/main#8", Set.of(), NOW, null, null, "key");
        assertEquals("team/main#8", Wording.requester(byNobody));
        assertNull(Wording.origin(byNobody));
    }

    @Test
    public void whatCameByItselfSaysSo() {
        var automatic = new PromotionDecisions.Request(
                "automatic after orders.staging.3", Set.of("bob"), NOW, null, null, "key");
        assertEquals("bob", Wording.requester(automatic));
        assertEquals("in staging; requested automatically after orders.staging.3 succeeded", Wording.origin(automatic));
    }

    @Test
    public void daysAreNamedAsPeopleNameThem() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Instant now = Instant.parse("2026-12-28T22:30:00Z"); // Monday, 23:30 there
        assertEquals("23:45 Europe/Berlin", Wording.day(now.plusSeconds(900), now, berlin));
        assertEquals("tomorrow 00:00 Europe/Berlin", Wording.day(now.plusSeconds(1800), now, berlin));
        assertEquals("tomorrow 09:00 Europe/Berlin", Wording.day(Instant.parse("2026-12-29T08:00:00Z"), now, berlin));
        assertEquals("yesterday 23:59 Europe/Berlin", Wording.day(Instant.parse("2026-12-27T22:59:00Z"), now, berlin));
        assertEquals("Sunday 09:00 Europe/Berlin", Wording.day(Instant.parse("2027-01-03T08:00:00Z"), now, berlin));
        assertEquals(
                "4 Jan 2027, 09:00 Europe/Berlin", Wording.day(Instant.parse("2027-01-04T08:00:00Z"), now, berlin));
        assertEquals("20 Dec, 00:00 Europe/Berlin", Wording.day(Instant.parse("2026-12-19T23:00:00Z"), now, berlin));
        assertEquals(
                "after the clocks went back",
                "02:30 Europe/Berlin",
                Wording.day(Instant.parse("2026-10-25T01:30:00Z"), Instant.parse("2026-10-25T00:30:00Z"), berlin));
    }

    @Test
    public void aMomentIsPastOrToCome() {
        assertEquals("3 min ago", Wording.relative(NOW.minusSeconds(200), NOW));
        assertEquals("in 3 min", Wording.relative(NOW.plusSeconds(200), NOW));
    }
}
