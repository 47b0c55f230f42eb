package io.jenkins.plugins.serverlesspromotion.view;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.serverlesspromotion.engine.lane.PromotionDecisions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
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
    public void aMomentHasOneNotationForPeople() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Instant monday = Instant.parse("2026-12-28T22:30:12Z");
        assertEquals("Mon 2026-12-28 23:30 Europe/Berlin", Wording.moment(monday, berlin));
        assertEquals("Mon 2026-12-28 23:30:12 Europe/Berlin", Wording.second(monday, berlin));
        assertEquals("Tue 2026-12-29 00:00 Europe/Berlin", Wording.moment(monday.plusSeconds(1788), berlin));
        assertEquals("Mon 2026-12-28 22:30 UTC", Wording.moment(monday, ZoneId.of("UTC")));
        assertEquals("Mon 2026-12-28 22:30 UTC", Wording.moment(monday, ZoneOffset.UTC));
        assertEquals("23:30:12", Wording.clock(monday, berlin));
    }

    /** A person who comes in the minute that is shown must not be too early. */
    @Test
    public void aBeginningIsShownAsAMinuteThatIsNotTooEarly() {
        ZoneId utc = ZoneId.of("UTC");
        Instant whole = Instant.parse("2026-12-28T22:30:00Z");
        assertEquals("Mon 2026-12-28 22:30 UTC", Wording.notBefore(whole, utc));
        assertEquals("Mon 2026-12-28 22:31 UTC", Wording.notBefore(whole.plusNanos(1), utc));
        assertEquals("Mon 2026-12-28 22:31 UTC", Wording.notBefore(whole.plusSeconds(59), utc));
    }

    @Test
    public void aMomentIsPastOrToCome() {
        assertEquals("3 min ago", Wording.relative(NOW.minusSeconds(200), NOW));
        assertEquals("in 3 min", Wording.relative(NOW.plusSeconds(200), NOW));
    }
}
