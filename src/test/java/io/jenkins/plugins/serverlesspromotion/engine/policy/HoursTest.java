package io.jenkins.plugins.serverlesspromotion.engine.policy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Overrun;
import io.jenkins.plugins.serverlesspromotion.engine.policy.Gate.Window;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.Test;

/** Windows at every edge of their clock. Berlin: on 29 March 2026 02:00 becomes 03:00, on 25 October 03:00 becomes 02:00. */
public class HoursTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final List<DayOfWeek> MONDAY_TO_THURSDAY =
            List.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY);
    private static final List<DayOfWeek> ALL = Arrays.asList(DayOfWeek.values());

    private static Window window(List<DayOfWeek> days, String from, String lastStart, ZoneId zone) {
        return new Window(days, LocalTime.parse(from), LocalTime.parse(lastStart), zone, Overrun.FINISH);
    }

    private static Instant at(String instant) {
        return Instant.parse(instant);
    }

    private static void open(Window window, String instant) {
        assertTrue(instant, Hours.open(List.of(window), at(instant)).isPresent());
    }

    private static void closed(Window window, String instant) {
        assertFalse(instant, Hours.open(List.of(window), at(instant)).isPresent());
    }

    private static Instant next(Window window, String instant) {
        return Hours.next(List.of(window), at(instant)).orElseThrow().start();
    }

    @Test
    public void itOpensAtTheInstantAndIsClosedAtTheInstantOfTheLastStart() {
        Window window = window(MONDAY_TO_THURSDAY, "09:00", "15:00", BERLIN); // UTC+1 in November
        closed(window, "2026-11-23T07:59:59.999999999Z");
        open(window, "2026-11-23T08:00:00Z");
        open(window, "2026-11-23T13:59:59.999999999Z");
        closed(window, "2026-11-23T14:00:00Z");
        assertEquals(at("2026-11-23T08:00:00Z"), next(window, "2026-11-23T07:59:59Z"));
        assertEquals(at("2026-11-24T08:00:00Z"), next(window, "2026-11-23T08:00:00Z"));
    }

    @Test
    public void aDayIsADayOfTheZoneNotOfUtc() {
        Window window = window(List.of(DayOfWeek.MONDAY), "00:00", "02:00", ZoneId.of("Pacific/Auckland"));
        open(window, "2026-11-22T11:00:00Z"); // Monday 00:00 there, Sunday in UTC
        closed(window, "2026-11-22T13:00:00Z");
        closed(window, "2026-11-23T00:30:00Z");
    }

    @Test
    public void fromThursdayEveningItIsMondayThatComesNext() {
        Window window = window(MONDAY_TO_THURSDAY, "09:00", "15:00", BERLIN);
        assertEquals(at("2026-11-30T08:00:00Z"), next(window, "2026-11-26T14:00:00Z"));
        closed(window, "2026-11-27T10:00:00Z"); // Friday
    }

    @Test
    public void aWindowOverMidnightBelongsToTheDayOnWhichItOpens() {
        Window window = window(List.of(DayOfWeek.SUNDAY), "22:00", "04:00", ZoneOffset.UTC);
        closed(window, "2026-11-22T21:59:59Z");
        open(window, "2026-11-22T23:59:59Z");
        open(window, "2026-11-23T00:00:00Z");
        open(window, "2026-11-23T03:59:59Z");
        closed(window, "2026-11-23T04:00:00Z");
        closed(window, "2026-11-22T01:00:00Z"); // Saturday's night
    }

    @Test
    public void untilMidnightEndsAtMidnightAndADayThatTouchesTheNextIsOneOpening() {
        Window monday = window(List.of(DayOfWeek.MONDAY), "12:00", "00:00", ZoneOffset.UTC);
        open(monday, "2026-11-23T23:59:59.999Z");
        closed(monday, "2026-11-24T00:00:00Z");
        Window two = window(List.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY), "00:00", "00:00", ZoneOffset.UTC);
        var span = Hours.open(List.of(two), at("2026-11-23T12:00:00Z")).orElseThrow();
        assertEquals(at("2026-11-23T00:00:00Z"), span.start());
        assertEquals(at("2026-11-25T00:00:00Z"), span.end());
    }

    @Test
    public void aWindowThatIsAlwaysOpenIsOpenForTwoWeeksAtLeast() {
        Window always = window(ALL, "00:00", "00:00", BERLIN);
        Instant now = at("2026-03-28T12:00:00Z");
        var span = Hours.open(List.of(always), now).orElseThrow();
        assertTrue(span.end().isAfter(now.plus(Duration.ofDays(14))));
        assertFalse(Hours.next(List.of(always), now).isPresent());
    }

    @Test
    public void whenTheClocksGoForwardItOpensNoLaterAndNoEarlierThanTheySay() {
        Window morning = window(ALL, "09:00", "10:00", BERLIN);
        open(morning, "2026-03-28T08:00:00Z"); // the day before, UTC+1
        closed(morning, "2026-03-29T06:59:59Z");
        open(morning, "2026-03-29T07:00:00Z"); // UTC+2
        closed(morning, "2026-03-29T08:00:00Z");
    }

    @Test
    public void aWindowThatBeginsInTheHourThatIsSkippedOpensWhenItIsSkipped() {
        Window night = window(ALL, "02:30", "04:00", BERLIN);
        closed(night, "2026-03-29T00:59:59Z");
        open(night, "2026-03-29T01:00:00Z"); // 03:00 on the clocks
        closed(night, "2026-03-29T02:00:00Z");
    }

    @Test
    public void aWindowThatLiesInTheHourThatIsSkippedDoesNotOpenThatDay() {
        Window night = window(List.of(DayOfWeek.SUNDAY), "02:10", "02:50", BERLIN);
        closed(night, "2026-03-29T00:30:00Z");
        closed(night, "2026-03-29T01:00:00Z");
        assertEquals("a week later", at("2026-04-05T00:10:00Z"), next(night, "2026-03-28T12:00:00Z"));
        assertEquals("just missed before", at("2026-04-05T00:10:00Z"), next(night, "2026-03-22T02:00:00Z"));
    }

    @Test
    public void whatTheClocksShowTwiceMeansTheFirstTime() {
        Window night = window(ALL, "02:15", "02:45", BERLIN);
        open(night, "2026-10-25T00:15:00Z"); // 02:15, UTC+2
        closed(night, "2026-10-25T00:45:00Z");
        closed(night, "2026-10-25T01:20:00Z"); // 02:20 again, UTC+1
        Window across = window(ALL, "01:00", "03:30", BERLIN);
        Hours.Span span =
                Hours.open(List.of(across), at("2026-10-25T01:20:00Z")).orElseThrow();
        assertEquals(Duration.ofMinutes(210), Duration.between(span.start(), span.end()));
    }

    @Test
    public void theTwentyNinthOfFebruaryIsADayLikeAnyOther() {
        Window tuesday = window(List.of(DayOfWeek.TUESDAY), "09:00", "15:00", ZoneOffset.UTC);
        open(tuesday, "2028-02-29T09:00:00Z");
        assertEquals(at("2028-02-29T09:00:00Z"), next(tuesday, "2028-02-28T23:00:00Z"));
        Window wednesday = window(List.of(DayOfWeek.WEDNESDAY), "09:00", "15:00", ZoneOffset.UTC);
        assertEquals(at("2028-03-01T09:00:00Z"), next(wednesday, "2028-02-29T09:00:00Z"));
    }

    @Test
    public void severalWindowsAreAlternatives() {
        var windows = List.of(
                window(MONDAY_TO_THURSDAY, "09:00", "15:00", ZoneOffset.UTC),
                window(List.of(DayOfWeek.FRIDAY), "09:00", "11:00", ZoneOffset.UTC));
        assertTrue(Hours.open(windows, at("2026-11-27T10:59:59Z")).isPresent());
        assertFalse(Hours.open(windows, at("2026-11-27T11:00:00Z")).isPresent());
        assertTrue(Hours.open(windows, at("2026-11-26T14:59:59Z")).isPresent());
    }

    @Test
    public void aFreezeIsReadOnTheClocksOfItsZone() {
        var freeze = new Freeze(
                "year-end",
                LocalDateTime.parse("2026-12-20T00:00"),
                LocalDateTime.parse("2027-01-02T00:00"),
                BERLIN,
                List.of(),
                List.of());
        assertEquals(new Hours.Span(at("2026-12-19T23:00:00Z"), at("2027-01-01T23:00:00Z")), Hours.of(freeze));
        assertTrue(Hours.of(freeze).contains(at("2026-12-19T23:00:00Z")));
        assertFalse(Hours.of(freeze).contains(at("2027-01-01T23:00:00Z")));
        assertFalse(Hours.of(freeze).contains(at("2026-12-19T22:59:59.999Z")));
    }

    /** Asked at random moments around both changes of the clocks, and compared with what a clock on the wall shows. */
    @Test
    public void itAgreesWithAClockOnTheWall() {
        var random = new Random(7);
        Window window = window(List.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), "09:00", "21:30", BERLIN);
        int seen = 0;
        for (int i = 0; i < 20_000; i++) {
            Instant base = random.nextBoolean() ? at("2026-03-27T00:00:00Z") : at("2026-10-23T00:00:00Z");
            Instant now = base.plusSeconds(random.nextInt(5 * 86_400));
            LocalDateTime wall = LocalDateTime.ofInstant(now, BERLIN);
            boolean expected = window.days().contains(wall.getDayOfWeek())
                    && !wall.toLocalTime().isBefore(window.from())
                    && wall.toLocalTime().isBefore(window.lastStart());
            assertEquals(
                    now.toString(), expected, Hours.open(List.of(window), now).isPresent());
            seen += expected ? 1 : 0;
        }
        assertTrue(seen + " were open", seen > 2_000);
    }
}
